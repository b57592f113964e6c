"""Founding an office: an empty database with its governance model and first account."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from db import migrate
from db.enums import Reach, Right, Role
from db.tables import Account
from gridoffice.accounts.service import FIRST, Who
from gridoffice.errors import RuleBroken
from gridoffice.grids.pack_text import load
from gridoffice.office import Office, sentences, store_at
from gridoffice.service import service
from gridoffice.settings import MODEL, NAME, ORGANISATION, set_setting


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
