"""续证: one issue date and one last day for a certificate, or for several together."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal

from gridoffice.errors import OfficeError, RuleBroken
from gridoffice.fields import columns
from gridoffice.qualifications.rows import CertificateRow
from gridoffice.qualifications.rules import renewed_until
from ui.widgets.badges import note
from ui.widgets.form import Form
from ui.widgets.parts import Input, button, label
from ui.widgets.side_panel import SidePanel

DAYS = ("issued", "expires")


class RenewalPanel(SidePanel):
    """`wanted` hands over the new certificate's first day and its last (None: valid for ever). Of one
    certificate (`line`) the last day is proposed: as many years as the one before."""

    wanted = Signal(object, object)

    def __init__(self, count: int, line: CertificateRow | None = None):
        super().__init__("续证")
        self._line = line
        by_name = {what.name: what for what in columns(CertificateRow)}
        self.form = Form([by_name[name] for name in DAYS], None)
        if line is not None:
            self.inside.put(label(f"{line.name}·{line.certificate}", "strong", wrap=True))
            words = f"现在这本 {line.issued or '没写发证日期'} 发，{line.expires or '长期有效'}。"
        else:
            words = f"给勾选的 {count} 本证书登记新证，用同一个发证日期。"
        self.inside.put(label(words, "hint", wrap=True))
        self.inside.put(self.form)
        self.inside.put(label("旧证留着，编号、等级、发证机关照旧，换了的续完再改。", "hint", wrap=True))
        self.inside.put(None)
        self.form.watch("issued", self._propose)
        self.act(
            button(f"续 {count} 本", "check", "primary", keys="Ctrl+S", on_click=self.take),
            button("取消", on_click=self.closed.emit),
        )

    def begin(self) -> None:
        self.form.first().setFocus()

    def _propose(self) -> None:
        """The last day follows the first, as long as the clerk has not written one."""
        again, expires = self.form.fields["issued"].take()[0], self.form.fields["expires"].input
        if self._line is None or not isinstance(again, date) or not isinstance(expires, Input):
            return
        until = renewed_until(self._line.issued, self._line.expires, again)
        if until is not None and not expires.isModified():
            expires.setText(until.isoformat())

    def take(self) -> None:
        """Say what is missing, else hand the days over."""
        said = self.form.take()
        if said is not None:
            self.judge()
            self.wanted.emit(said.get("issued"), said.get("expires"))

    def complain(self, error: Exception) -> bool:
        """Say what the office refused; False when that is not for the clerk."""
        if not isinstance(error, OfficeError):
            return False
        if isinstance(error, RuleBroken):
            self.form.complain(error.problems)
        self.judge(note("err", error.message))
        return True
