"""发文登记: the numbers that went out, and giving out the next one."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from db.tables import Draft, PaperNumber
from gridoffice.errors import NotFound, Problem, RuleBroken, has_error
from gridoffice.fields import columns
from gridoffice.limits import check_room
from gridoffice.listing import Ask, Listing, fetched, ordered_ids, spelled, unchanged
from gridoffice.papers.numbering import Number, check_next, check_series, number_in
from gridoffice.papers.rows import OF_NUMBER, NumberRow
from gridoffice.people.lists import tallied
from gridoffice.service import service

GONE = "这个发文字号已不在登记簿里。"

_BY: dict[str, Any] = {
    "number": PaperNumber.serial,
    **{name: getattr(PaperNumber, name) for name in OF_NUMBER},
    "year": cast(PaperNumber.year, String),
}
_ORDER = (PaperNumber.year.desc(), PaperNumber.series, PaperNumber.serial.desc(), PaperNumber.id)


def _asked(ask: Ask) -> Select[Any]:
    query = select(PaperNumber.id)
    if ask.search:
        meant = number_in(ask.search)
        if meant is not None:
            return query.where(*_is(meant))
        said = (PaperNumber.title, PaperNumber.series, PaperNumber.recipients, PaperNumber.note)
        query = query.where(spelled(ask.search, *said))
    return query


def number_ids(session: Session, ask: Ask) -> array[int]:
    return ordered_ids(session, _asked(ask), _BY, ask, _ORDER)


def number_rows(session: Session, wanted: Sequence[int]) -> list[NumberRow]:
    """Some numbers, each with the draft that went out under it."""
    query = select(PaperNumber, Draft.id).outerjoin(Draft, Draft.number_id == PaperNumber.id)
    return [
        NumberRow(
            id=one.id,
            draft_id=draft_id,
            number=str(Number(one.series, one.year, one.serial)),
            **{name: getattr(one, name) for name in OF_NUMBER},
        )
        for one, draft_id in fetched(session, query, wanted)
    ]


def number_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _asked(ask), _BY[column])


NUMBERS = Listing(
    "paper-numbers",
    "发文登记簿",
    "个字号",
    columns(NumberRow),
    number_ids,
    number_rows,
    number_choices,
    frozenset({"number", *OF_NUMBER} - {"recipients", "note"}),
    frozenset({"kind", "signer", "drafter", "void"}),
)


def number_row(session: Session, number_id: int) -> NumberRow:
    """One number as the form shows it. Raises `NotFound`."""
    found = number_rows(session, [number_id])
    if not found:
        raise NotFound(GONE)
    return found[0]


def _is(number: Number) -> tuple[Any, ...]:
    return (
        PaperNumber.series == number.series,
        PaperNumber.year == number.year,
        PaperNumber.serial == number.serial,
    )


def last_of(session: Session, series: str, year: int) -> int | None:
    """The last number of a series in a year; None before the first."""
    query = select(func.max(PaperNumber.serial))
    return session.scalar(query.where(PaperNumber.series == series, PaperNumber.year == year))


def next_of(session: Session, series: str, year: int) -> Number:
    """The number that is given out next."""
    return Number(series, year, (last_of(session, series, year) or 0) + 1)


def known_series(session: Session) -> list[str]:
    """Every 机关代字 of the register, the one used last first."""
    query = select(PaperNumber.series).group_by(PaperNumber.series).order_by(func.max(PaperNumber.id).desc())
    return list(session.scalars(query))


def title_under(session: Session, number: Number) -> str | None:
    """The title that a number was given out for; None while it is free."""
    return session.scalar(select(PaperNumber.title).where(*_is(number)))


def faults_of(session: Session, number: Number, day: date | None) -> list[Problem]:
    """What is wrong with giving out this number now."""
    problems = check_series(number.series)
    last, known = last_of(session, number.series, number.year), title_under(session, number)
    return problems + check_next(number, last, known, day)


def _refuse(problems: Sequence[Problem]) -> None:
    if has_error(problems):
        raise RuleBroken(problems[0].message, problems)


def give_out(session: Session, number: Number, values: Mapping[str, Any]) -> PaperNumber:
    """Enter a number into the register; call it inside a service. Raises `RuleBroken`."""
    said: dict[str, Any] = {name: None if values.get(name) == "" else values.get(name) for name in OF_NUMBER}
    said["day"] = said["day"] or date.today()
    said["void"] = bool(said["void"])
    if not said["title"]:
        raise RuleBroken("没写文件标题。", [Problem("没写文件标题。", field="文件标题")])
    room = check_room(PaperNumber, columns(NumberRow), said)
    _refuse([*room, *faults_of(session, number, said["day"])])
    one = PaperNumber(series=number.series, year=number.year, serial=number.serial, **said)
    session.add(one)
    session.flush()
    return one


@service("保存发文登记", needs=Right.EDIT_PEOPLE)
def save_number(
    session: Session, number_id: int | None, values: Mapping[str, Any], seen: NumberRow | None = None
) -> int:
    """Register a document under `number` (as it is written), which must be the next of its series; or
    change what the register says of one, its number excepted. Raises `RuleBroken`, and `Conflict` when
    somebody else changed the same value since `seen`; answers its number in the register."""
    if number_id is None:
        number = number_in(values.get("number"))
        if number is None:
            said = "发文字号写成“青网格办〔2026〕14号”这样。"
            raise RuleBroken(said, [Problem(said, field="发文字号", value=values.get("number"))])
        one = give_out(session, number, values)
        entitle(session, f"登记“{number}”")
        return one.id
    one = session.get(PaperNumber, number_id)
    if one is None:
        raise NotFound(GONE)
    if seen is not None:
        unchanged(columns(NumberRow), seen, number_row(session, number_id), values)
    number = Number(one.series, one.year, one.serial)
    if values.get("number") and number_in(values["number"]) != number:
        said = f"“{number}”已经发出，字号不能改。写错的作废，再登记一个。"
        raise RuleBroken(said, [Problem(said, field="发文字号")])
    said = {name: getattr(one, name) for name in OF_NUMBER}
    said |= {name: None if value == "" else value for name, value in values.items() if name in said}
    said["void"] = bool(said["void"])
    if not said["title"] or not said["day"]:
        raise RuleBroken("发文登记要有文件标题和成文日期。")
    problems = check_room(PaperNumber, columns(NumberRow), said)
    if said["day"].year != number.year:
        problems += check_next(number, number.serial - 1, None, said["day"])
    _refuse(problems)
    for name, value in said.items():
        setattr(one, name, value)
    entitle(session, f"{'作废' if said['void'] else '已改'}“{number}”")
    return one.id


@service("删去发文登记", needs=Right.EDIT_PEOPLE)
def remove_number(session: Session, number_id: int) -> None:
    """Take the last number of a series back, as if it had never been given out. Raises `RuleBroken` for
    an earlier one: it would leave a gap."""
    one = session.get(PaperNumber, number_id)
    if one is None:
        raise NotFound(GONE)
    number = Number(one.series, one.year, one.serial)
    if last_of(session, one.series, one.year) != one.serial:
        raise RuleBroken(f"“{number}”后面还有号，删去会断号。把它标为作废。")
    draft = session.scalar(select(Draft).where(Draft.number_id == number_id))
    if draft is not None:
        draft.number_id = None
        session.flush()
    session.delete(one)
    entitle(session, f"删去“{number}”")
