"""Notices of one's own result: one page each, all that belongs on it found again by two readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gridoffice.documents.model import Chart, ChartKind, Series
from gridoffice.documents.render import page_size, page_text, pages
from gridoffice.documents.score_notice import ScoreLine, ScoreNotice
from gridoffice.documents.score_notices import notices_pdf
from gridoffice.errors import Cancelled, OfficeError
from gridoffice.progress import Step, watched
from tests.documents.paper import FONTS, NAMES, poppler_text

TREND = Chart(
    "近六个月总分", ("5月", "6月", "7月"), (Series("总分", (91.2, None, 93.42)),), ChartKind.LINE, "分", 2
)
LONG = "台账逾期未更新 12 条，每满 5 条扣 0.5 分，满 2 个 = 扣 1 分，最多扣 5 分 → 得 4 分"


def notice(
    name: str, count: int = 9, sentence: str = "95.5% × 15 分 = 14.33 分", trend: Chart | None = TREND
) -> ScoreNotice:
    return ScoreNotice(
        title="2026年10月考核结果通知单",
        organisation="青禾街道办事处",
        name=name,
        facts=(
            ("姓名", name),
            ("岗位", "专职网格员"),
            ("所在网格", "梧桐社区·第一网格·" + "很长的微网格名" * 6),
        ),
        lines=tuple(
            ScoreLine("基础工作", f"分项{number}", "满15", sentence, f"{number}.25")
            for number in range(count)
        ),
        results=(("总分", "93.42"), ("等次", "合格"), ("排名", "第 120 名，共 609 人")),
        formula="基础 15 + 走访 14.33 = 93.42",
        trend=trend,
        ways_title="怎样到“优秀”",
        ways=("总分到 95.20 分，还差 1.78 分。",),
        appeal=("对结果有异议的，2026年11月12日前书面提出。",),
        made="2026年11月5日",
    )


def flat(pdf: bytes, index: int) -> str:
    return "".join(page_text(pdf, index).split())


@pytest.mark.parametrize("count", [1, 9, 21, 30])
def test_one_person_is_one_page_with_everything_on_it(count: int) -> None:
    pdf = notices_pdf([notice("王𠮷𬭎", count)], "通知单", fonts=FONTS)
    assert pages(pdf) == 1 and page_size(pdf, 0)[0] == pytest.approx(210, abs=0.1)
    text = flat(pdf, 0)
    for number in range(count):
        assert f"分项{number}" in text and f"{number}.25" in text
    for said in ("王𠮷𬭎", "近六个月总分", "怎样到“优秀”", "11月12日前", "本人签收：", "第120名，共609人"):
        assert "".join(said.split()) in text, said


def test_a_trend_without_room_is_told_in_words() -> None:
    drawn, told = (flat(notices_pdf([notice("张三", count)], "通知单", fonts=FONTS), 0) for count in (5, 28))
    assert "近六个月总分：5月91.20，7月93.42" in told and "近六个月总分：" not in drawn


def test_what_does_not_fit_in_type_that_can_be_read_goes_on_and_is_signed_at_the_end() -> None:
    pdf = notices_pdf([notice("李䶮", 70, LONG)], "通知单", fonts=FONTS)
    count = pages(pdf)
    assert count >= 2
    texts = [flat(pdf, index) for index in range(count)]
    assert all("本人签收" not in text for text in texts[:-1]) and "本人签收" in texts[-1]
    assert all("本月情况和算法" in text for text in texts), "the head is repeated"
    assert "分项69" in texts[-1], "the place to sign does not stand alone"
    assert sum(text.count("每满5条扣0.5分") for text in texts) == 70


def test_three_hundred_people_are_three_hundred_pages_for_two_readers(tmp_path: Path) -> None:
    everybody = [f"{NAMES[place % len(NAMES)]}{place}" for place in range(300)]
    pdf = notices_pdf([notice(name, 5) for name in everybody], "通知单", fonts=FONTS)
    assert pages(pdf) == 300
    poppler = "".join(poppler_text(pdf, tmp_path).split())
    for place, name in enumerate(everybody):
        assert f"姓名：{name}" in flat(pdf, place) and f"姓名：{name}" in poppler


def stopping(after: int) -> Callable[[Step], bool]:
    return lambda step: step.doing != "排版通知单" or step.done < after


def test_a_batch_tells_how_far_it_is_and_can_be_stopped() -> None:
    seen: list[Step] = []
    with watched(lambda step: seen.append(step) is None):
        notices_pdf([notice(name, 3) for name in NAMES[:4]], "通知单", fonts=FONTS)
    assert [(step.done, step.total) for step in seen if step.doing == "排版通知单"] == [
        (n, 4) for n in range(4)
    ]
    with watched(stopping(2)), pytest.raises(Cancelled):
        notices_pdf([notice(name, 3) for name in NAMES[:4]], "通知单", fonts=FONTS)


def test_a_character_nobody_has_is_told_with_the_person() -> None:
    papers = [notice("王芳"), notice("李䶮", sentence="梧\ue123桐社区 = 14.33 分")]
    with pytest.raises(OfficeError, match=r"^李䶮：“.*梧\ue123桐社区.*”里的“\ue123”（U\+E123）"):
        notices_pdf(papers, "通知单", fonts=FONTS)
    with pytest.raises(OfficeError, match=r"^“.*王\ue123.*”里的"):  # the name itself is said once
        notices_pdf([notice("王\ue123")], "通知单", fonts=FONTS)


def test_without_a_trend_or_ways_nothing_is_said_of_them() -> None:
    pdf = notices_pdf(
        [ScoreNotice("通知单", "办事处", "张三", (), (), (("总分", "90"),))], "通知单", fonts=FONTS
    )
    text = flat(pdf, 0)
    assert "申诉" not in text and "怎样" not in text and "总分" in text
