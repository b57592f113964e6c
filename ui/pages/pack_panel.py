"""治理模式: what a pack says, going over to another one, and a copy of the office's own to write in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from db.listening import Spot
from gridoffice.both_changed import BothChanged
from gridoffice.errors import OfficeError
from gridoffice.grids import own_packs
from gridoffice.grids.listing import office_pack
from gridoffice.grids.pack import Pack
from gridoffice.grids.pack_edits import Part, blank, parts_of, remove_part, revise_part
from gridoffice.grids.pack_groups import Group
from gridoffice.grids.pack_text import names
from gridoffice.grids.switching import Counterpart, Switch, preview_switch, switch_pack
from ui.pages.pack_form import PackForm, Shown
from ui.pages.text_meeting import ask_both
from ui.theme import look
from ui.widgets.badges import note
from ui.widgets.parts import Box, Choice, Input, button, column, label, restyle, row, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDTH = 420
TEXT_HEIGHT = 360


@dataclass(frozen=True, slots=True)
class Packs:
    """Every pack the office may work by, the one it does, and the options there are to switch on."""

    all: Sequence[Pack]
    now: str
    options: Sequence[tuple[str, str]]


def packs_of(session: Any) -> Packs:
    options = [(key, str(own_packs.option(key)["name"])) for key in own_packs.option_names()]
    return Packs(own_packs.packs(session), office_pack(session).key, options)


class PackPanel(SidePanel):
    """One pack at a time: its words; if it is another than now, what would become of everything."""

    def __init__(self, desk: MainWindow):
        super().__init__("治理模式", WIDTH)
        self.desk = desk
        self.known: Packs | None = None
        self.said: Switch | None = None
        self.choice = Choice((), "治理模式")
        self.choice.activated.connect(lambda _: self.show_pack(self.choice.currentData()))
        self.about: Box = column(gap=6)
        self._kinds: dict[str, str] = {}
        self._posts: dict[str, str] = {}
        self.inside.put_all([self.choice, self.about, None])
        self._read()

    def _read(self, then: str | None = None) -> None:
        self.desk.read(self, packs_of, then=lambda known: self._known(known, then), topic="packs")

    def _known(self, known: Packs, wanted: str | None) -> None:
        self.known = known
        self.choice.fill(
            [(one.key, f"{one.name}（现在用的）" if one.key == known.now else one.name) for one in known.all]
        )
        self.show_pack(wanted or known.now)

    @property
    def pack(self) -> Pack:
        """The one that is looked at."""
        assert self.known is not None
        return next(one for one in self.known.all if one.key == self.choice.currentData())

    def show_pack(self, key: str) -> None:
        self.choice.setCurrentIndex(max(0, self.choice.findData(key)))
        self._say(editing=False)
        self._kinds, self._posts = {}, {}
        self.said = None
        assert self.known is not None
        self.judge()
        if key == self.known.now:
            self._show_about((), whole=True)
            self.act(button("另存一份来改", "device-floppy", on_click=self.show_copy), self._text_button())
        else:
            self._look()

    def _say(self, editing: bool) -> None:
        """Tell the others which pack is looked at or changed here."""
        self.spot = Spot(f"pack {self.pack.key}", 0, editing)
        if self.desk.page.side is self:
            self.desk.page.tell_spot()

    def _text_button(self) -> QWidget:
        words = "看全文" if self.pack.key in names() else "改全文"
        return button(words, "file-text", "quiet", on_click=self._ask_text)

    def _show_about(self, more: Sequence[QWidget], whole: bool = False) -> None:
        """What the pack says; where the `whole` of it is looked at, the way to change it."""
        pack = self.pack
        own = whole and pack.key not in names()
        onward = button("逐项改", "edit", "link", on_click=self._ask_parts)
        self.about.clear()
        self.about.put_all(
            [
                label(f"出处：{pack.source}", "hint", wrap=True),
                _told("网格类型", "、".join(kind.label for kind in pack.kinds)),
                _told("岗位", "、".join(post.label for post in pack.posts)),
                *([row(onward, None)] if own else []),
                *more,
            ]
        )

    # going over

    def _look(self) -> None:
        self.desk.read(
            self,
            preview_switch,
            self.pack.key,
            dict(self._kinds),
            dict(self._posts),
            then=self._show_switch,
            topic="switch",
        )

    def _show_switch(self, said: Switch) -> None:
        self.said = said
        after = self.pack
        kinds = [kind.label for kind in after.kinds]
        posts = [post.label for post in after.posts]
        more: list[QWidget] = [rule(), label("换过去以后", "strong")]
        more += [self._line(one, kinds, self._kinds, "个") for one in said.kinds]
        more += [self._line(one, [*posts, one.label], self._posts, "人") for one in said.posts]
        if said.codes:
            more.append(
                label(f"{said.codes} 个网格的编码和这个模式的样式不同，编码照旧。", "hint", wrap=True)
            )
        self._show_about(more, whole=True)
        rest = len(said.problems) - 1
        self.judge(
            *(note("err", one.message) for one in said.problems[:1]),
            *([label(f"另外还有 {rest} 处要先定。", "hint")] if rest > 0 else []),
        )
        count = sum(one.count for one in said.kinds)
        people = sum(one.count for one in said.posts)
        words = f"换成这个模式（{count} 个网格、{people} 人）" if said.ready else "换成这个模式"
        self.act(button(words, "arrows-exchange", "primary", on_click=self.go_over), self._text_button())

    def _line(self, one: Counterpart, words: Sequence[str], chosen: dict[str, str], unit: str) -> Box:
        """What a kind or post becomes: to be chosen from those of the other pack."""
        there = list(dict.fromkeys(words))
        place = Choice([(None, "还没有对应"), *((word, word) for word in there)], f"{one.label}变成", 190)
        place.setCurrentIndex(there.index(one.becomes) + 1 if one.becomes in there else 0)

        restyle(place, wrong="true" if one.becomes is None else "false")

        def choose(_: int) -> None:
            chosen.pop(one.key, None)
            if place.currentData() is not None:
                chosen[one.key] = place.currentData()
            self._look()

        place.activated.connect(choose)
        return row((label(f"{one.label}　{one.count} {unit}", elide=True), 1), place, gap=8, height=34)

    def go_over(self) -> None:
        """Change every grid and post over, in one step that can be undone."""
        self.desk.write(
            self,
            switch_pack,
            self.pack.key,
            dict(self._kinds),
            dict(self._posts),
            then=lambda _: self._read(),
            wrong=self._refused,
        )

    # a copy, and its text

    def show_copy(self) -> None:
        """Name the copy and switch on what other places have."""
        assert self.known is not None
        name, key = Input(f"{self.pack.name}（本办）", name="名称"), Input("例如：qinghe", name="代号")
        boxes: dict[str, QCheckBox] = {}
        listed = column(gap=0)
        for option, words in self.known.options:
            boxes[option] = QCheckBox(words)
            listed.put(boxes[option])
        self._show_about(
            [
                rule(),
                label("另存一份", "strong"),
                column(label("名称", "hint"), name, gap=2),
                column(label("代号，字母、数字和短横", "hint"), key, gap=2),
                label("加上别处的做法", "hint"),
                listed,
            ]
        )

        def save() -> None:
            chosen = [option for option, box in boxes.items() if box.isChecked()]
            self.copy(key.text().strip(), name.text().strip() or f"{self.pack.name}（本办）", chosen)

        self.act(
            button("另存", "device-floppy", "primary", on_click=save),
            button("取消", on_click=lambda: self.show_pack(self.pack.key)),
        )
        name.setFocus()

    def copy(self, key: str, name: str, options: Sequence[str]) -> None:
        """Keep a copy as the office's own; it is then looked at."""
        self.desk.write(
            self,
            own_packs.copy_pack,
            self.pack.key,
            key,
            name,
            options,
            then=lambda _: self._read(key),
            wrong=self._refused,
        )

    def _ask_parts(self, shown: Shown | None = None) -> None:
        key = self.pack.key
        self.desk.read(self, parts_of, key, then=lambda parts: self.show_parts(parts, shown), topic="parts")

    def show_parts(self, parts: Sequence[Part], shown: Shown | None = None) -> None:
        """Everything that the office's own pack says, one part at a time."""
        form = PackForm(parts, shown)
        self._say(editing=True)
        form.adding.connect(lambda group: self._add_part(form, group))
        form.removing.connect(lambda *shown: self._remove_part(form, *shown))
        self.about.clear()
        self.about.put(form)
        self.judge()
        self.act(
            button("保存", "check", "primary", keys="Ctrl+S", on_click=lambda: self.save_part(form)),
            button("返回", on_click=lambda: self.show_pack(self.pack.key)),
        )

    def save_part(self, form: PackForm) -> None:
        """Keep what was written of the part that is shown; what cannot be is said under its line."""
        changed, shown = form.take(), form.shown
        if not changed:
            return

        def write(values: Any, seen: Any) -> None:
            said = (self.pack.key, *shown, values, seen)
            again = lambda done: self._parts_again((shown[0], done.result))  # noqa: E731
            self.desk.write(self, revise_part, *said, then=again, wrong=refused)

        def refused(error: Exception) -> None:
            if isinstance(error, BothChanged):
                ask_both(self.desk.page, error, lambda chosen, now: write({**changed, **chosen}, now), self)
            elif not isinstance(error, OfficeError) or not form.complain(error.problems):
                self._refused(error)

        write(changed, form.seen)

    def _add_part(self, form: PackForm, group: Group) -> None:
        self.desk.read(self, blank, self.pack.key, group, then=form.begin, topic="parts")

    def _remove_part(self, form: PackForm, group: Group, place: int) -> None:
        self.desk.write(
            self,
            remove_part,
            self.pack.key,
            group,
            place,
            form.seen,
            then=lambda _: self._parts_again((group, max(0, place - 1))),
            wrong=self._refused,
        )

    def _parts_again(self, shown: Shown) -> None:
        key = self.pack.key

        def known_again(known: Packs) -> None:
            self._known(known, key)
            self._ask_parts(shown)

        self.desk.read(self, packs_of, then=known_again, topic="packs")

    def _ask_text(self) -> None:
        self.desk.read(self, own_packs.text_of, self.pack.key, then=self.show_text, topic="text")

    def show_text(self, text: str) -> None:
        """The whole pack as it is written; the office's own can be changed."""
        own = self.pack.key not in names()
        page = QPlainTextEdit(text)
        page.setAccessibleName("治理模式全文")
        page.setReadOnly(not own)
        page.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        page.setFixedHeight(look.px(TEXT_HEIGHT))
        words = "改完保存，有错会指出在哪一项。" if own else "随程序带的不能改，另存一份就能改。"
        self._show_about([rule(), label(words, "hint", wrap=True), page])
        self._say(editing=own)
        back = button("返回", on_click=lambda: self.show_pack(self.pack.key))
        keep = button("保存", "check", "primary", on_click=lambda: self.save_text(page.toPlainText(), text))
        copy = button("另存一份来改", "device-floppy", on_click=self.show_copy)
        self.act(keep if own else copy, back)

    def save_text(self, text: str, seen: str | None = None) -> None:
        key = self.pack.key
        self.desk.write(
            self, own_packs.save_pack, text, seen, then=lambda _: self._saved(key), wrong=self._refused
        )

    def _saved(self, key: str) -> None:
        self.desk.page.set_side(self)
        self._read(key)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, BothChanged):
            ask_both(self.desk.page, error, self.save_text, self)
            return
        if not isinstance(error, OfficeError):
            self.desk.complain(error)
            return
        problems = [one.message for one in error.problems] or [error.message]
        self.judge(*(note("err", words) for words in problems[:4]))


def _told(caption: str, words: str) -> Box:
    return column(label(caption, "hint"), label(words, wrap=True), gap=0)
