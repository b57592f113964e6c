"""A public sign: one sheet whatever stands on it, everything inside its margins, large enough to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridoffice.documents import render
from gridoffice.documents.model import PublicSign
from gridoffice.documents.pdf import sign_pdf
from tests.documents.paper import FONTS, NAMES, RARE, chars, poppler_text

POSTS = ("网格长", "专职网格员", "法律顾问（律师）")


def sign(people: int, **changes: object) -> PublicSign:
    parts: dict[str, object] = {
        "title": "网格公示牌",
        "name": "梧桐新苑第十二商圈专属网格",
        "place": "青禾街道　梧桐社区",
        "scope": ("东至芙林大道、南至永桥东路、西至云河路、北至永岭大道", "487 户，25 家商户"),
        "people": tuple((NAMES[at % len(NAMES)], POSTS[at % 3]) for at in range(people)),
        "duties": ("入户排查；宣传动员；居民服务；矛盾纠纷事前提示、事中指导、事后回访。",),
        "phones": (("办公电话", "0999-87654321"), ("监督电话", "12345")),
        "organisation": "青禾街道办事处",
        "made": "2026年11月制",
    }
    return PublicSign(**(parts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("people", [1, 2, 6, 7, 12])
def test_everything_stands_on_one_sheet(people: int, tmp_path: Path) -> None:
    made = sign(people)
    pdf = sign_pdf([made], fonts=FONTS)
    assert render.pages(pdf) == 1
    assert render.page_size(pdf, 0) == pytest.approx((420, 297), abs=0.2)
    text = render.page_text(pdf, 0)
    for name, post in made.people:
        assert name in text and post in text
    for words in (made.title, made.name, "梧桐社区", "487 户", "0999-87654321", "12345", made.made):
        assert words in text
    flat = poppler_text(pdf, tmp_path).replace("\n", "").replace(" ", "")
    assert all(name in flat for name, _ in made.people), "the rarest characters can be copied out too"
    placed = [one for one in chars(pdf, 0) if one.text.strip()]
    assert min(one.left for one in placed) > 10 and max(one.right for one in placed) < 410
    assert max(one.bottom for one in placed) < 292


def test_names_and_phones_are_read_from_three_metres() -> None:
    """Twenty-eight points are a centimetre, which is what three metres want."""
    pdf = sign_pdf([sign(6)], fonts=FONTS)
    sizes = {one.text: one.size for one in chars(pdf, 0)}
    assert sizes["李"] >= 28 and sizes["7"] >= 28
    assert sizes["桐"] >= 28


def test_of_too_many_people_the_rest_are_counted() -> None:
    text = render.page_text(sign_pdf([sign(20)], fonts=FONTS), 0)
    assert "另有 9 人" in text and sum(text.count(name) for name in NAMES) == 11


def test_a_long_scope_pushes_nothing_off_the_sheet() -> None:
    long = sign(3, scope=("东至芙林大道，含梧桐新苑 1 至 18 栋；" * 30,), duties=("入户排查。" * 40,))
    placed = [one for one in chars(sign_pdf([long], fonts=FONTS), 0) if one.text.strip()]
    body = [one for one in placed if one.x > 210 and one.y < 236]
    assert max(one.bottom for one in body) < 236, "the phones keep their place"


def test_rare_characters_and_several_signs() -> None:
    one, other = sign(1, name=f"{RARE[:6]}网格"), sign(1, name=f"{RARE[6:]}网格")
    pdf = sign_pdf([one, other], fonts=FONTS)
    assert render.pages(pdf) == 2
    assert RARE[:6] in render.page_text(pdf, 0) and RARE[6:] in render.page_text(pdf, 1)
