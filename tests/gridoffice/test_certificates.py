"""持证台账: whose a certificate is, renewals that keep what was before, and who may go up a level."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.enums import Education, SkillLevel
from gridoffice import history
from gridoffice.errors import RuleBroken
from gridoffice.exports import export, template
from gridoffice.intake import Options
from gridoffice.listing import Ask, Filter
from gridoffice.office import Office
from gridoffice.overview.questions import Change, changes
from gridoffice.own_tables import save_own_table
from gridoffice.qualifications import rules
from gridoffice.qualifications.listing import CERTIFICATES
from gridoffice.qualifications.rules import Held, Validity
from gridoffice.qualifications.service import (
    SKILLS,
    certificate_row,
    eligible,
    remove_certificate,
    renew_certificate,
    renew_certificates,
    save_certificate,
)
from gridoffice.qualifications.service import history as renewals
from tests.offices import Imported, come, errors, grid_id, number, outcomes, records, roster, workbook, worker

HEADINGS = ("姓名", "身份证号码", "证书名称", "等级", "证书编号", "发证机关", "发证日期", "有效期至")
SKILL = "城市管理网格员"
TODAY = date.today()


def take(office: Office, path: Path, *rows: Sequence[Any], **options: Any) -> Imported:
    full = [(*row, *[None] * (len(HEADINGS) - len(row))) for row in rows]
    return come(office, "qualifications", workbook(path / "证.xlsx", HEADINGS, full, above=1), **options)


def held(office: Office, **ask: Any) -> list[Any]:
    return office.read(lambda session: CERTIFICATES.rows(session, CERTIFICATES.ids(session, Ask(**ask))))


def li(office: Office) -> Any:
    return worker(office, "李䶮")


# Rules


@pytest.mark.parametrize(
    ("left", "standing"),
    [
        (None, Validity.FOREVER),
        (-1, Validity.EXPIRED),
        (0, Validity.DAYS_7),
        (7, Validity.DAYS_7),
        (8, Validity.DAYS_30),
        (31, Validity.DAYS_60),
        (61, Validity.DAYS_90),
        (90, Validity.DAYS_90),
        (91, Validity.VALID),
    ],
)
def test_how_long_a_certificate_is_good(small_office: Office, left: int | None, standing: Validity) -> None:
    expires = None if left is None else TODAY + timedelta(days=left)
    assert rules.validity(expires, TODAY) is standing
    person = li(small_office).person_id
    small_office.write(
        save_certificate, None, {"certificate": "急救证", "expires": expires}, person_id=person
    )
    assert small_office.read(CERTIFICATES.choices, Ask(), "validity") == [(standing, standing.label, 1)]
    assert [one.validity for one in held(small_office, filters=(Filter("validity", (standing,)),))] == [
        standing
    ]
    others = tuple(one for one in Validity if one is not standing)
    assert held(small_office, filters=(Filter("validity", others),)) == []


@pytest.mark.parametrize(
    ("certificate", "level", "known"),
    [
        (SKILL, "五级", SkillLevel.FIVE),
        (SKILL, "初级工", SkillLevel.FIVE),
        (SKILL, "五级 / 初级工", SkillLevel.FIVE),
        (SKILL, "中级", SkillLevel.FOUR),
        (SKILL, "高级工", SkillLevel.THREE),
        (SKILL, "技师", SkillLevel.TWO),
        (SKILL, "高级技师", SkillLevel.ONE),
        (SKILL, "一级/高级技师", SkillLevel.ONE),
        ("社会工作者职业资格证", "中级", None),
        (SKILL, None, None),
    ],
)
def test_levels_of_the_occupation(certificate: str, level: str | None, known: SkillLevel | None) -> None:
    assert rules.skill_level(certificate, level) is known


def next_of(held: Sequence[Held], since: date | None, education: Education | None = None) -> Any:
    found = rules.next_level(SKILLS.read(SKILLS.shipped()), held, since, education)
    return None if found is None else (found.level, found.day)


def test_who_may_go_for_the_next_level() -> None:
    assert next_of((), date(2024, 2, 29)) == (SkillLevel.FIVE, date(2025, 2, 28))
    assert next_of((), None) == (SkillLevel.FIVE, None)
    five = Held(SkillLevel.FIVE, date(2022, 5, 1))
    assert next_of((five,), date(2021, 1, 1)) == (SkillLevel.FOUR, date(2024, 5, 1))
    assert next_of((five,), date(2016, 1, 1)) == (SkillLevel.FOUR, date(2022, 1, 1))
    four = Held(SkillLevel.FOUR, date(2024, 5, 1))
    assert next_of((five, four), None) == (SkillLevel.THREE, date(2028, 5, 1))
    assert next_of((five, four), None, Education.BACHELOR) == (SkillLevel.THREE, date(2026, 5, 1))
    assert next_of((Held(SkillLevel.ONE, None),), None) is None


def test_an_offices_own_table_takes_the_place_of_the_shipped_one(small_office: Office) -> None:
    person = li(small_office).person_id

    def opens() -> date | None:
        found = small_office.read(eligible, person)
        assert found is not None and found.level is SkillLevel.FIVE
        return found.day

    assert opens() == date(2025, 3, 1)
    own = SKILLS.shipped().replace('满 1 年", work = 1', '满 3 年", work = 3')
    small_office.write(save_own_table, SKILLS, own)
    assert opens() == date(2027, 3, 1)
    with pytest.raises(RuleBroken, match="“9”"):
        small_office.write(save_own_table, SKILLS, own.replace('level = "5"', 'level = "9"'))
    small_office.write(save_own_table, SKILLS, None)
    assert opens() == date(2025, 3, 1)


# The ledger


def test_certificates_are_taken_in_and_taken_back(small_office: Office, tmp_path: Path) -> None:
    before = records(small_office)
    one = li(small_office)
    rows = (
        ("李䶮", one.id_number, SKILL, "五级", "2451000000000001", "青禾职业技能评价中心", date(2023, 6, 1)),
        ("李䶮", None, "红十字救护员证", None, "J-01", "市红十字会", date(2024, 3, 5), date(2027, 3, 4)),
        ("王𠮷𬭎", None, "社会工作者职业资格证", "助理", "S-9", None, date(2022, 9, 1)),
    )
    done = take(small_office, tmp_path, *rows)
    assert (errors(done), done.preview.in_words()) == ([], "新增 3")
    found = [
        (row.name, row.certificate, row.level, row.validity)
        for row in held(small_office, day=date(2026, 11, 1))
    ]
    assert found[0][1:3] == (SKILL, "五级/初级工")
    assert ("王𠮷𬭎", "社会工作者职业资格证", "助理") in [row[:3] for row in found]
    assert take(small_office, tmp_path, *rows).preview.in_words() == "无变化 3"
    small_office.write(history.undo)
    assert records(small_office) == before


def test_what_goes_out_comes_back_unchanged(small_office: Office, tmp_path: Path) -> None:
    one = li(small_office)
    take(
        small_office,
        tmp_path,
        ("李䶮", one.id_number, SKILL, "五级", "1", "评价中心", date(2023, 6, 1)),
        ("李䶮", one.id_number, "急救证", None, None, None, None, date(2027, 1, 1)),
    )
    target = tmp_path / "出.xlsx"
    assert export(small_office, CERTIFICATES, target, Ask(), reveal=True, reason="核对") == 2
    assert come(small_office, "qualifications", target).preview.in_words() == "无变化 2"
    template(small_office, "qualifications", tmp_path / "空.xlsx", Options())


def test_a_later_certificate_renews_the_earlier(small_office: Office, tmp_path: Path) -> None:
    one = li(small_office)
    first = ("李䶮", one.id_number, "急救证", None, "A1", None, date(2020, 1, 1), date(2023, 1, 1))
    second = ("李䶮", one.id_number, "急救证", None, "A2", None, date(2023, 2, 1), date(2026, 2, 1))
    third = ("李䶮", one.id_number, "急救证", None, "A2", None, date(2026, 2, 1), date(2029, 2, 1))
    assert take(small_office, tmp_path, second, first).preview.in_words() == "新增 2"
    assert [row.number for row in held(small_office)] == ["A2"]
    done = take(small_office, tmp_path, third)
    assert [p.message for p in done.preview.problems] == [
        "比现有的那本（2023-02-01 发）晚，记为续证，旧证保留。"
    ]
    (now,) = held(small_office)
    assert (now.number, now.expires) == ("A2", date(2029, 2, 1))
    assert [row.issued for row in small_office.read(renewals, now.id)] == [
        date(2026, 2, 1),
        date(2023, 2, 1),
        date(2020, 1, 1),
    ]
    assert [row.issued for row in held(small_office, day=date(2022, 5, 1))] == [date(2020, 1, 1)]
    assert take(small_office, tmp_path, first, second, third).preview.in_words() == "无变化 3"


def test_an_earlier_certificate_found_later_goes_before(small_office: Office, tmp_path: Path) -> None:
    one = li(small_office)
    take(small_office, tmp_path, ("李䶮", one.id_number, "急救证", None, "A2", None, date(2023, 2, 1)))
    take(small_office, tmp_path, ("李䶮", one.id_number, "急救证", None, "A1", None, date(2020, 1, 1)))
    (now,) = held(small_office)
    assert [row.number for row in small_office.read(renewals, now.id)] == ["A2", "A1"]


def test_whose_it_is(small_office: Office, tmp_path: Path) -> None:
    done = take(
        small_office,
        tmp_path,
        ("张三", None, "急救证"),
        ("没有的人", None, "急救证"),
        ("李尧", li(small_office).id_number, "急救证"),
        ("何来", number(70), "急救证"),
    )
    assert [outcome for _, outcome in outcomes(done)] == ["conflict", "error", "conflict", "new"]
    assert "花名册里有 2 个“张三”" in errors(done)[0][2]
    assert "人员里没有“没有的人”" in errors(done)[1][2]
    assert not done.preview.written


def test_the_clerk_says_which_of_two_namesakes_it_is(small_office: Office, tmp_path: Path) -> None:
    row = ("张三", None, "急救证", None, "Z")
    (asked,) = take(small_office, tmp_path, row).preview.rows[0].asks
    other = [one for one in roster(small_office) if one.name == "张三"][1]
    done = take(small_office, tmp_path, row, answers={asked.key: f"to {other.person_id}"})
    assert done.preview.in_words() == "新增 1"
    assert [one.person_id for one in held(small_office)] == [other.person_id]
    skipped = take(small_office, tmp_path, row, answers={asked.key: "skip"})
    assert skipped.preview.in_words() == "先不写 1"


def test_somebody_new_with_a_number_becomes_a_person(small_office: Office, tmp_path: Path) -> None:
    row = ("何来", number(70), "急救证", None, "X", None, date(2025, 1, 1))
    take(small_office, tmp_path, row, (*row[:2], "消防证"))
    assert len({one.person_id for one in held(small_office)}) == 1
    assert "何来" not in [one.name for one in roster(small_office)]
    assert held(small_office, scope=grid_id(small_office, "519921001")) == []


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        ((None, None, None, date(2025, 1, 1), date(2024, 1, 1)), "有效期至", "早于发证日期"),
        ((None, "9" * 81), "证书编号", "最多 80 个"),
    ],
)
def test_wrong_certificates(
    small_office: Office, tmp_path: Path, row: Sequence[Any], field: str, message: str
) -> None:
    done = take(small_office, tmp_path, ("李䶮", li(small_office).id_number, "急救证", *row))
    assert [(f, message in m) for _, f, m in errors(done)] == [(field, True)]


def test_the_same_certificate_twice(small_office: Office, tmp_path: Path) -> None:
    row = ("李䶮", li(small_office).id_number, "急救证", None, "A", None, date(2025, 1, 1))
    assert errors(take(small_office, tmp_path, row, row)) == [
        (4, "姓名", "与第 3 行是同一个人、同一本证书。")
    ]


# Forms


def test_entering_renewing_removing(small_office: Office) -> None:
    person = li(small_office).person_id
    values = {
        "certificate": SKILL,
        "level": "初级工",
        "issued": date(2022, 1, 1),
        "expires": date(2025, 1, 1),
    }
    first = small_office.write(save_certificate, None, values, person_id=person).result
    assert small_office.read(certificate_row, first).level == "五级/初级工"
    with pytest.raises(RuleBroken, match="早于发证日期"):
        small_office.write(save_certificate, first, {"expires": date(2021, 1, 1)})
    with pytest.raises(RuleBroken, match="不晚于旧证"):
        small_office.write(renew_certificate, first, {"issued": date(2022, 1, 1)})
    before = records(small_office)
    second = small_office.write(renew_certificate, first, {"issued": date(2025, 1, 2)}).result
    assert [row.id for row in held(small_office)] == [second]
    assert small_office.read(certificate_row, second).level == "五级/初级工"
    with pytest.raises(RuleBroken, match="已经续过"):
        small_office.write(renew_certificate, first, {"issued": date(2026, 1, 2)})
    small_office.write(history.undo)
    assert records(small_office) == before
    small_office.write(history.redo)
    small_office.write(remove_certificate, second)
    assert [row.id for row in held(small_office)] == [first]


def test_several_are_renewed_together_or_none(small_office: Office) -> None:
    people = [one.person_id for one in roster(small_office)[:3]]
    old = [
        small_office.write(
            save_certificate,
            None,
            {
                "person_id": person,
                "certificate": "急救证",
                "number": f"A{person}",
                "issued": date(2023, 1, 1),
            },
        ).result
        for person in people
    ]
    before = records(small_office)
    done = small_office.write(renew_certificates, old, date(2026, 1, 1), date(2029, 1, 1))
    assert done.title == "3 本证书已续证"
    fresh = small_office.read(CERTIFICATES.rows, done.result)
    assert [(one.person_id, one.number, one.expires) for one in fresh] == [
        (person, f"A{person}", date(2029, 1, 1)) for person in people
    ]
    small_office.write(history.undo)
    assert records(small_office) == before
    small_office.write(renew_certificate, old[1], {"issued": date(2025, 1, 1)})
    before = records(small_office)
    with pytest.raises(RuleBroken, match=r"急救证.*已经续过"):
        small_office.write(renew_certificates, old, date(2026, 1, 1), None)
    with pytest.raises(RuleBroken, match="没写新证的发证日期"):
        small_office.write(renew_certificates, old[:1], None, None)
    assert records(small_office) == before


def test_the_journal_tells_what_changed_in_the_clerks_words(small_office: Office) -> None:
    person = li(small_office).person_id
    values = {"certificate": SKILL, "level": "五级", "issued": date(2022, 1, 1)}
    one = small_office.write(save_certificate, None, values, person_id=person).result
    done = small_office.write(save_certificate, one, {"level": "四级"})
    assert done.action is not None
    assert small_office.read(changes, done.action, 10) == [
        Change("证书", "李䶮", "改", (("等级", "五级/初级工", "四级/中级工"),))
    ]
