"""What is found about people's hats: certificates, training, branches, probation; and nothing where the
office keeps no such register."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from db.enums import PartyMemberKind
from gridoffice.office import Office
from gridoffice.overview.findings import Topic, check
from gridoffice.party.service import save_link, save_member, save_org
from gridoffice.qualifications.service import renew_certificate, save_certificate
from gridoffice.training.service import save_training
from gridoffice.training.sheet import SignIn, enter_attendance
from tests.offices import grid_id, worker

DAY = date(2026, 6, 30)
OURS = (Topic.CERTIFICATE, Topic.TRAINING, Topic.BRANCH, Topic.PROBATION)


def found(office: Office, topic: Topic, scope: str | None = None) -> list[tuple[str, str, str]]:
    place = grid_id(office, scope) if scope else None
    return [
        (one.grid, one.severity.value, one.message)
        for one in office.read(check, place, DAY)
        if one.topic is topic
    ]


def test_an_office_without_these_registers_hears_nothing_of_them(small_office: Office) -> None:
    assert [one for topic in OURS for one in found(small_office, topic)] == []


def test_certificates_that_end(small_office: Office) -> None:
    li = worker(small_office, "李䶮").person_id
    ids = {
        days: small_office.write(
            save_certificate,
            None,
            {"certificate": f"证{days}", "expires": DAY + timedelta(days=days), "issued": date(2020, 1, 1)},
            person_id=li,
        ).result
        for days in (-40, 5, 80, 100)
    }
    assert found(small_office, Topic.CERTIFICATE) == [
        ("梧桐·第一网格", "error", "李䶮的“证-40” 2026-05-21 已过期 40 天。"),
        ("梧桐·第一网格", "warning", "李䶮的“证5” 2026-07-05 到期，还有 5 天。"),
        ("梧桐·第一网格", "note", "李䶮的“证80” 2026-09-18 到期，还有 80 天。"),
    ]
    assert found(small_office, Topic.CERTIFICATE, "519921001002") == []
    small_office.write(
        renew_certificate, ids[-40], {"issued": date(2026, 5, 20), "expires": date(2029, 5, 20)}
    )
    assert len(found(small_office, Topic.CERTIFICATE)) == 2


def test_a_certificate_of_somebody_who_only_answers_for_a_grid(small_office: Office) -> None:
    zhao = worker(small_office, "赵𫍯")
    small_office.write(
        save_link, None, {"person_id": zhao.person_id, "grid_id": grid_id(small_office, "519921001002")}
    )
    small_office.write(
        save_certificate,
        None,
        {"certificate": "急救证", "expires": date(2026, 1, 1)},
        person_id=zhao.person_id,
    )
    assert [grid for grid, _, _ in found(small_office, Topic.CERTIFICATE)] == ["梧桐社区"]
    assert [grid for grid, _, _ in found(small_office, Topic.CERTIFICATE, "519921001002")] == ["柳荫社区"]


def test_hours_that_are_missing(small_office: Office) -> None:
    li = worker(small_office, "李䶮").person_id
    one = small_office.write(
        save_training, None, {"name": "消防", "day": date(2026, 3, 5), "hours": Decimal("20")}
    ).result
    small_office.write(enter_attendance, one, [SignIn(li)])
    said = found(small_office, Topic.TRAINING)
    assert ("梧桐·第一网格", "warning", "王𠮷𬭎最近 2 年培训 0 学时，还差 20 学时。") in said
    assert not any("李䶮" in message for _, _, message in said)


def test_branches_too_small_and_probation_that_is_over(small_office: Office) -> None:
    place = grid_id(small_office, "519921001001001")
    branch = small_office.write(save_org, None, {"name": "第一网格党支部", "grid_ids": [place]}).result
    group = small_office.write(save_org, None, {"name": "楼栋党小组", "parent_id": branch}).result
    assert found(small_office, Topic.BRANCH) == []
    for name, org, kind, joined in (
        ("李䶮", branch, PartyMemberKind.FULL, date(2015, 7, 1)),
        ("王𠮷𬭎", group, PartyMemberKind.FULL, date(2015, 7, 1)),
        ("单晓琴", branch, PartyMemberKind.PROBATIONARY, date(2025, 6, 30)),
        ("阿依古丽·买买提", branch, PartyMemberKind.PROBATIONARY, date(2025, 7, 1)),
    ):
        small_office.write(
            save_member,
            None,
            {"org_id": org, "kind": kind, "joined": joined},
            person_id=worker(small_office, name).person_id,
        )
    ((where, _, message),) = found(small_office, Topic.BRANCH)
    assert where == "梧桐·第一网格"
    assert message.startswith("第一网格党支部正式党员只有 2 人")
    assert found(small_office, Topic.PROBATION) == [
        ("梧桐·第一网格", "warning", "单晓琴的预备期 2026-06-30 已满，还没有登记转正。")
    ]
    assert found(small_office, Topic.BRANCH, "519921001002") == []
