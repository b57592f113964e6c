"""发结业证: who completed a training, from which mark on, on which day; then the papers to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from db.enums import Right
from gridoffice.accounts.rules import may
from gridoffice.documents.model import CertificateLayout
from gridoffice.errors import OfficeError
from gridoffice.fields import Field, Kind, columns
from gridoffice.training import rules
from gridoffice.training.completions import Completed, certify, completed
from ui.widgets.badges import note
from ui.widgets.form import Form
from ui.widgets.parts import Box, Choice, button, column, label, row, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SHOWN = 80


@dataclass(frozen=True, slots=True)
class Giving:
    """What is said of certificates that are given."""

    day: Annotated[date | None, Field("发证日期", Kind.DATE, required=True)]
    mark: Annotated[Decimal, Field("合格线", Kind.DECIMAL, required=True, hint="有成绩的人才看")] = (
        rules.PASS_MARK
    )


class CertifyPanel(SidePanel):
    """Who completed it; the foot gives them numbers, which no one else ever gets."""

    def __init__(self, desk: MainWindow, training_id: int, name: str):
        super().__init__("结业证")
        self.desk, self.training_id = desk, training_id
        self.found: Sequence[Completed] = ()
        self.form = Form(columns(Giving), Giving(desk.day))
        self.form.watch("mark", self.again)
        self._said = label("", "strong")
        self._listed: Box = column(gap=6)
        self.layout_ = Choice([(one.value, one.label) for one in CertificateLayout], "版式")
        self._give = button("发证", "check", "primary", keys="Ctrl+S", on_click=self.save)
        self._print = button("打印", "printer", tip="打印已发的结业证", on_click=self.print)
        self.inside.put(label(name, "fact", wrap=True))
        self.inside.put(self.form)
        self.inside.put(label("到场并且成绩合格的人才有结业证；没考试的，到场就有。", "hint", wrap=True))
        self.inside.put(rule())
        self.inside.put(self._said)
        self.inside.put(self._listed)
        self.inside.put(rule())
        self.inside.put(column(label("打印版式", "hint"), self.layout_, gap=2))
        self.inside.put(None)
        self.act(self._give, self._print, button("关上", on_click=self.closed.emit))
        allowed = may(desk.office.who.role, Right.EDIT_PEOPLE)
        self._allowed = allowed
        self.again()

    def again(self) -> None:
        """Ask anew who completed it, from the mark that is written."""
        mark, problems = self.form.fields["mark"].take()
        if problems or mark is None:
            return
        self.desk.read(
            self, completed, self.training_id, mark, then=self._arrived, topic="done", wrong=self._refused
        )

    def _arrived(self, found: Sequence[Completed]) -> None:
        self.found = found
        new = [one for one in found if one.number is None]
        given = len(found) - len(new)
        self._said.setText(f"{len(new)} 人可以发证，{given} 人已发")
        self._listed.clear()
        for one in [*new, *(one for one in found if one.number)][:SHOWN]:
            score = f"{one.score.normalize():f} 分" if one.score is not None else ""
            self._listed.put(
                row(label(one.name, "name"), None, label(one.number or score or "到场", "hint"), gap=8)
            )
        if len(found) > SHOWN:
            self._listed.put(label(f"还有 {len(found) - SHOWN} 人。", "hint"))
        if not found:
            self._listed.put(label("还没有到场并合格的人，先登记签到。", "hint", wrap=True))
        self._give.say(f"发证 {len(new)} 本" if new else "发证")
        self._give.setEnabled(bool(new) and self._allowed)
        self._give.setToolTip("" if new else "没有还要发证的人。")
        self._print.say(f"打印 {given} 本" if given else "打印")
        self._print.setEnabled(bool(given))
        self._print.setToolTip("" if given else "还没有发过证。")

    def save(self) -> None:
        values = self.form.take()
        if values is None or not self._give.isEnabled():
            return
        day = self.form.fields["day"].take()[0]
        mark = self.form.fields["mark"].take()[0]
        self.judge()
        self.desk.write(
            self, certify, self.training_id, day, mark, then=lambda _: self.again(), wrong=self._refused
        )

    def print(self) -> None:
        """Preview the certificates that were given, in the chosen layout."""
        self.desk.go(
            "documents",
            report="completion",
            training=self.training_id,
            layout=self.layout_.currentData(),
        )

    def _refused(self, error: Exception) -> None:
        if isinstance(error, OfficeError):
            self.judge(note("err", error.message))
        else:
            self.desk.complain(error)
