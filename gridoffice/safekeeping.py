"""Backups, restoring, and proving that everything is as it was left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from db import backup, proof
from db.backup import BadBackup
from db.enums import MonthState, Right
from db.proof import looked
from db.tables import Action, Grid, Month, Person, Post
from gridoffice import settings
from gridoffice.assessment.locking import verify_month
from gridoffice.errors import NotFound, OfficeError
from gridoffice.grids.rules import segment
from gridoffice.office import Office, sentences
from gridoffice.people.service import keys
from gridoffice.progress import report


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made or restored, and how much it holds."""

    file: str
    people: int
    rows: int
    before: str | None = None


def _counts(file: Path, counts: dict[str, int], before: Path | None = None) -> BackedUp:
    people = counts.get(Person.__tablename__, 0)
    return BackedUp(str(file), people, sum(counts.values()), str(before) if before else None)


def _is_own(office: Office, file: Path) -> bool:
    own = office.store.file
    return own is not None and file.resolve() == own.resolve()


def back_up(office: Office, target: Path) -> BackedUp:
    """Write a verified backup of the office. Raises `OfficeError` when it does not check out."""
    office.require(Right.READ)
    target = Path(target)
    if _is_own(office, target):
        raise OfficeError("备份不能写到资料库自己身上，换个文件名。")
    try:
        with sentences(office.store):
            return _counts(target, backup.back_up(office.store, target, report))
    except BadBackup as error:
        raise OfficeError(str(error)) from error
    except OSError as error:
        raise OfficeError(f"备份写不到“{target}”：{error.strerror or error}。") from error


def before_upgrade(version: str) -> Path | None:
    """Where the backup goes that is made before the program itself is upgraded: beside the local office
    last opened on this computer. None when there is no such office, or it is a shared one, whose
    administrator backs it up."""
    last = settings.default_database()
    if "://" in last or not Path(last).is_file():
        return None
    moment = datetime.now().astimezone()
    return Path(last).with_name(f"升级到 {version} 前 {moment:%Y-%m-%d %H%M%S}.backup")


def restore(office: Office, file: Path) -> BackedUp:
    """Put a backup in the place of everything; what was there is backed up beside it first."""
    office.require(Right.ADMINISTER)
    file = Path(file)
    if _is_own(office, file):
        raise OfficeError("资料库不能从它自己恢复，选一个备份文件。")
    try:
        backup.check(file)
        folder = office.store.file.parent if office.store.file is not None else file.parent
        before = folder / f"恢复前 {datetime.now().astimezone():%Y-%m-%d %H%M%S}.backup"
        with sentences(office.store):
            backup.back_up(office.store, before, report)
            return _counts(file, backup.restore(file, office.store, report), before)
    except BadBackup as error:
        raise NotFound(str(error)) from error


@dataclass(frozen=True, slots=True)
class Verified:
    """What was proved, and every sentence of what is wrong."""

    actions: int
    locked_months: tuple[str, ...]
    findings: tuple[str, ...]


def verify(office: Office) -> Verified:
    """Prove the database itself, the journal's chain, every record, and every locked month."""
    office.require(Right.READ)
    with sentences(office.store), office.store.reading() as session:
        findings = looked(session, "资料库", lambda: _database(session))
        findings += proof.verify(session)
        findings += looked(session, "网格和人员", lambda: _derived(session))
        # as they stand there: a damaged one must not keep the others from being looked at
        months = session.execute(text(_LOCKED)).all()
        alike = Counter(period for _, period, *_ in months)
        for number, period, *_ in months:
            report(f"重新计算 {period}")
            findings += looked(session, f"{period} 考核", lambda number=number: verify_month(session, number))
        findings += looked(session, "变动记录", lambda: _unlocked_without_word(session))
        actions = session.execute(text("SELECT count(*) FROM action")).scalar_one()
    locked = tuple(
        period if alike[period] == 1 else f"{period}/{key}/{edition}" for _, period, key, edition in months
    )
    return Verified(actions, locked, tuple(dict.fromkeys(findings)))


_LOCKED = "SELECT id, period, scheme_key, edition FROM month WHERE state = 'locked' ORDER BY period, id"


def _database(session: Session) -> list[str]:
    if session.connection().dialect.name != "sqlite":
        return []
    said = [row[0] for row in session.execute(text("PRAGMA integrity_check"))]
    found = [] if said == ["ok"] else [f"资料库文件已损坏：{said[0]}"]
    broken = session.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        found.append(f"资料库里有 {len(broken)} 行找不到它所属的上级（{broken[0][0]}）。")
    return found


def _derived(session: Session) -> list[str]:
    """What follows from the records still follows: paths, and what a search looks in."""
    found = []
    grids = {
        grid_id: (path, parent_id, name)
        for grid_id, path, parent_id, name in session.execute(
            select(Grid.id, Grid.path, Grid.parent_id, Grid.name)
        )
    }
    for grid_id, (path, parent_id, name) in grids.items():
        above = grids[parent_id][0] if parent_id in grids else ""
        if path != above + segment(grid_id):
            found.append(f"网格“{name}”的位置与它的上级对不上。")
    astray = (
        select(Person.name)
        .join(Post, Post.person_id == Person.id)
        .join(Grid, Grid.id == Post.grid_id)
        .where(Post.grid_path != Grid.path)
    )
    found += [f"“{name}”的任职与所在网格对不上。" for name in session.scalars(astray)]
    people = select(Person.name, Person.id_number, Person.phone, Person.pinyin, Person.search)
    with session.execute(people.execution_options(yield_per=2000)) as rows:
        for name, number, phone, pinyin, search in rows:
            if keys(name, number, phone) != {"pinyin": pinyin, "search": search}:
                found.append(f"查找“{name}”用的拼音和号码与资料对不上。")
    return [
        *found[: proof.SHOWN],
        *([f"这样的还有 {len(found) - proof.SHOWN} 处。"] * (len(found) > proof.SHOWN)),
    ]


def _unlocked_without_word(session: Session) -> list[str]:
    """A month that the journal says was locked is locked still, under the same seal."""
    sealed = {
        digest: period
        for digest, period in session.execute(
            select(Month.digest, Month.period).where(Month.state == MonthState.LOCKED)
        )
    }
    found = []
    for action in session.scalars(select(Action).where(Action.service.like("%lock_month"))):
        said = action.detail or {}
        if sealed.get(said.get("digest")) != said.get("period"):
            found.append(f"“{action.title}”之后的封存不见了或被换过。")
    return found
