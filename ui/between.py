"""What is done with an office that nobody may have open meanwhile: after its window closed, before it opens again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gridoffice.errors import OfficeError
from gridoffice.progress import Step
from ui import dialogs
from ui.sign_in import DoorPage
from ui.tasks import TaskRunner
from ui.theme import look
from ui.widgets.parts import label, relook_all

FAILED = "没有做成，资料库没有变。"


@dataclass(frozen=True, slots=True)
class Chore:
    """Work on a closed office: what it is called, and what the worker process is asked (`ui.jobs:call`)."""

    doing: str
    call: dict[str, Any]


class WaitingPage(QWidget):
    """A calm page that says how far it is. It does not close before the work is over."""

    def __init__(self, doing: str):
        super().__init__()
        self.setWindowTitle("网格办")
        self.over = False
        self._page = DoorPage(doing, "做完自己打开，先别关机。")
        self._step = label("正在准备……", "hint", wrap=True)
        self._page.lines.put(self._step)
        self._page.setParent(self)
        relook_all(self._page)
        self.resize(look.px(900), look.px(600))

    def tell(self, step: Step) -> None:
        far = f"　{step.done} / {step.total}" if step.total else ""
        self._step.setText(f"{step.doing}{far}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._page.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self.over)


def carry_out(chore: Chore) -> Any:
    """Have it done while a page says how far it is. None when it could not be; that was said then."""
    runner, loop = TaskRunner(), QEventLoop()
    page = WaitingPage(chore.doing)
    found: list[Any] = []

    def failed(error: Exception) -> None:
        page.over = True
        page.hide()
        dialogs.tell(f"{chore.doing}没有做成", error.message if isinstance(error, OfficeError) else FAILED)
        loop.quit()

    def done(result: Any) -> None:
        found.append(result)
        loop.quit()

    try:
        page.show()
        # the loop runs before an answer can come
        QTimer.singleShot(0, lambda: runner.run("ui.jobs:call", chore.call, done, failed, page.tell, page))
        loop.exec()
    finally:
        runner.close()
        page.over = True
        page.close()
        page.deleteLater()
    return found[0] if found else None
