"""Everything that an official document can say of itself beside its text: its form, its head, who signs, what
stands in its imprint, how its lines and sheets lie. Shared by whoever shows one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from gridoffice.documents.model import Form, chinese_date
from gridoffice.fields import Field, Kind
from gridoffice.papers.numbering import SECRECY, URGENCY
from gridoffice.values import parse
from ui.widgets.parts import Choice, Input, column, label, row, rule

PAUSE = 400
ATTENDANCE = ("出席", "请假", "列席")
TICKS = {
    "sealed": "要盖章，留出位置",
    "compact": "行距紧一点（28.99 磅）",
    "mirrored": "双面装订，背面订口在右边",
    "imprint_on_back": "版记排在最后一张的背面",
    "landscape_sheets": "横表用横放的纸，不转排",
}
"""Fields that are said by a tick, in the order of `Form`'s sentence about them."""
_JOINT, _PERIOD = "、", "★"


def head_words(form: Form, signature: str) -> str:
    """发文机关标志 as the standard has it for a form: with 文件, of several organs 文件 beside their names; the
    name alone on a letter; 纪要 on minutes."""
    if form is Form.LETTER:
        return signature.split("\n")[0]
    if form is Form.MINUTES:
        return f"{signature.split(chr(10))[0]}会议纪要"
    return f"{signature}\n文件" if "\n" in signature else f"{signature}文件"


class PaperOptions(QWidget):
    """`edited` when the document is to be made anew."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._quiet = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.edited)
        self.form = Choice([(one.value, one.label) for one in Form], "格式")
        self.red = QCheckBox("印红头")
        self.preprinted = QCheckBox("套印，红头已在纸上")
        self.head = Input(name="发文机关标志")
        self.head_said = label("发文机关标志", "hint")
        self.ticks = {name: QCheckBox(words) for name, words in TICKS.items()}
        self.attendance = {name: Input("没有就空着", name=name) for name in ATTENDANCE}
        self.attending = column(
            *(part for name, line in self.attendance.items() for part in (label(name, "hint"), line)), gap=4
        )
        self.copy_number = Input("6 位数，没有就空着", name="份号")
        self.secrecy = Choice([("", "不定密"), *((one, one) for one in SECRECY)], "密级")
        self.period = Input("保密期限，如 1年", name="保密期限")
        self.urgency = Choice([("", "平件"), *((one, one) for one in URGENCY)], "紧急程度")
        self.signers = Input("上行文才写，几个人用顿号隔开", name="签发人")
        self.remark = Input("没有就空着", name="附注")
        self.copies = Input("没有就空着", name="抄送")
        self.issued = Input("没有就空着", name="印发机关")
        self.issued_on = Input("和成文日期相同", name="印发日期")
        self.wrong = label("", "error", wrap=True)
        self.wrong.hide()
        self.password = Input("8 个字符以上，不加密就空着", name="打开 PDF 的密码")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(
            column(
                label("格式和红头", "section"),
                self.form,
                row(self.red, self.preprinted, None, gap=8),
                self.head_said,
                self.head,
                self.attending,
                *self.ticks.values(),
                rule(),
                label("份号、密级、签发和版记", "section"),
                *_named("份号", self.copy_number),
                row(self.secrecy, (self.period, 1), gap=8),
                self.urgency,
                *_named("签发人", self.signers),
                *_named("附注", self.remark),
                *_named("抄送", self.copies),
                row((column(*_named("印发机关", self.issued), gap=4), 1), gap=8),
                row((column(*_named("印发日期", self.issued_on), gap=4), 1), gap=8),
                self.wrong,
                *_named("打开 PDF 的密码", self.password),
                gap=6,
            )
        )
        for line in self.findChildren(Input):
            if line is not self.password:
                line.textEdited.connect(lambda _: None if self._quiet else self._pause.start())
        for tick in self.findChildren(QCheckBox):
            tick.clicked.connect(lambda _: self._changed())
        for choice in (self.form, self.secrecy, self.urgency):
            choice.activated.connect(lambda _: self._changed())
        self._arrange()

    def _changed(self) -> None:
        self._arrange()
        self.edited.emit()

    def _arrange(self) -> None:
        """Only what this form has is asked for."""
        minutes = self.form.currentData() == Form.MINUTES.value
        headed = self.red.isChecked() or self.preprinted.isChecked()
        self.head.setVisible(headed)
        self.head_said.setVisible(headed)
        self.attending.setVisible(minutes)
        self.period.setVisible(bool(self.secrecy.currentData()))

    def show_said(self, said: Mapping[str, Any], signature: str) -> None:
        """Fill everything from the fields of a document as a draft keeps them; `signature` is who signs where
        the draft says nothing, one organ a line."""
        self._quiet = True
        form = Form(said.get("form", Form.COMMON.value))
        self.form.setCurrentIndex(self.form.findData(form.value))
        head = said.get("red_head", "")
        self.red.setChecked(bool(head) and not said.get("preprinted"))
        self.preprinted.setChecked(bool(said.get("preprinted")))
        usual = head_words(form, said.get("signature") or signature)
        self.head.setText("" if head == usual else head.replace("\n", _JOINT))
        for name, tick in self.ticks.items():
            tick.setChecked(bool(said.get(name)))
        came = dict(map(tuple, said.get("attendance", ())))
        for name, line in self.attendance.items():
            line.setText(came.get(name, ""))
        secrecy, _, period = said.get("secrecy", "").partition(_PERIOD)
        self.secrecy.setCurrentIndex(max(0, self.secrecy.findData(secrecy)))
        self.period.setText(period)
        self.urgency.setCurrentIndex(max(0, self.urgency.findData(said.get("urgency", ""))))
        self.signers.setText(_JOINT.join(said.get("signers", ())))
        for name, line in self._lines.items():
            line.setText(said.get(name, ""))
        issued_on = said.get("issued_on")
        self.issued_on.setText(chinese_date(date.fromisoformat(issued_on)) if issued_on else "")
        for line in self.findChildren(Input):
            line.setCursorPosition(0)
        self._quiet = False
        self._arrange()
        self.propose(signature)

    @property
    def _lines(self) -> Mapping[str, Input]:
        """Fields that are one line as it is written."""
        return {
            "copy_number": self.copy_number,
            "remark": self.remark,
            "copies_to": self.copies,
            "issued_by": self.issued,
        }

    def password_given(self) -> str:
        """What a saved PDF opens with; empty when it is not locked. It is kept nowhere."""
        return self.password.text().strip()

    def propose(self, signature: str) -> None:
        """Show which mark would be printed as long as none is written."""
        form = Form(self.form.currentData())
        self.head.setPlaceholderText(head_words(form, signature).replace("\n", _JOINT))

    def values(self, signature: str) -> dict[str, Any]:
        """The fields of a document that is signed so (one organ a line); what is not said is empty."""
        form = Form(self.form.currentData())
        self.propose(signature)
        head = self.head.text().strip().replace(_JOINT, "\n") or head_words(form, signature)
        headed = self.red.isChecked() or self.preprinted.isChecked()
        secrecy, period = self.secrecy.currentData(), self.period.text().strip().lstrip(_PERIOD)
        came = [(name, line.text().strip()) for name, line in self.attendance.items()]
        names = self.signers.text().replace("，", _JOINT).split(_JOINT)
        return {
            "form": form if form is not Form.COMMON else None,
            "red_head": head if headed else "",
            "preprinted": self.preprinted.isChecked(),
            **{name: tick.isChecked() for name, tick in self.ticks.items()},
            **{name: line.text().strip() for name, line in self._lines.items()},
            "attendance": tuple(one for one in came if one[1]) if form is Form.MINUTES else (),
            "secrecy": f"{secrecy}{_PERIOD}{period}" if secrecy and period else secrecy,
            "urgency": self.urgency.currentData(),
            "signers": tuple(name.strip() for name in names if name.strip()),
            "issued_on": self._issued_on(),
        }

    def _issued_on(self) -> date | None:
        text = self.issued_on.text().strip()
        value, problems = parse(Field("印发日期", Kind.DATE), text) if text else (None, [])
        self.wrong.setText(problems[0].message if problems else "")
        self.wrong.setVisible(bool(problems))
        return value if isinstance(value, date) else None


def _named(name: str, part: QWidget) -> tuple[QWidget, QWidget]:
    return label(name, "hint"), part
