"""How an action of the office is declared: its words, and the right it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from db.enums import Right
from db.turns import Turn

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Declared:
    """What is said of a service: the journal's title, the right it needs, whether it can be undone, and
    the turn it takes: what nobody else may do meanwhile."""

    title: str
    needs: Right
    undoable: bool
    turn: Turn | None = None


def service(title: str, *, needs: Right, undoable: bool = True, turn: Turn | None = None) -> Callable[[F], F]:
    """Declare an action of the office. The function takes the session first and is called through
    `Office.write`, which gives it one transaction and one journal line."""

    def declare(function: F) -> F:
        function.declared = Declared(title, needs, undoable, turn)  # type: ignore[attr-defined]
        return function

    return declare


def declared(function: Callable[..., Any]) -> Declared:
    """The declaration of a service; a function without one may not write."""
    found = getattr(function, "declared", None)
    if not isinstance(found, Declared):
        raise TypeError(f"{function.__qualname__} is not a @service")
    return found
