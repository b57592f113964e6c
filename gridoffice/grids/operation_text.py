"""Operations as plain values and back: how a change that waits for its day is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from db.enums import Zone
from gridoffice.grids.operations import (
    Close,
    Convert,
    Establish,
    Facts,
    Merge,
    Move,
    Operation,
    Recode,
    Rename,
    Revise,
    Share,
    Split,
)

_WORDS: dict[str, type[Any]] = {
    kind.__name__.lower(): kind
    for kind in (Establish, Rename, Recode, Move, Split, Merge, Convert, Revise, Close)
}


def plain(operations: Sequence[Operation]) -> list[dict[str, Any]]:
    """The operations as values that JSON has, each under the word for its kind."""
    return [{"does": type(one).__name__.lower(), **_plain(one)} for one in operations]


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Zone):
        return value.value
    return str(value) if isinstance(value, Decimal) else value


def operations_of(written: Sequence[Mapping[str, Any]]) -> tuple[Operation, ...]:
    """The operations that `plain` wrote."""
    return tuple(_operation(one) for one in written)


def _operation(written: Mapping[str, Any]) -> Operation:
    said = {name: value for name, value in written.items() if name != "does"}
    kind = _WORDS[written["does"]]
    if kind is Establish:
        return Establish(**{**said, "facts": _facts(said["facts"])})
    if kind is Split:
        return Split(said["grid_id"], tuple(_share(one) for one in said["shares"]))
    if kind is Revise:
        return Revise(said["grid_id"], _figures(said["values"]))
    if kind is Merge:
        names = {int(number): name for number, name in said["names"].items()}
        return Merge(**{**said, "grid_ids": tuple(said["grid_ids"]), "names": names})
    return kind(**{name: tuple(one) if isinstance(one, list) else one for name, one in said.items()})


def _share(written: Mapping[str, Any]) -> Share:
    several = {name: tuple(written[name]) for name in ("workers", "links", "children")}
    return Share(**{**written, **several, "facts": _facts(written["facts"])})


def _facts(written: Mapping[str, Any]) -> Facts:
    return Facts(**_figures(written))


def _figures(written: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(written)
    if found.get("area") is not None:
        found["area"] = Decimal(found["area"])
    if found.get("zone") is not None:
        found["zone"] = Zone(found["zone"])
    return found
