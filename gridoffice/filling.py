"""套表: what somebody else's form asks for, seen from this office, and the form filled.

A form is matched against a ledger's columns and what follows from them (age on the day, how many
grids below a community). What the clerk corrected is remembered for the next form of the same layout,
and so is how it wants days and numbers written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from db.enums import Deed, Right
from db.journal import recorder_of
from db.server.numbers import whole_numbers
from gridoffice import person_facts
from gridoffice.errors import BadSheet, RuleBroken
from gridoffice.fields import Column, masked_words, of_persons
from gridoffice.grids import counts
from gridoffice.grids.ledger import GRID_LEDGER
from gridoffice.intake import Ledger, remembered
from gridoffice.leaving import Leaving, Out, check_reveal, for_purpose, leave, mark_of
from gridoffice.ledgers import LEDGERS, ledger_called
from gridoffice.listing import Ask, Listing, listed
from gridoffice.office import Office
from gridoffice.service import service
from gridoffice.settings import MAPPINGS, NAME, set_setting, setting
from gridoffice.spreadsheet import headings
from gridoffice.spreadsheet.facts import Facts
from gridoffice.spreadsheet.fill import Filled, fill_form
from gridoffice.spreadsheet.form_values import Days, FormStyle, Numbers
from gridoffice.spreadsheet.forms import Form, FormKind, FormSheet, read_form
from gridoffice.spreadsheet.guide import Guide
from gridoffice.spreadsheet.letters import letter
from gridoffice.values import show
from gridoffice.workers import for_forms
from gridoffice.workers.ledger import WORKER_LEDGER

FORM_STYLES = "form_styles"
"""The office's setting that holds, by layout, how a form wants days and numbers written."""

_AGE = tuple(column for column in for_forms.COLUMNS if column.name == "age")


def _columns(ledger: Ledger) -> tuple[Column, ...]:
    """What a ledger offers to forms: its list, and what follows from it."""
    if ledger.key == WORKER_LEDGER.key:
        return (*for_forms.COLUMNS, *person_facts.COLUMNS)
    if ledger.key == GRID_LEDGER.key:
        return counts.COLUMNS
    assert ledger.listing is not None
    born = any(column.name == "birth" for column in ledger.listing.columns)
    return (*ledger.listing.columns, *(_AGE if born else ()))


_FIRST = (WORKER_LEDGER.key, GRID_LEDGER.key)
"""The ledgers that are meant when several know as many headings of a form."""

OFFERED: Mapping[str, tuple[Column, ...]] = {
    ledger.key: _columns(ledger)
    for ledger in sorted(LEDGERS.values(), key=lambda one: (*_FIRST, one.key).index(one.key))
    if ledger.listing is not None
}
"""The ledgers that forms can be filled from, each with the columns it offers."""

SAMPLED = 20
"""Among so many records the first that has something is shown as it would be written."""


@dataclass(frozen=True, slots=True)
class HeadingSeen:
    """A heading or label of a form: where it stands, what it means (None: nobody knows), how that was
    found, and what would stand below it in the first record that has something. `kept` says why the form keeps it."""

    place: str
    heading: str
    column: str | None
    how: str
    sample: str = ""
    kept: str = ""


@dataclass(frozen=True, slots=True)
class FormSeen:
    """What a form asks for, before it is filled. `columns` are those that a heading may be given;
    `named` tells that the form names its rows itself; `count` records would be written."""

    ledger: str
    unit: str
    kind: FormKind
    sheet: str
    headings: tuple[HeadingSeen, ...]
    columns: tuple[Column, ...]
    words: str
    named: bool
    count: int
    style: FormStyle


def form_seen(
    office: Office,
    key: str | None,
    form_file: Path,
    ask: Ask,
    guide: Guide | None = None,
    style: FormStyle | None = None,
) -> FormSeen:
    """Read a form as a ledger sees it; without a key as the ledger that knows most of its headings,
    without a style as such a form was wanted the last time. Raises `BadSheet` when it asks for nothing that we know."""

    def look(session: Session) -> FormSeen:
        best = key or best_ledger(session, form_file)
        form = _read(session, best, form_file, guide)
        sheet = form.main
        kept = _style(session, sheet)
        ids = _ids(session, best, form, ask)
        first = list(_records(session, best, form, ask, ids[:SAMPLED]))
        return FormSeen(
            best,
            "行" if best == GRID_LEDGER.key else ledger_called(best).unit,
            sheet.kind,
            sheet.name,
            tuple(_headings(sheet, OFFERED[best], first, style or kept)),
            OFFERED[best],
            form.in_words(),
            bool(_named(form)),
            len(ids),
            kept,
        )

    return office.read(look)


def fill(
    office: Office,
    key: str | None,
    form_file: Path,
    target: Path,
    ask: Ask,
    *,
    guide: Guide | None = None,
    style: FormStyle | None = None,
    reveal: bool = False,
    reason: str | None = None,
) -> tuple[Form, Filled]:
    """Fill somebody else's blank form from a ledger, everything else in it left as it is. `guide`
    holds what the clerk corrected and `style` how this form wants things written: both are kept for
    the next form of this layout. Raises `BadSheet` when the form asks for nothing that we know, and
    as `export` does when full numbers are to leave."""
    key = key or office.read(best_ledger, form_file)
    if reveal:
        check_reveal(office.who, reason)

    def write(session: Session) -> tuple[Form, Filled, FormStyle, Leaving]:
        if reveal:
            whole_numbers(session, f"套表：{reason}")
        form = _read(session, key, form_file, guide)
        asked = tuple(column for sheet in form.sheets for _, column in sheet.known)
        out = for_purpose(
            office,
            Leaving(
                Out.FILL,
                f"{ledger_called(key).title}（{Path(form_file).name}）",
                masked=masked_words(asked),
                revealed=reveal,
                reason=reason,
                persons=of_persons(asked),
            ),
        )
        wanted = style or _style(session, form.main)
        about = Facts(unit=setting(session, NAME), day=ask.day or date.today(), person=office.who.display)
        records = _records(session, key, form, ask, _ids(session, key, form, ask))
        mark = mark_of(office.who, out)
        done = fill_form(
            form, target, OFFERED[key], records, facts=about, style=wanted, reveal=reveal, mark=mark
        )
        return form, done, _style(session, form.main), replace(out, count=done.rows, file=target.name)

    form, done, before, out = office.read(write)
    try:
        leave(office, out)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    chosen = {sheet.key: sheet.choice for sheet in form.sheets} if guide is not None and guide.forced else {}
    styles = {form.main.key: asdict(style)} if style is not None and style != before else {}
    if chosen or styles:
        office.write(remember_form, key, chosen, styles)
    return form, done


def left_blank(done: Filled) -> list[str]:
    """What is not in a filled form, a sentence for each reason."""
    said = (
        ("表里没有这几行，没填进去", done.without_line),
        ("表里这几行在台账里没找到，留空", done.without_record),
        ("表里的下拉没有这几个词，照写了", done.not_offered),
    )
    return [f"{words}：{'、'.join(texts)}。" for words, texts in said if texts]


@service("记住套表的写法", needs=Right.READ, undoable=False)
def remember_form(
    session: Session,
    key: str,
    choices: Mapping[str, Mapping[str, str | None]],
    styles: Mapping[str, Mapping[str, str]],
) -> None:
    """Keep what the headings of a form mean and how it wants things written, by layout."""
    recorder_of(session).deed = Deed.NOTE
    if choices:
        known = setting(session, MAPPINGS, {})
        name = _memory(key)
        set_setting(session, MAPPINGS, known | {name: known.get(name, {}) | dict(choices)})
    if styles:
        set_setting(session, FORM_STYLES, setting(session, FORM_STYLES, {}) | dict(styles))


def _memory(key: str) -> str:
    return f"form {key}"


def _offered(key: str) -> tuple[Column, ...]:
    if key not in OFFERED:
        raise RuleBroken(f"{ledger_called(key).title}不能用来填别的表。")
    return OFFERED[key]


def _read(session: Session, key: str, form_file: Path, guide: Guide | None) -> Form:
    known = replace(guide or Guide(), remembered=remembered(session, _memory(key)))
    return read_form(Path(form_file), _offered(key), known)


def best_ledger(session: Session, form_file: Path) -> str:
    """The ledger that knows most of a form's headings, those that only look alike counted half; of
    those that know as many the roster, then the grids."""
    found: dict[str, float] = {}
    refused: BadSheet | None = None
    for key in OFFERED:
        try:
            sheet = _read(session, key, form_file, None).main
            ways = [one.how for one in (sheet.layout.columns if sheet.layout is not None else sheet.blanks)]
            found[key] = sum(0.5 if how == headings.SIMILAR else 1 for how in ways if how)
        except BadSheet as error:
            refused = refused or error
    if not found and refused is not None:
        raise refused
    return max(found, key=lambda key: found[key])


def _names(form: Form) -> frozenset[str]:
    return frozenset(column.name for sheet in form.sheets for _, column in sheet.known)


def _named(form: Form) -> frozenset[str]:
    """The columns in which the form itself names its rows."""
    return form.main.body.named if form.main.body is not None else frozenset()


def _ids(session: Session, key: str, form: Form, ask: Ask) -> Sequence[int]:
    """What the form has lines for."""
    if key == GRID_LEDGER.key:
        return counts.wanted(session, ask, _names(form), _named(form))
    return _listing(key).ids(session, ask)


def _records(session: Session, key: str, form: Form, ask: Ask, ids: Sequence[int]) -> Iterator[Sequence[Any]]:
    day = ask.day or date.today()
    if key == GRID_LEDGER.key:
        yield from counts.rows(session, ask, ids)
    elif key == WORKER_LEDGER.key:
        own = for_forms.rows(session, ask, ids, _names(form))
        for values, facts in zip(own, person_facts.rows(session, ids, day), strict=True):
            yield [*values, *facts]
    else:
        birth = [place for place, column in enumerate(OFFERED[key]) if column.name == "birth"]
        for values in listed(session, _listing(key), ask, ids):
            ages = (
                for_forms.age(values[place], day) if values[place] is not None else None for place in birth
            )
            yield [*values, *ages]


def _listing(key: str) -> Listing:
    found = ledger_called(key).listing
    assert found is not None  # whatever is offered to forms is a list
    return found


def _style(session: Session, sheet: FormSheet) -> FormStyle:
    """How the last form of this layout was wanted."""
    kept = setting(session, FORM_STYLES, {}).get(sheet.key)
    return FormStyle(Days(kept["days"]), Numbers(kept["numbers"])) if kept else FormStyle()


def _headings(
    sheet: FormSheet, columns: Sequence[Column], records: Sequence[Sequence[Any]], style: FormStyle
) -> Iterator[HeadingSeen]:
    places = {column.name: place for place, column in enumerate(columns)}

    def sample(heading: str, column: Column | None) -> str:
        if column is None:
            return ""
        values = (record[places[column.name]] for record in records)
        value = next((one for one in values if one is not None and one != ""), None)
        if isinstance(value, date):
            return style.days.below(heading).written(value)
        return show(column.field, value)

    if sheet.layout is None:
        for blank in sheet.blanks:
            name = blank.column.name if blank.column is not None else None
            yield HeadingSeen(blank.cell, blank.label, name, blank.how, sample(blank.label, blank.column))
        return
    mapped = {one.index: one for one in sheet.layout.columns}
    left_out = set(sheet.layout.left_out)
    for index, heading in enumerate(sheet.layout.headings):
        if not heading:
            continue
        kept = (
            "自动编号" if headings.is_serial(heading) else "表里自己算" if heading in sheet.computed else ""
        )
        found = mapped.get(index)
        column = found.column if found is not None else None
        how = found.how if found is not None else headings.CHOSEN if heading in left_out else ""
        yield HeadingSeen(
            letter(index),
            heading,
            column.name if column is not None else None,
            how,
            "" if kept else sample(heading, column),
            kept,
        )
