"""证书: who holds which certificate until when, with its renewals; one or several renewed together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from db.enums import Right
from gridoffice.fields import Column
from gridoffice.listing import Filter
from gridoffice.people import rows as person
from gridoffice.people.attachments import Owner
from gridoffice.qualifications.ledger import offers
from gridoffice.qualifications.listing import CERTIFICATES, tally
from gridoffice.qualifications.rows import CertificateRow
from gridoffice.qualifications.rules import STAGES, Validity
from gridoffice.qualifications.service import (
    certificate_row,
    history,
    remove_certificate,
    renew_certificates,
    save_certificate,
)
from ui.pages.certificate_renewal import RenewalPanel
from ui.pages.drawer_page import DrawerPage, Subject
from ui.theme import look
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.form import Form, facts
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, button, column, label, row, rule
from ui.widgets.person_picker import PersonPicker
from ui.widgets.scans import Scans

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SHOWN = (
    "name",
    "certificate",
    "level",
    "validity",
    "expires",
    "grid",
    "number",
    "issuer",
    "issued",
    "id_number",
)
NARROW = ("name", "certificate", "validity", "expires", "level", "grid")
"""In a narrow window what alarms stands before what only tells."""
IN_FORM = ("certificate", "level", "number", "issuer", "issued", "expires")
SIGNS = {
    Validity.EXPIRED: "err",
    Validity.DAYS_7: "warn",
    Validity.DAYS_30: "clock",
    Validity.DAYS_60: "clock",
    Validity.DAYS_90: "clock",
}
"""The badge of a standing that needs attention."""
TONES = {Validity.EXPIRED: ("err", "circle-x"), Validity.DAYS_7: ("warn", "alert-triangle")}


def standing(_: CertificateRow, found: Validity) -> Cell:
    """A badge once it needs attention; else plain words."""
    badge = SIGNS.get(found, "")
    return Cell(found.label, badge=badge) if badge else Cell(found.label, tone="text2")


class CertificatesPage(DrawerPage):
    """The ledger of certificates."""

    key, words, icon, title = "certificates", "证书", "certificate", "持证台账"
    reached_from = "workers"
    tabs = ("资料", "续证经过")
    subject = Subject(
        listing=CERTIFICATES,
        read=certificate_row,
        save=save_certificate,
        needs=Right.EDIT_PEOPLE,
        tables=frozenset({"certificate", "person", "post", "grid"}),
        ledger="qualifications",
        report="qualifications",
        new=("新增证书", "plus"),
        empty="这里还没有证书。",
        finder="找姓名、拼音、证书、编号",
        widths={
            "name": 100,
            "certificate": 200,
            "level": 120,
            "validity": 128,
            "expires": 108,
            "grid": 200,
            "number": 176,
            "issuer": 176,
            "issued": 108,
            "id_number": 168,
        },
    )

    def __init__(self, desk: MainWindow):
        self._renew_button = button(
            "续证", "refresh", "quiet", tip="给勾选的证书一起续证", on_click=self._renew
        )
        super().__init__(desk)
        self._offers: Mapping[str, Sequence[str]] = {}
        self._renewal: RenewalPanel | None = None
        self.commands["leave"] = self._remove_shown

    def tools(self) -> Sequence[Child]:
        return rule(vertical=True, length=20), self.guarded(self._renew_button)

    def columns(self) -> Sequence[Column]:
        by_name = {what.name: what for what in CERTIFICATES.columns}
        return [by_name[name] for name in SHOWN]

    def dress(self) -> dict[str, Dress]:
        return {
            "validity": standing,
            "certificate": lambda _, text: Cell(text),
            "grid": lambda _, text: Cell(text, tone="text2"),
            "number": lambda _, text: Cell(text or "", tone="text2"),
            "issuer": lambda _, text: Cell(text or "", tone="text2"),
        }

    # the list

    def scope_changed(self) -> None:
        if self.desk.page is self:
            self.desk.read(self, tally, self.desk.scope_id, self.desk.day, then=self._suggest, topic="tally")
            self.desk.read(self, offers, then=self._offer, topic="offers")
            self._order_columns()
        super().scope_changed()

    def _offer(self, found: Mapping[str, Sequence[str]]) -> None:
        self._offers = found

    def _suggest(self, counts: Mapping[Validity, int]) -> None:
        """Every standing there is with its count, the most urgent first; 30 days holds the 7 as well."""
        stages = list(STAGES.values())
        wanted = [
            (Validity.EXPIRED,),
            *(tuple(stages[: place + 1]) for place, stage in enumerate(stages) if counts.get(stage)),
            (Validity.VALID,),
            (Validity.FOREVER,),
        ]
        chips: list[tuple[str, Any]] = []
        for some in wanted:
            count = sum(counts.get(one, 0) for one in some)
            if count:
                words = f"{some[-1].label} {count}"
                chips.append((words, lambda some=some: self.table.filter_by("validity", some)))
        self.filters.suggest(chips)

    def _order_columns(self) -> None:
        narrow = self.desk.width() < look.px(1366)
        first = NARROW if narrow else SHOWN
        self.kept.propose([*first, *(name for name in SHOWN if name not in first)])

    def arrive(self, where: Mapping[str, Any]) -> None:
        """`ending`: those that have ended or end soon."""
        if where.get("ending"):
            told = Filter("validity", tuple(SIGNS))
            self.table.show_what(filters=(told,), search=where.get("search", ""))
        else:
            super().arrive(where)

    # the drawer

    def name_of(self, line: CertificateRow) -> tuple[str, str, tuple[str, str] | None]:
        badge = SIGNS.get(line.validity)
        below = "·".join(part for part in (line.certificate, line.level) if part)
        return line.name, below, (badge or "ok", line.validity.label)

    def fill_tab(self, made: Box, tab: int, line: CertificateRow) -> None:
        if self.tabs[tab] == "资料":
            self._put_facts(made, line)
        else:
            self._put_history(made, line)

    def _put_facts(self, made: Box, line: CertificateRow) -> None:
        if line.validity in SIGNS and line.expires is not None:
            made.put(note(*self._warning(line.expires, line.validity)))
        by_name = {what.name: what for what in CERTIFICATES.columns}
        made.put(column(*facts([by_name[name] for name in IN_FORM], line), gap=0))
        made.put(Scans(self.desk, Owner(certificate=line.id)))
        made.put(rule())
        made.put(column(*facts([by_name[name] for name in ("id_number", "grid")], line), gap=0))
        whose = button("看这个人", "user", "link", on_click=lambda: self._go(line))
        made.put(row(whose, None))

    def _go(self, line: CertificateRow) -> None:
        self.desk.go("people", show=line.person_id)

    def _warning(self, expires: date, found: Validity) -> tuple[str, str, str]:
        left = (expires - self.desk.day).days
        tone, icon = TONES.get(found, ("warn", "clock"))
        day = f"{expires.month}月{expires.day}日"
        if left < 0:
            return tone, f"{expires.year}年{day}已过期，过了 {-left} 天。续证后登记新证。", icon
        rest = f"还有 {left} 天" if left else "就是今天"
        return tone, f"{day}到期，{rest}。", icon

    def _put_history(self, made: Box, line: CertificateRow) -> None:
        made.put(label("从新到旧", "hint"))
        holder = column(gap=12)
        made.put(holder)

        def arrived(found: Sequence[CertificateRow]) -> None:
            by_name = {what.name: what for what in CERTIFICATES.columns}
            for place, one in enumerate(found):
                title = "现在的" if place == 0 else f"前 {place} 本"
                wanted = [by_name[name] for name in ("number", "issuer", "issued", "expires")]
                holder.put(column(label(title, "strong"), *facts(wanted, one, hide_empty=True), gap=0))
            if len(found) == 1:
                holder.put(label("还没有续过。", "hint"))

        self.desk.read(made, history, line.id, then=arrived, topic="history")

    def acts(self, line: CertificateRow) -> list[Button]:
        return [
            button("续证", "refresh", on_click=lambda: self._renewal_of([line.id], line)),
            button("删去", "x", keys="Del", on_click=lambda: self._remove(line.id)),
        ]

    def form_of(self, line: CertificateRow | None) -> tuple[str, str, Form]:
        by_name = {what.name: what for what in CERTIFICATES.columns}
        wanted = [by_name[name] for name in IN_FORM]
        if line is not None:
            return line.name, line.certificate, Form(wanted, line, offers=self._offers)
        picker = PersonPicker(self.desk)
        whose = Column("person_id", person.NAME)
        form = Form([whose, *wanted], None, pickers={whose.name: picker}, offers=self._offers)
        return "新增证书", self.desk.scope_name, form

    # renewing, removing

    def _renew(self) -> None:
        """What is ticked, else what is in the drawer."""
        ids = list(self.table.chosen_ids()) or ([self._shown] if self._shown is not None else [])
        if ids:
            self._renewal_of(ids)
        else:
            self.desk.say("先勾选要续的证书。", can_undo=False)

    def _renewal_of(self, ids: Sequence[int], line: CertificateRow | None = None) -> None:
        if not self.may_edit or not self.desk.may_change():
            return
        self._editing = None
        self._renewal = RenewalPanel(len(ids), line)
        self._renewal.closed.connect(self._close)
        self._renewal.wanted.connect(
            lambda issued, expires: self.desk.write(
                self,
                renew_certificates,
                list(ids),
                issued,
                expires,
                then=self._renewed,
                wrong=self._not_renewed,
            )
        )
        self.set_side(self._renewal)
        self._renewal.begin()

    def _renewed(self, done: Any) -> None:
        self._drop_renewal()
        self.table.model.clear_ticks()
        if len(done.result) == 1:
            self._open(done.result[0])

    def _not_renewed(self, error: Exception) -> None:
        if self._renewal is None or not self._renewal.complain(error):
            self.desk.complain(error)

    def _drop_renewal(self) -> None:
        panel, self._renewal = self._renewal, None
        if panel is not None:
            self.table.setFocus()  # before what has the keyboard goes away
            self.set_side(None)
            panel.deleteLater()

    def _remove_shown(self) -> None:
        if self._shown is not None and self._editing is None:
            self._remove(self._shown)

    def _remove(self, number: int) -> None:
        if self.may_edit and self.desk.may_change():
            self._close()
            self.desk.write(self, remove_certificate, number)

    def _save(self) -> None:
        if self._renewal is not None:
            self._renewal.take()
        else:
            super()._save()

    def _close(self) -> None:
        if self._renewal is None:
            super()._close()
            return
        self._drop_renewal()
        if self._shown is not None:
            self._open(self._shown)
