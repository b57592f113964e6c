"""How the line in a drawer is read and saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from gridoffice.errors import NotFound
from gridoffice.listing import Ask, lines
from gridoffice.overview import questions

if TYPE_CHECKING:
    from ui.pages.drawer_page import Subject


def standing_line(session: Any, subject: Subject, number: int, day: date | None) -> Any:
    """One line as it is, or as it was on a day. Raises `NotFound`."""
    if day is None:
        return subject.read(session, number)
    found = lines(session, subject.listing, [number], Ask(day=day))
    if not found:
        raise NotFound("那一天还没有它。")
    return found[0]


def saving(
    subject: Subject, number: int | None, scope: int | None, changed: Mapping[str, Any], seen: Any
) -> Callable[[Any], int]:
    """The service that saves what a form changed. A grid is meant by the name that was typed; a new
    line without one belongs to the scope."""
    values = {name: value for name, value in changed.items() if name != subject.place}

    def save(session: Any) -> int:
        if subject.place in changed:
            top = subject.has_top and not changed[subject.place]
            meant = None if top else questions.grid_meant(session, changed[subject.place])
            values[f"{subject.place}_id"] = meant
        elif number is None and subject.place:
            values[f"{subject.place}_id"] = scope
        return subject.save(session, number, values, seen=seen)

    save.declared = subject.save.declared  # type: ignore[attr-defined]
    return save
