"""发文登记: every number that went out, the next one, and what is said of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from db.enums import Right
from gridoffice.fields import Column
from gridoffice.papers.numbering import KINDS, SECRECY, URGENCY, number_in
from gridoffice.papers.register import NUMBERS, known_series, next_of, number_row, remove_number, save_number
from gridoffice.papers.rows import NumberRow
from ui.pages.drawer_page import DrawerPage, Subject
from ui.widgets.cells import Cell
from ui.widgets.form import Form, facts
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, button, column, row

SHOWN_FIRST = ("number", "title", "kind", "day", "signer", "void")


class PaperNumbersPage(DrawerPage):
    """The register of numbers."""

    key, words, icon, title = "paper-numbers", "发文登记", "list-details", "发文登记簿"
    reached_from = "documents"
    scoped = False
    tabs = ()
    ticks = False
    subject = Subject(
        listing=NUMBERS,
        read=number_row,
        save=save_number,
        needs=Right.EDIT_PEOPLE,
        tables=frozenset({"paper_number", "draft"}),
        ledger="paper-numbers",
        report="paper-numbers",
        new=("登记一个号", "plus"),
        empty="还没有登记过发文字号。",
        finder="找字号、标题、主送",
        widths={
            "number": 180,
            "title": 360,
            "kind": 72,
            "day": 112,
            "signer": 92,
            "void": 64,
            "recipients": 200,
            "secrecy": 72,
            "urgency": 80,
            "drafter": 92,
            "copies": 80,
            "note": 160,
        },
    )

    def columns(self) -> Sequence[Column]:
        by_name = {what.name: what for what in NUMBERS.columns}
        rest = [what for what in NUMBERS.columns if what.name not in SHOWN_FIRST]
        return [*(by_name[name] for name in SHOWN_FIRST), *rest]

    def dress(self) -> dict[str, Dress]:
        return {
            "number": lambda line, text: Cell(text, weight=500, tone="text3" if line.void else "text"),
            "title": lambda line, text: Cell(text, tone="text3" if line.void else "text"),
        }

    def counted(self, count: int) -> None:
        narrowed = self.table.ask.filters or self.table.ask.search
        self.head_facts.setText(f"{'筛出' if narrowed else '共'} {count} 个字号")
        self.show_facts([f"登记 {count} 个字号"])

    # the drawer

    def name_of(self, line: NumberRow) -> tuple[str, str, tuple[str, str] | None]:
        return line.number, line.title, ("warn", "作废") if line.void else None

    def fill_tab(self, made: Box, tab: int, line: NumberRow) -> None:
        wanted = [what for what in NUMBERS.columns if what.name not in ("number", "void")]
        made.put(column(*facts(wanted, line), gap=0))
        if line.draft_id is not None:
            number = line.draft_id
            made.put(
                row(
                    button(
                        "看这份公文",
                        "file-text",
                        "link",
                        on_click=lambda: self.desk.go("writing", draft=number),
                    ),
                    None,
                )
            )

    def acts(self, line: NumberRow) -> list[Button]:
        words = "恢复" if line.void else "作废"
        return [
            button(words, "x", on_click=lambda: self._void(line)),
            button("删去", kind="quiet", on_click=lambda: self._remove(line)),
        ]

    def _void(self, line: NumberRow) -> None:
        if self.desk.may_change():
            self.desk.write(self, save_number, line.id, {"void": not line.void}, line)

    def _remove(self, line: NumberRow) -> None:
        if self.desk.may_change():
            self.desk.write(self, remove_number, line.id, then=lambda _: self._close())

    def form_of(self, line: Any | None) -> tuple[str, str, Form]:
        hints = {"secrecy": SECRECY, "urgency": URGENCY}
        form = Form(NUMBERS.columns, line, hints=hints, offers={"kind": KINDS})
        if line is None:
            self._propose_number(form)
            return "登记一个号", "号要接着上一个", form
        form.fields["number"].input.setEnabled(False)
        return line.number, "字号不能改", form

    def _propose_number(self, form: Form) -> None:
        """The next number of the series that was used last stands there already."""

        def asked(session: Any) -> str:
            series = known_series(session)
            return str(next_of(session, series[0], self.desk.day.year)) if series else ""

        form.fields["day"].input.setText(self.desk.day.isoformat())  # type: ignore[attr-defined]

        def proposed(number: str) -> None:
            if self._editing is form and number_in(form.fields["number"].text()) is None:
                form.fields["number"].input.setText(number)  # type: ignore[attr-defined]

        self.desk.read(self, asked, then=proposed, topic="next number")
