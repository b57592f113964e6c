"""What writing would do, in words and exact numbers, and the buttons that do it; after it, what was done."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal

from gridoffice.intake import Outcome
from gridoffice.ledgers import LEDGERS
from gridoffice.review import Reviewed
from ui.widgets.parts import Box, Button, button, column, label, row

PAGE_OF = {"grids": "grids", "workers": "workers", "indicators": "assessment", "opinions": "assessment"}
"""Where the rows of a ledger are looked at."""


class ReviewFoot(Box):
    """The bar below the rows under review."""

    write_wanted = Signal(bool)
    """Write: only the rows without trouble, or all."""
    trouble_wanted = Signal()
    receipt_wanted = Signal()
    closed = Signal()
    undo_wanted = Signal()
    go_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__((), False, 8, (20, 0, 20, 0), "actions", None, 60)
        self._first = label("", "strong", elide=True)
        self._second = label("", "fact", elide=True)
        self._buttons = row(gap=8)
        self.put_all([(column(None, self._first, self._second, None, gap=0), 1), self._buttons])

    def show_reviewed(self, found: Reviewed) -> None:
        self._buttons.clear()
        if found.written:
            self._show_written(found)
            return
        unit, counts = found.unit, found.counts
        new, updated = counts.get(Outcome.NEW, 0), counts.get(Outcome.UPDATED, 0)
        parts = [f"新增 {new} {unit}"] if new else []
        parts += [f"更新的 {updated} {unit}共改 {found.cells} 格"] if updated else []
        self._first.setText("，".join(parts) or "没有要写入的")
        self._second.setText(_left(found))
        exact = "、".join([*([f"新增 {new}"] if new else []), *([f"更新 {updated}"] if updated else [])])
        buttons: list[Button] = []
        if found.file and found.blocked:
            tip = "把你的原表另存一份，标出要改的格"
            buttons.append(button("错误回执", "table-export", tip=tip, on_click=self.receipt_wanted.emit))
        leave = "取消" if exact or found.blocked else "回到开头"
        buttons.append(button(leave, tip="不导这份文件，什么也不写入", on_click=self.closed.emit))
        every = f"写入 {new + updated} {unit}（{exact}）"
        if found.blocked and exact:
            good = button(f"只写没问题的 {new + updated} {unit}", tip=f"{exact}；其余的先不写")
            good.clicked.connect(lambda: self.write_wanted.emit(True))
            buttons.append(good)
        if found.blocked:
            words = f"处理 {found.blocked} 行"
            buttons.append(
                button(
                    words,
                    "arrow-right",
                    "primary",
                    tip="到下一处",
                    keys="F8",
                    on_click=self.trouble_wanted.emit,
                )
            )
        elif exact:
            made = button(every, "check", "primary", tip="写入后可整批撤销", keys="Ctrl+S")
            made.clicked.connect(lambda: self.write_wanted.emit(False))
            buttons.append(made)
        for one in buttons:
            self._buttons.put(one)

    def _show_written(self, found: Reviewed) -> None:
        skipped = skipped_rows(found)
        self._first.setText(f"已写入：{written_in_words(found)}")
        self._second.setText(
            f"跳过的 {skipped} 行在错误回执里，改好再导。" if skipped and found.file else "随时可以整批撤销。"
        )
        if skipped and found.file:
            self._buttons.put(button("错误回执", "table-export", on_click=self.receipt_wanted.emit))
        self._buttons.put(
            button(
                "撤销这次导入",
                "arrow-back-up",
                tip="整批撤销，写入前是什么样就回到什么样",
                on_click=self.undo_wanted.emit,
            )
        )
        page = PAGE_OF.get(found.ledger)
        another = button("再导一份", kind="" if page else "primary", on_click=self.closed.emit)
        self._buttons.put(another)
        if page is not None:
            words = f"看{LEDGERS[found.ledger].title}"
            self._buttons.put(
                button(words, "arrow-right", "primary", on_click=lambda: self.go_wanted.emit(page))
            )

    def words(self) -> tuple[str, str]:
        """The consequences as they stand in the foot."""
        return self._first.whole(), self._second.whole()

    def main_button(self) -> Button | None:
        """The one filled button, if there is something to do."""
        return next(
            (one for one in self._buttons.findChildren(Button) if one.property("kind") == "primary"
             and not one.isHidden()), None)  # fmt: skip


def skipped_rows(found: Reviewed) -> int:
    """How many rows were not written because of what is wrong with them, or because the clerk said so."""
    return sum(found.counts.get(one, 0) for one in (Outcome.CONFLICT, Outcome.ERROR, Outcome.SKIPPED))


def written_in_words(found: Reviewed) -> str:
    """`新增 12、更新 23、未变 148、跳过 8`: every row of the file is in one of the numbers."""
    new, updated, same = (
        found.counts.get(one, 0) for one in (Outcome.NEW, Outcome.UPDATED, Outcome.UNCHANGED)
    )
    return f"新增 {new}、更新 {updated}、未变 {same}、跳过 {skipped_rows(found)}"


def _left(found: Reviewed) -> str:
    """What is not written as things stand."""
    conflicts, wrong = found.counts.get(Outcome.CONFLICT, 0), found.counts.get(Outcome.ERROR, 0)
    rows = [f"冲突 {conflicts} 行"] if conflicts else []
    rows += [f"错误 {wrong} 行"] if wrong else []
    whole = found.blocked - conflicts - wrong
    rows += [f"整张表 {whole} 处"] if whole > 0 else []
    if rows:
        return f"{'、'.join(rows)}先不写，处理好再写"
    skipped = found.counts.get(Outcome.SKIPPED, 0)
    if skipped:
        return f"先不写的 {skipped} 行不动，其余都可以写入"
    return "每一行都可以写入" if changes(found.counts) else "这份文件里没有新东西"


def changes(counts: Mapping[Outcome, int]) -> int:
    """How many rows would change the office."""
    return counts.get(Outcome.NEW, 0) + counts.get(Outcome.UPDATED, 0)
