"""The registers on paper: every list as PDF, read back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gridoffice.office import Office
from gridoffice.party.service import save_link, save_member, save_org
from gridoffice.qualifications.service import save_certificate
from gridoffice.reports import Wish, report_pdf
from gridoffice.training.service import save_training
from gridoffice.training.sheet import SignIn, enter_attendance
from tests.documents.paper import poppler_text
from tests.offices import grid_id, worker

DAY = date(2026, 6, 30)
WORDS = {
    "qualifications": ("持证台账", "李䶮", "王𠮷𬭎", "急救证", "519***********"),
    "party-orgs": ("网格党组织台账", "第一网格党支部", "梧桐·第一网格"),
    "party-members": ("党员花名册", "李䶮", "王𠮷𬭎", "第一网格党支部", "正式党员"),
    "party-links": ("党员入格台账", "李䶮", "社区党员干部", "联系困难户"),
    "training": ("培训台账", "消防安全培训", "周教官"),
    "attendance": ("培训签到与成绩", "消防安全培训", "李䶮", "已签到", "88.5"),
    "training-shortage": ("培训学时不足名单", "王𠮷𬭎", "梧桐·第一网格", "要求学时", "16"),
}


@pytest.mark.parametrize("name", WORDS)
def test_a_register_on_paper(small_office: Office, tmp_path: Path, name: str) -> None:
    place = grid_id(small_office, "519921001001001")
    branch = small_office.write(save_org, None, {"name": "第一网格党支部", "grid_ids": [place]}).result
    held = {"name": "消防安全培训", "day": date(2026, 3, 5), "hours": Decimal(4), "lecturer": "周教官"}
    training = small_office.write(save_training, None, held).result
    people = [worker(small_office, one).person_id for one in ("李䶮", "王𠮷𬭎")]
    for person in people:
        small_office.write(save_certificate, None, {"certificate": "急救证"}, person_id=person)
        small_office.write(save_member, None, {"org_id": branch}, person_id=person)
        small_office.write(save_link, None, {"person_id": person, "grid_id": place, "duty": "联系困难户"})
    small_office.write(
        enter_attendance, training, [SignIn(person, score=Decimal("88.5")) for person in people]
    )
    text = "".join(poppler_text(report_pdf(small_office, name, Wish(day=DAY)), tmp_path).split())
    assert [word for word in WORDS[name] if word not in text] == []
