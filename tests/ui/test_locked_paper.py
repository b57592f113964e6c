"""A ledger with whole numbers is saved from the window so that it opens with a password only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from gridoffice.documents.render import page_text
from ui import dialogs
from ui.app import settle
from ui.main_window import MainWindow

Open = Callable[..., MainWindow]


def test_whole_numbers_are_saved_behind_a_password(
    small: Path, tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(small)
    window.go("documents", report="roster")
    settle(window, quiet_ms=200)
    page = window.page
    fields = page.fields
    assert not fields.password.isVisible() and "****" in page_text(page.pdf, 0)
    fields.whole.setChecked(True)
    assert fields.password.isVisible()
    fields.reason.setText("防汛值班")
    fields.reason.editingFinished.emit()
    settle(window, quiet_ms=200)
    assert "****" not in page_text(page.pdf, 0)

    errors: list[str] = []
    monkeypatch.setattr(window, "complain", lambda error: errors.append(error.message))
    target = tmp_path / "花名册.pdf"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: target)
    fields.password.setText("短")
    window.command("save")
    settle(window, quiet_ms=200)
    assert not target.exists() and "至少要 8 个字符" in errors[-1]
    fields.password.setText("青禾2026网格")
    window.command("save")
    settle(window, quiet_ms=200)
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(target)
    with pikepdf.open(target, password="青禾2026网格") as opened_file:
        assert opened_file.encryption.R == 6
    assert window.toast.words() == "已存为“花名册.pdf”。"

    other = tmp_path / "花名册.ofd"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: other)
    window.command("save")
    settle(window, quiet_ms=100)
    assert not other.exists() and "只有 PDF 能加密码" in errors[-1]
    fields.whole.setChecked(False)
    assert fields.password_given() == ""


def test_a_report_takes_every_option_of_an_official_document(small: Path, opened: Open) -> None:
    window = opened(small)
    window.go("documents", report="staffing-notice")
    settle(window, quiet_ms=200)
    page, options = window.page, window.page.fields.options

    def paper() -> str:
        return "".join(page_text(page.pdf, 0).split())

    assert "青禾街道办事处文件" not in paper()
    page.fields.signature.setText("青禾街道党工委、青禾街道办事处")
    options.copy_number.setText("000012")
    options.secrecy.setCurrentIndex(options.secrecy.findData("秘密"))
    options.period.setText("1年")
    options.urgency.setCurrentIndex(options.urgency.findData("特急"))
    options.signers.setText("李䶮，王芳")
    options.red.click()
    settle(window, quiet_ms=300)
    for wanted in ("000012", "秘密★1年", "特急", "签发人：李䶮", "青禾街道党工委", "文件"):
        assert wanted in paper(), wanted
    assert options.head.placeholderText() == "青禾街道党工委、青禾街道办事处、文件"
    options.form.setCurrentIndex(options.form.findData("minutes"))
    options.attendance["出席"].setText("王𠮷")
    options._changed()
    settle(window, quiet_ms=300)
    assert "青禾街道党工委会议纪要" in paper() and options.attending.isVisible()
    page.fields.choose("redivision")
    page._wanted()
    settle(window, quiet_ms=300)
    assert "000012" not in paper() and not options.red.isChecked(), "another document, said anew"
