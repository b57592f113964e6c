"""资源: what the grids below the scope can call on, and one of them in the drawer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from db.enums import ResourceKind, Right
from gridoffice.fields import Column
from gridoffice.registers.listing import RESOURCES
from gridoffice.registers.rows import ResourceRow
from gridoffice.registers.service import remove_resources, resource_row, save_resource
from ui.pages.drawer_page import DrawerPage, Subject
from ui.widgets.cells import Cell
from ui.widgets.form import Form, facts
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, button, column, label, row, rule

SHOWN_FIRST = ("name", "kind", "grid", "contact", "phone", "quantity")


class ResourcesPage(DrawerPage):
    """The list of resources."""

    key, words, icon, title = "resources", "资源", "list-details", "资源清单"
    reached_from = "grids"
    tabs = ()
    subject = Subject(
        listing=RESOURCES,
        read=resource_row,
        save=save_resource,
        needs=Right.EDIT_GRIDS,
        place="grid",
        tables=frozenset({"resource", "grid"}),
        ledger="resources",
        report="resources",
        new=("新增资源", "plus"),
        empty="这里还没有登记资源。",
        finder="找名称、联系人、地址",
        widths={
            "name": 200,
            "kind": 108,
            "grid": 200,
            "contact": 96,
            "phone": 132,
            "quantity": 92,
            "address": 200,
            "from_day": 112,
            "to_day": 112,
            "note": 220,
        },
    )

    def columns(self) -> Sequence[Column]:
        by_name = {what.name: what for what in RESOURCES.columns}
        rest = [what for what in RESOURCES.columns if what.name not in SHOWN_FIRST]
        return [*(by_name[name] for name in SHOWN_FIRST), *rest]

    def dress(self) -> dict[str, Dress]:
        return {
            "name": lambda _, text: Cell(text, weight=500),
            "grid": lambda _, text: Cell(text, tone="text2"),
            "address": lambda _, text: Cell(text or "", tone="text2"),
        }

    def scope_changed(self) -> None:
        super().scope_changed()
        if self.desk.page is self:
            self.filters.suggest(
                [
                    (kind.label, lambda kind=kind: self.table.filter_by("kind", (kind,)))
                    for kind in (ResourceKind.PLACE, ResourceKind.TEAM, ResourceKind.SUPPLIES)
                ]
            )

    # the drawer

    def name_of(self, line: ResourceRow) -> tuple[str, str, None]:
        return line.name, f"{line.kind.label if line.kind else ''}·{line.grid}", None

    def fill_tab(self, made: Box, tab: int, line: ResourceRow) -> None:
        wanted = [what for what in RESOURCES.columns if what.name not in ("name", "note")]
        made.put(column(*facts(wanted, line), gap=0))
        if line.note:
            made.put(rule())
            made.put(label("备注", "strong"))
            made.put(label(line.note, wrap=True))
        to_grid = button("看这个网格", "sitemap", "link", on_click=lambda: self._go(line))
        made.put(row(to_grid, None))

    def _go(self, line: ResourceRow) -> None:
        self.desk.go("grids", show=line.grid_id)

    def acts(self, line: ResourceRow) -> list[Button]:
        return [button("删去", "x", on_click=lambda: self._remove(line.id))]

    def _remove(self, number: int) -> None:
        if self.desk.may_change():
            self._close()
            self.desk.write(self, remove_resources, [number])

    def form_of(self, line: Any | None) -> tuple[str, str, Form]:
        form = Form(RESOURCES.columns, line)
        if line is None:
            form.fields["grid"].input.setText(self.desk.scope_name)  # type: ignore[attr-defined]
            return "新增资源", "", form
        return line.name, line.grid, form
