"""PySide6 must not lose references of None: 6.12.0 does on Python 3.11, and the process dies of it.

Every call that returns nothing dropped one reference; after some thousand calls Python aborts with
"none_dealloc". From Python 3.12 on None is immortal and its count says nothing.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

CALLS = 300


def test_calls_that_answer_nothing_keep_none_alive(qtbot: QtBot) -> None:
    label, owner, pixmap, timer = QLabel(), QObject(), QPixmap(8, 8), QTimer()
    qtbot.addWidget(label)
    painter = QPainter(pixmap)
    before = sys.getrefcount(None)
    for number in range(CALLS):
        label.setText(str(number))
        label.resize(number + 1, 10)
        owner.findChild(QObject, "nobody")
        painter.drawLine(0, 0, 4, 4)
        timer.start(1000)
        timer.stop()
    after = sys.getrefcount(None)
    painter.end()
    assert after - before > -CALLS // 2
