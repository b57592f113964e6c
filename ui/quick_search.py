"""Ctrl+K: people, grids and functions in one place; and F1, the keys of this program."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from gridoffice.grids.listing import GRIDS
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.badges import check_badge, is_scanned
from gridoffice.overview.everybody import EVERYBODY
from gridoffice.people.hits import find_people
from gridoffice.pinyin import keys as pinyin_keys
from ui import icons
from ui.desk import Desk
from ui.theme import look
from ui.widgets.parts import column, label, row
from ui.widgets.popover import Popover

PEOPLE, PLACES = 6, 5

KEYS = (
    ("Ctrl+K", "快速查找"),
    ("Ctrl+1…9", "换页面"),
    ("Ctrl+PgDn", "同类的下一页"),
    ("Ctrl+PgUp", "同类的上一页"),
    ("Ctrl+B", "收起或展开范围"),
    ("F6", "到下一个区"),
    ("Ctrl+F", "在表里找"),
    ("Ctrl+N", "新增"),
    ("Enter", "打开这一行"),
    ("空格", "勾选这一行"),
    ("Ctrl+A", "全部勾选"),
    ("Ctrl+C", "复制，可粘到 Excel"),
    ("Shift+方向键", "选一片格子"),
    ("Ctrl+D", "向下填充"),
    ("Ctrl+R", "向右填充"),
    ("Alt+↓", "筛选这一列"),
    ("Ctrl+Shift+L", "清空筛选"),
    ("F8", "下一处要处理的"),
    ("Ctrl+O", "导入 Excel"),
    ("Ctrl+E", "导出"),
    ("Ctrl+P", "打印"),
    ("Ctrl+S", "保存"),
    ("Ctrl+Z", "撤销"),
    ("Ctrl+Y", "恢复"),
    ("Ctrl+=", "大字"),
    ("Esc", "关掉最近打开的"),
)

Hit = tuple[str, str, str, int | str]
"""kind, words, second words, number or key"""

SIGNS = {
    "worker": ("user", "text2"),
    "person": ("user", "text2"),
    "grid": ("sitemap", "text2"),
    "page": ("arrow-right", "text2"),
    "genuine": ("circle-check", "ok"),
    "doubtful": ("circle-x", "err"),
}
"""What is found, and its icon: people who serve and others, grids, pages; a badge that is good, or is not."""


def search_office(office: Office, text: str) -> list[Hit]:
    """In the thread: the first people and grids that match; of a text scanned from a badge, what it is."""
    if is_scanned(text):
        told = office.read(check_badge, text)
        kind = "genuine" if told.good else "doubtful"
        return [(kind, told.words, told.number, told.name)]
    found: list[Hit] = []
    people = [one.id for one in office.read(find_people, text, None, PEOPLE)]
    for one in office.read(EVERYBODY.rows, people) if people else []:
        if one.post_id is not None:
            found.append(("worker", one.name, one.grid or "", one.post_id))
        else:
            found.append(("person", one.name, one.serving.label, one.id))
    grids = office.read(GRIDS.ids, Ask(search=text))[:PLACES]
    for grid in office.read(GRIDS.rows, grids) if grids else []:
        found.append(("grid", grid.name, grid.parent or "", grid.id))
    return found


class QuickSearch(QObject):
    """The list under the search line; the keyboard stays in the line."""

    def __init__(self, window: Desk, line: QLineEdit):
        super().__init__(window)
        self._window, self._line = window, line
        self._list: QListWidget | None = None
        self._popover: Popover | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(120)
        self._pause.timeout.connect(self._ask)
        self._line.textEdited.connect(lambda _: self._pause.start())
        self._line.installEventFilter(self)

    def begin(self) -> None:
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.selectAll()

    def _ask(self) -> None:
        text = self._line.text().strip()
        if not text:
            self.close()
            return
        self._window.runner.ask(
            self,
            search_office,
            self._window.office,
            text,
            on_done=lambda hits: self._show(text, hits),
            on_error=self._window.complain,
            topic="quick",
        )

    def _functions(self, text: str) -> list[Hit]:
        return [
            ("page", page.title, "功能", page.key)
            for page in self._window.page_types
            if text in page.title
            or text in page.words
            or (text.isascii() and text.lower() in pinyin_keys(page.title)[1])
        ]

    def _show(self, text: str, hits: list[Hit]) -> None:
        if text != self._line.text().strip():
            return
        if not is_scanned(text):
            hits = [*hits, *self._functions(text)]
        self.close()
        made = QListWidget()
        made.setAccessibleName("找到的")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setIconSize(QSize(look.px(18), look.px(18)))
        for hit in hits:
            kind, words, second, _ = hit
            item = QListWidgetItem(icons.icon(*SIGNS[kind], 18), f"{words}　{second}")
            item.setToolTip(words)
            item.setData(Qt.ItemDataRole.UserRole, hit)
            item.setSizeHint(QSize(0, look.px(32)))
            made.addItem(item)
        if not hits:
            item = QListWidgetItem(f"没有叫“{text}”的人、网格或功能。")
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setSizeHint(QSize(0, look.px(32)))
            made.addItem(item)
        made.setFixedHeight(look.px(32) * made.count() + 4)
        made.itemClicked.connect(self._go)
        if hits:
            made.setCurrentRow(0)
        self._list = made
        self._popover = self._float(made)

    def _float(self, content: QWidget) -> Popover:
        made = Popover(self._window, content, 368)
        corner = self._line.mapTo(self._window, QPoint(0, 0))
        made.open_at(QRect(corner, self._line.size()))
        return made

    def close(self) -> None:
        if self._popover is not None:
            self._popover.shut()
        self._popover, self._list = None, None

    def _go(self, item: QListWidgetItem | None) -> None:
        hit = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if hit is None:
            return
        kind, _, _, where = hit
        self.close()
        self._line.clear()
        if kind == "page":
            self._window.go(str(where))
        elif kind in ("genuine", "doubtful"):
            self._window.go("workers", search=str(where))
        else:
            pages = {"worker": "workers", "person": "people", "grid": "grids"}
            self._window.go(pages[kind], show=int(where))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._list is not None:
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if key == Qt.Key.Key_Down else -1
                self._list.setCurrentRow(max(0, min(self._list.count() - 1, self._list.currentRow() + step)))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._go(self._list.currentItem())
                return True
        return False

    def help(self) -> None:
        """The keys, under the search line."""
        lines: list[Any] = [label("键盘", "section"), 4]
        half = (len(KEYS) + 1) // 2
        for left, right in zip(KEYS[:half], [*KEYS[half:], ("", "")], strict=False):
            cells: list[Any] = []
            for keys, words in (left, right):
                cells.append(
                    (row(label(keys, "key") if keys else label(""), label(words, "fact"), None, gap=6), 1)
                )
            lines.append(row(*cells, gap=8))
        self.close()
        self._popover = self._float(column(*lines, gap=4, margins=(12, 10, 12, 12)))
