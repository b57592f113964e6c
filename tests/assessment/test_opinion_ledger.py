"""自评初评表: out with everybody's name, back with what they say, one action that undo takes back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from db.enums import MonthState, OpinionStage
from db.tables import Opinion
from gridoffice import history
from gridoffice.assessment.opinions import give_opinion
from gridoffice.assessment.service import open_month
from gridoffice.assessment.values_listing import month_opinions
from gridoffice.errors import Refused
from gridoffice.exports import export
from gridoffice.listing import Ask
from gridoffice.office import Office
from tests.assessment.test_course import as_account, bind
from tests.offices import PERIOD, come, errors, outcomes, records, sheets, to, workbook

HEADS = ("姓名", "社区", "所属网格", "自评得分", "自评意见", "初评得分", "初评意见")


def opinions(office: Office) -> list[tuple[str, str, Decimal | None, str | None, str]]:
    names = {row["id"]: row["name"] for row in sheets(office)}
    return office.read(
        lambda session: [
            (names[one.sheet_id], one.stage.value, one.points, one.text, one.given_by)
            for one in session.scalars(select(Opinion).order_by(Opinion.sheet_id, Opinion.stage.desc()))
        ]
    )


def test_what_is_said_comes_in_from_excel_and_goes_out(small_office: Office, tmp_path: Path) -> None:
    office = small_office
    office.write(open_month, PERIOD)
    sheet = next(row["id"] for row in sheets(office) if row["name"] == "李䶮")
    office.write(give_opinion, sheet, OpinionStage.SELF, Decimal(88), text="走访都做了")
    before = records(office)
    rows = (
        ("李䶮", "", "", "90.5", "", "87", "走访偏少"),
        ("单晓琴", "", "", "95", "", "", ""),
        ("王𠮷𬭎", "", "", "", "", "", ""),
    )
    done = come(office, "opinions", workbook(tmp_path / "o.xlsx", HEADS, rows), month=PERIOD)
    assert [one for _, one in outcomes(done)] == ["updated", "updated", "unchanged"]
    me = office.who.name
    assert sorted(opinions(office)) == sorted(
        [
            ("李䶮", "self", Decimal("90.5"), "走访都做了", me),
            ("李䶮", "first", Decimal(87), "走访偏少", me),
            ("单晓琴", "self", Decimal(95), None, me),
        ]
    )
    out = tmp_path / "out.xlsx"
    listing = office.read(month_opinions, PERIOD)
    assert export(office, listing, out, Ask(), reveal=True, reason="核对") == len(sheets(office))
    told = [cell for line in load_workbook(out).active.iter_rows(values_only=True) for cell in line]  # type: ignore[union-attr]
    assert {"自评得分", "初评意见", "走访偏少", "走访都做了"} <= set(told)
    again = come(office, "opinions", out, month=PERIOD)
    assert {one for _, one in outcomes(again)} == {"unchanged"}
    office.write(history.undo, done.action)
    assert records(office) == before


def test_what_cannot_be_is_named(small_office: Office, tmp_path: Path) -> None:
    small_office.write(open_month, PERIOD)
    rows = (
        ("李䶮", "", "", "900", "", "", ""),
        ("单晓琴", "", "", "", "", "-1", ""),
        ("没这个人", "", "", "80", "", "", ""),
        ("王𠮷𬭎", "", "", "80", "", "", ""),
        ("王𠮷𬭎", "", "", "81", "", "", ""),
    )
    done = come(small_office, "opinions", workbook(tmp_path / "o.xlsx", HEADS, rows), month=PERIOD)
    told = {row: (field, message) for row, field, message in errors(done)}
    assert told[2][0] == "自评得分" and told[3][0] == "初评得分"
    assert "没这个人" in told[4][1] and "同一个人" in told[6][1]
    assert opinions(small_office) == []


def test_nobody_reviews_himself(small_office: Office, tmp_path: Path) -> None:
    to(small_office, MonthState.SCORING)
    bind(small_office, "clerk", "李䶮")
    clerk = as_account(small_office, "clerk")
    own = workbook(tmp_path / "own.xlsx", HEADS, (("李䶮", "", "", "90", "", "95", ""),))
    with pytest.raises(Refused, match="本人"):
        come(clerk, "opinions", own, month=PERIOD)
    alone = workbook(tmp_path / "self.xlsx", HEADS, (("李䶮", "", "", "90", "", "", ""),))
    assert [one for _, one in outcomes(come(clerk, "opinions", alone, month=PERIOD))] == ["updated"]
