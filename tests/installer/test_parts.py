"""What the packages of Windows are made of, as far as it can be told without making them."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QObject

from installer import icon, notices, packages, payload


def test_every_size_of_the_icon_is_drawn(qapp: QObject, tmp_path: Path) -> None:
    icon.write(tmp_path / "a.ico")
    body = (tmp_path / "a.ico").read_bytes()
    count = struct.unpack_from("<HHH", body)[2]
    assert count == len(icon.SIZES)
    for place, size in enumerate(icon.SIZES):
        length, offset = struct.unpack_from("<II", body, 6 + 16 * place + 8)
        picture = Image.open(io.BytesIO(body[offset : offset + length]))
        assert picture.size == (size, size)
        assert len({picture.convert("RGBA").getpixel((x, size // 3)) for x in range(size)}) >= 3
    icon.write(tmp_path / "b.ico")
    assert (tmp_path / "b.ico").read_bytes() == body


def test_removal_names_every_file_and_then_the_folders_from_the_deepest(tmp_path: Path) -> None:
    for name in ("GridOffice.exe", "lib/a/b/c.pyc", "lib/a/$x.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    files = [path for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    assert packages.removal(tmp_path, files) == [
        r'Delete "$INSTDIR\GridOffice.exe"',
        r'Delete "$INSTDIR\lib\a\$$x.txt"',
        r'Delete "$INSTDIR\lib\a\b\c.pyc"',
        r'RMDir "$INSTDIR\lib\a\b"',
        r'RMDir "$INSTDIR\lib\a"',
        r'RMDir "$INSTDIR\lib"',
    ]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Qt6Widgets.dll", True),
        ("QtWidgets.pyd", True),
        ("Qt6Qml.dll", False),
        ("plugins/platforms/qwindows.dll", True),
        ("plugins/platforms/qminimal.dll", False),
        ("translations/qtbase_zh_CN.qm", True),
        ("translations/qtbase_de.qm", False),
        ("opengl32sw.dll", False),
        ("vcruntime140.dll", True),
        ("designer.exe", False),
    ],
)
def test_of_qt_only_what_the_program_uses_is_kept(name: str, kept: bool) -> None:
    assert payload.is_kept(name) is kept


def test_the_list_of_hashes_follows_every_byte(tmp_path: Path) -> None:
    (tmp_path / "一").mkdir()
    (tmp_path / "一" / "a").write_bytes(b"1")
    before = payload.hashes(tmp_path)
    assert before.endswith("  一/a\n")
    (tmp_path / "一" / "a").write_bytes(b"2")
    assert payload.hashes(tmp_path) != before


def test_a_part_without_its_licence_is_not_shipped(tmp_path: Path) -> None:
    home = tmp_path / "lib" / "nothing-1.0.dist-info"
    home.mkdir(parents=True)
    (home / "METADATA").write_text("Metadata-Version: 2.1\nName: nothing\nVersion: 1.0\n")
    with pytest.raises(notices.Unlicensed, match=r"nothing 1\.0"):
        notices.collect(tmp_path, "1.0")


def test_every_typeface_has_its_licence_beside_it() -> None:
    import resources

    for _, _, file in notices.DATA:
        assert resources.path(*file.split("/")).stat().st_size > 500
