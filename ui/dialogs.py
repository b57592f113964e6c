"""The only message boxes: what cannot be undone, choosing a file, and a fault that stops the work.

A dialog's title is the question and its buttons are the answers; Esc and Enter are the safe one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QDialog, QFileDialog, QListWidget, QPlainTextEdit, QVBoxLayout, QWidget

from ui.tasks import Fault
from ui.theme import look
from ui.widgets.parts import button, column, label, row, size


def decide(parent: QWidget | None, question: str, explanation: str, yes: str, no: str) -> bool:
    """Ask before something that cannot be undone. `yes` and `no` are the answers in words."""
    box = QDialog(parent)
    box.setWindowTitle(question)
    safe = button(no, on_click=box.reject)
    safe.setAutoDefault(True)
    safe.setDefault(True)
    inside = column(
        label(question, "section"),
        label(explanation, wrap=True),
        8,
        row(None, safe, button(yes, kind="primary", on_click=box.accept)),
        gap=8,
        margins=(24, 20, 24, 20),
    )
    size(inside, 440)
    _fill(box, inside)
    safe.setFocus()
    return box.exec() == QDialog.DialogCode.Accepted


def tell(title: str, sentence: str) -> None:
    """Why the program cannot go on, where there is no window yet to say it in."""
    box = QDialog()
    box.setWindowTitle(title)
    inside = column(
        label(title, "section"),
        label(sentence, wrap=True),
        8,
        row(None, button("知道了", on_click=box.reject)),
        gap=8,
        margins=(24, 20, 24, 20),
    )
    size(inside, 440)
    _fill(box, inside)
    box.exec()


def tell_fault(parent: QWidget, fault: Fault) -> None:
    """A bug: the sentence, and the details for support."""
    box = QDialog(parent)
    box.setWindowTitle("刚才这一步没做成")
    detail = QPlainTextEdit(fault.detail)
    detail.setReadOnly(True)
    detail.setAccessibleName("详情")
    inside = column(
        label("刚才这一步没做成，资料没有变", "section"),
        label(f"故障编号 {fault.number}。再试一次；还不行就把下面的内容发给维护人员。", wrap=True),
        (detail, 1),
        row(None, button("知道了", on_click=box.reject)),
        gap=8,
        margins=(24, 20, 24, 20),
    )
    _fill(box, inside)
    box.resize(640, 420)
    box.exec()


def read_texts(parent: QWidget, title: str, texts: Sequence[tuple[str, Callable[[], str]]]) -> None:
    """Texts to read, such as licences: their names on the left, the one chosen on the right."""
    box = QDialog(parent)
    box.setWindowTitle(title)
    names, shown = QListWidget(), QPlainTextEdit()
    names.addItems([name for name, _ in texts])
    names.setAccessibleName(title)
    names.setFixedWidth(look.px(220))
    shown.setReadOnly(True)
    shown.setAccessibleName("全文")
    names.currentRowChanged.connect(lambda place: shown.setPlainText(texts[place][1]()))
    names.setCurrentRow(0)
    _fill(
        box,
        column(
            label(title, "section"),
            (row(names, (shown, 1), gap=12), 1),
            row(None, button("关上", on_click=box.reject)),
            gap=12,
            margins=(24, 20, 24, 20),
        ),
    )
    box.resize(look.px(900), look.px(600))
    names.setFocus()
    box.exec()


def _fill(box: QDialog, inside: QWidget) -> None:
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(inside)


def among_papers(place: Path) -> Path:
    """Where a dialog opens: what would lie in the user's home itself is looked for and kept among their
    documents, wherever the system has put these (another disk, a share)."""
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    if documents.is_dir():
        if place == Path.home():
            return documents
        if place.parent == Path.home() and not place.is_dir():
            return documents / place.name
    return place


def open_file(parent: QWidget, title: str, folder: Path, kinds: str) -> Path | None:
    """Choose a file to read; `kinds` as Qt writes it: `Excel 文件 (*.xlsx *.xls *.csv)`."""
    name, _ = QFileDialog.getOpenFileName(parent, title, str(among_papers(folder)), kinds)
    return Path(name) if name else None


def open_folder(parent: QWidget, title: str, folder: Path) -> Path | None:
    """Choose a folder."""
    name = QFileDialog.getExistingDirectory(parent, title, str(among_papers(folder)))
    return Path(name) if name else None


def save_file(parent: QWidget, title: str, proposal: Path, kinds: str) -> Path | None:
    """Choose where to write; the ending of the proposal is added when none was typed."""
    name, _ = QFileDialog.getSaveFileName(parent, title, str(among_papers(proposal)), kinds)
    if not name:
        return None
    chosen = Path(name)
    return chosen if chosen.suffix else chosen.with_suffix(proposal.suffix)
