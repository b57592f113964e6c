"""Drafts: a document begun from a template, written on, kept, made into an official document, and sent out
under a number of the register."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from db.tables import Account, Action, Draft, Grid, PaperNumber
from gridoffice.accounts.service import Who
from gridoffice.assessment.month import months
from gridoffice.documents.model import Attachment, Chart, OfficialDocument, chinese_date
from gridoffice.errors import Conflict, NotFound, RuleBroken
from gridoffice.fields import columns
from gridoffice.listing import Ask, Listing, fetched, ordered_ids, spelled
from gridoffice.papers import register, said
from gridoffice.papers.annexes import ANNEXES
from gridoffice.papers.facts import NAMES, PLAIN, About, facts_of
from gridoffice.papers.figures import drawn
from gridoffice.papers.numbering import Number
from gridoffice.papers.rows import DraftRow
from gridoffice.papers.templates import Template, template, templates
from gridoffice.papers.wording import blocks_of, filled, filled_line, names_in
from gridoffice.people.lists import tallied
from gridoffice.service import service
from gridoffice.settings import ORGANISATION, setting

GONE = "这份草稿已不在。"


@dataclass(frozen=True, slots=True)
class Writing:
    """A document as it is written: `text` and `title` with names in braces, `said` the other fields as
    `papers.said` keeps them. `number` is the one it went out under, `version` that of the stored draft;
    `id` is None for one that was never kept."""

    template: str
    title: str
    text: str
    said: Mapping[str, Any] = field(default_factory=dict)
    month: str | None = None
    grid_id: int | None = None
    id: int | None = None
    number: str | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Composed:
    """A document made of a writing: what its names stood for, and names that stand for nothing here."""

    document: OfficialDocument
    facts: Mapping[str, str]
    unknown: tuple[str, ...]


@dataclass(slots=True)
class Gathered:
    """What was worked out for a document already, so that the next letter that is typed need not wait for
    it again: true as long as nothing was written since and the document is about the same."""

    mark: Any = None
    facts: dict[str, str] = field(default_factory=dict)
    annexes: dict[str, Attachment | None] = field(default_factory=dict)
    charts: dict[str, Chart | None] = field(default_factory=dict)

    def keep_to(self, mark: Any) -> None:
        if mark != self.mark:
            self.mark = mark
            for one in (self.facts, self.annexes, self.charts):
                one.clear()


# the list

_BY: dict[str, Any] = {
    "title": Draft.title,
    "month": Draft.month,
    "writer": Draft.writer,
    "changed": Draft.changed,
}


def _asked(ask: Ask) -> Select[Any]:
    query = select(Draft.id)
    return query.where(spelled(ask.search, Draft.title, Draft.text)) if ask.search else query


def draft_ids(session: Session, ask: Ask) -> array[int]:
    return ordered_ids(session, _asked(ask), _BY, ask, (Draft.changed.desc(), Draft.id))


def draft_rows(session: Session, wanted: Sequence[int]) -> list[DraftRow]:
    """Some drafts, each under its title with the numbers it has today left open."""
    query = select(Draft, PaperNumber, Grid.name, Account.display)
    query = query.outerjoin(PaperNumber, PaperNumber.id == Draft.number_id)
    query = query.outerjoin(Grid, Grid.id == Draft.grid_id)
    query = query.outerjoin(Account, Account.name == Draft.writer)
    known = templates(session)
    words = {line.address: line.words for line in months(session, every=True)}
    return [
        DraftRow(
            id=one.id,
            title=_shown_title(session, one),
            kind=known[one.template].kind if one.template in known else "",
            number=str(Number(number.series, number.year, number.serial)) if number is not None else None,
            month=words.get(one.month, one.month) if one.month else None,
            place=place,
            writer=display or one.writer,
            changed=one.changed.astimezone().strftime("%Y-%m-%d %H:%M"),
        )
        for one, number, place, display in fetched(session, query, wanted)
    ]


def _shown_title(session: Session, one: Draft) -> str:
    """The title as it would be printed today, with what costs nothing to know."""
    wanted = set(names_in(one.title)) & set(PLAIN)
    facts = facts_of(session, About(date.today(), one.month, one.grid_id), wanted)
    return filled_line(one.title, facts).replace("\n", "")


def draft_choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return tallied(session, _asked(ask), _BY[column])


DRAFTS = Listing(
    "drafts",
    "公文草稿",
    "份草稿",
    columns(DraftRow),
    draft_ids,
    draft_rows,
    draft_choices,
    frozenset(_BY),
    frozenset({"writer", "month"}),
)


# writing


def begin(session: Session, key: str, month: str | None = None, grid_id: int | None = None) -> Writing:
    """A document of a template, not kept yet. Raises `NotFound`, and `RuleBroken` for one of a month when
    no month is said."""
    one = template(session, key)
    if one.monthly and month is None:
        raise RuleBroken(f"{one.title}要说是哪个月的。")
    proposed = {**one.said, "recipients": one.recipients, said.ANNEXES: one.annexes}
    return Writing(
        key, one.heading, one.text.strip("\n"), said.kept(proposed), month if one.monthly else None, grid_id
    )


_OF_ONE = frozenset({"day", "copy_number", "recipients", said.ANNEXES})
"""Fields that are of one document only, or that a template has in places of their own."""


def as_template(writing: Writing, title: str, kind: str) -> Template:
    """A writing as a template of that title and 文种: its text with the names of numbers, and how it is laid
    out; not its day and number."""
    return Template(
        "",
        title,
        kind,
        writing.title,
        writing.text,
        writing.said.get("recipients", ""),
        writing.month is not None,
        tuple(writing.said.get(said.ANNEXES, ())),
        said={name: value for name, value in writing.said.items() if name not in _OF_ONE},
    )


def draft(session: Session, draft_id: int) -> Writing:
    """A draft as it was kept. Raises `NotFound`."""
    one = _stored(session, draft_id)
    number = session.get(PaperNumber, one.number_id) if one.number_id is not None else None
    return Writing(
        one.template,
        one.title,
        one.text,
        one.said,
        one.month,
        one.grid_id,
        one.id,
        str(Number(number.series, number.year, number.serial)) if number is not None else None,
        one.version,
    )


def _stored(session: Session, draft_id: int) -> Draft:
    one = session.get(Draft, draft_id)
    if one is None:
        raise NotFound(GONE)
    return one


def compose(
    session: Session, writing: Writing, day: date | None = None, gathered: Gathered | None = None
) -> Composed:
    """The official document that a writing makes with the numbers of `day` (today). Raises what the
    month or an attachment raises."""
    values = said.meant(writing.said)
    about = About(day or date.today(), writing.month, writing.grid_id)
    known = gathered or Gathered()
    known.keep_to((session.scalar(select(func.max(Action.id))), about))
    recipients = values.pop("recipients", None)
    wanted = names_in(writing.text, writing.title, recipients or "")
    known.facts.update(facts_of(session, about, [name for name in wanted if name not in known.facts]))
    facts = {name: known.facts[name] for name in wanted if name in known.facts}
    keys = [key for key in writing.said.get(said.ANNEXES, ()) if key in ANNEXES]
    for key in keys:
        if key not in known.annexes:
            known.annexes[key] = ANNEXES[key].make(session, about)
    organisation = setting(session, ORGANISATION, "")
    proposed = {"organisation": organisation, "signature": organisation, "day": date.today()}
    document = OfficialDocument(
        **proposed | values,
        title=filled_line(writing.title, facts),
        recipients=filled_line(recipients, facts) if recipients else None,
        number=writing.number,
        body=drawn(session, about, blocks_of(filled(writing.text, facts)), known.charts),
        attachments=tuple(made for key in keys if (made := known.annexes[key]) is not None),
    )
    unknown = tuple(name for name in wanted if name not in facts)
    return Composed(document, facts, unknown)


def all_facts(session: Session, writing: Writing, day: date | None = None) -> dict[str, str]:
    """Every number that this document can name, with what it stands for."""
    return facts_of(session, About(day or date.today(), writing.month, writing.grid_id), NAMES)


@service("保存公文草稿", needs=Right.EDIT_PEOPLE)
def save_draft(session: Session, writing: Writing) -> int:
    """Keep a writing; one that was kept before is changed. Raises `RuleBroken` without a title and for
    one that went out already, `Conflict` when somebody else changed it; answers its number."""
    title = writing.title.strip()
    if not title:
        raise RuleBroken("草稿要有标题。")
    one = _stored(session, writing.id) if writing.id is not None else Draft(template=writing.template)
    if writing.id is not None:
        if one.number_id is not None:
            raise RuleBroken("这份公文已登记出文，不能再改。另存一份再改。")
        if one.version != writing.version:
            raise Conflict("别人刚改过这份草稿。看过新的内容再改。")
    who: Who | None = session.info.get("who")
    one.title, one.text = title, writing.text
    one.said = said.kept(said.meant(writing.said) | {said.ANNEXES: writing.said.get(said.ANNEXES, ())})
    one.month, one.grid_id = writing.month, writing.grid_id
    one.writer = who.name if who is not None else ""
    one.changed = datetime.now(UTC)
    session.add(one)
    session.flush()
    entitle(session, f"{'新存' if writing.id is None else '已改'}草稿“{_shown_title(session, one)}”")
    return one.id


@service("删去公文草稿", needs=Right.EDIT_PEOPLE)
def remove_drafts(session: Session, draft_ids: Sequence[int]) -> int:
    """Throw drafts away; the numbers under which some went out stay in the register. Answers how many."""
    found = session.scalars(select(Draft).where(Draft.id.in_(draft_ids))).all()
    for one in found:
        session.delete(one)
    what = f"“{_shown_title(session, found[0])}”" if len(found) == 1 else f" {len(found)} 份"
    entitle(session, f"删去草稿{what}")
    return len(found)


@service("登记出文", needs=Right.EDIT_PEOPLE, undoable=False)
def send_out(session: Session, draft_id: int, series: str, values: Mapping[str, Any] | None = None) -> str:
    """Give a draft the next number of a series, in the year of its day; `values` are further columns of the
    register. Its names are replaced by what they stand for now, for good. It cannot be undone: a number in
    the middle of a series would be missing. Raises `RuleBroken`; answers the number in words."""
    one = _stored(session, draft_id)
    if one.number_id is not None:
        raise RuleBroken("这份公文已登记过字号。")
    made = compose(session, draft(session, draft_id))
    if made.unknown:
        raise RuleBroken(f"正文里的“{{{made.unknown[0]}}}”没有对应的数，改好再登记。")
    document = made.document
    number = register.next_of(session, series.strip(), document.day.year)
    who: Who | None = session.info.get("who")
    proposed: dict[str, Any] = {
        "title": document.title.replace("\n", ""),
        "kind": of.kind if (of := templates(session).get(one.template)) is not None else None,
        "day": document.day,
        "recipients": document.recipients,
        "secrecy": document.secrecy,
        "urgency": document.urgency,
        "signer": "、".join(document.signers) or None,
        "drafter": who.display if who is not None else None,
    }
    given = register.give_out(session, number, proposed | dict(values or {}))
    one.number_id = given.id
    one.title, one.text = document.title, filled(one.text, made.facts)
    one.said = {**one.said, **said.kept({"day": document.day, "recipients": document.recipients})}
    one.changed = datetime.now(UTC)
    session.flush()
    entitle(session, f"《{proposed['title']}》登记为“{number}”，{chinese_date(document.day)}")
    return str(number)


@service("另存公文草稿", needs=Right.EDIT_PEOPLE)
def copy_draft(session: Session, draft_id: int) -> int:
    """A new draft with the contents of another, without its number. Answers its number."""
    found = draft(session, draft_id)
    return save_draft(session, replace(found, id=None, number=None, version=0))
