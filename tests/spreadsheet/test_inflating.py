"""Parts of an archive are inflated as the standard library does it, and refused where it refuses them."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from gridoffice.spreadsheet.inflating import inflated

PARTS = {
    "empty": b"",
    "short": "陈雪萍".encode(),
    "large": b"<c r='A1'><v>1</v></c>" * 200_000,
    "noise": random.Random(7).randbytes(300_000),
}


@pytest.mark.parametrize("way", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2])
def test_every_part_comes_out_whole_in_pieces_of_limited_size(way):
    archive = zipfile.ZipFile(packed(way))
    for name, content in PARTS.items():
        pieces = list(inflated(archive, name))
        assert b"".join(pieces) == content == archive.read(name)
        assert all(len(piece) <= 1 << 20 for piece in pieces)
    with pytest.raises(KeyError):
        list(inflated(archive, "nothing"))


@pytest.mark.parametrize("name", ["short", "large", "noise"])
def test_a_part_that_is_not_what_its_check_sum_says_is_refused(name):
    archive = zipfile.ZipFile(packed(zipfile.ZIP_DEFLATED))
    archive.getinfo(name).CRC ^= 1
    with pytest.raises(zipfile.BadZipFile):
        list(inflated(archive, name))


def test_never_more_comes_out_than_the_archive_says():
    archive = zipfile.ZipFile(packed(zipfile.ZIP_DEFLATED))
    archive.getinfo("large").file_size = 1000
    found = 0
    with pytest.raises(zipfile.BadZipFile):
        for piece in inflated(archive, "large"):
            found += len(piece)
    assert found == 1000


@pytest.mark.parametrize("place", range(0, 200, 7))
def test_damaged_bytes_are_refused_as_the_standard_library_refuses_them(place):
    content = packed(zipfile.ZIP_DEFLATED).getvalue()
    start = zipfile.ZipFile(io.BytesIO(content)).getinfo("large").header_offset + 30 + len("large")
    damaged = bytearray(content)
    damaged[start + place] ^= 0x55
    archive = zipfile.ZipFile(io.BytesIO(damaged))
    with pytest.raises((zipfile.BadZipFile, EOFError)):
        list(inflated(archive, "large"))


def packed(way: int) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", way) as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
    return made
