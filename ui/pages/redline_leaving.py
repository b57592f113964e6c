"""How the drawing of the red line leaves: as a picture, or on a sheet of PDF."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gridoffice.drawings import of_red_line
from gridoffice.errors import OfficeError
from gridoffice.leaving import mark_of
from ui import dialogs
from ui.redline_picture import png_of, sheet_of

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.widgets.redline_view import RedLineView

KINDS = "图片 (*.png);;PDF 文件 (*.pdf)"


class RedLineLeaving(QObject):
    """Writes what a view has drawn into a file that the clerk names."""

    def __init__(self, desk: MainWindow, view: RedLineView):
        super().__init__(view)
        self._desk, self._view = desk, view

    def save(self, day: date, reason: str | None) -> None:
        """Ask for a file and write the drawing of a day into it; `reason` is what it is for."""
        title = f"{self._desk.scope_name}一根红线"
        target = dialogs.save_file(
            self._view, "导出图", Path.home() / f"{title}{self._desk.day.isoformat()}.png", KINDS
        )
        if target is None:
            return
        if target.suffix.lower() == ".pdf":
            self._desk.work(
                self,
                "gridoffice.drawings:save_red_line",
                sheet_of(self._view.scene, title, day),
                day,
                reason,
                target,
                then=lambda _: self._saved(target),
            )
            return
        try:
            out = of_red_line(self._desk.office, title, reason)
            picture = png_of(self._view.scene, title, day, mark_of(self._desk.office.who, out))
        except OfficeError as error:
            self._desk.complain(error)
            return
        self._desk.work(
            self,
            "gridoffice.drawings:save_picture",
            picture,
            out,
            target,
            then=lambda _: self._saved(target),
        )

    def _saved(self, target: Path) -> None:
        self._desk.say(f"已导出红线图到“{target.name}”。", can_undo=False)
