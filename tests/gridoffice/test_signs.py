"""网格公示牌: what it says, what it never says, and the phones that must be written down first."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridoffice.__main__ import main
from gridoffice.documents.render import page_text, pages
from gridoffice.errors import RuleBroken
from gridoffice.history import undo
from gridoffice.office import Office
from gridoffice.overview.signs import save_sign_phones, sign_phones, signs
from gridoffice.reports import Wish, report_pdf
from tests.offices import PEOPLE, STREET, grid_id, number

GRID = "519921001001001"


def test_without_a_phone_it_asks_for_one(small_office: Office) -> None:
    grid = grid_id(small_office, GRID)
    with pytest.raises(RuleBroken, match="“梧桐社区”的办公电话和监督电话"):
        small_office.read(signs, grid)
    small_office.write(save_sign_phones, grid, "（0999）87654321", None)
    with pytest.raises(RuleBroken, match="“梧桐社区”的监督电话"):
        small_office.read(signs, grid)


def test_the_command_line_asks_and_keeps(small_office: Office, tmp_path: Path, capsys) -> None:
    where = (
        "--database",
        small_office.store.address,
        "report",
        "sign",
        str(tmp_path / "牌.pdf"),
        "--grid",
        GRID,
    )
    assert main([*where]) == 1 and "办公电话" in capsys.readouterr().err
    assert main([*where, "--phone", "0999-87654321", "--supervision", "12345"]) == 0
    assert main([*where]) == 0, "the phones are kept"
    assert "李䶮" in page_text((tmp_path / "牌.pdf").read_bytes(), 0)


def test_the_sign_of_a_grid(small_office: Office) -> None:
    grid = grid_id(small_office, GRID)
    small_office.write(save_sign_phones, grid, "0999-87654321", "12345")
    pdf = report_pdf(small_office, "sign", Wish(scope=grid))
    assert pages(pdf) == 1
    text = page_text(pdf, 0)
    for words in (
        "第一网格",
        "青禾街道",
        "梧桐社区",
        "王𠮷𬭎",
        "李䶮",
        "网格长",
        "0999-87654321",
        "12345",
        "400 户",
    ):
        assert words in text
    (made,) = small_office.read(signs, grid)
    assert [name for name, _ in made.people] == ["王𠮷𬭎", "李䶮"], "the head of the grid comes first"
    for name, sequence, sex, phone, *_ in PEOPLE:
        assert phone not in text and phone[:7] not in text
        assert sequence is None or number(sequence, sex) not in text, name


def test_a_community_has_its_own_office_phone_and_all_have_one_for_complaints(small_office: Office) -> None:
    grid, other = grid_id(small_office, GRID), grid_id(small_office, "519921001002001")
    small_office.write(save_sign_phones, grid, "0999-87654321", "12345")
    assert small_office.read(sign_phones, other).missing == ("办公电话",)
    small_office.write(save_sign_phones, other, "0999-22223333", None)
    assert small_office.read(sign_phones, grid).office == "0999-87654321"
    assert small_office.read(sign_phones, other).office == "0999-22223333"
    street = small_office.read(signs, grid_id(small_office, STREET))
    assert len(street) == 3, "every grid that somebody serves in"
    assert {dict(one.phones)["办公电话"] for one in street} == {"0999-87654321", "0999-22223333"}
    small_office.write(undo)
    assert small_office.read(sign_phones, other).missing == ("办公电话",)


@pytest.mark.parametrize("said", ["13800000012", "0999-87654321 13800000012", "138 0000 0012"])
def test_nobodys_own_phone_gets_onto_a_sign(small_office: Office, said: str) -> None:
    with pytest.raises(RuleBroken, match="“李䶮”自己的电话"):
        small_office.write(save_sign_phones, grid_id(small_office, GRID), said, None)


def test_what_is_no_phone_is_refused(small_office: Office) -> None:
    grid = grid_id(small_office, GRID)
    with pytest.raises(RuleBroken):
        small_office.write(save_sign_phones, grid, "社区二楼", None)
    with pytest.raises(RuleBroken):
        small_office.write(save_sign_phones, grid, "", None)


def test_nobody_serving_is_said(small_office: Office) -> None:
    grid = grid_id(small_office, "519921001900001")
    small_office.write(save_sign_phones, grid, "0999-87654321", "12345")
    with pytest.raises(RuleBroken, match="还没有人"):
        small_office.read(signs, grid)
    with pytest.raises(RuleBroken, match="没说印哪个网格"):
        report_pdf(small_office, "sign", Wish())
