"""The panel of a package that comes: who sent it, what is in it, part by part, and the rules of the office above."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gridoffice.intake import Outcome
from gridoffice.packages.given import RuleSeen
from ui.pages.package_panels import WIDTH, secret
from ui.widgets.badges import note
from ui.widgets.parts import Box, Picture, button, column, label, row, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.package_jobs import PackageSeen, PartSeen

NAMED = 4
"""So many rows that are different here, or lines of a rule that change, are shown."""
_TO_DO = (Outcome.NEW, Outcome.UPDATED, Outcome.CONFLICT)


class ReceivePanel(SidePanel):
    """The package that was picked; `take_rules` is given the ids of rules, none for all of them."""

    def __init__(
        self,
        open_it: Callable[[], Any],
        look_at: Callable[[PartSeen], Any],
        take: Callable[[tuple[str, ...]], Any],
        take_rules: Callable[[tuple[str, ...]], Any],
        save_paper: Callable[[str], Any],
        take_back: Callable[[], Any],
    ):
        super().__init__("收上报包", WIDTH)
        self._open, self._look, self._take, self._rules = open_it, look_at, take, take_rules
        self._paper, self._back = save_paper, take_back
        self.file: Path | None = None
        self.what = label("", "strong", wrap=True)
        self.facts = label("", "hint", wrap=True)
        self.password = secret()
        self.password.returnPressed.connect(open_it)
        self.asking = column(label("上报密码", "hint"), self.password, gap=4)
        self.parts: Box = column(gap=8)
        self.inside.put_all([self.what, self.facts, self.asking, self.parts, None])

    def ask(self, file: Path) -> None:
        """A package was picked: it opens with the password."""
        self.file = file
        self.what.setText(f"“{file.name}”")
        self.facts.setText("输入本办的上报密码，打开看看里面有什么；还不会写入。")
        self.asking.show()
        self.parts.clear()
        self.judge()
        self.act(button("打开", "folder-open", "primary", on_click=self._open))
        self.password.setFocus()

    def refuse(self, message: str) -> None:
        """The package was not opened: why, where one looks."""
        self.judge(note("err", message))
        self.password.setFocus()

    def show_package(self, seen: PackageSeen) -> None:
        """What is in it, and what is to be done."""
        self.asking.hide()
        self.password.clear()
        kind = "全部" if seen.whole else "只有变化"
        self.what.setText(f"{seen.partner}·第 {seen.number} 号")
        self.facts.setText(f"{seen.made} 做的，{kind}" + (f"，{seen.month} 考核" if seen.month else ""))
        self.parts.clear()
        for part in seen.parts:
            self.parts.put(self._part(part))
        self._show_rules(seen)
        for title in seen.papers:
            save = button("存出", "download", on_click=lambda title=title: self._paper(title))
            self.parts.put(row((label(title, "fact", wrap=True), 1), save))
        self._say_what_is_left(seen)

    def _say_what_is_left(self, seen: PackageSeen) -> None:
        left = [part for part in seen.parts if not part.done]
        stopped = [part for part in left if part.blocked]
        self.judge()
        if stopped:
            how = (
                "处要先看，看过再点“只办对得上的”。" if stopped[0].beside else "行要先处理，点“核对”逐行看。"
            )
            words = f"{stopped[0].title}有 {stopped[0].blocked} {how}"
            self.judge(
                row(Picture("alert-triangle", "warn", 16), (label(words, "fact", wrap=True), 1), gap=6)
            )
        count = len(left) if not stopped else left.index(stopped[0])
        words = f"写入 {count} 份" if count else "写入"
        write = button(words, "check", "primary", on_click=lambda: self._take(()))
        write.setEnabled(bool(count))
        back = []
        if any(part.undoable for part in seen.parts):
            tip = "把这个包写入的都撤销，后来改过的不动"
            back = [button("全部撤销", "arrow-back-up", tip=tip, on_click=self._back)]
        self.act(*([write] if left else [label("这个包已经收完。", "fact")]), *back)

    def _part(self, part: PartSeen) -> Box:
        sign, ink = ("circle-check", "ok") if part.done else ("clock", "text3")
        if part.blocked:
            sign, ink = "alert-triangle", "warn"
        words = column(label(part.amount, "strong", wrap=True), label(part.words, "hint", wrap=True), gap=2)
        _tell(words, part.differ)
        check = []
        if part.beside and part.blocked:
            good = button("只办对得上的", kind="link", on_click=lambda: self._take((part.key,)))
            words.put(row(good, None))
        elif not part.done and not part.beside:
            check = [button("核对", "eye", "quiet", on_click=lambda: self._look(part))]
        return row(column(Picture(sign, ink, 16), None), (words, 1), *check, gap=8)

    def _show_rules(self, seen: PackageSeen) -> None:
        if not (seen.seen or seen.model):
            return
        self.parts.put_all([rule(), label("上级的规定", "section")])
        for one in seen.seen:
            self.parts.put(self._rule(one))
        if seen.model:
            self.parts.put(label(seen.model, "hint", wrap=True))
        if sum(one.outcome in _TO_DO for one in seen.seen) > 1:
            self.parts.put(row(button("全部采用", "check", on_click=lambda: self._rules(())), None))

    def _rule(self, one: RuleSeen) -> Box:
        sign, ink = ("clock", "text3") if one.outcome in _TO_DO else ("circle-check", "ok")
        if one.outcome in (Outcome.CONFLICT, Outcome.ERROR):
            sign, ink = "alert-triangle", "warn"
        words = column(label(one.title, "strong", wrap=True), label(one.words, "hint", wrap=True), gap=2)
        _tell(words, one.lines, "处")
        take = []
        if one.outcome in _TO_DO:
            take = [button("采用", "check", "quiet", on_click=lambda: self._rules((one.id,)))]
        return row(column(Picture(sign, ink, 16), None), (words, 1), *take, gap=8)


def _tell(words: Box, said: tuple[str, ...], unit: str = "行") -> None:
    for one in said[:NAMED]:
        words.put(label(one, "hint", wrap=True))
    if len(said) > NAMED:
        words.put(label(f"这样的还有 {len(said) - NAMED} {unit}。", "hint"))
