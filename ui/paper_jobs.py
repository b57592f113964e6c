"""What the worker process does for papers: the pages, files and checks of a document that is being written, and
of reports.

Nothing of Qt is imported here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from db.enums import MonthState
from gridoffice.assessment.month import month_facts, months
from gridoffice.documents.model import Heading, OfficialDocument, Paragraph, TableAnnex
from gridoffice.documents.output import first_pages
from gridoffice.documents.pdf import ledger_pdf, official_pdf
from gridoffice.leaving import Leaving, Out, Paper, for_purpose, leave_as, mark_of, of_paper, paper
from gridoffice.office import Office
from gridoffice.papers.drafts import Composed, Gathered, Writing, compose
from gridoffice.people.attachments import Content
from gridoffice.progress import show_pages
from gridoffice.report_files import document_file, report_file
from gridoffice.reports import Wish, report_called, report_paper

NOTICE = "assessment"
"""The report whose first attachment lists everybody who was assessed."""
MOST_ROWS = 120
"""While it is being written, so many rows of an attachment are laid out; all of them on paper."""

_gathered: dict[str, Gathered] = {}


@dataclass(frozen=True, slots=True)
class Preview:
    """A document as it stands: its pages, what its names stood for, and what is to be looked at before it
    goes out. `shortened` are attachments of which only the beginning is laid out here, with their rows;
    `stand_ins` says in words which typefaces are stood in for, `reason` what it is for where persons are listed."""

    pdf: bytes
    reason: str | None
    title: str
    recipients: str
    day: date
    facts: Mapping[str, str]
    unknown: tuple[str, ...]
    shortened: tuple[tuple[str, int], ...]
    checks: tuple[tuple[bool, str], ...]
    stand_ins: str


def _composed(office: Office, writing: Writing) -> Composed:
    known = _gathered.setdefault(str(office.store.address), Gathered())
    return office.read(compose, writing, None, known)


def _title(document: OfficialDocument) -> str:
    return document.title.replace("\n", "")


def preview(office: Office, writing: Writing, reason: str | None = None) -> Preview:
    """The pages of a writing, for a purpose. Raises what `compose` raises, and `OfficeError` for a character that no font
    has."""
    from gridoffice.documents.fonts import stand_ins  # with its compiled modules: not before a paper

    made = _composed(office, writing)
    document = made.document
    tables = [one for one in document.attachments if isinstance(one, TableAnnex)]
    short = tuple((one.title, len(one.rows)) for one in tables if len(one.rows) > MOST_ROWS)
    attachments = tuple(
        replace(one, rows=one.rows[:MOST_ROWS], notes=())
        if isinstance(one, TableAnnex) and len(one.rows) > MOST_ROWS
        else one
        for one in document.attachments
    )
    laid_out = replace(document, attachments=attachments)
    seen = paper(office, _title(document), lambda: official_pdf(laid_out), reason=reason)
    return Preview(
        seen.content,
        seen.reason,
        _title(document),
        document.recipients or "",
        document.day,
        made.facts,
        made.unknown,
        short,
        _checks(office, writing, made),
        stand_ins(seen.content),
    )


def _checks(office: Office, writing: Writing, made: Composed) -> tuple[tuple[bool, str], ...]:
    """What the clerk would otherwise check by eye."""
    document = made.document
    found = [
        (
            not made.unknown,
            f"正文里的数都对上了（{len(made.facts)} 个）"
            if not made.unknown
            else f"“{{{made.unknown[0]}}}”没有对应的数",
        )
    ]
    if writing.month is not None:
        states = {line.address: line.state for line in office.read(months, True)}
        state = states.get(writing.month)
        locked = state is MonthState.LOCKED
        found.append((locked, "考核已锁定，数据不会再变" if locked else "考核还没锁定，数据可能调整"))
    found += _annexes_named(document)
    number = document.number
    found.append((bool(number), f"发文字号 {number}" if number else "还没登记发文字号"))
    return tuple(found)


def _annexes_named(document: OfficialDocument) -> list[tuple[bool, str]]:
    empty = [one.title for one in document.attachments if isinstance(one, TableAnnex) and not one.rows]
    if empty:
        return [(False, f"附件“{empty[0]}”没有内容")]
    return [(True, f"附件 {len(document.attachments)} 份")] if document.attachments else []


def whole(office: Office, writing: Writing, reason: str | None = None) -> Paper:
    """Every page of a writing, as it is printed."""
    document = _composed(office, writing).document
    return paper(office, _title(document), lambda: official_pdf(document), reason=reason)


def save_writing(
    office: Office, writing: Writing, target: Path, password: str = "", reason: str | None = None
) -> None:
    """A writing as a file of the kind that its name ends in; a PDF opens with the password, where one is
    given."""
    _save_document(office, _composed(office, writing).document, reason, target, password)


def _save_document(
    office: Office, document: OfficialDocument, reason: str | None, target: Path, password: str = ""
) -> None:
    title = _title(document)
    made = paper(office, title, lambda: document_file(document, target.name), reason=reason)
    content = _locked(made.content, password) if password else made.content
    leave_as(office, of_paper(title, reason=made.reason), target, content)


def save_report(office: Office, name: str, wish: Wish, target: Path) -> None:
    """A report as a file of the kind that its name ends in."""
    made = report_file(office, name, wish, target.name)
    out = of_paper(report_called(name).title, reveal=wish.reveal, reason=made.reason)
    leave_as(office, out, target, made.content)


def save_pages(office: Office, pdf: bytes, out: Leaving, password: str, target: Path) -> None:
    """The pages on screen as a file; with a password it opens with that only."""
    leave_as(office, out, target, _locked(pdf, password) if password else pdf)


def save_scan(office: Office, held: Content, reason: str | None, target: Path) -> None:
    """A scan as a file, with the mark beside what stands on it."""
    from gridoffice.documents.stamping import stamped

    asked = Leaving(Out.SAVE, f"扫描件 {held.name}", reason=reason, persons=True)
    out = for_purpose(office, asked)
    leave_as(office, out, target, stamped(held.body, mark_of(office.who, out)))


def save_official(office: Office, name: str, wish: Wish, said: Mapping[str, Any], target: Path) -> None:
    """A report that is an official document, with what the clerk says of it, as a file of another kind."""
    _save_document(office, _official(office, name, wish, said), wish.reason, target)


def show_report(office: Office, name: str, wish: Wish) -> Paper:
    """A report as PDF; its first pages are told of while the rest is being made."""
    with first_pages(show_pages):
        return report_paper(office, name, wish)


@dataclass(frozen=True, slots=True)
class Issued:
    """A report that is an official document: its bytes, what it is for where persons are listed, what stands in its
    fields, and what was checked before it goes out."""

    pdf: bytes
    reason: str | None
    title: str
    recipients: str
    number: str
    day: date
    annexes: int
    checks: tuple[tuple[bool, str], ...]


def _official(office: Office, name: str, wish: Wish, said: Mapping[str, Any]) -> OfficialDocument:
    make = report_called(name).document
    assert make is not None
    given = {field: value for field, value in said.items() if value not in (None, "", (), False)}
    return replace(make(office, wish), **given)


def issue(office: Office, name: str, wish: Wish, said: Mapping[str, Any]) -> Issued:
    """A report that is an official document, with what the clerk says of it (fields of `OfficialDocument`); its
    first pages are told of while the rest is being made."""
    document = _official(office, name, wish, said)
    with first_pages(show_pages):
        made = paper(office, report_called(name).title, lambda: official_pdf(document), reason=wish.reason)
    return Issued(
        made.content,
        made.reason,
        document.title,
        document.recipients or "",
        document.number or "",
        document.day,
        len(document.attachments),
        tuple(_issue_checks(office, name, wish, document)),
    )


def _issue_checks(
    office: Office, name: str, wish: Wish, document: OfficialDocument
) -> Iterator[tuple[bool, str]]:
    """What the clerk would otherwise check by eye."""
    yield True, "版心 156×225 毫米，每页 22 行、每行 28 字"
    yield from _annexes_named(document)
    if wish.month is not None:
        facts = office.read(month_facts, wish.month)
        if name == NOTICE and wish.scope is None:
            listed = next((len(one.rows) for one in document.attachments if isinstance(one, TableAnnex)), 0)
            same = listed == facts.people
            said = f"附件 1 共 {listed} 人，考核共 {facts.people} 人"
            yield same, said + ("，一致" if same else "，对不上")
        missing = facts.people - facts.scored
        yield not missing, "每个人都有总分" if not missing else f"还差 {missing} 人的分"
        locked = facts.state is MonthState.LOCKED
        yield locked, "考核已锁定，数据不会再变" if locked else "考核还没锁定，数据可能调整"
    number = document.number
    yield bool(number), f"发文字号 {number}" if number else "还没有发文字号"


def make_ready() -> None:
    """Open the typefaces and lay out a paper of each make while nobody waits: a first paper that has to do
    that takes half a second longer."""
    words = "准备123"
    body = (*(Heading(level, words) for level in (1, 2, 3)), Paragraph(words))
    annex = TableAnnex(words, (words,), ((words,),))
    official_pdf(
        OfficialDocument(words, words, body, words, date.today(), number=words, attachments=(annex,))
    )
    ledger_pdf(words, [words], [words], [[words]])


def _locked(pdf: bytes, password: str) -> bytes:
    from gridoffice.documents.protection import protected

    return protected(pdf, password)
