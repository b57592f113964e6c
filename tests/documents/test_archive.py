"""PDF/A: judged by PDFBox Preflight in its stricter part 1, and by what part 2 wants."""

from __future__ import annotations

import io
import re
from datetime import date
from xml.etree import ElementTree

import pikepdf
import pytest
from PIL import Image, ImageCms

from gridoffice.documents import badge
from gridoffice.documents.colour_profile import srgb
from gridoffice.documents.model import Badge, BadgeLayout
from gridoffice.documents.pdf_surface import PdfSurface
from gridoffice.documents.protection import protected
from gridoffice.documents.render import page_text, pages
from gridoffice.errors import RuleBroken
from tests.documents.paper import FONTS, RARE, poppler_text
from tests.documents.preflight import verdicts
from tests.documents.references import NAMES_OF_ALL, reference


def _photo(kind: str, mode: str) -> bytes:
    picture = Image.new(mode, (60, 84), {"CMYK": (0, 80, 80, 0), "RGBA": (200, 30, 30, 90)}.get(mode))
    target = io.BytesIO()
    picture.save(target, kind)
    return target.getvalue()


PHOTOS = {
    "jpeg": _photo("JPEG", "RGB"),
    "grey": _photo("JPEG", "L"),
    "ink": _photo("JPEG", "CMYK"),
    "transparent": _photo("PNG", "RGBA"),
    "palette": _photo("PNG", "P"),
}


def badges(part: int) -> bytes:
    surface = PdfSurface("工作证", "青禾街道网格办", date(2026, 7, 3), part)
    cards = [
        Badge(f"王{RARE[n]}", "专职网格员", "永宁社区第1网格", "0001", "2027年6月", "青禾街道", "G1", photo)
        for n, photo in enumerate(PHOTOS.values())
    ]
    badge.write(surface, FONTS, cards, BadgeLayout.CARD)
    return surface.finish()


def test_preflight_finds_every_kind_of_paper_valid_and_a_damaged_one_not(tmp_path):
    papers = {name: reference(name, part=1) for name in NAMES_OF_ALL} | {"badges": badges(1)}
    # One that says of itself another part of the standard: the judge must be able to say no.
    papers["damaged"] = papers["joint"].replace(b"<pdfaid:part>1<", b"<pdfaid:part>7<")
    found = verdicts(papers, tmp_path)
    assert found.pop("damaged")
    assert found == {name: [] for name in (*NAMES_OF_ALL, "badges")}


@pytest.mark.parametrize("name", ["common", "ledger", "badges"])
def test_a_file_carries_all_that_part_2_wants(name):
    pdf = badges(2) if name == "badges" else reference(name)
    assert re.match(rb"%PDF-1\.7\n%[\x80-\xff]{4}", pdf)
    for line in re.findall(rb"(?s)(.)endstream", pdf):
        assert line == b"\n"
    with pikepdf.open(io.BytesIO(pdf)) as file:
        (intent,) = file.Root.OutputIntents
        assert str(intent.S) == "/GTS_PDFA1" and intent.DestOutputProfile.read_bytes() == srgb()
        assert "/Filter" not in file.Root.Metadata
        packet = file.Root.Metadata.read_bytes().decode("utf-8")
        assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B<" in packet
        assert f'<rdf:li xml:lang="x-default">{file.docinfo["/Title"]}</rdf:li>' in packet
        assert f"<rdf:Seq><rdf:li>{file.docinfo['/Author']}</rdf:li>" in packet
        day = str(file.docinfo["/CreationDate"])
        assert f"<xmp:CreateDate>{day[2:6]}-{day[6:8]}-{day[8:10]}<" in packet
        ElementTree.fromstring(packet.encode("utf-8"))
        assert file.Root.Lang == "zh-CN" and "/Encrypt" not in file.trailer and "/ID" in file.trailer
        for thing in file.objects:
            if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
                assert not {"/SMask", "/Group", "/JS", "/Launch", "/EF"} & set(thing.keys())
                assert thing.get("/ColorSpace") in (None, "/DeviceRGB", "/DeviceGray")


def test_words_with_marks_of_xml_reach_the_metadata():
    surface = PdfSurface("甲<乙>&“丙”𬭎", "A&B", None)
    surface.page(210, 297)
    surface.text(20, 20, "网", FONTS.song, 16)
    with pikepdf.open(io.BytesIO(surface.finish())) as file:
        root = ElementTree.fromstring(file.Root.Metadata.read_bytes())
        words = [element.text for element in root.iter() if element.tag.endswith("}li")]
        assert words == ["甲<乙>&“丙”𬭎", "A&B"] == [str(file.docinfo[key]) for key in ("/Title", "/Author")]
        assert "/CreationDate" not in file.docinfo


def test_the_profile_means_the_colours_of_srgb():
    ours = ImageCms.ImageCmsProfile(io.BytesIO(srgb()))
    steps = range(0, 256, 15)
    colours = [(red, green, blue) for red in steps for green in steps for blue in steps]
    picture = Image.new("RGB", (len(colours), 1))
    picture.putdata(colours)
    again = ImageCms.profileToProfile(picture, ours, ImageCms.createProfile("sRGB"))
    assert again
    before, after = picture.tobytes(), again.tobytes()
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) <= 1


def test_transparent_pictures_lie_on_white_and_the_same_picture_is_kept_once():
    surface = PdfSurface("照片")
    surface.page(210, 297)
    for x in (20, 60, 100):
        surface.image(x, 20, 30, 42, PHOTOS["transparent"])
    surface.image(140, 20, 30, 42, PHOTOS["jpeg"])
    with pikepdf.open(io.BytesIO(surface.finish())) as file:
        kept = list(file.pages[0].Resources.XObject.values())
        assert len(kept) == 2
        (flat,) = [image for image in kept if image.Filter == "/FlateDecode"]
        red, green, blue = flat.read_bytes()[:3]
        assert (red, green, blue) == pytest.approx((236, 176, 176), abs=2)
        (jpeg,) = [image for image in kept if image.Filter == "/DCTDecode"]
        assert jpeg.read_raw_bytes() == PHOTOS["jpeg"]


def test_a_protected_file_opens_with_its_password_only_and_claims_no_archive(tmp_path):
    plain = reference("ledger")
    locked = protected(plain, "青禾2026网格")
    for wrong in ("", "青禾2026网", "owner"):
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(io.BytesIO(locked), password=wrong)
    with pikepdf.open(io.BytesIO(locked), password="青禾2026网格") as file:
        assert file.encryption.R == 6 and file.encryption.bits == 256
        assert file.encryption.stream_method == pikepdf.models.EncryptionMethod.aesv3
        assert b"pdfaid" not in file.Root.Metadata.read_bytes()
        assert b"x-default" in file.Root.Metadata.read_bytes()
        opened = io.BytesIO()
        file.save(opened)
    again = opened.getvalue()
    assert [page_text(again, n) for n in range(pages(again))] == [
        page_text(plain, n) for n in range(pages(plain))
    ]
    for secret in (b"5199211990", "青禾".encode("utf-16-be"), "青禾".encode()):
        assert secret not in locked
    assert "5199211990" in poppler_text(again, tmp_path)


def test_a_short_password_is_refused():
    with pytest.raises(RuleBroken, match="至少要 8 个字符"):
        protected(reference("ledger"), "1234567")
