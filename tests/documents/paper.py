"""Paper for the tests, and two readers that look at it: pdfium (places) and poppler (text)."""

from __future__ import annotations

import ctypes
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gridoffice.documents import official_format as form
from gridoffice.documents.fonts import FontSet
from gridoffice.documents.model import Heading, OfficialDocument, Paragraph

FONTS = FontSet.bundled()
RARE = "𬭎𫍯䶮㛃𠅤堃喆犇頔𬘡𠮷㐂"
NAMES = (
    "王𠮷𬭎",
    "李䶮",
    "张堃",
    "欧阳喆",
    "赵犇",
    "钱頔",
    "孙𬘡",
    "周𫍯",
    "吴㛃",
    "阿依古丽·买买提",
    "陈𠅤",
    "刘㐂",
)
MM = 25.4 / 72
TOLERANCE = 0.2  # mm
EM = form.SIZE_3 * MM


@dataclass(frozen=True)
class Char:
    """A character on the page: its origin on the baseline and its inked box, in mm from the top left."""

    text: str
    x: float
    y: float
    left: float
    top: float
    right: float
    bottom: float
    size: float


@dataclass(frozen=True)
class Stroke:
    """A line on the page from end to end, in mm from the top left."""

    left: float
    top: float
    right: float
    bottom: float


def _height(page: pdfium.PdfPage) -> float:
    media = page.get_mediabox()
    assert media
    return media[3]


def chars(pdf: bytes, index: int) -> list[Char]:
    """The visible characters of the Basic Multilingual Plane, in the order in which they were set."""
    document = pdfium.PdfDocument(pdf)
    page = document[index]
    text = page.get_textpage()
    high = _height(page)
    found: list[Char] = []
    x, y = ctypes.c_double(), ctypes.c_double()
    for number in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, number)
        if code <= 0x20 or 0xD800 <= code < 0xE000:
            continue
        raw.FPDFText_GetCharOrigin(text, number, ctypes.byref(x), ctypes.byref(y))
        left, bottom, right, top = text.get_charbox(number)
        size = raw.FPDFText_GetFontSize(text, number)
        found.append(
            Char(
                chr(code),
                x.value * MM,
                (high - y.value) * MM,
                left * MM,
                (high - top) * MM,
                right * MM,
                (high - bottom) * MM,
                size,
            )
        )
    document.close()
    return found


def strokes(pdf: bytes, index: int) -> list[Stroke]:
    """The middle of every line of a page, without its thickness."""
    document = pdfium.PdfDocument(pdf)
    page = document[index]
    high = _height(page)
    x, y = ctypes.c_float(), ctypes.c_float()
    found = []
    for part in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
        matrix = part.get_matrix()
        points = []
        for number in range(raw.FPDFPath_CountSegments(part)):
            raw.FPDFPathSegment_GetPoint(
                raw.FPDFPath_GetPathSegment(part, number), ctypes.byref(x), ctypes.byref(y)
            )
            points.append(matrix.on_point(x.value, y.value))
        xs, ys = [point[0] * MM for point in points], [(high - point[1]) * MM for point in points]
        found.append(Stroke(min(xs), min(ys), max(xs), max(ys)))
    document.close()
    return found


def rows(pdf: bytes, index: int) -> list[tuple[float, str]]:
    """The lines of a page: baseline and text, from top to bottom."""
    lines: dict[float, list[Char]] = {}
    for char in chars(pdf, index):
        key = next((y for y in lines if abs(y - char.y) < 0.5), char.y)
        lines.setdefault(key, []).append(char)
    return [
        (y, "".join(char.text for char in sorted(lines[y], key=lambda char: char.x))) for y in sorted(lines)
    ]


def body_rows(pdf: bytes, index: int) -> list[tuple[float, str]]:
    return [(y, text) for y, text in rows(pdf, index) if y < form.AREA_BOTTOM]


def top_of(baseline: float) -> float:
    """The upper edge of the character square of 三号 type that stands on a baseline."""
    return baseline - 0.88 * EM - (form.CELL - EM) / 2


def poppler_text(pdf: bytes, folder: Path, first: int | None = None) -> str:
    """What pdftotext reads, of one page (from 1) or of all."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    chosen = ["-f", str(first), "-l", str(first)] if first else []
    done = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", *chosen, str(path), "-"], check=True, capture_output=True
    )
    return done.stdout.decode("utf-8")


def notice(**changes: object) -> OfficialDocument:
    """A small notice; `changes` replace its parts."""
    parts: dict[str, object] = {
        "organisation": "青禾街道网格化服务管理办公室",
        "title": "关于2026年6月网格员月度考核结果的通报",
        "body": (
            Paragraph(
                "为掌握全街道网格员履职情况，街道网格办对6月份网格员工作进行了考核。现将结果通报如下。"
            ),
            Heading(1, "一、总体情况"),
            Paragraph("参加本月考核的网格员186名，平均得分91.37分。王𠮷𬭎、李䶮等3名网格员受到通报表扬。"),
            Heading(2, "（一）走访任务"),
            Paragraph("全月共走访居民12,486户次，完成率98.2%。"),
        ),
        "signature": "青禾街道网格化服务管理办公室",
        "day": date(2026, 7, 3),
        "recipients": "各社区（村）",
    }
    return OfficialDocument(**(parts | changes))  # type: ignore[arg-type]
