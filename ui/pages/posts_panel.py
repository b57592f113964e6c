"""任职: one person's posts, one after another, each put right, ended, handed on where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from db.enums import Employment, Right
from gridoffice.accounts.rules import may
from gridoffice.errors import OfficeError
from gridoffice.fields import Column, Field, Kind, columns
from gridoffice.grids.listing import office_pack
from gridoffice.workers.moving import Transfer, transfer_posts
from gridoffice.workers.posts import posts_of, remove_post, save_post
from gridoffice.workers.rows import PostRow
from gridoffice.workers.rules import span
from gridoffice.workers.service import end_posts
from ui.widgets.badges import Badge, note
from ui.widgets.form import Form
from ui.widgets.grid_picker import GridPicker
from ui.widgets.parts import Box, Child, button, column, label, row, rule

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_WHY = Column("why", Field("更正原因", required=True, hint="例如：合同上是 3 月"))


@dataclass(frozen=True, slots=True)
class Ending:
    """What is asked when a post ends."""

    last_day: Annotated[date | None, Field("离任日期", Kind.DATE, required=True, hint="最后一天")]
    reason: Annotated[str | None, Field("离任原因", hint="例如：辞职")] = None


@dataclass(frozen=True, slots=True)
class Moving:
    """What is asked when somebody goes to another post."""

    grid: Annotated[str | None, Field("调到网格", Kind.GRID)]
    title: Annotated[str | None, Field("任职务")]
    employment: Annotated[Employment | None, Field("专兼职", Kind.CODE, codes=Employment)]
    day: Annotated[date | None, Field("到任日期", Kind.DATE, required=True)]
    contract_end: Annotated[date | None, Field("合同到期日", Kind.DATE)]
    reason: Annotated[str | None, Field("调整原因", hint="例如：补空缺")] = None


@dataclass(frozen=True, slots=True)
class Striking:
    """What is asked when a post is struck out that was never held."""

    why: Annotated[str | None, _WHY.field] = None


def post_titles(session: Any) -> list[str]:
    """The posts of the office's pack, as a form offers them."""
    return [post.label for post in office_pack(session).posts]


class PostsPanel(Box):
    """The posts of whoever is shown; a form stands in place of the list while one is changed."""

    def __init__(self, desk: MainWindow):
        super().__init__([], True, 12, (0, 0, 0, 0), "", None, None)
        self.desk = desk
        self.person_id: int | None = None
        self.posts: Sequence[PostRow] = ()
        self.form: Form | None = None
        self._titles: Sequence[str] = ()
        self._save: Callable[[dict[str, Any]], None] | None = None
        self._wrong = column(gap=0)

    def show(self, person_id: int | None = None) -> None:  # type: ignore[override]
        """Somebody's posts, as they are now."""
        super().show()
        if person_id is None:
            return
        self.person_id = person_id
        self.desk.read(
            self,
            lambda session: (posts_of(session, person_id), post_titles(session)),
            then=self._arrived,
            topic="posts",
        )

    def _arrived(self, said: tuple[list[PostRow], list[str]]) -> None:
        self.posts, self._titles = said
        self._list()

    # the list

    def _list(self) -> None:
        self.form, self._save = None, None
        self.clear()
        changes = may(self.desk.office.who.role, Right.EDIT_PEOPLE) and not self.desk.past
        head: list[Child] = [label(f"任职 {len(self.posts)} 段", "strong"), None]
        head.append(button("交接清单", "file-text", "link", on_click=self._hand_over))
        if changes:
            head.append(button("加一段", "plus", "link", tip="新增任职", on_click=self._add))
        self.put(row(*head))
        for place, post in enumerate(self.posts):
            if place:
                self.put(rule())
            self.put(self._post(post, changes))
        if not self.posts:
            self.put(label("还没有任职。", "hint"))

    def _post(self, post: PostRow, changes: bool) -> Box:
        kind, words = standing(post, self.desk.day)
        how = "　".join(
            (post.employment.label if post.employment else "", "兼任" if post.concurrent else "主要岗位")
        ).strip()
        parts: list[Child] = [
            row((label(post.title or "", "name", wrap=True), 1), Badge(kind, words)),
            label(post.grid or "", "fact", wrap=True),
            label(f"{span(post.from_day, post.to_day)}　{how}", "hint", wrap=True),
        ]
        contract = f"合同到 {post.contract_end}" if post.contract_end is not None else ""
        paid = "　".join(part for part in (post.employer or "", contract) if part)
        reasons = [("任职原因", post.reason), ("离任原因", post.leave_reason), ("备注", post.note)]
        parts += [label(paid, "hint", wrap=True)] if paid else []
        parts += [label(f"{name}：{text}", "hint", wrap=True) for name, text in reasons if text]
        if changes:
            parts.append(self._acts(post))
        return column(*parts, gap=2)

    def _acts(self, post: PostRow) -> Box:
        acts = [("更正", self._correct)]
        if post.to_day is None or post.to_day >= self.desk.day:
            acts += [("调动", self._transfer), ("结束", self._end)]
        acts += [("删去", self._strike)]
        made: list[Child] = []
        for words, act in acts:
            one = button(words, kind="link", on_click=lambda act=act: act(post))
            one.setAccessibleName(f"{words}：{post.grid}·{post.title}")
            made.append(one)
        return row(*made, None, gap=12)

    def _hand_over(self) -> None:
        self.desk.go("documents", report="handover", person=self.person_id)

    # the forms

    def _ask(
        self,
        title: str,
        form: Form,
        verb: str,
        save: Callable[[dict[str, Any]], None],
        said: Sequence[Child] = (),
    ) -> None:
        if not self.desk.may_change():
            return
        self.form, self._save = form, save
        self.clear()
        self._wrong = column(gap=0)
        self.put(label(title, "strong", wrap=True))
        self.put_all(said)
        self.put(form)
        self.put(self._wrong)
        self.put(row(button(verb, "check", on_click=self.save), button("取消", on_click=self._list), None))
        form.first().setFocus()

    def save(self) -> None:
        """Carry out what the open form says; what forbids it is said at its field or below."""
        changed = self.form.take() if self.form is not None else None
        if changed is not None and self._save is not None:
            self._wrong.clear()
            self._save(changed)

    def cancel(self) -> bool:
        """Give the open form up; False when none is open."""
        if self.form is None:
            return False
        self._list()
        return True

    def _picker(self, post: PostRow | None, name: str) -> GridPicker:
        made = GridPicker(self.desk.runner, self.desk.find_grids, name)
        if post is not None:
            made.choose(post.grid_id, post.grid or "")
        return made

    def _hints(self, title: str | None) -> dict[str, Sequence[str]]:
        known = [*self._titles, *([title] if title and title not in self._titles else [])]
        return {"title": known}

    def _write(self, service: Callable[..., Any], *args: Any) -> None:
        self.desk.write(self, service, *args, then=lambda _: self.show(self.person_id), wrong=self._refused)

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, OfficeError):
            self.desk.complain(error)
        elif self.form is None or not self.form.complain(error.problems):
            self._wrong.clear()
            self._wrong.put(note("err", error.message))

    def _add(self) -> None:
        shown = columns(PostRow)
        form = Form(shown, None, self._hints(None), pickers={"grid": self._picker(None, "所属网格")})
        self._ask(
            "新增任职", form, "加上", lambda said: self._write(save_post, self.person_id, None, _stored(said))
        )

    def _correct(self, post: PostRow) -> None:
        shown = (_WHY, *columns(PostRow))
        form = Form(
            shown,
            _Correcting(post),
            self._hints(post.title),
            pickers={"grid": self._picker(post, "所属网格")},
        )

        def save(said: dict[str, Any]) -> None:
            why = said.pop("why", None)
            self._write(save_post, post.person_id, post.id, _stored(said), why, post)

        told = label("历史写错了才更正；调走用“调动”，离开用“结束”。", "hint", wrap=True)
        self._ask(f"更正：{post.grid}·{post.title}", form, "更正", save, [told])

    def _end(self, post: PostRow) -> None:
        before = Ending(self.desk.day - timedelta(days=1))

        def save(said: dict[str, Any]) -> None:
            now = replace(before, **said)
            self._write(end_posts, [post.id], now.last_day, now.reason)

        self._ask(f"结束：{post.grid}·{post.title}", Form(columns(Ending), before), "结束任职", save)

    def _transfer(self, post: PostRow) -> None:
        before = Moving(post.grid, post.title, post.employment, self.desk.day, post.contract_end)
        picker = self._picker(post, "调到网格")
        form = Form(columns(Moving), before, self._hints(post.title), pickers={"grid": picker})

        def save(said: dict[str, Any]) -> None:
            now = replace(before, **{name: value for name, value in said.items() if name != "grid"})
            assert now.day is not None
            wanted = Transfer(
                now.day,
                picker.picked or post.grid_id,
                now.title or None,
                now.employment,
                now.contract_end,
                now.reason,
            )
            self._write(transfer_posts, [post.id], wanted)

        self._ask(f"调动：{post.grid}·{post.title}", form, "调动", save)

    def _strike(self, post: PostRow) -> None:
        told = label("只有根本没任过、录错了的才删去。", "hint", wrap=True)

        def save(said: dict[str, Any]) -> None:
            self._write(remove_post, post.id, said["why"])

        self._ask(
            f"删去：{post.grid}·{post.title}", Form(columns(Striking), Striking()), "删去", save, [told]
        )


class _Correcting:
    """A post with the reason that is still to be said, as the form reads both."""

    def __init__(self, post: PostRow):
        self._post = post

    def __getattr__(self, name: str) -> Any:
        return None if name == "why" else getattr(self._post, name)


def _stored(said: dict[str, Any]) -> dict[str, Any]:
    """What a form says, by the names under which it is stored."""
    return {"grid_id" if name == "grid" else name: value for name, value in said.items()}


def standing(post: PostRow, day: date) -> tuple[str, str]:
    """A post on a day, as a badge: kind and words."""
    if post.to_day is not None and post.to_day < day:
        return "mute", "已离任"
    if post.from_day is not None and post.from_day > day:
        return "clock", "待到任"
    return "ok", "在任"
