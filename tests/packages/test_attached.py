"""Photographs and scans travel with the people they belong to, once, and come back with undo."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from sqlalchemy import select

from db.tables import Post
from gridoffice.history import undo
from gridoffice.office import Office
from gridoffice.packages.receiving import receive, take_in
from gridoffice.packages.standing import parts_of
from gridoffice.people.attachments import Owner, add_scan, photo, scans, set_photo
from tests.offices import worker
from tests.packages.conftest import PASSWORD, Two


def settled(two: Two) -> None:
    two.take(two.community, two.down())
    two.take(two.street, two.up())


def picture(shade: int) -> bytes:
    held = BytesIO()
    Image.new("RGB", (300, 400), (shade, 90, 60)).save(held, "PNG")
    return held.getvalue()


def person(office: Office, name: str) -> int:
    post = worker(office, name).id
    found = office.read(lambda session: session.scalar(select(Post.person_id).where(Post.id == post)))
    assert found is not None
    return found


def test_a_photo_and_a_scan_go_up_once(two: Two) -> None:
    settled(two)
    below, above = person(two.community, "李䶮"), person(two.street, "李䶮")
    two.community.write(set_photo, below, picture(10), "像.png")
    two.community.write(add_scan, Owner(person=below), picture(20), "合同.png")
    arrived, (taken,) = two.take(two.street, two.up())
    assert [(part.key, part.rows) for part in arrived.said.parts] == [("attachments", 2)]
    assert taken.seen.in_words() == "新增 2" and taken.seen.written
    assert two.street.read(photo, above) == two.community.read(photo, below)
    assert [one.name for one in two.street.read(scans, Owner(person=above))] == ["合同.jpg"]
    (part,) = two.street.read(parts_of, arrived.id)
    assert part.done and part.words.endswith("的照片和扫描件 2 份")
    assert taken.seen.action is not None
    two.street.write(undo, taken.seen.action)
    assert two.street.read(photo, above) is None and two.street.read(scans, Owner(person=above)) == []
    again = list(take_in(two.street, receive(two.street, two.folder / f"{two.written}.gridpack", PASSWORD)))
    assert again[0].seen.written
    two.community.write(add_scan, Owner(person=below), picture(30), "体检.png")
    arrived, (taken,) = two.take(two.street, two.up())
    assert taken.seen.in_words() == "新增 1", "what went up already stays at home"
    arrived, parts = two.take(two.street, two.up(whole=True))
    assert parts[-1].key == "attachments" and parts[-1].seen.in_words() == "已有 3"
    arrived, parts = two.take(two.community, two.down(whole=True))
    assert parts[-1].seen.in_words() == "已有 3", "and they come back as they went"


def test_another_photo_waits_for_the_clerk(two: Two) -> None:
    settled(two)
    below, above = person(two.community, "李䶮"), person(two.street, "李䶮")
    two.street.write(set_photo, above, picture(200), "街道的.png")
    kept = two.street.read(photo, above)
    two.community.write(set_photo, below, picture(10), "社区的.png")
    arrived, (taken,) = two.take(two.street, two.up())
    assert taken.stopped and taken.problems[0].message == "“李䶮”这里有另一张照片，没有换。"
    (taken,) = list(take_in(two.street, arrived, only_good=("attachments",)))
    assert not taken.stopped and two.street.read(photo, above) == kept
    assert all(part.done for part in two.street.read(parts_of, arrived.id))
