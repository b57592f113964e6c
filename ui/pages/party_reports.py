"""双报到: members who reported to a grid from their unit or their home, and what each did there."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from db.enums import ReportSide, Right
from gridoffice.errors import RuleBroken
from gridoffice.fields import Column, Field, Kind, columns
from gridoffice.party.facts import Span
from gridoffice.party.report_listing import REPORTED, SERVICES
from gridoffice.party.report_rows import ReportRow, ServiceRow
from gridoffice.party.reporting import (
    end_reports,
    remove_services,
    report_row,
    save_report,
    save_service,
    service_row,
    services_of,
)
from gridoffice.values import parse
from ui.pages.drawer_page import Subject
from ui.pages.party_page import EndPanel, PartyPage, put_spans
from ui.pages.party_panels import DayLine, DeedPanel, asked
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.form import Form, facts
from ui.widgets.grid_picker import GridPicker
from ui.widgets.models import Dress
from ui.widgets.parts import Box, Button, Child, Choice, Input, button, column, label, rule
from ui.widgets.person_picker import PersonPicker

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_REPORT = {what.name: what for what in columns(ReportRow)}
_SERVICE = {what.name: what for what in columns(ServiceRow)}


class _AtGrid(DeedPanel):
    """Something of a member at a grid."""

    def __init__(self, desk: MainWindow, title: str, verb: str, place: str):
        super().__init__(desk, title, verb)
        self._place = place
        self.person = PersonPicker(desk, "党员")
        self.grid = GridPicker(desk.runner, desk.find_grids, place)
        if desk.scope_id is not None:
            self.grid.choose(desk.scope_id, desk.scope_name)

    def begin(self) -> None:
        self.person.setFocus()

    def both(self) -> dict[str, Any]:
        """Who and where. Raises `RuleBroken`."""
        if self.person.picked is None:
            raise RuleBroken("党员从下面列出的里选一个。")
        if self.grid.picked is None:
            raise RuleBroken(f"{self._place}从下面列出的里选一个。")
        return {"person_id": self.person.picked, "grid_id": self.grid.picked}


class ReportPanel(_AtGrid):
    """报到: who reports where, from which side."""

    def __init__(self, desk: MainWindow):
        super().__init__(desk, "登记报到", "登记报到", "报到网格")
        self.side = Choice([(one, one.label) for one in (ReportSide.RESIDENCE, ReportSide.UNIT)], "报到类别")
        self.unit = Input("例如：区教育局", name="工作单位")
        self.since = DayLine("报到日期", desk.day)
        self.note = Input("例如：特长、认领的岗位", name="备注")
        self.inside.put_all(
            [
                asked("党员", self.person),
                asked("报到类别", self.side),
                asked("工作单位", self.unit),
                asked("报到网格", self.grid),
                asked("报到日期", self.since),
                asked("备注", self.note),
                None,
            ]
        )

    def deed(self) -> tuple[Any, ...]:
        values = self.both() | {
            "side": ReportSide(self.side.currentData()),
            "unit": self.unit.text().strip() or None,
            "from_day": self.since.day(),
            "note": self.note.text().strip() or None,
        }
        return save_report, None, values


class ServicePanel(_AtGrid):
    """登记服务: what a member did for a grid on a day."""

    def __init__(self, desk: MainWindow):
        super().__init__(desk, "登记服务", "登记服务", "服务网格")
        self.day = DayLine("服务日期", desk.day)
        self.what = Input("例如：陪独居老人看病", name="服务内容")
        self.hours = Input("例如：1.5", name="服务时长")
        self.inside.put_all(
            [
                asked("党员", self.person),
                asked("服务网格", self.grid),
                asked("服务日期", self.day),
                asked("服务内容", self.what),
                asked("服务时长（小时）", self.hours),
                None,
            ]
        )

    def _hours(self) -> Decimal | None:
        found, problems = parse(Field("服务时长", Kind.DECIMAL), self.hours.text())
        if problems:
            raise RuleBroken(problems[0].message)
        return found

    def deed(self) -> tuple[Any, ...]:
        values = self.both() | {
            "day": self.day.needed(),
            "what": self.what.text().strip() or None,
            "hours": self._hours(),
        }
        return save_service, None, values


class PartyReportsPage(PartyPage):
    """The ledger of 双报到."""

    key, words, title = "party-reports", "双报到", "党员双报到台账"
    tabs = ("资料", "服务记录")
    subject = Subject(
        listing=REPORTED,
        read=report_row,
        save=save_report,
        needs=Right.EDIT_PEOPLE,
        tables=frozenset({"party_report", "party_service", "person", "grid"}),
        ledger="party-reports",
        report="party-reports",
        new=("登记报到", "user-plus"),
        empty="这里还没有党员报到。",
        finder="找姓名、拼音、单位、网格",
        widths={"name": 100, "side": 108, "unit": 180, "grid": 200, "from_day": 108, "phone": 120},
    )

    def tools(self) -> Sequence[Child]:
        serve = button("登记服务", "edit", "quiet", on_click=lambda: self._serve(None))
        end = button("结束报到", "user-off", "quiet", on_click=self._end)
        return rule(vertical=True, length=20), self.guarded(serve), self.guarded(end)

    def columns(self) -> Sequence[Column]:
        order = ("name", "side", "unit", "grid", "from_day", "to_day", "phone", "sex", "id_number", "note")
        return [_REPORT[name] for name in order]

    def dress(self) -> dict[str, Dress]:
        return {"side": lambda _, side: Cell(side.label if side is not None else "")}

    def name_of(self, line: ReportRow) -> tuple[str, str, tuple[str, str] | None]:
        over = line.to_day is not None and line.to_day < self.desk.day
        return line.name, line.grid or "", ("mute", "已结束") if over else None

    def fill_tab(self, made: Box, tab: int, line: ReportRow) -> None:
        if tab == 0:
            wanted = ("side", "unit", "grid", "from_day", "to_day", "sex", "phone", "id_number", "note")
            made.put(column(*facts([_REPORT[name] for name in wanted], line), gap=0))
        holder = column(gap=12)
        made.put(holder)

        def told(said: tuple[str | None, tuple[Span, ...]]) -> None:
            missing, services = said
            if tab == 0:
                year = self.desk.day.year
                tone = "warn" if missing else "ok"
                words = f"{year}年的服务还差 {missing}。" if missing else f"{year}年的服务达标了。"
                holder.put(note(tone, words))
            else:
                put_spans(
                    holder,
                    "服务记录",
                    services,
                    "还没有服务记录。",
                    self.desk.day,
                    lambda one: self.desk.go("party-services", show=one.id),
                )

        self.desk.read(holder, services_of, line.person_id, self.desk.day, then=told, topic="services")

    def acts(self, line: ReportRow) -> list[Button]:
        words = f"{line.name}　{line.grid}"
        return [
            button("登记服务", "plus", on_click=lambda: self._serve(line)),
            button("结束", "user-off", tip="结束报到", on_click=lambda: self._end_of([line.id], words)),
        ]

    def form_of(self, line: ReportRow | None) -> tuple[str, str, Form]:
        assert line is not None  # a new one has a panel of its own
        picker = GridPicker(self.desk.runner, self.desk.find_grids, "报到网格")
        picker.choose(line.grid_id, line.grid or "")
        grid = Column("grid_id", _REPORT["grid"].field)
        wanted = [_REPORT[name] for name in ("side", "unit")]
        wanted += [grid, *(_REPORT[name] for name in ("from_day", "to_day", "note"))]
        return line.name, line.grid or "", Form(wanted, line, pickers={"grid_id": picker})

    def _new(self) -> None:
        if self.ready():
            self.put_panel(ReportPanel(self.desk), self.show_new)

    def _serve(self, line: ReportRow | None) -> None:
        if self.ready():
            panel = ServicePanel(self.desk)
            if line is not None:
                panel.person.choose(line.person_id, line.name)
                panel.grid.choose(line.grid_id, line.grid or "")
            self.put_panel(panel)

    def _end(self) -> None:
        ids = self.chosen()
        if not ids:
            self.desk.say("先勾选要结束的报到。", can_undo=False)
        else:
            self._end_of(ids, f"已选 {len(ids)} 人次")

    def _end_of(self, ids: Sequence[int], words: str) -> None:
        if self.ready():
            self.put_panel(EndPanel(self.desk, "结束报到", end_reports, ids, words))


class PartyServicesPage(PartyPage):
    """What members who reported did, day by day."""

    key, words, title = "party-services", "服务记录", "党员服务记录"
    tabs = ()
    subject = Subject(
        listing=SERVICES,
        read=service_row,
        save=save_service,
        needs=Right.EDIT_PEOPLE,
        tables=frozenset({"party_service", "person", "grid"}),
        ledger="party-services",
        report="party-services",
        new=("登记服务", "plus"),
        empty="这里还没有服务记录。",
        finder="找姓名、拼音、服务内容、网格",
        widths={"name": 100, "day": 108, "grid": 200, "what": 280, "hours": 90, "phone": 120},
    )

    def tools(self) -> Sequence[Child]:
        remove = button("删去", "x", "quiet", keys="Del", on_click=self._remove_chosen)
        return rule(vertical=True, length=20), self.guarded(remove)

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        self.commands["leave"] = self._remove_chosen

    def columns(self) -> Sequence[Column]:
        order = ("name", "day", "grid", "what", "hours", "note", "phone", "id_number")
        return [_SERVICE[name] for name in order]

    def name_of(self, line: ServiceRow) -> tuple[str, str, tuple[str, str] | None]:
        day = line.day.isoformat() if line.day is not None else ""
        return line.name, "·".join(part for part in (day, line.grid) if part), None

    def fill_tab(self, made: Box, tab: int, line: ServiceRow) -> None:
        made.put(label(line.what or "", wrap=True))
        wanted = ("day", "grid", "hours", "phone", "id_number", "note")
        made.put(column(*facts([_SERVICE[name] for name in wanted], line), gap=0))

    def acts(self, line: ServiceRow) -> list[Button]:
        return [button("删去", "x", keys="Del", on_click=lambda: self._remove([line.id]))]

    def form_of(self, line: ServiceRow | None) -> tuple[str, str, Form]:
        assert line is not None  # a new one has a panel of its own
        picker = GridPicker(self.desk.runner, self.desk.find_grids, "服务网格")
        picker.choose(line.grid_id, line.grid or "")
        grid = Column("grid_id", _SERVICE["grid"].field)
        wanted = [_SERVICE["day"], grid, *(_SERVICE[name] for name in ("what", "hours", "note"))]
        return line.name, line.grid or "", Form(wanted, line, pickers={"grid_id": picker})

    def _new(self) -> None:
        if self.ready():
            self.put_panel(ServicePanel(self.desk), self.show_new)

    def _remove_chosen(self) -> None:
        ids = self.chosen()
        if ids:
            self._remove(ids)
        else:
            self.desk.say("先勾选要删去的服务记录。", can_undo=False)

    def _remove(self, ids: Sequence[int]) -> None:
        if self.ready():
            self._close()
            self.desk.write(self, remove_services, list(ids), then=lambda _: self.table.model.clear_ticks())
