"""A made-up office on disk: its ledgers, the database they were taken into, last month's result."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from db.enums import MonthState, Role, TrainingForm, TrainingState
from gridoffice.accounts.keeping import add_account
from gridoffice.assessment.locking import lock_month
from gridoffice.assessment.report import notice
from gridoffice.assessment.rows import results
from gridoffice.assessment.rules import in_words
from gridoffice.assessment.schemes import shipped_scheme
from gridoffice.assessment.service import move_month, open_month
from gridoffice.demo import make
from gridoffice.demo.bulk import fill, fill_values
from gridoffice.demo.course import adjust, object_and_answer, play_others, to_review, write_departments
from gridoffice.demo.data import DemoOffice, GridDatum, Size
from gridoffice.demo.grid_lists import write_lists
from gridoffice.demo.household_book import write_households
from gridoffice.demo.indicators import indicators
from gridoffice.demo.ledgers import StreetFiles, write_ledgers
from gridoffice.demo.pack_office import Planted, make_office
from gridoffice.demo.papers import add_papers
from gridoffice.demo.portraits import add_portraits
from gridoffice.demo.register import make_register
from gridoffice.demo.register_books import write_register
from gridoffice.demo.reserve_book import write_reserve
from gridoffice.demo.values import indicator_values
from gridoffice.documents.pdf import official_pdf
from gridoffice.establish import establish
from gridoffice.exports import export
from gridoffice.grids.listing import office_pack
from gridoffice.grids.pack_text import load
from gridoffice.grids.service import find
from gridoffice.intake import Options
from gridoffice.ledgers import ledger_called, read_in
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.progress import report
from gridoffice.training.completions import certify
from gridoffice.training.invitations import due
from gridoffice.training.listing import TRAININGS
from gridoffice.training.sheet import invite

DATABASE = "office.db"

MONTHS = {Size.STREET: 6, Size.COUNTY: 3, Size.CITY: 1}
"""How many months are assessed and locked: enough to see a course, few enough to wait for."""

MONTHS_OF_A_PACK = 2

PEOPLE = (
    ("wangmin", "王敏", Role.CLERK),
    ("lizhiyuan", "李志远", Role.REVIEWER),
    ("zhouying", "周颖", Role.LEADER),
    ("chakan", "查看", Role.READER),
)


@dataclass(frozen=True, slots=True)
class Built:
    """What lies in the folder. `month` is YYYY-MM, the last one, locked; `pdf` is its official
    notice and `scores` its table of scores, of the first street where there are several; `planted`
    are the violations of norms that were put in, where that is known."""

    database: Path
    ledgers: tuple[StreetFiles, ...]
    month: str
    pdf: Path
    scores: Path
    grids: int
    workers: int
    planted: tuple[Planted, ...] = ()


def build(folder: Path, size: Size = Size.STREET, today: date | None = None) -> Built:
    """Make the office in `folder`. That of a street is taken in from its workbooks, as a clerk would;
    larger ones go straight into the database, but for the registers of their first street. The last
    months are collected, computed, reviewed and locked by the accounts whose task that is.

    Raises `RuleBroken` when there is a database in the folder; a failed attempt leaves none behind.
    """
    made = make(size, today or date.today())
    folder.mkdir(parents=True, exist_ok=True)
    office = establish(folder / DATABASE, name=made.name, organisation=made.organisation)
    with _whole(office):
        scheme = indicators(shipped_scheme(office.read(office_pack).scheme))
        months = made.months[-MONTHS[size] :]
        files = write_ledgers(made, folder, scheme, months if size is Size.STREET else months[-1:])
        clerk, reviewer, leader = _hands(office)
        if size is Size.STREET:
            take(clerk, "grids", files[0].grids)
            take(clerk, "workers", files[0].workers)
            take_registers(clerk, made, folder)
            _next_training(clerk, made.today)
            clerk.write(add_portraits)
        else:
            fill(office, made)
            take_registers(clerk, made, folder / made.streets()[0].name)
        for month in months:
            period = f"{month:%Y-%m}"
            report(f"正在考核{month.year}年{month.month}月")
            clerk.write(open_month, period)
            if size is Size.STREET:
                take(clerk, "indicators", files[0].values[month], Options(month=period))
            else:
                values = {worker.id_number: row for worker, row in indicator_values(made, scheme, month)}
                office.write(fill_values, period, values)
            _finish(clerk, reviewer, leader, period, eventful=size is Size.STREET and month == months[-1])
        if size is Size.STREET:
            take(clerk, "departments", write_departments(made, folder))
            play_others((clerk, reviewer, leader), made)
            add_papers(clerk, made.today)
        paper, scores = _publish(clerk, folder, f"{months[-1]:%Y-%m}", made.streets()[0].code)
    return Built(
        folder / DATABASE,
        files,
        f"{months[-1]:%Y-%m}",
        paper,
        scores,
        len(made.grids),
        len(made.workers),
    )


def build_pack(folder: Path, key: str, today: date | None = None) -> Built:
    """Make a small office in the words of any pack in `folder`, straight into the database, with the
    last two months locked and the violations of the pack's norms told in `planted`.

    Raises as `build` does.
    """
    pack = load(key)
    made, planted = make_office(pack, today or date.today())
    folder.mkdir(parents=True, exist_ok=True)
    office = establish(folder / DATABASE, key, made.name, made.organisation)
    with _whole(office):
        clerk, reviewer, leader = _hands(office)
        fill(office, made)
        if pack.registers.lists:
            lists = write_lists(made, pack, folder)
            planted += lists.planted
            for ledger, path in lists.books.items():
                take(clerk, ledger, path)
        scheme = indicators(shipped_scheme(pack.scheme))
        for month in made.months[-MONTHS_OF_A_PACK:]:
            period = f"{month:%Y-%m}"
            clerk.write(open_month, period)
            values = {worker.id_number: row for worker, row in indicator_values(made, scheme, month)}
            office.write(fill_values, period, values)
            _finish(clerk, reviewer, leader, period)
        period = f"{made.months[-1]:%Y-%m}"
        paper, scores = _publish(clerk, folder, period, made.grids[0].code)
    return Built(folder / DATABASE, (), period, paper, scores, len(made.grids), len(made.workers), planted)


def take_registers(clerk: Office, made: DemoOffice, folder: Path) -> None:
    """What a street keeps besides its grids and workers: party, training, certificates, lists, households. Of
    a larger office it is the first street's."""
    street = made.streets()[0]
    own = _alone(made, street)
    books = write_register(make_register(made, street), own, folder).books
    books |= write_lists(own, clerk.read(office_pack), folder).books
    books["reserve"] = write_reserve(own, folder)
    books["households"] = write_households(own, folder)
    for ledger, path in books.items():
        take(clerk, ledger, path)


def _alone(made: DemoOffice, street: GridDatum) -> DemoOffice:
    """A street with what stands above it, so that its places are named in full: others have such names too."""
    by_code = {grid.code: grid for grid in made.grids}
    above: list[GridDatum] = []
    code = street.parent
    while code:
        above.insert(0, by_code[code])
        code = by_code[code].parent
    return replace(made, grids=(*above, *made.below(street.code)), workers=made.serving(street.code))


def _hands(office: Office) -> list[Office]:
    """The office as its clerk, its reviewer and its leader open it."""
    return [Office(office.store, office.write(add_account, *person).result) for person in PEOPLE][:3]


def _finish(clerk: Office, reviewer: Office, leader: Office, period: str, eventful: bool = False) -> None:
    """Take a month from its values to its lock, each step by whoever answers for it; of one that is
    eventful some sheets are adjusted, and some people object."""
    to_review(clerk, period)
    if eventful:
        adjust(reviewer, period)
    reviewer.write(move_month, period, MonthState.PUBLIC)
    if eventful:
        object_and_answer(clerk, reviewer, period)
    leader.write(lock_month, period)


def _publish(office: Office, folder: Path, period: str, street: str) -> tuple[Path, Path]:
    """The notice of a month as PDF and its scores as a workbook, for one street."""
    report("正在印制通报")
    scope = office.read(find, street)
    document = office.read(notice, period, scope)
    paper = folder / f"{document.title}.pdf"
    paper.write_bytes(official_pdf(document))
    workbook = folder / f"{in_words(period)}考核成绩表.xlsx"
    export(office, office.read(results, period), workbook, Ask(scope=scope))
    return paper, workbook


def _next_training(clerk: Office, today: date) -> None:
    """Whoever is short of hours is asked to come to the next training of all, and the last one with scores
    has its certificates."""
    lines = clerk.read(lambda session: TRAININGS.rows(session, TRAININGS.ids(session, Ask())))
    street = [one for one in lines if one.area is None and one.day is not None]
    coming = min(
        (one for one in street if one.state is TrainingState.PLANNED), key=lambda one: one.day or today
    )
    asked = [one.person_id for one in clerk.read(due, coming.id) if one.missing or not one.been]
    clerk.write(invite, coming.id, asked[:60])
    scored = [one for one in street if one.form is TrainingForm.LECTURE and one.state is TrainingState.HELD]
    last = max(scored, key=lambda one: one.day or today)
    clerk.write(certify, last.id, min(today, (last.day or today) + timedelta(days=3)))


def take(office: Office, ledger: str, path: Path, options: Options | None = None) -> None:
    """Take a workbook in as the import page does."""
    options = options or Options()
    office.write(ledger_called(ledger).service, read_in(office, ledger, path, options), options)


@contextmanager
def _whole(office: Office) -> Iterator[None]:
    """Close the office at the end; remove its database when it was not finished."""
    try:
        yield
    except BaseException:
        office.close()
        file = office.store.file
        assert file is not None
        for leftover in file.parent.glob(f"{file.name}*"):
            leftover.unlink()
        raise
    office.close()
