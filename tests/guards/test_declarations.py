"""Declarations test themselves: codes, fields, services and listings say each thing once and rightly."""

from __future__ import annotations

import dataclasses
import inspect
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from db.enums import Labelled, Role
from gridoffice.fields import Column, Field, Kind, Sensitive, columns
from gridoffice.listing import Listing
from gridoffice.service import Declared
from tests.guards.sources import office_modules

SENSITIVE = {
    Kind.ID_NUMBER: Sensitive.ID_NUMBER,
    Kind.PHONE: Sensitive.PHONE,
    Kind.ADDRESS: Sensitive.ADDRESS,
}


def code_lists(root: type[Labelled] = Labelled) -> list[type[Labelled]]:
    """Every list of codes: those that are stored, and those that a subject's rules read."""
    assert office_modules()
    found = []
    for codes in root.__subclasses__():
        found += [codes, *code_lists(codes)]
    return found


def row_types() -> list[type]:
    """Every row class of the office: a dataclass with at least one `Field` line."""
    found = {
        value
        for module in office_modules()
        for value in vars(module).values()
        if inspect.isclass(value) and value.__module__ == module.__name__ and dataclasses.is_dataclass(value)
    }
    return sorted((kind for kind in found if columns(kind)), key=lambda kind: kind.__qualname__)


def services() -> dict[str, Any]:
    return {
        f"{module.__name__}.{name}": value
        for module in office_modules()
        for name, value in vars(module).items()
        if isinstance(getattr(value, "declared", None), Declared) and value.__module__ == module.__name__
    }


def listings() -> dict[str, Listing]:
    return {
        f"{module.__name__}.{name}": value
        for module in office_modules()
        for name, value in vars(module).items()
        if isinstance(value, Listing)
    }


def repeated(words: Iterable[str]) -> list[str]:
    return [word for word, times in Counter(words).items() if times > 1]


def headings(column: Column) -> set[str]:
    return {column.field.label, *column.field.aliases}


def test_every_code_has_a_label_of_its_own() -> None:
    assert Role in code_lists()
    for codes in code_lists():
        assert list(codes), codes
        assert all(code.label.strip() for code in codes), codes
        assert repeated(code.label for code in codes) == [], codes


def test_the_office_has_rows_services_and_listings() -> None:
    assert row_types()
    assert services()
    assert listings()


def faults_of(field: Field) -> Iterator[str]:
    if not field.label or field.label != field.label.strip():
        yield "has no clean label"
    if field.width <= 0:
        yield "has no width"
    if (field.kind is Kind.CODE) != (field.codes is not None):
        yield "has codes without Kind.CODE, or the other way round"
    if field.sensitive != SENSITIVE.get(field.kind):
        yield f"is a {field.kind} and masked as {field.sensitive}"
    if field.computed and field.required:
        yield "is computed, so nobody can be asked for it"
    if repeated([field.label, *field.aliases]):
        yield "repeats an alias"
    if any(type(code) is not field.codes for _, code in field.words):
        yield "has words for codes of another list"
    if repeated(word for word, _ in field.words):
        yield "has a word with two meanings"


def test_every_field_says_each_thing_once_and_rightly() -> None:
    found = [
        f"{row_type.__qualname__}.{column.name} {fault}"
        for row_type in row_types()
        for column in columns(row_type)
        for fault in faults_of(column.field)
    ]
    assert found == []


def test_no_heading_means_two_columns() -> None:
    for row_type in row_types():
        found = columns(row_type)
        assert repeated(column.field.label for column in found) == [], row_type
        taken_in = [column for column in found if not column.field.computed]
        assert repeated(heading for column in taken_in for heading in headings(column)) == [], row_type


def test_rows_are_frozen() -> None:
    thawed = [kind for kind in row_types() if not kind.__dataclass_params__.frozen]  # type: ignore[attr-defined]
    assert thawed == []


def test_services_take_the_session_first_and_have_a_title_of_their_own() -> None:
    found = services()
    for name, function in found.items():
        assert next(iter(inspect.signature(function).parameters)) == "session", name
        assert function.__doc__, name
    assert repeated(function.declared.title for function in found.values()) == []


def test_listings_sort_by_columns_they_have() -> None:
    found = listings()
    assert repeated({id(listing): listing.key for listing in found.values()}.values()) == []
    for name, listing in found.items():
        assert listing.sorts <= {column.name for column in listing.columns}, name
