"""Backups, restoring, and proving that everything is as it was left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from db import backup, dumping, keyed, proof, server
from db.backup import BadBackup
from db.copying import NotWhole, see_everything
from db.enums import Deed, MonthState, Right
from db.journal import entitle, recorder_of
from db.keyed import Key
from db.proof import looked
from db.tables import Action, Grid, Month, Person, Post
from db.turns import Turn
from gridoffice import settings, shelf
from gridoffice.accounts.rules import RIGHTS, may
from gridoffice.assessment.locking import verify_month
from gridoffice.errors import NotFound, OfficeError
from gridoffice.everything import everything
from gridoffice.grids.rules import segment
from gridoffice.office import Office, sentences, store_at
from gridoffice.people.service import keys
from gridoffice.progress import report
from gridoffice.service import service
from gridoffice.shelf import Backup, Kind
from gridoffice.unlocking import OTHER, checked, ready


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


def ending(office: Office) -> str:
    """How an automatic backup's name ends here: of a shared office it is PostgreSQL's own where its programs
    are at hand, else one file as of a local one."""
    if office.store.local:
        return shelf.ENDING
    with sentences(office.store):
        at_hand = dumping.programs(dumping.server_version(office.store))
    return dumping.ENDING if at_hand else shelf.ENDING


def back_up(office: Office, target: Path | str | None = None, password: str | None = None) -> BackedUp:
    """Write a verified backup of the office; without a name it goes on the shelf. A name that ends in .dump is
    written by pg_dump. A copy that is to leave may have a password of its own. Raises `OfficeError` when it does
    not check out."""
    office.require(Right.READ if office.store.local else Right.MAINTAIN)
    now = datetime.now().astimezone()
    if target is None:
        target = shelf.shelf_of(office.store).folder / shelf.name_for(Kind.BY_HAND, now, ending(office))
    target = Path(target)
    if target.is_dir():
        raise OfficeError(f"“{target.name}”是文件夹，换一个文件名。")
    if _is_own(office, target):
        raise OfficeError("备份不能写到资料库自己身上，换个文件名。")
    _note(office, f"备份到“{target.name}”", target)  # before it, so that nothing is newer than the backup
    try:
        return make(office, target, now, None if password is None else Key.of(checked(password)))
    except OfficeError as error:
        _note(office, f"没有备份成“{target.name}”：{error.message}", target)
        raise


def _note(office: Office, words: str, file: Path) -> None:
    """A line about the whole office leaving or coming. Of one that cannot be written (read-only, full disk) a
    backup must be possible none the less."""
    with suppress(OfficeError):
        office.write(noted, words, file.name)


@service("备份和恢复", needs=Right.READ, undoable=False)
def noted(session: Session, words: str, file: str) -> None:
    """A line in the journal; nothing else changes."""
    recorder_of(session).deed = Deed.NOTE
    entitle(session, words, file=file)


def make(office: Office, target: Path, now: datetime, key: Key | None = None) -> BackedUp:
    """The backup itself, noted down beside it with the moment it is of. Raises `OfficeError`."""
    if key is not None and target.suffix == dumping.ENDING:
        raise OfficeError("pg_dump 的文件加不了密码，存成 .backup 结尾的。")
    with said(f"备份写不到“{target}”"), everything(office, "备份"), sentences(office.store):
        if target.suffix == dumping.ENDING:
            counts = dumping.dump(office.store, target, programs(office), report)
        else:
            counts = backup.back_up(office.store, target, report, key)
        shelf.note_down(target, counts, now)
    return _counts(target, counts)


@contextmanager
def said(failed: str) -> Iterator[None]:
    """What goes wrong with files and disks, in a sentence."""
    try:
        yield
    except (BadBackup, NotWhole) as error:
        raise OfficeError(str(error)) from error
    except keyed.errors() as error:
        full = "full" in str(error)
        raise OfficeError(f"{failed}：{'盘满了' if full else '读写出错'}。腾出地方，或换一块盘。") from error
    except OSError as error:
        raise OfficeError(f"{failed}：{error.strerror or error}。") from error


def programs(office: Office) -> Path:
    if office.store.local:
        raise BadBackup("本机资料库的备份以 .backup 结尾，.dump 是共享资料库用的。")
    version = dumping.server_version(office.store)
    found = dumping.programs(version)
    if found is None:
        raise BadBackup(
            f"这台电脑上没有 PostgreSQL {version} 的 pg_dump。装上它的命令行工具，或把备份存成 .backup。"
        )
    return found


def before_upgrade(version: str) -> Path | None:
    """Where the backup goes that is made before the program itself is upgraded: beside the local office
    last opened on this computer. None when there is no such office, or it is a shared one, whose
    administrator backs it up."""
    last = settings.default_database()
    if "://" in last or not Path(last).is_file():
        return None
    moment = datetime.now().astimezone()
    return Path(last).with_name(f"升级到 {version} 前 {moment:%Y-%m-%d %H%M%S}.backup")


def restore(office: Office, file: Path | str) -> BackedUp:
    """Put a backup in the place of everything; what was there is backed up on the shelf first."""
    office.require(Right.MAINTAIN)
    file = Path(file)
    if _is_own(office, file):
        raise OfficeError("资料库不能从它自己恢复，选一个备份文件。")
    ready(file, OTHER)
    store, now = office.store, datetime.now().astimezone()
    dumped = dumping.is_dump(file)
    with (
        said("没有恢复成，资料没有变"),
        sentences(store),
        store.alone(Turn.RESTORE, office.who.display),
    ):
        try:
            if dumped:
                dumping.check(file, programs(office))
            else:
                backup.check(file)
        except BadBackup as error:
            raise NotFound(str(error)) from error
        how = dumping.ENDING if dumped else shelf.ENDING
        before = shelf.shelf_of(store).folder / shelf.name_for(Kind.BEFORE_RESTORE, now, how)
        make(office, before, now)
        if dumped:
            counts = dumping.restore(file, store, programs(office))
        else:
            counts = backup.restore(file, store, report)
        if not store.local:
            with store.engine.begin() as connection:
                # what came in brings its own accounts: the server lets them in, and nobody else
                if server.enforced(connection):
                    server.enforce(connection, RIGHTS)
    _note(office, f"从备份“{file.name}”恢复，恢复前的资料在“{before.name}”", file)
    return _counts(file, counts, before)


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands in a backup: how many lines its journal has, and the digest of the last."""

    backup: Backup
    lines: int
    head: str


def look_into(office: Office, file: Path | str) -> Seen:
    """Look into a backup made by this program. Raises `OfficeError` when it is no good, `NeedsFilePassword` when
    it has a password of its own."""
    file = Path(file)
    ready(file, OTHER)
    with said("备份读不出来"), sentences(office.store):
        if dumping.is_dump(file):
            counts = dumping.check(file, programs(office))
            lines, head = dumping.journal_head(file, programs(office))
        else:
            counts = backup.check(file)
            lines, head = backup.journal_head(file)
        found = shelf.backup_at(file)
    found = replace(
        found, people=counts.get("person", 0), rows=sum(counts.values()), actions=counts.get("action", 0)
    )
    return Seen(found, lines, head)


@contextmanager
def whole(office: Office, why: str) -> Iterator[Session]:
    """One state of the whole office, whatever of it the account at work is shown."""
    store = office.store
    with said("资料读不全"), everything(office, why), sentences(store), store.reading() as session:
        if may(office.who.role, Right.MAINTAIN):
            see_everything(session.connection())
        yield session


@dataclass(frozen=True, slots=True)
class Verified:
    """What was proved, and every sentence of what is wrong."""

    actions: int
    locked_months: tuple[str, ...]
    findings: tuple[str, ...]


def verify(office: Office) -> Verified:
    """Prove the database itself, the journal's chain, every record, and every locked month."""
    office.require(Right.READ if office.store.local else Right.MAINTAIN)
    with whole(office, "核验") as session:
        return proved(session)


def damage(database: str) -> str:
    """A sentence when a local office holds what no program of ours wrote; empty when it does not, or is shared."""
    store = store_at(database)
    try:
        if store.file is None or not store.file.is_file():
            return ""
        with sentences(store), store.reading() as session:
            found = looked(session, "资料库", lambda: _database(session)) or proof.verify(session)
        return f"“{store.file}”已损坏，用备份恢复。{found[0]}" if found else ""
    finally:
        store.close()


def damaged(office: Office) -> str:
    """The same of the office that is open, for the window: a fault may come from what the file holds."""
    return damage(office.store.address)


def proved(session: Session) -> Verified:
    """The same of one state of an office that need not be open."""
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
