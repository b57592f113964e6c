"""The rows of a header: their texts with merged cells spread out, how far they reach, what is above."""

from __future__ import annotations

from gridoffice.spreadsheet.reading import Sheet
from gridoffice.spreadsheet.sheet_rows import Cell

DEEPEST = 3
"""Rows that a header may have."""

FACTS = (
    "填报单位",
    "单位",
    "填报时间",
    "填报日期",
    "填表单位",
    "填表时间",
    "日期",
    "时间",
    "制表",
    "统计时间",
    "联系人",
)
"""How the fill-in lines between title and header begin."""


def heading_texts(sheet: Sheet, row: int) -> list[str]:
    """The texts of one row with horizontally merged cells filled to the right."""
    cells = sheet.rows[row]
    texts = [_heading(cell) for cell in cells]
    for (first, left), (last, right) in sheet.merges:
        if first <= row <= last and right > left and left < len(sheet.rows[first]):
            text = _heading(sheet.rows[first][left])
            texts.extend([""] * (right + 1 - len(texts)))
            for column in range(left, right + 1):
                texts[column] = texts[column] or text
    return texts


def _heading(cell: Cell) -> str:
    return " ".join(cell.split()).replace("/", "／") if isinstance(cell, str) else ""


def flatten(rows: list[list[str]]) -> list[str]:
    """One heading a column: the texts from top to bottom, joined by a slash, no text twice in a row."""
    if len(rows) == 1:
        return rows[0]
    width = max(map(len, rows))
    flat = []
    for column in range(width):
        parts: list[str] = []
        for row in rows:
            text = row[column] if column < len(row) else ""
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        flat.append("/".join(parts))
    return flat


def whole_header(sheet: Sheet, top: int, bottom: int) -> tuple[int, int]:
    """Take in the rows that merged heading cells reach into, three at most."""
    for (first, left), (last, right) in sheet.merges:
        whole_width = right - left + 1 >= max(3, len(sheet.rows[top]) - 1)
        if first <= bottom and last >= top and last - first < DEEPEST:
            if last > bottom and last - top < DEEPEST:
                bottom = last
            if first < top and bottom - first < DEEPEST:
                top = first
        elif (
            last == top - 1
            and first == last
            and right > left
            and not whole_width
            and bottom - first < DEEPEST
            and _groups(sheet, first, top)
        ):
            top = first
    return top, min(bottom, len(sheet.rows) - 1)


def _groups(sheet: Sheet, row: int, below: int) -> bool:
    """Is `row` a row of group headings for the row below it: two groups or more, and no fill-in line?"""
    texts = [text for text in map(_heading, sheet.rows[row]) if text]
    if len(texts) < 2 or any(text.startswith(FACTS) for text in texts):
        return False
    return any(first == row and right > left for (first, left), (_, right) in sheet.merges)


def above(sheet: Sheet, top: int) -> tuple[str | None, tuple[str, ...]]:
    """The title and the fill-in lines above the header."""
    title: str | None = None
    facts = []
    for row in range(top):
        texts = list(
            dict.fromkeys(text.replace("／", "/") for text in map(_heading, sheet.rows[row]) if text)
        )
        if not texts:
            continue
        line = "　".join(texts)
        if title is None and len(line) >= 4 and not line.startswith(FACTS):
            title = line
        else:
            facts.append(line)
    return title, tuple(facts)
