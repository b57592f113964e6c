"""Photographs and scans: made small, kept beside their owner, taken back, carried along by a backup."""

from __future__ import annotations

import io
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from db import backup, migrate
from db.session import Store
from gridoffice import history
from gridoffice.errors import NotFound, Refused, RuleBroken
from gridoffice.office import Office
from gridoffice.people.attachments import (
    Owner,
    add_scan,
    content,
    photo,
    photos,
    remove_photo,
    remove_scan,
    scans,
    set_photo,
)
from gridoffice.people.pictures import PHOTO_BYTES, SCAN_BYTES
from gridoffice.qualifications.service import remove_certificate, save_certificate
from tests.offices import Opening, records, worker


def picture(width: int, height: int, kind: str = "PNG", mode: str = "RGB", seed: int = 1) -> bytes:
    """A noisy picture: it does not become small by itself."""
    bands = len(mode)
    noise = Image.frombytes(mode, (width, height), Random(seed).randbytes(width * height * bands))
    held = io.BytesIO()
    noise.save(held, kind)
    return held.getvalue()


def opened(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body))


def person(office: Office, name: str = "李䶮") -> int:
    return worker(office, name).person_id


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF", "WEBP"])
def test_a_photo_becomes_a_small_jpeg(small_office: Office, kind: str) -> None:
    li = person(small_office)
    small_office.write(set_photo, li, picture(900, 1200, kind), f"证件照.{kind}")
    body = small_office.read(photo, li)
    assert body is not None and len(body) <= PHOTO_BYTES
    made = opened(body)
    assert (made.format, made.size) == ("JPEG", (480, 640))
    assert small_office.read(photos, [li, person(small_office, "单晓琴")]).keys() == {li}


def test_a_photo_stands_upright_and_forgets_where_it_was_taken(small_office: Office) -> None:
    shot = Image.new("RGB", (400, 200), "white")
    exif = shot.getexif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "相机"
    held = io.BytesIO()
    shot.save(held, "JPEG", exif=exif)
    li = person(small_office)
    small_office.write(set_photo, li, held.getvalue())
    made = opened(small_office.read(photo, li) or b"")
    assert made.size == (200, 400)
    assert not made.getexif()


def test_what_is_clear_becomes_white(small_office: Office) -> None:
    held = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(held, "PNG")
    li = person(small_office)
    small_office.write(set_photo, li, held.getvalue())
    assert opened(small_office.read(photo, li) or b"").getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize("body", [b"", b"no picture", picture(20, 20)[:80]])
def test_what_is_no_picture_is_refused(small_office: Office, body: bytes) -> None:
    with pytest.raises(RuleBroken, match="不是能读的图片"):
        small_office.write(set_photo, person(small_office), body)


def test_a_picture_that_would_fill_the_memory_is_refused(small_office: Office) -> None:
    held = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(held, "PNG")
    with pytest.raises(RuleBroken, match="点数太多"):
        small_office.write(set_photo, person(small_office), held.getvalue())


def test_a_photo_is_changed_taken_away_and_taken_back(small_office: Office) -> None:
    li = person(small_office)
    first = small_office.write(set_photo, li, picture(60, 80, seed=1)).result
    before = small_office.read(photo, li)
    assert small_office.write(set_photo, li, picture(60, 80, seed=2)).result == first
    after = small_office.read(photo, li)
    assert before != after
    small_office.write(history.undo)
    assert small_office.read(photo, li) == before
    small_office.write(history.redo)
    small_office.write(remove_photo, li)
    assert small_office.read(photo, li) is None
    with pytest.raises(NotFound):
        small_office.write(remove_photo, li)
    small_office.write(history.undo)
    assert small_office.read(photo, li) == after


def test_scans_of_a_person_and_of_a_certificate(small_office: Office) -> None:
    li = person(small_office)
    certificate = small_office.write(save_certificate, None, {"certificate": "急救证"}, person_id=li).result
    paper = b"%PDF-1.7\n" + bytes(5000)
    one = small_office.write(add_scan, Owner(person=li), paper, r"D:\扫描\身份证.PDF").result
    two = small_office.write(add_scan, Owner(certificate=certificate), picture(300, 200), "正面.png").result
    assert [(kept.id, kept.name) for kept in small_office.read(scans, Owner(person=li))] == [
        (one, "身份证.pdf")
    ]
    paper_of = small_office.read(scans, Owner(certificate=certificate))
    assert [kept.name for kept in paper_of] == ["正面.jpg"]
    whole = small_office.read(content, one)
    assert (whole.media, whole.body) == ("application/pdf", paper)
    assert opened(small_office.read(content, two).body).format == "JPEG"
    # the same file is kept once
    again = small_office.write(add_scan, Owner(person=li), paper, "再来一次.pdf")
    assert (again.result, again.action) == (one, None)
    small_office.write(remove_scan, one)
    assert small_office.read(scans, Owner(person=li)) == []
    small_office.write(history.undo)
    assert small_office.read(content, one).body == paper


def test_a_large_scan_is_made_small_and_a_large_pdf_refused(small_office: Office) -> None:
    li = person(small_office)
    scan = small_office.write(add_scan, Owner(person=li), picture(2600, 1800), "大图.png").result
    kept = small_office.read(content, scan)
    assert len(kept.body) <= SCAN_BYTES and opened(kept.body).width <= 3508
    with pytest.raises(RuleBroken, match=r"有 3\.0 MB，最多 2 MB"):
        small_office.write(add_scan, Owner(person=li), b"%PDF-1.4" + bytes(3 * 1024 * 1024), "大.pdf")


def test_who_may_only_look_keeps_no_picture(small_office: Office, office_at: Opening) -> None:
    reader = office_at(small_office.store.address, "reader")
    with pytest.raises(Refused):
        reader.write(set_photo, person(small_office), picture(20, 20))


def test_what_belongs_to_something_deleted_goes_and_comes_with_it(small_office: Office) -> None:
    li = person(small_office)
    certificate = small_office.write(save_certificate, None, {"certificate": "急救证"}, person_id=li).result
    small_office.write(add_scan, Owner(certificate=certificate), picture(30, 20), "正面.png")
    before = records(small_office)

    small_office.write(remove_certificate, certificate)
    assert small_office.read(scans, Owner(certificate=certificate)) == []
    small_office.write(history.undo)
    assert records(small_office) == before


def test_a_backup_carries_pictures(
    small_office: Office, database_url: str, tmp_path: Path, office_at: Opening
) -> None:
    li = person(small_office)
    small_office.write(set_photo, li, picture(300, 400))
    there = small_office.read(photo, li)
    file = tmp_path / "备份.gob"
    backup.back_up(small_office.store, file)
    store = Store(database_url)
    migrate.upgrade(store.engine)
    backup.restore(file, store)
    store.close()
    other = office_at(database_url)
    assert other.read(photo, li) == there
    assert records(other)["attachment"][0]["digest"] == sha256(there or b"").hexdigest()
