"""A portrait beside a record: clicked, dropped or pasted; and what every picture is taken in by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.errors import OfficeError
from gridoffice.people.attachments import (
    photo,
    remove_photo,
    set_photo,
)
from gridoffice.people.pictures import PICTURES
from ui import dialogs, icons
from ui.theme import look
from ui.widgets.parts import size

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDE, TALL = 84, 112
"""A portrait in the drawer: three to four, as on an ID card."""
_KINDS = " ".join(f"*{ending}" for ending in PICTURES)
PHOTO_FILES = f"图片 ({_KINDS})"
SCAN_FILES = f"图片和 PDF ({_KINDS} *.pdf)"
MOST = 30 * 1024 * 1024
"""A larger file is not even read."""


def read_file(path: Path) -> bytes:
    """A file that was chosen or dropped. Raises `OfficeError` when it cannot be read or is too large."""
    try:
        if path.stat().st_size > MOST:
            raise OfficeError(f"“{path.name}”超过 {MOST // 1024 // 1024} MB，太大了。缩小以后再选。")
        return path.read_bytes()
    except OSError as error:
        raise OfficeError(f"“{path.name}”读不出来，看看是不是正被别的程序打开。") from error


def picture_in(data: QMimeData) -> tuple[bytes, str] | Path | None:
    """What a drag or the clipboard holds: a file, or a picture by itself; None when it is neither."""
    for url in data.urls():
        if url.isLocalFile():
            return Path(url.toLocalFile())
    if data.hasImage():
        image = QImage(data.imageData())
        held = QBuffer()
        held.open(QIODevice.OpenModeFlag.WriteOnly)
        if not image.isNull() and image.save(held, "PNG"):  # type: ignore[call-overload]
            return bytes(held.data().data()), ""
    return None


class Taking(QWidget):
    """What a file can be dropped on or pasted into."""

    failed = Signal(str)

    def __init__(self, kinds: str, title: str):
        super().__init__()
        self._kinds, self._title = kinds, title
        self.over = False
        self.may_change = False

    def take(self, body: bytes, name: str) -> None:
        raise NotImplementedError

    def choose(self) -> None:
        """Have the clerk choose a file."""
        found = dialogs.open_file(self, self._title, Path.home(), self._kinds)
        if found is not None:
            self._take_file(found)

    def paste(self) -> None:
        """Take what the clipboard holds."""
        self._take(picture_in(QGuiApplication.clipboard().mimeData()))

    def _take(self, found: tuple[bytes, str] | Path | None) -> None:
        if isinstance(found, Path):
            self._take_file(found)
        elif found is not None:
            self.take(*found)
        else:
            self.failed.emit("剪贴板里没有图片。先复制一张图片。")

    def _take_file(self, path: Path) -> None:
        try:
            self.take(read_file(path), path.name)
        except OfficeError as error:
            self.failed.emit(error.message)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if self.may_change and (data.hasImage() or any(url.isLocalFile() for url in data.urls())):
            event.acceptProposedAction()
            self._lit(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._lit(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._lit(False)
        self._take(picture_in(event.mimeData()))

    def _lit(self, over: bool) -> None:
        self.over = over
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.may_change and event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        else:
            super().keyPressEvent(event)


class Portrait(Taking):
    """Somebody's photograph. Who may change it clicks, drops a file or pastes; Del takes it away."""

    def __init__(self, desk: MainWindow, person_id: int, name: str):
        super().__init__(PHOTO_FILES, f"选“{name}”的照片")
        self._desk, self._person = desk, person_id
        self.picture: QPixmap | None = None
        self.loaded = False
        self.may_change = may(desk.office.who.role, Right.EDIT_PEOPLE) and not desk.past
        size(self, WIDE, TALL)
        self.setAccessibleName(f"{name}的照片")
        if self.may_change:
            self.setAcceptDrops(True)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip("点一下选照片，也可以把照片拖到这里或粘贴；按 Del 删去")
        self.failed.connect(lambda words: desk.complain(OfficeError(words)))
        desk.read(self, photo, person_id, then=self._arrived, topic="photo")

    def _arrived(self, body: bytes | None) -> None:
        self.loaded = True
        self.picture = None
        if body is not None:
            made = QPixmap()
            self.picture = made if made.loadFromData(body) else None
        self.setAccessibleDescription("有照片" if self.picture is not None else "还没有照片")
        self.update()

    def take(self, body: bytes, name: str) -> None:
        self._desk.write(self, set_photo, self._person, body, name)

    def remove(self) -> None:
        """Take the photograph away."""
        if self.may_change and self.picture is not None:
            self._desk.write(self, remove_photo, self._person)

    def event(self, event: QEvent) -> bool:
        # else Del would reach the page, where it means the person
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Delete:
                event.accept()
                return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.may_change and self.rect().contains(event.position().toPoint()):
            self.choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.may_change:
            self.choose()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        place = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.picture is not None:
            round_off = QPainterPath()
            round_off.addRoundedRect(place, 4, 4)
            painter.setClipPath(round_off)
            painter.drawPixmap(place, self.picture, _middle(self.picture, place))
            painter.setClipping(False)
        elif self.loaded:
            self._paint_blank(painter, place)
        if self.over or self.hasFocus():
            painter.setPen(QPen(look.color("accent_text"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place, 4, 4)
        painter.end()

    def _paint_blank(self, painter: QPainter, place: QRectF) -> None:
        """Nobody's face: where one would be, and what a click does."""
        painter.setPen(QPen(look.color("line_strong"), 1))
        painter.setBrush(look.color("sunken"))
        painter.drawRoundedRect(place, 4, 4)
        side = look.px(24)
        middle = place.center()
        painter.drawPixmap(
            round(middle.x() - side / 2), round(middle.y() - side), icons.pixmap("user", "text3", 24)
        )
        painter.setPen(look.color("accent_text" if self.may_change else "text3"))
        painter.setFont(look.font(12))
        below = QRectF(place.left(), middle.y() + look.px(4), place.width(), look.px(20))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, "加照片" if self.may_change else "没有照片")


def _middle(picture: QPixmap, place: QRectF) -> QRectF:
    """The part of a picture that fills a place without being pulled out of shape, from its upper middle."""
    wide, tall = picture.width(), picture.height()
    share = place.width() / place.height()
    if wide > tall * share:
        part = tall * share
        return QRectF((wide - part) / 2, 0, part, tall)
    return QRectF(0, 0, wide, wide / share)
