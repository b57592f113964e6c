"""Subtotals by group and the total of a ledger, worked out from the texts that stand in it.

What is added up is what the reader sees: the figures as printed, with their decimals. A sum stands only where
every figure of its rows is one; blank and — count as nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gridoffice.documents.model import Sums

_FIGURE = re.compile(r"[-−]?[0-9][0-9,]*(?:\.[0-9]+)?")
_NOTHING = frozenset(("", "—", "－", "-", "/"))


@dataclass(frozen=True, slots=True)
class Summed:
    """Rows with their sums among them; `spans` tells which rows are sums, and over how many columns the
    words of each reach."""

    rows: Sequence[Sequence[str]]
    spans: Mapping[int, int]

    @property
    def judged(self) -> Sequence[Sequence[str]]:
        """The rows by which columns are made wide enough: without the words of sums, which reach over
        several."""
        if not self.spans:
            return self.rows
        return [("", *row[1:]) if place in self.spans else row for place, row in enumerate(self.rows)]


def with_sums(rows: Sequence[Sequence[str]], sums: Sums | None) -> Summed:
    """The rows group by group, each with its 小计, and the 合计 once, at the end.

    Groups stand in the order in which they begin; a group of one row has no 小计, nor has the only group.
    """
    if not sums or not rows:
        return Summed(rows, {})
    width = len(rows[0])
    span = min(sums.columns, default=width)
    groups: dict[str, list[Sequence[str]]] = {}
    for row, name in zip(rows, sums.groups or [""] * len(rows), strict=True):
        groups.setdefault(name, []).append(row)
    found: list[Sequence[str]] = []
    spans: dict[int, int] = {}
    for name, group in groups.items():
        found += group
        if len(groups) > 1 and len(group) > 1:
            spans[len(found)] = span
            found.append(_sum_row(group, sums, f"{name or '其他'}　小计", width, span))
    spans[len(found)] = span
    found.append(_sum_row(rows, sums, "合计", width, span))
    return Summed(found, spans)


def _sum_row(rows: Sequence[Sequence[str]], sums: Sums, words: str, width: int, span: int) -> list[str]:
    row = [""] * width
    for place in sums.columns:
        row[place] = total([one[place] for one in rows])
    if span:
        row[0] = f"{words}　{len(rows):,} {sums.unit}"
    return row


def total(texts: Sequence[str]) -> str:
    """The sum as it is printed; nothing when one of the texts is no figure."""
    figures = [text for text in texts if text not in _NOTHING]
    if not figures or not all(_FIGURE.fullmatch(text) for text in figures):
        return ""
    found = sum((Decimal(text.replace(",", "").replace("−", "-")) for text in figures), Decimal(0))
    grouped = any("," in text for text in figures)
    return f"{found:,}" if grouped else f"{found}"
