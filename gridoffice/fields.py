"""One line says everything about a field: its label, kind, width, aliases and sensitivity.

The screen table, the form, the Excel template, import and export, the PDF ledger and the masking
are all derived from the `Annotated[...]` line of a frozen row class:

    @dataclass(frozen=True, slots=True)
    class WorkerRow:
        name: Annotated[str, Field("姓名", Kind.NAME, width=10, required=True)]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, get_args, get_origin, get_type_hints

from db.enums import Labelled


class Kind(StrEnum):
    """How the text of a cell becomes a value, and how the value is shown."""

    TEXT = "text"  # str, inner line breaks become spaces
    NAME = "name"  # str, a person's name: inner padding spaces removed, name dot normalised to ·
    ID_NUMBER = "id_number"  # str of 18, GB 11643
    PHONE = "phone"  # str; two numbers in a cell are kept, separated by a space
    ADDRESS = "address"  # str, where somebody lives
    DATE = "date"  # datetime.date
    INTEGER = "integer"  # int
    DECIMAL = "decimal"  # Decimal
    RATE = "rate"  # Decimal, per cent: 96.5 means 96.5 %
    CODE = "code"  # a member of `codes`
    YES_NO = "yes_no"  # bool
    GRID = "grid"  # str: a grid's code, path or name, resolved by the subject


_OF_PERSONS = (Kind.NAME, Kind.ID_NUMBER, Kind.PHONE, Kind.ADDRESS)


class Sensitive(StrEnum):
    """What must be masked unless revealed with a reason."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Field:
    """All that is said about a field, once.

    `label` is the canonical heading; `width` is in half-width characters; `aliases` are other
    headings an office writes; `words` are colloquial cell texts and the code each stands for;
    `computed` fields are shown and exported but not taken in; `tells` says of a text that persons are named in
    it; `align_right` follows from the kind.
    """

    label: str
    kind: Kind = Kind.TEXT
    width: int = 12
    aliases: tuple[str, ...] = ()
    required: bool = False
    codes: type[Labelled] | None = None
    words: tuple[tuple[str, Labelled], ...] = ()
    sensitive: Sensitive | None = None
    computed: bool = False
    hint: str = ""
    tells: bool = False

    @property
    def personal(self) -> bool:
        """Whether it says who somebody is, or how to find him."""
        return self.kind in _OF_PERSONS or self.sensitive is not None or self.tells

    @property
    def numeric(self) -> bool:
        return self.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.RATE)


@dataclass(frozen=True, slots=True)
class Column:
    """A field with the attribute name it has in its row class."""

    name: str
    field: Field


def of_persons(columns: Iterable[Column]) -> bool:
    """Whether these columns tell of persons: of whom follows from them, whatever else stands beside it."""
    return any(column.field.personal for column in columns)


def masked_words(columns: Iterable[Column]) -> str:
    """What is masked among some columns: `身份证号码、联系电话和住址`; empty when nothing is."""
    labels = [column.field.label for column in columns if column.field.sensitive is not None]
    return "和".join(part for part in ("、".join(labels[:-1]), *labels[-1:]) if part)


@cache
def columns(row_type: type) -> tuple[Column, ...]:
    """The columns of a row class, in the order in which they are written there."""
    hints = get_type_hints(row_type, include_extras=True)
    found = []
    for name, hint in hints.items():
        if get_origin(hint) is Annotated:
            for note in get_args(hint)[1:]:
                if isinstance(note, Field):
                    found.append(Column(name, note))
    return tuple(found)
