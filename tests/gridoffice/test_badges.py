"""工作证: whose it is until when, that a word changed on it is noticed, and that it is read off the paper."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from db.enums import Role
from gridoffice import history
from gridoffice.documents.render import page_png
from gridoffice.errors import Refused, RuleBroken
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.badges import (
    badges,
    check_badge,
    has_badge_key,
    make_badge_key,
    mark,
    valid_until,
)
from gridoffice.reports import Wish, report_pdf
from gridoffice.settings import BADGE_KEY, setting
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.service import end_posts
from tests.offices import grid_id, worker

DAY = date(2026, 6, 1)


def made(office: Office, **wanted: Any) -> Any:
    office.write(make_badge_key)
    return office.read(lambda session: badges(session, day=DAY, **wanted))


def test_everybody_who_serves_has_one_and_it_is_genuine(small_office: Office) -> None:
    found = made(small_office)
    assert [one.name for one in found][:3] == ["赵𫍯", "王𠮷𬭎", "李䶮"] and len(found) == 7
    one = found[2]
    assert (one.title, one.grid, one.organisation) == ("专职网格员", "梧桐·第一网格", "青禾街道办事处")
    assert one.number == f"519921001-{worker(small_office, '李䶮').person_id:05d}"
    told = small_office.read(check_badge, one.code, DAY)
    assert told.genuine and told.good and told.words == "真的，李䶮在岗，有效期至 2027-12-31。"
    assert small_office.read(check_badge, one.code.replace("\n", " "), DAY).good, "one line, as it is pasted"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("李䶮", "李龙"),
        ("专职网格员", "网格长"),
        ("2027", "2029"),
        ("519921001", "519921002"),
        ("街道办", "镇"),
    ],
)
def test_a_word_changed_is_noticed(small_office: Office, old: str, new: str) -> None:
    text = made(small_office)[2].code
    told = small_office.read(check_badge, text.replace(old, new, 1), DAY)
    assert not told.genuine and "验证码对不上" in told.words


def test_what_is_no_badge_or_has_ended_is_said(small_office: Office) -> None:
    text = made(small_office)[2].code
    assert "不是工作证上的" in small_office.read(check_badge, "今天下雨", DAY).words
    ended = small_office.read(check_badge, text, date(2028, 1, 1))
    assert ended.genuine and not ended.good and "已过期" in ended.words
    small_office.write(end_posts, [worker(small_office, "李䶮").id], date(2026, 6, 30))
    gone = small_office.read(check_badge, text, date(2026, 7, 1))
    assert gone.genuine and not gone.good and "不在岗" in gone.words


def test_the_key_stays_once_it_is_made(small_office: Office) -> None:
    assert not small_office.read(has_badge_key)
    text = made(small_office)[0].code
    key = small_office.read(setting, BADGE_KEY)
    small_office.write(make_badge_key)
    assert small_office.read(setting, BADGE_KEY) == key
    assert small_office.read(check_badge, text, DAY).genuine
    with pytest.raises(Refused, match="没有可以撤销的"):
        small_office.write(history.undo)


def test_the_mark_is_that_of_the_standard() -> None:
    """HMAC-SHA-256 of RFC 4231, test case 2 (key "Jefe"), its first 80 bits in base 32."""
    assert mark(b"Jefe".hex(), ["what do ya want for nothing?"]) == "LPOM-CRV7-MB2U-42QE"


@pytest.mark.parametrize(
    ("ends", "until"),
    [
        ((None, None), date(2027, 12, 31)),
        ((date(2026, 9, 1), date(2027, 1, 1)), date(2026, 9, 1)),
        ((date(2026, 5, 1), None), date(2027, 12, 31)),
        ((date(2030, 5, 1), None), date(2027, 12, 31)),
    ],
)
def test_until_when_it_is_good(ends: tuple[date | None, ...], until: date) -> None:
    assert valid_until(DAY, *ends) == until


def test_the_paper_of_some_posts_is_read_back(small_office: Office) -> None:
    posts = tuple(small_office.read(WORKERS.ids, Ask(day=DAY, search="张三")))
    pdf = report_pdf(small_office, "badges", Wish(day=DAY, posts=posts, layout="hanging"))
    with Image.open(BytesIO(page_png(pdf, 1, 200))) as picture:
        codes = [one.text for one in zxingcpp.read_barcodes(picture.convert("RGB"))]
    assert len(codes) == 2
    assert all(small_office.read(check_badge, text, DAY).good for text in codes)
    with pytest.raises(RuleBroken, match="没有版式“邮票”"):
        report_pdf(small_office, "badges", Wish(layout="邮票"))
    with pytest.raises(RuleBroken, match="没有人在岗"):
        report_pdf(small_office, "badges", Wish(scope=grid_id(small_office, "519921001900001")))


def test_who_may_only_look_makes_no_key(office_at: Any, small_office: Office) -> None:
    reader = office_at(str(small_office.store.address), Role.READER.value)
    with pytest.raises(Refused):
        report_pdf(reader, "badges", Wish(day=DAY))
    made(small_office)
    assert report_pdf(reader, "badges", Wish(day=DAY)).startswith(b"%PDF")
