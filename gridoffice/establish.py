"""Founding an office: an empty database with its governance model and first account; and what it is called
afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from db import migrate
from db.enums import Reach, Right, Role
from db.journal import entitle
from db.tables import Account
from gridoffice.accounts.service import FIRST, Who
from gridoffice.both_changed import meet_fields
from gridoffice.errors import RuleBroken
from gridoffice.grids.pack_text import load
from gridoffice.office import Office, sentences, store_at
from gridoffice.service import service
from gridoffice.settings import MODEL, NAME, ORGANISATION, set_setting, setting

CALLED = {NAME: "名称", ORGANISATION: "落款单位"}
"""What an office is called in lists, and as what it signs its papers."""
LONGEST = 60


@service("建立资料库", needs=Right.ADMINISTER, undoable=False)
def found(session: Session, model: str, name: str, organisation: str) -> None:
    """The first line of every journal."""
    pack = load(model)
    set_setting(session, MODEL, pack.key)
    set_setting(session, NAME, name)
    set_setting(session, ORGANISATION, organisation)
    session.add(Account(name=FIRST, display="本机用户", role=Role.ADMINISTRATOR, reach=Reach.ALL))


def establish(
    database: str | Path,
    model: str = "chengdu-3+1",
    name: str = "网格办",
    organisation: str = "网格化服务管理办公室",
) -> Office:
    """Make a new office and open it. Raises `RuleBroken` when there is one already."""
    load(model)
    store = store_at(database)
    if store.file is not None:
        store.file.parent.mkdir(parents=True, exist_ok=True)
    with sentences(store):
        if migrate.current(store.engine) is not None:
            store.close()
            raise RuleBroken(f"“{store.file or store.url.database}”里已经有资料库了。")
        migrate.upgrade(store.engine)
    office = Office(store, Who(FIRST, "本机用户", Role.ADMINISTRATOR))
    office.write(found, model, name, organisation)
    return office


def called(session: Session) -> dict[str, str]:
    """What the office is called, by the keys of `CALLED`."""
    return {key: setting(session, key, "") for key in CALLED}


@service("改单位设置", needs=Right.ADMINISTER)
def call_office(session: Session, values: Mapping[str, str], seen: Mapping[str, str] | None = None) -> None:
    """Call the office by other names from now on; papers that are out keep theirs. Raises `FieldsClash` where
    somebody else changed the same since it was `seen`, `RuleBroken` for a name that is empty or too long."""
    said: dict[str, Any] = {key: words.strip() for key, words in values.items() if key in CALLED}
    for key, words in said.items():
        if not words or len(words) > LONGEST:
            raise RuleBroken(f"{CALLED[key]}要写，最多 {LONGEST} 个字。")
    now = called(session)
    said = meet_fields("单位设置", CALLED, seen, said, now)
    for key, words in said.items():
        if words != now[key]:
            set_setting(session, key, words)
    told = [f"{CALLED[key]}“{now[key]}” → “{words}”" for key, words in said.items() if words != now[key]]
    entitle(session, f"改单位设置：{'；'.join(told) or '没有变'}")
