"""How wide each column of a table is and how it is aligned, judged from what stands in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from gridoffice.documents.fonts import Font
from gridoffice.documents.lines import NO_END, NO_START, Measure
from gridoffice.documents.model import ColumnHead, HeadGroup
from gridoffice.documents.titles import break_costs

_NUMBER = re.compile(r"[-−+]?[0-9][0-9,]{0,9}(?:\.[0-9]+)?[%％‰]?")
_NOTHING = frozenset(("", "—", "－", "-", "/"))
_SHORT = 8  # characters: a column whose texts are all this short is centred
_WHOLE = 4  # characters: a text this short is not broken
_LOOKED_AT = 1000  # rows looked at to judge a column


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `widest` is the widest text of a column of numbers."""

    width: float
    align: str
    widest: float = 0.0


@dataclass(frozen=True, slots=True)
class _Need:
    least: float  # without breaking a word, a number or a name
    most: float  # without breaking anything
    align: str
    widest: float


def leaves(headings: Sequence[ColumnHead]) -> list[str]:
    """The headings of the columns themselves, those of groups resolved."""
    found: list[str] = []
    for heading in headings:
        if isinstance(heading, HeadGroup):
            found += heading.columns
        else:
            found.append(heading)
    return found


def wrap(font: Font, size: float, text: str, room: float) -> list[str]:
    """Lines of at most `room`, under the rules for line ends; ragged, nothing is narrowed."""
    measure = Measure(font, size, size / 72 * 25.4)
    lines: list[str] = []
    for part in text.split("\n"):
        line: list[str] = []
        width = 0.0
        for piece in measure.pieces(part, room):
            if line and width + piece.width > room + 0.01:
                carried: list[str] = []
                while len(line) > 1 and (
                    (carried[0] if carried else piece.text)[0] in NO_START or line[-1][-1] in NO_END
                ):
                    carried.insert(0, line.pop())
                lines.append("".join(line).rstrip())
                line = carried
                width = sum(measure.width(text) for text in line)
                if not line and piece.text == " ":
                    continue
            line.append(piece.text)
            width += piece.width
        lines.append("".join(line).rstrip())
    return lines


def wrap_evenly(font: Font, size: float, text: str, room: float) -> list[str]:
    """As few lines as `wrap` needs, ended where a word ends: 走访 / 完成率, not 走访完 / 成率."""
    lines = wrap(font, size, text, room)
    if len(lines) < 2 or "\n" in text:
        return lines
    pieces = [piece.text for piece in Measure(font, size, size / 72 * 25.4).pieces(text, room)]
    if len(lines) > 3 or len(pieces) > 16:
        return lines
    costs = break_costs(pieces)
    mean = font.width(text, size) / len(lines)
    best, best_cost = lines, float("inf")
    for cuts in combinations(range(1, len(pieces)), len(lines) - 1):
        edges = (0, *cuts, len(pieces))
        parts = ["".join(pieces[a:b]) for a, b in pairwise(edges)]
        widths = [font.width(part, size) for part in parts]
        cost = sum(costs[cut] for cut in cuts) + sum((width - mean) ** 2 for width in widths) / mean
        if max(widths) <= room + 0.01 and cost < best_cost:
            best, best_cost = parts, cost
    return best


def _need(head: str, texts: Sequence[str], body: Font, head_font: Font, size: float, pad: float) -> _Need:
    measure = Measure(body, size, size / 72 * 25.4)
    em = measure.em
    filled = [text for text in texts if text not in _NOTHING]
    numbers = bool(filled) and all(_NUMBER.fullmatch(text) for text in filled)
    if head in ("序号", "名次", "排名"):
        align = "c"
    elif numbers:
        align = "r"
    else:
        align = "c" if all(len(text) <= _SHORT or text.isascii() for text in filled) else "l"
    most = least = 0.0
    for text in set(filled):
        width = body.width(text, size)
        most = max(most, width)
        if len(text) <= _WHOLE or text.isascii():
            least = max(least, width)
        elif width > least:
            least = max(least, *(piece.width for piece in measure.pieces(text, 1e9)), _WHOLE * em)
    head_width = head_font.width(head, size)
    # A heading may take two lines, more when it is long; a name of two or three characters takes one.
    head_least = head_width / 2 + em / 2 if len(head) > 3 else head_width
    return _Need(max(least, head_least) + 2 * pad, max(most, head_least) + 2 * pad, align, most)


def columns(
    headings: Sequence[ColumnHead],
    rows: Sequence[Sequence[str]],
    fonts: tuple[Font, Font],
    size: float,
    pad: float,
    width: float,
    weights: Sequence[float] | None = None,
    align: str | None = None,
) -> list[Column]:
    """Columns that together are `width` wide. `fonts` are those of the body and of the head."""
    needs = _needs(headings, rows, fonts, size, pad)
    if weights:
        wanted = [width * weight / sum(weights) for weight in weights]
    else:
        wanted = [need.most for need in needs]
    widths = _share(wanted, [need.least for need in needs], width)
    letters = align or "".join(need.align for need in needs)
    return [
        Column(own, letter, need.widest) for own, letter, need in zip(widths, letters, needs, strict=True)
    ]


def fits(
    headings: Sequence[ColumnHead],
    rows: Sequence[Sequence[str]],
    fonts: tuple[Font, Font],
    size: float,
    pad: float,
    width: float,
) -> bool:
    """Whether the table can be set in `size` so that only long texts are broken."""
    longest = 12 * size / 72 * 25.4
    needs = _needs(headings, rows, fonts, size, pad)
    return sum(max(need.least, min(need.most, longest)) for need in needs) <= width


def _needs(
    headings: Sequence[ColumnHead],
    rows: Sequence[Sequence[str]],
    fonts: tuple[Font, Font],
    size: float,
    pad: float,
) -> list[_Need]:
    # Evenly over the whole table: the first rows of a ledger are often the least typical.
    step = max(1, len(rows) // _LOOKED_AT)
    sample = rows[::step]
    body, head_font = fonts
    found = []
    for place, head in enumerate(leaves(headings)):
        texts = [row[place] for row in sample]
        if step > 1:
            texts.append(max((row[place] for row in rows), key=len))
        found.append(_need(head, texts, body, head_font, size, pad))
    return found


def _share(wanted: Sequence[float], least: Sequence[float], width: float) -> list[float]:
    """Widths that add up to `width`: more for all in proportion, or less for the widest first."""
    total = sum(wanted)
    if total <= width and all(want >= low for want, low in zip(wanted, least, strict=True)):
        return [want * width / total for want in wanted]
    if sum(least) >= width:
        return [low * width / sum(least) for low in least]
    low_cap, high_cap = 0.0, width
    for _ in range(60):
        cap = (low_cap + high_cap) / 2
        if sum(max(low, min(want, cap)) for want, low in zip(wanted, least, strict=True)) > width:
            high_cap = cap
        else:
            low_cap = cap
    widths = [max(low, min(want, low_cap)) for want, low in zip(wanted, least, strict=True)]
    return [own * width / sum(widths) for own in widths]
