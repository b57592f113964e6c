"""The whole house walked once, in a folder of its own: proof that what is installed works."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import db
import gridoffice
from db.enums import MonthState
from gridoffice import exports, history, safekeeping
from gridoffice.assessment import service as assessment
from gridoffice.assessment.month import month_facts
from gridoffice.assessment.rows import results
from gridoffice.errors import Locked
from gridoffice.intake import Options, Outcome
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.review import Review
from gridoffice.workers.listing import WORKERS


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried, whether it worked, and what came of it."""

    name: str
    ok: bool
    detail: str


class Wrong(Exception):
    """A step came to something else than it must."""


def self_test() -> list[Step]:
    """Import, assess, lock, print, export, back up, restore and verify a made-up street office."""
    steps: list[Step] = []
    with tempfile.TemporaryDirectory(prefix="网格办自检 ") as folder:
        walk = _Walk(Path(folder))
        for name, step in walk.steps():
            try:
                steps.append(Step(name, True, step()))
            except Exception as error:
                steps.append(Step(name, False, f"{type(error).__name__}: {error}"))
                break
        walk.close()
    return steps


class _Walk:
    def __init__(self, folder: Path):
        self.folder = folder
        self.office: Office | None = None
        self.period = ""
        self.pdf = b""

    def close(self) -> None:
        if self.office is not None:
            self.office.close()

    def opened(self) -> Office:
        if self.office is None:
            raise Wrong("没有打开的资料库")
        return self.office

    def steps(self) -> Iterator[tuple[str, Callable[[], str]]]:
        yield "程序自己的文件", self.own_files
        yield "从 Excel 建示范街道，考核并锁定", self.demo
        yield "锁定的月份不能再改", self.locked
        yield "花名册导出再导入，没有变化", self.round_trip
        yield "撤销和恢复", self.undo
        yield "通报里有每个人", self.notice
        yield "备份、恢复、核验", self.backup
        yield "加密码的备份、恢复", self.password

    def own_files(self) -> str:
        """The generic room names must be ours, not another package's of the same name."""
        here, there = Path(gridoffice.__file__).parent.parent, Path(db.__file__).parent.parent
        if here != there:
            raise Wrong(f"db 不是本程序的：{there}")
        return f"版本 {gridoffice.__version__}"

    def demo(self) -> str:
        from gridoffice.demo.build import build
        from gridoffice.demo.data import Size

        built = build(self.folder / "街道", Size.STREET, date.today())
        self.office, self.period = Office.open(built.database), built.month
        self.pdf = built.pdf.read_bytes()
        facts = self.office.read(month_facts, self.period)
        if facts.state is not MonthState.LOCKED or facts.scored != facts.people or not facts.people:
            raise Wrong("考核没有锁定，或有人没有得分")
        return f"{built.grids} 个网格，{built.workers} 人，{facts.people} 人有得分"

    def locked(self) -> str:
        with _expected(Locked):
            self.opened().write(assessment.compute, self.period)
        return self.period

    def round_trip(self) -> str:
        office, file = self.opened(), self.folder / "往返.xlsx"
        count = exports.export(office, WORKERS, file, Ask(), reveal=True, reason="自检")
        seen = Review(office, "workers", file, Options()).summary()
        if seen.counts[Outcome.UNCHANGED] != count:
            raise Wrong(seen.in_words())
        return f"{count} 人"

    def undo(self) -> str:
        office = self.opened()

        def people() -> int:
            return len(office.read(lambda session: WORKERS.ids(session, Ask())))

        from gridoffice.workers.service import end_posts

        before, yesterday = people(), date.today() - timedelta(days=1)
        then, now = (
            office.read(lambda session, day=day: WORKERS.ids(session, Ask(day=day)))
            for day in (yesterday, date.today())
        )
        someone = next(post for post in now if post in then)
        office.write(end_posts, [someone], yesterday)
        fewer = people()
        office.write(history.undo)
        if (fewer, people()) != (before - 1, before):
            raise Wrong(f"{before} → {fewer} → {people()}")
        return f"{before} 人 → {fewer} 人 → {before} 人"

    def notice(self) -> str:
        from gridoffice.documents.render import page_text, pages

        office = self.opened()
        count = pages(self.pdf)
        # a long name may stand on two lines
        said = "".join("".join(page_text(self.pdf, index).split()) for index in range(count))
        listing = office.read(results, self.period)
        rows = office.read(lambda session: listing.rows(session, listing.ids(session, Ask())))
        missing = [row.name for row in rows if row.name not in said]
        if missing:
            raise Wrong(f"通报里没有{'、'.join(missing[:5])}")
        return f"{count} 页，{len(rows)} 人"

    def backup(self) -> str:
        office, file = self.opened(), self.folder / "备份.backup"
        safekeeping.back_up(office, file)
        done = safekeeping.restore(office, file)
        found = safekeeping.verify(office)
        if found.findings:
            raise Wrong(found.findings[0])
        return f"{done.people} 人，变动记录 {found.actions} 条"

    def password(self) -> str:
        """The driver of files with a password is there, and reads what it wrote."""
        office, file = self.opened(), self.folder / "加密码.backup"
        safekeeping.back_up(office, file, "纸船 自检 1999")
        if file.read_bytes().startswith(b"SQLite"):
            raise Wrong("备份没有加密")
        return f"{safekeeping.restore(office, file).people} 人"


@contextmanager
def _expected(kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except kind:
        return
    raise Wrong("该拒绝的没有拒绝")
