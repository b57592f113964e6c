"""No mapped record leaves `Office.read` or `Office.write`: what comes out is plain and frozen.

The other half is in `tests/conftest.py`: while any test runs, whatever leaves the office is looked at.
"""

from __future__ import annotations

import dataclasses
from typing import Any, get_args, get_type_hints

from db.tables import Base
from tests.guards.records import records_in
from tests.guards.test_declarations import services


def kinds_in(hint: Any) -> set[type]:
    """Every class named in a type hint."""
    found = {hint} if isinstance(hint, type) else set()
    for part in get_args(hint):
        found |= kinds_in(part)
    return found


def test_no_service_declares_a_record_as_its_answer() -> None:
    for name, function in services().items():
        kinds = kinds_in(get_type_hints(function).get("return"))
        for kind in list(kinds):
            if dataclasses.is_dataclass(kind):
                kinds |= {part for hint in get_type_hints(kind).values() for part in kinds_in(hint)}
        assert [kind for kind in kinds if issubclass(kind, Base)] == [], name


def test_a_record_is_found_wherever_it_hides() -> None:
    """The guard itself can fail."""
    from db.tables import Account

    @dataclasses.dataclass(frozen=True)
    class Card:
        inside: object

    record = Account(name="a", display="甲")
    assert list(records_in(["x", {"k": Card((1, record))}])) == [record]
    assert list(records_in(["x", {"k": Card((1, "y"))}])) == []
