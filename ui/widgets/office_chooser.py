"""Which office to open: a file of this computer, or a shared one whose way is tried step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLineEdit, QRadioButton, QWidget

from gridoffice import connection, passwords
from gridoffice.connection import STEPS, Address, Tls, Tried, checked
from gridoffice.errors import OfficeError, Problem, RuleBroken
from gridoffice.progress import Step
from ui import dialogs
from ui.tasks import TaskRunner
from ui.widgets.badges import note
from ui.widgets.parts import (
    Box,
    Choice,
    Input,
    Picture,
    button,
    card,
    column,
    label,
    restyle,
    row,
    size,
)

FILES = "网格办资料库 (*.db);;所有文件 (*)"
NAME_WIDTH = 84


class Line(Box):
    """One thing to fill in, with what is wrong with it below."""

    def __init__(self, name: str, field: QWidget, *after: QWidget, hint: str = ""):
        caption = label(name, "hint")
        size(caption, NAME_WIDTH)
        self.name, self.field = name, field
        self.problem = label("", "error", wrap=True)
        self.problem.hide()
        field.setAccessibleName(name)
        below = [label(hint, "small", wrap=True)] if hint else []
        indented = column(*below, self.problem, gap=0, margins=(NAME_WIDTH + 8, 0, 0, 0))
        inside = row(caption, (field, 1), *after, gap=8)
        super().__init__([inside, indented], True, 2, (0, 0, 0, 0), "", None, None)

    def complain(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        restyle(self.field, wrong="true" if words else "false")


class StepLine(Box):
    """One step of a trial: a sign, its name, what was found."""

    def __init__(self, name: str):
        self._sign = Picture("minus", "text3", 18)
        self._words = label("", "fact", wrap=True)
        caption = label(name, "strong")
        size(caption, 72)
        super().__init__([self._sign, caption, (self._words, 1)], False, 8, (0, 4, 0, 4), "", None, None)
        self.name = name

    def wait(self) -> None:
        self._sign.change("minus", "text3")
        self._words.setText("还没试")

    def begin(self) -> None:
        self._sign.change("clock", "accent_text")
        self._words.setText("正在试……")

    def say(self, found: Tried) -> None:
        self._sign.change("circle-check" if found.ok else "circle-x", "ok" if found.ok else "err")
        self._words.setText(found.words)

    def said(self) -> str:
        return self._words.whole()


def _remembered(address: Address) -> tuple[str, str]:
    kept_by = passwords.kept_by()
    known = passwords.recall(address.url()) if kept_by and address.host and address.user else None
    return kept_by, known or ""


class OfficeChooser(Box):
    """`chosen` hands over what opens the office: a path, or an address with its password in memory only."""

    chosen = Signal(str)

    def __init__(self, runner: TaskRunner, now: str, say: str = "换到这个资料库"):
        self._runner = runner
        self._then: Callable[[Address, str | None], None] | None = None
        shared = Address.of(now)
        self._local, self._remote = QRadioButton("本机的文件"), QRadioButton("共享资料库（服务器）")
        kinds = QButtonGroup()
        kinds.addButton(self._local)
        kinds.addButton(self._remote)
        self.file = Input(name="资料库文件")
        self.file.setText("" if shared else now)
        self._file_line = Line(
            "资料库文件", self.file, button("选文件", "folder-open", on_click=self._pick_file)
        )
        self._file_part = column(
            self._file_line,
            label("只有这一台电脑用。不能放在共享文件夹或网络盘上，那样会损坏。", "hint", wrap=True),
            row(button("打开这个文件", "folder-open", "primary", on_click=self.open_file), None),
            gap=8,
        )
        self._make_fields()
        self.test_button = button("测试连接", "refresh", on_click=lambda: self.test(None))
        self.open_button = button(say, "check", "primary", keys="Ctrl+S", on_click=self.open_shared)
        self.verdict = column(gap=6)
        self._server_part = column(
            *self.lines.values(),
            self.keeping,
            row(self.open_button, self.test_button, None),
            self.verdict,
            gap=8,
        )
        self.steps = [StepLine(name) for name in STEPS]
        left = card(
            label("打开哪个资料库", "section"),
            row(self._local, self._remote, None, gap=20),
            4,
            self._file_part,
            self._server_part,
            gap=8,
        )
        self._trial = column(card(label("一步步试", "section"), *self.steps, gap=2), None)
        super().__init__([(column(left, None), 1), (self._trial, 1)], False, 12, (0, 0, 0, 0), "", None, None)
        kinds.setParent(self)
        self._local.toggled.connect(lambda _: self._show_kind())
        (self._remote if shared else self._local).setChecked(True)
        self._fill(shared or connection.remembered() or Address(""))
        self._show_tls()
        self._show_kind()

    def _make_fields(self) -> None:
        self.host, self.port, self.database, self.user, self.ca = (Input() for _ in range(5))
        self.password = Input()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.tls = Choice([(one, one.label) for one in Tls])
        self.tls.currentIndexChanged.connect(lambda _: self._show_tls())
        self._tls_means = label("", "small", wrap=True)
        self.ca.setPlaceholderText("空着就用这台电脑认得的")
        self.keep = QCheckBox()
        self._without = label(
            "这台电脑没有能用的系统钥匙串，密码不会存下来，每次打开都要写。", "hint", wrap=True
        )
        for one in (self.keep, self._without):
            one.hide()
        self.keeping = column(
            self.keep, self._without, self._tls_means, gap=6, margins=(NAME_WIDTH + 8, 0, 0, 0)
        )
        lines = (
            Line("主机", self.host, hint="服务器的名字或 IP，向管理员要。"),
            Line("端口", self.port),
            Line("资料库名", self.database),
            Line("账号", self.user),
            Line("密码", self.password),
            Line("加密", self.tls),
            Line("证书文件", self.ca, button("选文件", "folder-open", on_click=self._pick_ca)),
        )
        self.lines = {line.name: line for line in lines}

    def _fill(self, address: Address) -> None:
        self.host.setText(address.host)
        self.port.setText(str(address.port))
        self.database.setText(address.database)
        self.user.setText(address.user)
        self.ca.setText(address.ca)
        self.tls.setCurrentIndex(list(Tls).index(address.tls))
        # the system's keyring takes its time to answer, and to be found at all
        self._runner.ask(self, _remembered, address, on_done=self._show_keeping, topic="keyring")

    def _show_keeping(self, found: tuple[str, str]) -> None:
        """Who would remember the password, and the one that is remembered."""
        kept_by, known = found
        self.keep.setText(f"记住密码（存在{kept_by}里）")
        self.keep.setChecked(bool(kept_by))
        self.keep.setVisible(bool(kept_by))
        self._without.setVisible(not kept_by)
        if not self.password.text():
            self.password.setText(known)

    def _show_kind(self) -> None:
        shared = self._remote.isChecked()
        self._file_part.setVisible(not shared)
        self._server_part.setVisible(shared)
        self._trial.setVisible(shared)
        for step in self.steps:
            step.wait()

    def _show_tls(self) -> None:
        tls: Tls = self.tls.currentData()
        self._tls_means.setText(f"{self.tls.currentText()}：{tls.meaning}")
        self.lines["证书文件"].setVisible(tls.verifies)

    def _pick_file(self) -> None:
        file = dialogs.open_file(self, "选资料库文件", Path(self.file.text() or Path.home()), FILES)
        if file is not None:
            self.file.setText(str(file))

    def _pick_ca(self) -> None:
        file = dialogs.open_file(self, "选证书文件", Path.home(), "证书 (*.pem *.crt *.cer);;所有文件 (*)")
        if file is not None:
            self.ca.setText(str(file))

    # what was filled in

    def address(self) -> Address | None:
        """The address that was typed; None when something is wrong, which is then said."""
        self._complain(())
        try:
            return checked(
                self.host.text(),
                self.port.text(),
                self.database.text(),
                self.user.text(),
                self.tls.currentData(),
                self.ca.text() if self.tls.currentData().verifies else "",
            )
        except RuleBroken as error:
            self._complain(error.problems)
            return None

    def _complain(self, problems: Sequence[Problem]) -> None:
        for line in self.lines.values():
            line.complain(next((one.message for one in problems if one.field == line.name), ""))
        first = next((line for line in self.lines.values() if line.problem.text()), None)
        if first is not None:
            first.field.setFocus()

    def whole(self, address: Address) -> str:
        """What opens the office now, password and all: never written down."""
        return address.url().set(password=self.password.text() or None).render_as_string(hide_password=False)

    # doing

    def open_file(self) -> None:
        file = Path(self.file.text().strip()) if self.file.text().strip() else None
        words = "没写资料库文件。" if file is None else "" if file.is_file() else f"没有找到“{file}”。"
        self._file_line.complain(words)
        if file is not None and not words:
            self.chosen.emit(str(file))

    def test(self, then: Callable[[Address, str | None], None] | None) -> None:
        """Try the way step by step; `then` is called when all is well."""
        address = self.address()
        if address is None:
            return
        self._then = then
        self.verdict.clear()
        for step in self.steps:
            step.wait()
        self.steps[0].begin()
        self._busy(True)
        password = self.password.text() or None

        def done(found: tuple[Tried, ...]) -> None:
            self._busy(False)
            for step in self.steps:
                step.wait()
            for step, one in zip(self.steps, found, strict=False):
                step.say(one)
            if not found[-1].ok:
                self.verdict.put(note("err", f"停在“{found[-1].name}”这一步，右边写着怎么办。"))
            elif self._then is not None:
                self._then(address, password)
            else:
                self.verdict.put(note("ok", "每一步都好，可以用。"))

        self._runner.run(
            "gridoffice.connection:try_out",
            {"address": address, "password": password},
            done,
            self._failed,
            self._progressed,
            asker=self,
        )

    def _progressed(self, step: Step) -> None:
        for place, line in enumerate(self.steps):
            if place == step.done:
                line.begin()

    def _failed(self, error: Exception) -> None:
        self._busy(False)
        words = error.message if isinstance(error, OfficeError) else "测试没有做完，再试一次。"
        self.verdict.put(note("err", words))

    def _busy(self, busy: bool) -> None:
        for made in (self.test_button, self.open_button):
            made.setEnabled(not busy)
            made.setToolTip("正在测试" if busy else "")

    def open_shared(self) -> None:
        """Open the shared office, if every step to it is well; remember it and, where wished, the password."""

        def well(address: Address, password: str | None) -> None:
            self.remember(address, password)
            self.chosen.emit(self.whole(address))

        self.test(well)

    def remember(self, address: Address, password: str | None) -> None:
        connection.remember(address)
        if password and self.keep.isChecked() and self.keep.isVisibleTo(self):
            passwords.keep(address.url(), password)
        elif not self.keep.isChecked():
            passwords.forget(address.url())

    @property
    def shared(self) -> bool:
        """A shared office is what is being filled in."""
        return self._remote.isChecked()
