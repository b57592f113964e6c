"""The fields of a document beside its text, as a draft keeps them: plain values by the name that
`OfficialDocument` gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from gridoffice.documents.model import OfficialDocument

ANNEXES = "annexes"
"""The key under which a draft keeps which tables hang on it."""

_OWN = frozenset({"title", "number", "body", "attachments"})
"""Fields that a draft has in places of their own."""


@cache
def _readers() -> Mapping[str, Callable[[Any], Any]]:
    """The fields of a document that a draft keeps, and how a stored value becomes theirs again."""
    hints = get_type_hints(OfficialDocument)
    return {one.name: _reader(hints[one.name]) for one in fields(OfficialDocument) if one.name not in _OWN}


def _reader(hint: Any) -> Callable[[Any], Any]:
    if get_origin(hint) in (Union, UnionType):
        hint = next((part for part in get_args(hint) if part is not NoneType), str)
    if get_origin(hint) is tuple:
        inner = _reader(get_args(hint)[0])
        return lambda value: tuple(map(inner, value))
    if hint is date:
        return date.fromisoformat
    return hint


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they are stored; what is empty, or no field of a document, is left out. Which tables hang
    on it is kept even when there are none: the template may have proposed some."""
    found = {
        name: _plain(value)
        for name, value in values.items()
        if name in _readers() and value not in (None, "", False, ())
    }
    if ANNEXES in values:
        found[ANNEXES] = list(values[ANNEXES])
    return found


def meant(said: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values as a document takes them; what it has no field for (any more) is passed over."""
    return {name: read(said[name]) for name, read in _readers().items() if name in said}
