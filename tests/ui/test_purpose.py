"""What something leaves for: one line, filled in, that who agrees need not touch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtGui import QImage

from gridoffice.audit import AuditAsk, Matter, audit_lines
from gridoffice.documents.render import page_text
from gridoffice.establish import establish
from gridoffice.people.attachments import Content
from gridoffice.people.pictures import JPEG
from tests.offices import furnish
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow
from ui.paper_jobs import save_scan
from ui.redline_picture import png_of

Open = Callable[..., MainWindow]


@pytest.fixture
def office_file(tmp_path: Path) -> Path:
    file = tmp_path / "small.db"
    office = establish(file, name="青禾街道网格办", organisation="青禾街道办事处")
    furnish(office)
    office.close()
    return file


def out(window: MainWindow) -> str:
    """The last line about what left."""
    return window.office.read(audit_lines, AuditAsk(matter=Matter.OUT))[0][0].title


def saved_to(monkeypatch: pytest.MonkeyPatch, target: Path) -> Path:
    monkeypatch.setattr(dialogs, "save_file", lambda *_: target)
    return target


def asked(window: MainWindow, page: str):
    window.go(page)
    settle(window, quiet_ms=60)
    window.command("export")
    settle(window, quiet_ms=60)
    return window.page.exporting.panel


def test_a_list_leaves_for_what_is_proposed_or_written(
    office_file: Path, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(office_file)
    target = saved_to(monkeypatch, tmp_path / "花名册.xlsx")
    panel = asked(window, "workers")
    assert panel.reason.isVisible() and panel.reason.text() == "网格队伍管理"
    panel._take()  # who agrees does nothing
    settle(window, quiet_ms=100)
    assert out(window).endswith("用途：网格队伍管理")
    panel = asked(window, "workers")
    panel.reason.setText("报送区民政局")
    panel._take()
    settle(window, quiet_ms=100)
    assert out(window).endswith("用途：报送区民政局")
    sheet: Any = openpyxl.load_workbook(target).worksheets[0]
    assert "报送区民政局" in str(sheet.oddHeader.right.text)
    panel = asked(window, "workers")
    assert panel.reason.text() == "报送区民政局", "as the last time"
    panel.whole.setChecked(True)
    assert panel.reason.text() == "" and panel.reason.hasFocus(), "whole numbers want words of their own"
    panel.masked.setChecked(True)
    assert panel.reason.text() == "报送区民政局"
    panel = asked(window, "grids")
    assert not panel.purpose.isVisible(), "nobody stands in it"


def test_a_paper_says_what_it_is_for_as_it_is_seen(
    office_file: Path, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(office_file)
    window.go("documents", report="roster")
    settle(window, quiet_ms=200)
    page = window.page
    assert page.fields.purpose.isVisible() and page.fields.reason.text() == "网格队伍管理"
    assert "用途：网格队伍管理" in page_text(page.pdf, 0)
    page.fields.reason.setText("社区点名")
    page.fields.reason.editingFinished.emit()
    settle(window, quiet_ms=200)
    assert "用途：社区点名" in page_text(page.pdf, 0)
    target = saved_to(monkeypatch, tmp_path / "花名册.pdf")
    window.command("save")
    settle(window, quiet_ms=100)
    assert target.read_bytes() == page.pdf, "what is seen is what is saved"
    assert "到“花名册.pdf”" in out(window) and out(window).endswith("用途：社区点名")
    window.command("print")
    settle(window, quiet_ms=60)
    assert page.printing._pdf == page.pdf and page.printing._out.reason == "社区点名"
    page.fields.choose("grids")
    page._wanted()
    settle(window, quiet_ms=200)
    assert "用途" not in page_text(page.pdf, 0) and page.fields.purpose.isHidden()


def test_a_sheet_to_sign_and_the_findings_have_their_line(office_file: Path, opened: Open) -> None:
    window = opened(office_file)
    window.go("norms")
    settle(window, quiet_ms=100)
    assert window.page.purpose.isVisible() and window.page.purpose.input.text() == "网格队伍管理"
    window.page._turn(1)
    assert not window.page.purpose.isVisible(), "how posts are filled names nobody"
    window.go("redline")
    settle(window, quiet_ms=100)
    assert window.page.purpose.input.text() == "党建工作"


def test_a_drawing_leaves_with_its_mark(
    office_file: Path, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(office_file)
    window.go("redline")
    settle(window, quiet_ms=100)
    window.page.purpose.input.setText("党委会用")
    for name in ("红线.png", "红线.pdf"):
        target = saved_to(monkeypatch, tmp_path / name)
        window.command("export")
        settle(window, quiet_ms=100)
        assert target.exists() and out(window).endswith(f"到“{name}”，用途：党委会用")
    assert "用途：党委会用" in page_text(target.read_bytes(), 0)
    scene = window.page.view.scene
    marked, plain = (png_of(scene, "一根红线", date(2026, 11, 22), words) for words in ("用途：党委会用", ""))
    assert QImage.fromData(marked).size() == QImage.fromData(plain).size() and marked != plain


def test_a_scan_leaves_with_its_mark(office_file: Path, opened: Open, tmp_path: Path) -> None:
    window = opened(office_file)
    picture = QImage(600, 400, QImage.Format.Format_RGB32)
    picture.fill(0xFF336699)
    source, target = tmp_path / "原件.jpg", tmp_path / "身份证.jpg"
    assert picture.save(str(source))
    save_scan(window.office, Content("身份证.jpg", JPEG, source.read_bytes()), None, target)
    assert QImage(str(target)).height() > 400
    assert out(window) == "另存“扫描件 身份证.jpg”到“身份证.jpg”，用途：核对原件"
