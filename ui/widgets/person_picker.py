"""A line in which somebody is named; namesakes are told apart by grid, ID number and phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridoffice.people.hits import PersonHit, find_people
from ui.widgets.parts import button, column, label, row
from ui.widgets.picker import Picker

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class PersonPicker(Picker):
    """Looks among everybody whom the office knows, worker or not."""

    nobody = "没有这个人。"

    def __init__(self, desk: MainWindow, name: str = "姓名", hint: str = "姓名、拼音、证件号后四位、电话"):
        super().__init__(desk.runner, lambda text: desk.office.read(find_people, text, desk.day), name, hint)

    def number_of(self, hit: PersonHit) -> int:
        return hit.id

    def words_of(self, hit: PersonHit) -> str:
        return hit.name

    def offer(self, hit: PersonHit, take: Callable[[], None]) -> QWidget:
        known = "　".join(part for part in (hit.id_number, hit.phone) if part)
        tip = "　".join(part for part in (hit.name, hit.grid, known) if part)
        made = button(hit.name, kind="link", tip=tip, on_click=take)
        head = row(made, (label(hit.grid, "hint", elide=True), 1), gap=4)
        return column(head, row(5, label(known, "small"), None, gap=0), gap=0) if known else head
