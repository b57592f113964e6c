"""What the packages of Windows are made of, as far as it can be told without making them."""

from __future__ import annotations

import base64
import io
import re
import struct
from pathlib import Path

import pytest
from nacl.signing import VerifyKey
from PIL import Image
from PySide6.QtCore import QObject

import gridoffice
from gridoffice.documents.render import page_text, pages
from gridoffice.updating import installing, release
from installer import icon, notices, packages, papers, payload, releasing


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


def test_what_is_within_a_part_has_its_licence_too(tmp_path: Path) -> None:
    assert {"SQLCipher", "libpq", "HarfBuzz"} <= {name for name, *_ in notices.EMBEDDED}
    for _, _, _, text in notices.EMBEDDED:
        if text.parent == notices.OWN_TEXTS:
            assert "copyright" in text.read_text("utf-8").lower()
    home = tmp_path / "lib" / "other-1.0.dist-info"
    home.mkdir(parents=True)
    (home / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    (home / "LICENSE").write_text("MIT")
    with pytest.raises(notices.Unlicensed, match="SQLCipher came with sqlcipher3"):
        notices.collect(tmp_path, "1.0")


def test_a_release_is_signed_over_what_lies_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = payload.Build(gridoffice.__version__, "0123456789ab", 1_780_000_000)
    private = tmp_path / "private.key"
    public = releasing.make_key(private)
    assert private.stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        releasing.make_key(private)
    setup = tmp_path / f"GridOffice-{build.version}-setup.exe"
    with pytest.raises(LookupError, match="nothing of"):
        releasing.write(tmp_path, build, private)
    setup.write_bytes(b"MZ setup")
    with pytest.raises(LookupError, match="none of"):
        releasing.write(tmp_path, build, private)
    assert not (tmp_path / release.NAME).exists()
    monkeypatch.setattr(release, "known_keys", lambda: (VerifyKey(base64.b64decode(public)),))
    made = release.proved(releasing.write(tmp_path, build, private).read_bytes())
    assert made.packages["windows"].name == setup.name
    assert made.packages["windows"].size == 8
    assert "。" in made.news


def test_every_version_has_its_news_for_clerks() -> None:
    news = (payload.HERE / "news" / f"{gridoffice.__version__}.md").read_text("utf-8")
    assert not {"请", "您", "！", "成功"} & set(news) and "成功" not in news


def test_the_leaflet_is_one_page_and_the_sheet_tells_every_exit_status(tmp_path: Path) -> None:
    build = payload.Build(gridoffice.__version__, "0123456789ab", 1_780_000_000)
    leaflet, sheet = (path.read_bytes() for path in papers.write(tmp_path, build))
    assert pages(leaflet) == 1
    assert "网格办安装说明" in page_text(leaflet, 0)
    told = "".join("".join(page_text(sheet, page).split()) for page in range(pages(sheet)))
    head = (payload.HERE / "windows" / "setup.nsi").read_text("utf-8").partition("Unicode true")[0]
    statuses = set(re.findall(r"(\d) (?=[a-z])", head.partition("exit status")[2]))
    assert {"0", "4", "7", "8", "9"} <= statuses
    for status in sorted(statuses):
        assert re.search(rf"[；：]{status}\D", told), status
    assert set(installing.WHY) <= statuses
    for switch in re.findall(r"^;   (/[A-Z]+)", head, re.MULTILINE):
        assert switch in told
