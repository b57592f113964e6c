"""A roster with known errors, to show and to test what an import says about them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gridoffice.demo.data import DemoOffice, GridDatum
from gridoffice.demo.ledgers import ROSTER_HEADINGS, ROSTER_STARTS, roster_rows, write_roster


@dataclass(frozen=True, slots=True)
class Planted:
    """An error that was put in: Excel's row number and column letter, the heading, and what it is."""

    row: int
    column: str
    heading: str
    what: str


def write_broken_roster(
    path: Path, office: DemoOffice, street: GridDatum, count: int = 60
) -> tuple[Planted, ...]:
    """The first `count` rows of the official roster, eight of them wrong; answers which, by row."""
    rows = roster_rows(office, street)[:count]
    headings = [words[0] for words, _ in ROSTER_HEADINGS]
    planted = []

    def put(index: int, heading: str, value: object, what: str) -> None:
        column = headings.index(heading)
        rows[index][column] = value
        planted.append(Planted(ROSTER_STARTS + index, "ABCDEFGHIJKLMNOP"[column], heading, what))

    def of(index: int, heading: str) -> str:
        return rows[index][headings.index(heading)]

    put(3, "身份证号", float(of(3, "身份证号")[:17] + "0"), "stored as a number")
    put(8, "身份证号", _wrong_check(of(8, "身份证号")), "check digit")
    put(14, "身份证号", of(14, "身份证号")[:17], "17 characters")
    put(20, "网格名称", "梧桐社区第九十九网格", "unknown grid")
    put(27, "任职时间", "2025-02-30", "no such day")
    put(33, "姓名", "", "no name")
    put(39, "手机号", "1541234", "too short")
    put(46, "身份证号", of(45, "身份证号"), "the same number as the row above")
    write_roster(path, office, street, rows)
    return tuple(planted)


def _wrong_check(number: str) -> str:
    return number[:17] + ("1" if number[17] != "1" else "2")
