"""The ways out that all lists share: printable workbooks and templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from db.enums import Deed, Right
from db.journal import entitle, recorder_of
from db.server.numbers import whole_numbers
from gridoffice.errors import RuleBroken
from gridoffice.fields import Column, Kind
from gridoffice.fields import columns as columns_of
from gridoffice.grids.cascades import standing_paths
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import gazetteer, names_of
from gridoffice.intake import Options
from gridoffice.leaving import check_reveal, for_purpose, leave, mark_of, of_list
from gridoffice.ledgers import ledger_called
from gridoffice.listing import Ask, Listing, listed
from gridoffice.office import Office
from gridoffice.service import service
from gridoffice.settings import NAME, setting
from gridoffice.spreadsheet.drop_downs import Cascade
from gridoffice.spreadsheet.writing import SheetTable, write_ledger
from gridoffice.values import show
from gridoffice.workers.ledger import WORKER_LEDGER
from gridoffice.workers.rows import PlaceColumns

SIGNATURE = ("制表人：", "审核人：", "负责人：")
_SAID = 3
"""So many values of a condition are named; more are counted."""
_LEVELS = ("street", "community", "grid", "micro")
"""The columns of a roster that name a place level by level, as `standing_paths` has them."""


def narrowed(session: Session, listing: Listing, ask: Ask) -> str:
    """What narrows a list, in words: `职务：网格长、专职网格员；性别：女；找“王”`."""
    fields = {column.name: column.field for column in listing.columns}
    said = []
    for one in ask.filters:
        others = tuple(other for other in ask.filters if other is not one)
        known = listing.choices(session, replace(ask, filters=others), one.column)
        words = {value: text for value, text, _ in known}
        texts_ = [words.get(value) or show(fields[one.column], value) or "空" for value in one.values]
        shown = "、".join(texts_[:_SAID]) + (f"等 {len(texts_)} 项" if len(texts_) > _SAID else "")
        said.append(f"{fields[one.column].label}：{shown}")
    if ask.search:
        said.append(f"找“{ask.search}”")
    return "；".join(said)


def facts(
    session: Session, listing: Listing, ask: Ask, count: int, *, picked: bool = False
) -> tuple[str, ...]:
    """The line below a title: the office, the scope, the day, what narrows the list, how many.
    `picked` says that the clerk picked the rows one by one."""
    office = setting(session, NAME, "")
    found = [f"单位：{office}"]
    if ask.scope is not None:
        found.append(f"范围：{names_of(session, office_pack(session), [ask.scope], ask.day)[ask.scope][0]}")
    found.append(f"截至：{(ask.day or date.today()).isoformat()}")
    if not picked and (words := narrowed(session, listing, ask)):
        found.append(f"条件：{words}")
    found.append(f"{'选出' if picked else '共'} {count} {listing.unit}")
    return tuple(found)


def export(
    office: Office,
    listing: Listing,
    target: Path,
    ask: Ask,
    *,
    ids: Sequence[int] | None = None,
    columns: Sequence[str | Column] | None = None,
    reveal: bool = False,
    reason: str | None = None,
    title: str | None = None,
) -> int:
    """Write a list as a printable workbook: all that is asked for in the order shown, or only the rows
    of some `ids` in their order; all columns, or those of some names in their order. ID numbers and
    phones are masked unless revealed, which needs the right and a reason. What tells of persons carries its mark, for
    that reason or the one proposed (`leaving`). Either stands in the journal. Answers the number of rows."""
    shown = replace(listing, columns=_columns(listing, columns))
    wanted = office.read(_there, listing, ask, ids)
    what = title or listing.title
    out = of_list(what, shown.columns, len(wanted), listing.unit, reveal=reveal, reason=reason)
    out = for_purpose(office, out)
    leave(office, out, target)

    def write(session: Session) -> int:
        if reveal:
            whole_numbers(session, f"导出：{reason}")
        name = setting(session, NAME, "")
        return write_ledger(
            target,
            SheetTable(
                title=title or f"{name}{listing.title}",
                facts=facts(session, listing, ask, len(wanted), picked=ids is not None),
                columns=shown.columns,
                rows=listed(session, shown, ask, wanted),
                signature=SIGNATURE,
                reveal=reveal,
                total=len(wanted),
                mark=mark_of(office.who, out),
            ),
        )

    return office.read(write)


def _columns(listing: Listing, wanted: Sequence[str | Column] | None) -> tuple[Column, ...]:
    """The columns of these names in this order. Raises `RuleBroken` naming one that there is not."""
    if wanted is None:
        return listing.columns
    by_name = {column.name: column for column in listing.columns}
    found = []
    for one in wanted:
        name = one if isinstance(one, str) else one.name
        if name not in by_name:
            raise RuleBroken(f"{listing.title}没有“{name}”这一列。")
        found.append(by_name[name])
    return tuple(found)


def _there(session: Session, listing: Listing, ask: Ask, ids: Sequence[int] | None) -> Sequence[int]:
    """What is asked for; of rows picked one by one those that are still there."""
    if ids is None:
        return listing.ids(session, ask)
    known = set(listing.ids(session, replace(ask, search="", filters=(), limit=None)))
    return [one for one in ids if one in known]


def reveal_with_reason(office: Office, what: str, reason: str | None) -> None:
    """Full ID numbers and phones are put on a paper only for a reason, which is written down."""
    check_reveal(office.who, reason)
    office.write(revealed, what, reason)


@service("取用完整证件号和电话", needs=Right.REVEAL, undoable=False)
def revealed(session: Session, what: str, reason: str | None) -> None:
    """A line in the journal; nothing else changes."""
    recorder_of(session).deed = Deed.NOTE
    entitle(session, f"取用“{what}”的完整证件号和电话：{reason}", reason=reason)


def template(office: Office, key: str, target: Path, options: Options) -> None:
    """The empty workbook of a ledger, with a drop-down for every code and a note at each heading. A
    roster names a grid by 街道, 社区 and 网格, each of which narrows down the next."""
    ledger = ledger_called(key)

    def write(session: Session) -> None:
        columns = ledger.columns(session, options)
        if ledger.listing is not None:
            taken = {column.name for column in columns if not column.field.computed}
            columns = tuple(column for column in ledger.listing.columns if column.name in taken)
        cascade = None
        if key == WORKER_LEDGER.key:
            columns, cascade = _places_apart(session, columns)
        write_ledger(
            target,
            SheetTable(
                title=ledger.title,
                facts=(f"单位：{setting(session, NAME, '')}", "填表人：", "日期："),
                columns=columns,
                rows=(),
                signature=(),
                choices=_choices(session, key, columns, cascade),
                blank_rows=500,
                cascades=(cascade,) if cascade is not None else (),
            ),
        )

    office.read(write)


def _places_apart(session: Session, known: Sequence[Column]) -> tuple[tuple[Column, ...], Cascade | None]:
    """A roster's columns with one for each level of the tree that is in use, and how they narrow each
    other down; as they were when there is no grid yet."""
    paths = standing_paths(session, office_pack(session), date.today())
    used = [level for level in range(len(_LEVELS)) if any(path[level] for path in paths)]
    if _LEVELS.index("grid") not in used:
        return tuple(known), None
    fields = {column.name: column.field for column in (*known, *columns_of(PlaceColumns))}
    hint = "从左到右一级一级选。"
    levels = [Column(_LEVELS[level], replace(fields[_LEVELS[level]], hint=hint)) for level in used]
    apart: list[Column] = []
    for column in known:
        apart += levels if column.name == "grid" else [column]
    shown = [_trimmed(tuple(path[level] for level in used)) for path in paths]
    return tuple(apart), Cascade(tuple(level.name for level in levels), shown)


def _trimmed(path: tuple[str, ...]) -> tuple[str, ...]:
    """A path without what is empty at its end."""
    while path and not path[-1]:
        path = path[:-1]
    return path


def _choices(
    session: Session, key: str, columns: Sequence[Column], cascade: Cascade | None
) -> dict[str, list[str]]:
    offers = ledger_called(key).offers(session)
    found: dict[str, list[str]] = {}
    for column in columns:
        if cascade is not None and column.name in cascade.columns:
            continue
        if column.field.kind is Kind.GRID:
            book = gazetteer(session, office_pack(session))
            found[column.name] = [book.display(place) for place in book.places.values()]
        elif column.name in offers:
            found[column.name] = list(dict.fromkeys(offers[column.name]))
    return found


def texts(columns: Sequence[Column], values: Sequence[Any], reveal: bool = False) -> tuple[str, ...]:
    """A row as texts, for paper."""
    return tuple(
        show(column.field, value, reveal=reveal) for column, value in zip(columns, values, strict=True)
    )
