"""The small pages beside a paper."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPoint, QRectF, QSizeF, Qt
from pytestqt.qtbot import QtBot

from ui.widgets.pdf_pages import Thumbs

MIXED = [QSizeF(595, 842), QSizeF(842, 595), QSizeF(595, 842), QSizeF(1191, 842)] * 500


def test_of_thousands_of_pages_those_in_part_of_it_are_found(qtbot: QtBot) -> None:
    thumbs = Thumbs()
    qtbot.addWidget(thumbs)
    thumbs.show_pages(MIXED)
    frames = [thumbs.frame(place) for place in range(len(MIXED))]
    assert all(one.bottom() < other.top() for one, other in pairwise(frames))
    assert frames[-1].bottom() <= thumbs.minimumHeight()
    for top in range(0, thumbs.minimumHeight(), 977):
        asked = QRectF(0, top, 128, 400)
        assert thumbs._within(asked) == [n for n, frame in enumerate(frames) if frame.intersects(asked)]


def test_a_click_on_a_small_page_turns_to_it(qtbot: QtBot) -> None:
    thumbs = Thumbs()
    qtbot.addWidget(thumbs)
    thumbs.show_pages(MIXED[:40])
    thumbs.resize(128, thumbs.minimumHeight())
    picked: list[int] = []
    thumbs.picked.connect(picked.append)
    for place in (0, 17, 39):
        where = thumbs.frame(place).center().toPoint()
        qtbot.mouseClick(thumbs, Qt.MouseButton.LeftButton, pos=where)
    between = QPoint(40, round(thumbs.frame(17).bottom()) + 3)
    qtbot.mouseClick(thumbs, Qt.MouseButton.LeftButton, pos=between)
    assert picked == [0, 17, 39], "between two pages there is none"
