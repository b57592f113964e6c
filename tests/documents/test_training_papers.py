"""Sign-in sheets and certificates on paper: every name readable, as many pages as it takes, none half empty."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gridoffice.documents import render
from gridoffice.documents.completion import CertificateLayout, CompletionPaper
from gridoffice.documents.fonts import FontSet
from gridoffice.documents.pdf import completion_pdf, sign_in_pdf
from gridoffice.documents.sign_in import SignInSheet
from gridoffice.errors import OfficeError
from tests.documents.paper import poppler_text

DAY = date(2026, 3, 5)
NAMES = ("王𠮷𬭎", "李䶮", "赵𫍯", "㐂多", "阿依古丽·买买提")


def sheet(count: int, *, two: bool = False, unit: str = "梧桐·第一网格", blank: int = 5) -> SignInSheet:
    people = tuple((NAMES[place % 5], unit, f"{place:04d}") for place in range(count))
    facts = (("培训主题", "初期火灾扑救"), ("培训时间", "2026年3月5日"), ("培训地点", ""))
    return SignInSheet("消防安全培训签到表", facts, people, "青禾街道网格办", two, blank)


def paper(made: SignInSheet) -> bytes:
    return sign_in_pdf(made, DAY, FontSet.bundled())


@pytest.mark.parametrize("two", [False, True])
@pytest.mark.parametrize("count", [0, 1, 17, 18, 60])
def test_everybody_stands_on_the_sheet_with_room_to_spare(count: int, two: bool, tmp_path: Path) -> None:
    made = paper(sheet(count, two=two))
    text = "".join(poppler_text(made, tmp_path).split())
    for place in range(count):
        assert f"{place:04d}" in text
    assert f"应到{count}人" in text
    assert f"{count + 5}" in text  # a number before an empty row
    assert text.count("消防安全培训签到表") == render.pages(made)


def test_two_columns_take_half_the_pages() -> None:
    assert render.pages(paper(sheet(60))) == 2 * render.pages(paper(sheet(60, two=True))) - 1


def test_a_long_unit_and_name_stay_in_their_cells(tmp_path: Path) -> None:
    unit = "青禾街道锦绣东方国际花园社区·第十二网格·微网格03"
    text = "".join(poppler_text(paper(sheet(5, unit=unit)), tmp_path).split())
    assert text.count("微网格03") == 5
    assert "阿依古丽·买买提" in text


def test_a_character_nobody_has_is_told_with_the_person() -> None:
    one = SignInSheet("签到表", (), (("李䶮", "", ""), ("王芳", "梧\ue123桐", "0001")), "网格办")
    with pytest.raises(OfficeError, match=r"^王芳：“梧\ue123桐”里的“\ue123”（U\+E123）"):
        paper(one)
    bad = CompletionPaper("王芳", "1", "于2026年参加梧\ue123桐培训，准予结业。", "网格办", "2026年3月5日")
    for layout in CertificateLayout:
        with pytest.raises(OfficeError, match=r"^王芳：.*梧\ue123桐培训"):
            completion_pdf([replace(bad, text="准予结业。"), bad], layout, "结业证书", DAY, FontSet.bundled())


@pytest.mark.parametrize(
    ("layout", "pages", "size"),
    [
        (CertificateLayout.SHEET, 5, (297, 210)),
        (CertificateLayout.HALF, 3, (210, 297)),
        (CertificateLayout.FORM, 5, (297, 210)),
    ],
)
def test_certificates_in_each_layout(
    layout: CertificateLayout, pages: int, size: tuple[int, int], tmp_path: Path
) -> None:
    said = "于2026年3月5日参加“消防安全培训”，共 4 学时，考核成绩 91.5 分，准予结业。"
    papers = [
        CompletionPaper(name, f"结训〔2026〕{place:05d}号", said, "青禾街道网格办", "2026年3月6日")
        for place, name in enumerate(NAMES)
    ]
    made = completion_pdf(papers, layout, "结业证书", DAY, FontSet.bundled())
    assert render.pages(made) == pages
    assert tuple(round(side) for side in render.page_size(made, 0)) == size
    text = "".join(poppler_text(made, tmp_path).split())
    for place, name in enumerate(NAMES):
        assert f"{name}同志：" in text
        assert f"结训〔2026〕{place:05d}号" in text
    assert ("结业证书" in text) == (layout is not CertificateLayout.FORM)
    assert text.count("准予结业。") == 5


def test_a_long_text_gets_smaller_and_is_whole(tmp_path: Path) -> None:
    theme = "特殊人群服务、公共安全应急处置、微网实格系统操作、" * 4
    one = CompletionPaper(
        "李䶮", "结训〔2026〕00001号", f"于2026年参加“{theme}”，准予结业。", "网格办", "2026年"
    )
    made = completion_pdf([one], CertificateLayout.HALF, "结业证书", DAY, FontSet.bundled())
    assert theme in "".join(poppler_text(made, tmp_path).split())
