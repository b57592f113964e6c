"""From a total down to the records behind it: the drawer names the trainings that a value was drawn from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLabel
from sqlalchemy.orm import Session

from db.enums import Presence, Right, TrainingState
from db.tables import Attendance, Training
from gridoffice.assessment.month import month_record, months, sheet_rows
from gridoffice.assessment.pulling import pull
from gridoffice.assessment.schemes import save_scheme
from gridoffice.assessment.service import compute, open_month
from gridoffice.scoring.notation import dump
from gridoffice.scoring.policies import Origin
from gridoffice.scoring.scheme import Grade, Indicator, Scheme
from gridoffice.scoring.shapes import Linear
from gridoffice.service import service
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.sheet_drawer import SCORE

Open = Callable[..., MainWindow]
HOURS = Indicator(
    "hours",
    "培训学时",
    Linear(Decimal(0), Decimal(20)),
    Decimal(100),
    unit="学时",
    origin=Origin.COMPUTED,
    computed="training.hours",
)
OWN = Scheme("own", "本街道", "1", (HOURS,), (Grade("合格", Decimal(60)), Grade("不合格", Decimal(0))))


@service("补两次培训（测试）", needs=Right.ASSESS)
def train(session: Session, person: int, days: tuple[date, date]) -> None:
    for name, day, hours in zip(("防溺水", "消防"), days, ("2.5", "1"), strict=True):
        held = Training(name=name, day=day, hours=Decimal(hours), state=TrainingState.HELD)
        session.add(held)
        session.flush()
        session.add(Attendance(training_id=held.id, person_id=person, presence=Presence.PRESENT))


def words(part: Any) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if not one.isHidden())


def test_a_total_leads_to_the_records_behind_it(full: Path, opened: Open) -> None:
    window = opened(full)
    office, period = window.office, window.office.read(months)[0].period
    where, first = f"{period}/own", date.fromisoformat(f"{period}-01")
    office.write(save_scheme, dump(OWN))
    office.write(open_month, period, "own")
    row = office.read(lambda session: sheet_rows(session, month_record(session, where).id))[0]
    office.write(train, row["person_id"], (first, first.replace(day=2)))
    office.write(pull, where)
    office.write(compute, where)
    window.go("assessment", month=where)
    settle(window, quiet_ms=100)
    page = window.page
    page._edit(row["id"])
    settle(window, quiet_ms=60)
    page.drawer.tabs._pick(SCORE)
    settle(window, quiet_ms=60)
    told = words(page.drawer)
    assert "从当月培训学时取数，现在有 2 条" in told
    assert f"· {first} 防溺水 2.5 学时" in told and f"· {first.replace(day=2)} 消防 1 学时" in told
    assert "培训学时 3.5" in told and "70" in told and "从台账取" in told
