"""公文 on screen and at the printer: the very pages that are shown, turned, searched, printed in an order."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtPrintSupport import QPrinter

from gridoffice.documents import render
from gridoffice.errors import OfficeError
from ui import printing
from ui.app import settle
from ui.main_window import MainWindow
from ui.printing import Order, PrintQueue, Sides, State, Wish, pages_meant

Open = Callable[..., MainWindow]


@pytest.fixture
def page(full: Path, opened: Open):
    window = opened(full)
    window.go("documents")
    settle(window, quiet_ms=100)
    assert window.page.view.count > 4
    return window.page


def into(target: Path) -> Callable[[str], QPrinter]:
    """A printer that writes a file."""

    def make(_: str) -> QPrinter:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(target))
        return printer

    return make


def small(pdf: bytes, page: int) -> bytes:
    """A page as 105 x 148 greys."""
    picture = Image.open(BytesIO(render.page_png(pdf, page, 100)))
    return picture.convert("L").resize((105, 148), Image.Resampling.BOX).tobytes()


def test_pages_are_named_as_clerks_write_them() -> None:
    assert pages_meant("", 3) == (0, 1, 2)
    assert pages_meant("1-3，5", 6) == (0, 1, 2, 4)
    assert pages_meant("3至1 2", 3) == (2, 1, 0, 1)
    for wrong in ("0", "7", "a", "1-9", "1--2"):
        with pytest.raises(OfficeError):
            pages_meant(wrong, 6)


def test_chosen_pages_are_printed_as_they_lie(page, tmp_path: Path) -> None:
    queue = PrintQueue.of(page.desk)
    lying = next(n for n, shape in enumerate(page.view.shapes) if shape.width() > shape.height())
    target = tmp_path / "printed.pdf"
    wish = Wish("文件", (0, lying), copies=2, sides=Sides.LONG)
    order = queue.put(Order("通报", page.pdf, wish, make=into(target)))
    settle(page.desk, quiet_ms=100)
    assert (order.state, order.done, order.total) == (State.DONE, 4, 4)
    printed = target.read_bytes()
    sizes = [(round(wide), round(tall)) for wide, tall in render.page_sizes(printed)]
    assert sizes == [(210, 297), (297, 210)] * 2
    assert printing.recall(printing.KEPT) == {"name": "文件", "sides": "long"}
    shown, paper = small(page.pdf, 0), small(printed, 0)
    assert sum(abs(a - b) for a, b in zip(shown, paper, strict=True)) < 3 * len(shown), "as it was shown"


def test_orders_wait_for_each_other_and_can_be_cancelled(page, tmp_path: Path) -> None:
    queue = PrintQueue.of(page.desk)
    wish = Wish("文件", tuple(range(4)), copies=20)
    first = queue.put(Order("长的", page.pdf, wish, make=into(tmp_path / "1.pdf")))
    second = queue.put(Order("短的", page.pdf, Wish("文件", (0,)), make=into(tmp_path / "2.pdf")))
    third = queue.put(Order("不要的", page.pdf, Wish("文件", (0,)), make=into(tmp_path / "3.pdf")))
    assert (first.state, second.state) == (State.PRINTING, State.WAITING)
    queue.cancel(third)
    queue.cancel(first)
    settle(page.desk, quiet_ms=100)
    assert (first.state, second.state, third.state) == (State.CANCELLED, State.DONE, State.CANCELLED)
    assert first.done < first.total
    assert not (tmp_path / "3.pdf").exists()


def test_a_printer_that_is_not_there_says_so(page) -> None:
    queue = PrintQueue.of(page.desk)
    said: list[str] = []
    page.desk.complain = lambda error: said.append(error.message)
    order = queue.put(Order("通报", page.pdf, Wish("没有的", (0,))))
    settle(page.desk, quiet_ms=100)
    assert order.state is State.FAILED
    assert said == ["这台电脑上没有打印机“没有的”。"]


def test_the_panel_asks_for_pages_and_copies(page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.pages.print_panel.printers", lambda: ["办公室打印机"])
    monkeypatch.setattr(printing, "named_printer", into(tmp_path / "panel.pdf"))
    window = page.desk
    window.command("print")
    panel = page.printing
    assert page.side is panel and panel.what.text().endswith(f"（{page.view.count} 页）")
    panel.which.setCurrentIndex(2)
    panel.which.activated.emit(2)
    panel.pages.setText("2-99")
    panel.print()
    assert "没有第 99 页" in panel.wrong.text() and not panel.queue.orders
    panel.pages.setText("1，1")
    panel.copies.setText("0")
    panel.print()
    assert "份数" in panel.wrong.text()
    panel.copies.setText("1")
    window.command("print")
    settle(window, quiet_ms=100)
    assert render.pages((tmp_path / "panel.pdf").read_bytes()) == 2
    assert window.toast.words().startswith("已送去打印“")
    window.command("close")
    assert page.side is page.fields


def test_words_are_found_on_their_pages(page) -> None:
    bar = page._tools
    page.desk.command("find")
    bar.words.setText("平均得分")
    bar._find()
    page.view.search("平均得分")
    settle(page.desk, quiet_ms=100)
    view = page.view
    assert view.hits and view.page == view.hits[view.hit][0]
    assert bar.hits.text() == f"1/{len(view.hits)}"
    for on, (left, top, wide, tall) in view.hits:
        shape = view.shapes[on]
        assert 0 <= left < left + wide <= shape.width() and 0 <= top < top + tall <= shape.height()
    view.search("排名")
    settle(page.desk, quiet_ms=100)
    assert any(view.shapes[on].width() > view.shapes[on].height() for on, _ in view.hits), "lying pages too"
    view.next_hit(-1)
    assert view.hit == len(view.hits) - 1
    view.search("没有这几个字")
    settle(page.desk, quiet_ms=100)
    assert (view.hits, bar.hits.text()) == ([], "没有") or bar.hits.text() == ""


def test_two_pages_lie_beside_each_other(page) -> None:
    view, bar = page.view, page._tools
    bar.two.click()
    settle(page.desk, quiet_ms=60)
    assert [sheet.page for sheet in view.paper.sheets] == [0, 1]
    view.turn(1)
    settle(page.desk, quiet_ms=60)
    assert [sheet.page for sheet in view.paper.sheets] == [2, 3]
    assert all(sheet.picture is not None for sheet in view.paper.sheets)
    bar.number.setText("1")
    bar._go()
    assert view.page == 0
