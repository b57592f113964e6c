"""`GridOffice-x.y.z.msi`: for every user of a computer, rolled out by whoever looks after it.

Every number in it follows from what it is: the same commit gives the same bytes, and Windows knows a file of one
version to be the same part in the next.
"""

from __future__ import annotations

import os
import re
import struct
import subprocess
from pathlib import Path
from uuid import UUID, uuid5
from xml.sax.saxutils import quoteattr

from installer.payload import HERE, Build

UPGRADE = UUID("3C1B6E52-7A0D-4F0E-9B57-6A2C5B0E8D41")
"""By it Windows knows the next version's .msi to be of the same program. Never changes."""
WORDS = (
    ("Property", "Value", "GridOffice Desktop", "网格办"),
    ("Shortcut", "Name", "START", "GRIDOFF|网格办"),
    ("LaunchCondition", "Description", "NEWER", "这台电脑上的网格办比要装的新，不用再装。"),
    ("Registry", "Value", "OFFICE FILE", "网格办资料库"),
    ("Registry", "Value", "PACKAGE FILE", "网格办上报包"),
)
"""Table, column, what `product.wxs` has there, and what people read."""
CODEPAGE = 936
"""How Windows reads the texts of the package: every Windows has it."""
BEFORE_1970 = 116_444_736_000_000_000
"""Ten-millionths of a second from 1601, where Windows begins to count, to 1970."""


def msi(payload: Path, work: Path, target: Path, build: Build) -> None:
    listed = work / "files.wxs"
    listed.write_text(files(payload), "utf-8")
    icon = os.path.relpath(work / "launcher" / "gridoffice.ico", payload.parent)  # it takes no other
    product = number(f"product {build.version} {build.commit}")
    defines = {"SRC": payload.name, "Win64": "yes", "VERSION": build.version, "ICON": icon}
    defines |= {"UPGRADE": str(UPGRADE).upper(), "PRODUCT": product}
    words = [
        "wixl",
        "-a",
        "x64",
        *(part for name, value in defines.items() for part in ("-D", f"{name}={value}")),
    ]
    words += ["-o", str(target), str(HERE / "windows" / "product.wxs"), str(listed)]
    told = {"SOURCE_DATE_EPOCH": str(build.moment), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    subprocess.run(words, check=True, cwd=payload.parent, env=os.environ | told)
    in_chinese(target, work)
    settle(target, number(f"package {build.version} {build.commit}"), build.moment)


def in_chinese(file: Path, work: Path) -> None:
    """Put the Chinese words in. Raises `LookupError` when one of them does not stand there afterwards."""
    page = work / "_ForceCodepage.idt"
    page.write_text(f"\r\n\r\n{CODEPAGE}\t_ForceCodepage\r\n", "ascii", newline="")
    subprocess.run(["msibuild", str(file), "-i", str(page)], check=True)
    for table, column, before, words in WORDS:
        query = f"UPDATE `{table}` SET `{column}`='{words}' WHERE `{column}`='{before}'"
        subprocess.run(["msibuild", str(file), "-q", query], check=True)
        told = subprocess.run(["msiinfo", "export", str(file), table], check=True, capture_output=True).stdout
        if words not in told.decode("utf-8", "replace"):
            raise LookupError(f"the .msi does not say {words}")


def number(words: str) -> str:
    return str(uuid5(UPGRADE, words)).upper()


def files(payload: Path) -> str:
    """The folders and files of the payload as wixl reads them; each file is a part by itself."""
    lines: list[str] = []
    parts: list[str] = []

    def folder(path: Path) -> None:
        inner = sorted(path.iterdir())
        for one in (one for one in inner if one.is_file()):
            place = one.relative_to(payload).as_posix()
            mark = number(place).replace("-", "")
            parts.append(f'<ComponentRef Id="c{mark}"/>')
            source = quoteattr(f"$(var.SRC)/{place}")
            lines.append(
                f'<Component Win64="$(var.Win64)" Id="c{mark}" Guid="{number(place)}">'
                f'<File Id="f{mark}" KeyPath="yes" Source={source}/></Component>'
            )
        for one in (one for one in inner if one.is_dir()):
            mark = number(f"{one.relative_to(payload).as_posix()}/").replace("-", "")
            lines.append(f'<Directory Id="d{mark}" Name={quoteattr(one.name)}>')
            folder(one)
            lines.append("</Directory>")

    folder(payload)
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            '<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">',
            '<Fragment><DirectoryRef Id="INSTALLDIR">',
            *lines,
            '</DirectoryRef></Fragment><Fragment><ComponentGroup Id="payload">',
            *parts,
            "</ComponentGroup></Fragment></Wix>\n",
        ]
    )


def settle(file: Path, package: str, moment: int) -> None:
    """The number and the times that wixl gives a package by chance and by the clock, as they have to be."""
    body = bytearray(file.read_bytes())
    words = ["msiinfo", "suminfo", str(file)]
    told = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    found = re.search(r"\(UUID\): (\{[0-9A-F-]{36}\})", told)
    if found is None or body.count(found[1].encode()) != 1:
        raise LookupError("the .msi does not tell its number where it did")
    at = body.index(found[1].encode())
    body[at : at + 38] = f"{{{package}}}".encode()
    of_time, when = struct.pack("<I", 64), struct.pack("<Q", moment * 10_000_000 + BEFORE_1970)
    start = body.rfind(b"\xe0\x85\x9f\xf2\xf9\x4f\x68\x10\xab\x91\x08\x00\x2b\x27\xb3\xd9", 0, at)  # its kind
    for place in re.finditer(
        re.escape(of_time) + rb".{6}[\xd0-\xe7]\x01", body[start : start + 1024], re.DOTALL
    ):
        body[start + place.start() + 4 : start + place.end()] = when
    file.write_bytes(body)
