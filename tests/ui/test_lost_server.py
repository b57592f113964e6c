"""A server that dies under an open window: it can be looked at, nothing that was typed is lost, a save that
was under way is done once, and the window finds the server again by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gridoffice.office import Office
from gridoffice.workers.service import worker_row
from tests.crashing import Mortal, mortal
from tests.offices import Copies, journal_lines
from tests.stories.together import shared_office
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages import PAGES
from ui.tasks import TaskRunner

PATIENCE_MS = 30_000


@pytest.fixture
def cluster() -> Iterator[Mortal]:
    with mortal() as made:
        yield made


def test_a_server_that_dies_and_comes_back(
    qapp: Any, cluster: Mortal, small_copies: Copies, qtbot: Any
) -> None:
    address = shared_office(cluster, small_copies.file)
    window = MainWindow(Office.open(address), TaskRunner(), PAGES)
    window.unattended = True
    window.resize(1440, 900)
    window.show()
    window.scope.reload()
    window.together.begin()
    window.go("workers")
    settle(window, quiet_ms=60)
    page = window.page
    number = page.table.model.ids[1]
    names = [page.table.model.values(row).name for row in range(len(page.table.model.ids))]
    lines = journal_lines(window.office)
    page._open(number)
    settle(window, quiet_ms=60)
    page._edit()
    settle(window, quiet_ms=60)

    # the save that is under way when the server dies waits for it
    page._editing.fields["note"].input.setText("周三值班")
    cluster.kill()
    page._save()
    qtbot.waitUntil(lambda: window.together.lost, timeout=PATIENCE_MS)
    assert window.banner.words() == "连不上共享资料库，现在只能看。正在存的，连上后自动存好。"
    assert page._editing.fields["note"].text() == "周三值班"
    assert [page.table.model.values(row).name for row in range(len(names))] == names
    page._save()  # pressing again adds nothing
    cluster.start()
    qtbot.waitUntil(lambda: page._editing is None, timeout=PATIENCE_MS)
    assert window.office.read(worker_row, number).note == "周三值班"
    assert journal_lines(window.office) == lines + 1
    qtbot.waitUntil(lambda: not window.together.lost, timeout=PATIENCE_MS)
    assert window.banner.words() == ""

    # what is saved while there is none is not sent, and not lost either
    page._edit()
    settle(window, quiet_ms=60)
    page._editing.fields["note"].input.setText("周四值班")
    cluster.kill()
    qtbot.waitUntil(lambda: window.together.lost, timeout=PATIENCE_MS)
    page._save()
    settle(window, quiet_ms=60)
    assert "改的内容还在" in window.banner.words()
    window.go("grids")
    window.go("workers")
    assert page._editing.fields["note"].text() == "周四值班"
    cluster.start()
    qtbot.waitUntil(lambda: not window.together.lost, timeout=PATIENCE_MS)
    settle(window, quiet_ms=60)
    assert page._editing.fields["note"].text() == "周四值班"
    page._save()
    qtbot.waitUntil(lambda: page._editing is None, timeout=PATIENCE_MS)
    assert window.office.read(worker_row, number).note == "周四值班"
    assert journal_lines(window.office) == lines + 2
    window.close()
    window.office.close()
    window.deleteLater()
