"""The ways out that all lists share: printable workbooks, templates, somebody else's forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from db.enums import Deed, Right
from db.journal import entitle, recorder_of
from gridoffice import intake
from gridoffice.errors import RuleBroken
from gridoffice.fields import Column, Kind
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import gazetteer, names_of
from gridoffice.intake import Options
from gridoffice.ledgers import ledger_called
from gridoffice.listing import Ask, Listing, listed
from gridoffice.office import Office
from gridoffice.service import service
from gridoffice.settings import NAME, setting
from gridoffice.spreadsheet.facts import Facts
from gridoffice.spreadsheet.fill import Filled, fill_form
from gridoffice.spreadsheet.form_values import FormStyle
from gridoffice.spreadsheet.forms import Form, read_form
from gridoffice.spreadsheet.guide import Guide
from gridoffice.spreadsheet.writing import SheetTable, write_ledger
from gridoffice.values import show
from gridoffice.workers.ledger import WORKER_LEDGER


def facts(session: Session, ask: Ask, count: int, unit: str) -> tuple[str, ...]:
    """The line below a title: the office, the scope, the day, how many."""
    office = setting(session, NAME, "")
    found = [f"单位：{office}"]
    if ask.scope is not None:
        found.append(f"范围：{names_of(session, office_pack(session), [ask.scope])[ask.scope][0]}")
    found.append(f"截至：{(ask.day or date.today()).isoformat()}")
    found.append(f"共 {count} {unit}")
    return tuple(found)


SIGNATURE = ("制表人：", "审核人：", "负责人：")


def export(
    office: Office,
    listing: Listing,
    target: Path,
    ask: Ask,
    *,
    reveal: bool = False,
    reason: str | None = None,
    columns: Sequence[Column] | None = None,
    title: str | None = None,
) -> int:
    """Write a list as a printable workbook: what is asked for, in the order shown. ID numbers and
    phones are masked unless revealed, which needs the right and a reason and stands in the journal.
    Answers the number of rows."""
    if reveal:
        reveal_with_reason(office, listing.title, reason)

    def write(session: Session) -> int:
        ids = listing.ids(session, ask)
        name = setting(session, NAME, "")
        return write_ledger(
            target,
            SheetTable(
                title=title or f"{name}{listing.title}",
                facts=facts(session, ask, len(ids), listing.unit),
                columns=columns or listing.columns,
                rows=list(listed(session, listing, ask, ids)),
                signature=SIGNATURE,
                reveal=reveal,
            ),
        )

    return office.read(write)


def reveal_with_reason(office: Office, what: str, reason: str | None) -> None:
    """Full ID numbers and phones leave the office only with a reason, which is written down."""
    office.require(Right.REVEAL)
    if not reason:
        raise RuleBroken("要带完整身份证号和电话，先写明原因。")
    office.write(revealed, what, reason)


@service("导出完整证件号和电话", needs=Right.REVEAL, undoable=False)
def revealed(session: Session, what: str, reason: str) -> None:
    """A line in the journal; nothing else changes."""
    recorder_of(session).deed = Deed.NOTE
    entitle(session, f"导出“{what}”的完整证件号和电话：{reason}", reason=reason)


def fill(
    office: Office,
    key: str,
    form_file: Path,
    target: Path,
    ask: Ask,
    *,
    reveal: bool = False,
    reason: str | None = None,
    style: FormStyle | None = None,
) -> tuple[Form, Filled]:
    """Fill somebody else's blank form from a ledger, everything else in it left as it is. Raises
    `BadSheet` when it asks for nothing that we know, and as `export` does when it is to be revealed."""
    ledger = ledger_called(key)
    listing = ledger.listing
    if listing is None:
        raise RuleBroken(f"{ledger.title}不能用来填别的表。")
    if reveal:
        reveal_with_reason(office, f"{listing.title}（{Path(form_file).name}）", reason)

    def write(session: Session) -> tuple[Form, Filled]:
        columns, records = ledger.records(session, listing, ask)
        guide = Guide(remembered=intake.remembered(session, f"form {key}"))
        form = read_form(Path(form_file), columns, guide)
        about = Facts(unit=setting(session, NAME), day=ask.day or date.today(), person=office.who.display)
        return form, fill_form(form, target, columns, records, facts=about, style=style, reveal=reveal)

    return office.read(write)


def template(office: Office, key: str, target: Path, options: Options) -> None:
    """The empty workbook of a ledger, with drop-downs and a note at each heading."""
    ledger = ledger_called(key)

    def write(session: Session) -> None:
        columns = ledger.columns(session, options)
        if ledger.listing is not None:
            columns = ledger.listing.columns
        write_ledger(
            target,
            SheetTable(
                title=ledger.title,
                facts=(f"单位：{setting(session, NAME, '')}", "填表人：", "日期："),
                columns=columns,
                rows=(),
                signature=(),
                choices=_choices(session, key, columns),
                blank_rows=500,
            ),
        )

    office.read(write)


def _choices(session: Session, key: str, columns: Sequence[Column]) -> dict[str, list[str]]:
    pack = office_pack(session)
    found: dict[str, list[str]] = {}
    for column in columns:
        if column.field.kind is Kind.GRID:
            book = gazetteer(session, pack)
            found[column.name] = [book.display(place) for place in book.places.values()]
        elif column.name == "kind":
            found[column.name] = [kind.label for kind in pack.kinds]
        elif column.name == "title" and key == WORKER_LEDGER.key:
            found[column.name] = [post.label for post in pack.posts]
    return found


def texts(columns: Sequence[Column], values: Sequence[Any], reveal: bool = False) -> tuple[str, ...]:
    """A row as texts, for paper."""
    return tuple(
        show(column.field, value, reveal=reveal) for column, value in zip(columns, values, strict=True)
    )
