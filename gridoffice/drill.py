"""The restore drill: the newest backup is restored to a scratch place and proved there, so that a backup is known
to be good before it is needed. The office itself is not touched."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import backup, dumping, migrate
from db.enums import Right
from db.session import Store
from db.tables import Base
from gridoffice import safekeeping, shelf
from gridoffice.errors import NotFound
from gridoffice.office import Office
from gridoffice.progress import report
from gridoffice.safekeeping import Verified, proved
from gridoffice.unlocking import OTHER, ready


@dataclass(frozen=True, slots=True)
class Drilled:
    """What came of a drill: which backup, of when, how much came back, in how many seconds, and what was proved
    of it. `verified.findings` is empty when all is well."""

    file: str
    at: datetime
    people: int
    rows: int
    seconds: float
    verified: Verified

    def in_words(self) -> str:
        """One sentence for whoever asked."""
        name = Path(self.file).name
        if self.verified.findings:
            return f"“{name}”恢复出来有 {len(self.verified.findings)} 处不对，不能靠它。"
        locked = len(self.verified.locked_months)
        months = f"，{locked} 个已锁定的月份重新算过都一致" if locked else ""
        return (
            f"演练通过：“{name}”恢复出 {self.people} 人、{self.rows} 行，"
            f"{self.verified.actions} 条变动首尾相接{months}，用时 {self.seconds:.0f} 秒。"
        )


def drill(office: Office, file: Path | str | None = None) -> Drilled:
    """Restore a backup (without a name the newest) to a scratch place, prove it there and count it against what
    was noted when it was made. Raises `OfficeError` when there is none, or it cannot be restored at all."""
    office.require(Right.READ if office.store.local else Right.MAINTAIN)
    place = shelf.shelf_of(office.store)
    known = shelf.backups_on(place, office.store)
    if file is None:
        if not known:
            raise NotFound("还没有备份可演练。先备份一份。")
        file = known[0].file
    file = Path(file)
    ready(file, OTHER)
    noted = next((one for one in known if one.file == file and one.checked), None)
    began = time.monotonic()
    report(f"把“{file.name}”恢复到临时的地方")
    with safekeeping.said("备份恢复不出来"), _restored(office, file) as scratch, scratch.reading() as session:
        report("核对恢复出来的资料")
        verified = proved(session)
        counts = _rows(session)
    people, rows = counts.get("person", 0), sum(counts.values())
    if noted is not None and noted.people != people:
        verified = Verified(
            verified.actions,
            verified.locked_months,
            (f"备份时有 {noted.people} 人，恢复出来 {people} 人。", *verified.findings),
        )
    at = noted.at if noted else datetime.fromtimestamp(file.stat().st_mtime).astimezone()
    if not verified.findings:
        with safekeeping.said("备份读不出来"):
            programs = safekeeping.programs(office) if dumping.is_dump(file) else None
            counted = backup.check(file) if programs is None else dumping.check(file, programs)
        shelf.note_down(file, counted, at, drilled=datetime.now().astimezone().date())
    return Drilled(str(file), at, people, rows, time.monotonic() - began, verified)


@contextmanager
def _restored(office: Office, file: Path) -> Iterator[Store]:
    """The backup as an office of its own, gone afterwards."""
    if dumping.is_dump(file):
        name = f"gridoffice_drill_{datetime.now():%Y%m%d%H%M%S}"  # noqa: DTZ005 - only a name
        with dumping.scratch(office.store, file, safekeeping.programs(office), name) as made:
            if migrate.current(made.engine) != migrate.head():
                migrate.upgrade(made.engine)
            yield made
        return
    backup.check(file)
    with tempfile.TemporaryDirectory(prefix="gridoffice-drill-") as folder:
        backup.refuse_too_full(Path(folder), backup.size_of(file))
        copy = Path(folder) / "office.db"
        backup.copy_pages(file, copy, report)
        made = Store(copy)
        try:
            if migrate.current(made.engine) != migrate.head():
                migrate.upgrade(made.engine)
            yield made
        finally:
            made.close()


def _rows(session: Session) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }
