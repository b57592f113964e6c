"""How wide each column of a table is and how it is aligned, judged from what stands in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from gridoffice.documents.fonts import POINT, Font
from gridoffice.documents.lines import NO_END, NO_START, Measure, Piece
from gridoffice.documents.model import ColumnHead, HeadGroup
from gridoffice.documents.titles import break_costs

_NUMBER = re.compile(r"[-−+]?[0-9][0-9,]{0,9}(?:\.[0-9]+)?[%％‰]?")
_DOTTED = re.compile(r"[^·]+·?")
_NOTHING = frozenset(("", "—", "－", "-", "/"))
_SHORT = 8  # characters: a column whose texts are all this short is centred
_WHOLE = 4  # characters: a text this short is not broken
_COMFORTABLE = 11  # characters: a text longer than this may well take two lines
_USUAL = 0.97  # of the texts of a column: the few longest may break
_ORPHANS = 1.5  # em: a break that leaves no more than this for the next line is not worth its width
_LOOKED_AT = 1000  # rows looked at to judge a column
_WORD_BROKEN = 40.0  # what `break_costs` takes at least for a break inside a word


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Numbers stand with their decimal points below each other, as one block `widest` wide in the middle of
    the column; `fraction` is the width of that block from the point on.
    """

    width: float
    align: str
    widest: float = 0.0
    fraction: float = 0.0


@dataclass(frozen=True, slots=True)
class Need:
    """What a column needs, in em: `least` breaks no word or number, `usual` few texts, `most` none."""

    least: float
    usual: float
    most: float
    align: str
    widest: float
    fraction: float


def leaves(headings: Sequence[ColumnHead]) -> list[str]:
    """The headings of the columns themselves, those of groups resolved."""
    found: list[str] = []
    for heading in headings:
        if isinstance(heading, HeadGroup):
            found += leaves(heading.columns)
        else:
            found.append(heading)
    return found


def wrap(font: Font, size: float, text: str, room: float) -> list[str]:
    """Lines of at most `room`, under the rules for line ends; ragged, nothing is narrowed.

    阿依古丽·买买提 and 河湾·第二网格·微网格05 are broken at their dots where that is enough.
    """
    measure = Measure(font, size, size * POINT)
    lines: list[str] = []
    for part in text.split("\n"):
        line: list[str] = []
        width = 0.0
        pieces = [Piece(name, font.width(name, size)) for name in _DOTTED.findall(part)]
        if any(piece.width > room for piece in pieces) or len(pieces) < 2:
            pieces = measure.pieces(part, room)
        for piece in pieces:
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
    """As few lines as `wrap` needs, ended where a word ends: 走访 / 完成率, not 走访完 / 成率.

    A line break in `text` is kept.
    """
    if "\n" in text:
        return [line for part in text.split("\n") for line in wrap_evenly(font, size, part, room)]
    lines = wrap(font, size, text, room)
    pieces = [piece.text for piece in Measure(font, size, size * POINT).pieces(text, room)]
    if not 2 <= len(lines) <= 4 or len(pieces) > 16:
        return lines
    costs = break_costs(pieces)
    best, best_cost = lines, float("inf")
    for count in (len(lines), len(lines) + 1):
        mean = font.width(text, size) / count
        for cuts in combinations(range(1, len(pieces)), count - 1):
            edges = (0, *cuts, len(pieces))
            parts = ["".join(pieces[a:b]) for a, b in pairwise(edges)]
            widths = [font.width(part, size) for part in parts]
            cost = sum(costs[cut] for cut in cuts) + sum((width - mean) ** 2 for width in widths) / mean
            if max(widths) <= room + 0.01 and cost < best_cost:
                best, best_cost = parts, cost
        if best_cost < _WORD_BROKEN:  # rather one line more than a word broken
            break
    return best


def needs(
    headings: Sequence[ColumnHead], rows: Sequence[Sequence[str]], body: Font, head: Font
) -> list[Need]:
    """What each column needs, judged from rows taken evenly over the table, and from its longest text."""
    # The first rows of a ledger are often the least typical; looking at all of a long one takes seconds.
    step = max(1, len(rows) // _LOOKED_AT)
    found = []
    for place, title in enumerate(leaves(headings)):
        texts = Counter(row[place] for row in rows[::step])
        if step > 1:
            texts[max((row[place] for row in rows), key=len)] += 1
        for nothing in _NOTHING:
            del texts[nothing]
        found.append(_need(title, texts, body, head))
    return found


def _need(title: str, texts: Counter[str], body: Font, head: Font) -> Need:
    widths = {text: body.width(text) for text in texts}
    fraction = 0.0
    most = max(widths.values(), default=0.0)
    usual = _usual(widths, texts)
    if most - usual <= _ORPHANS:
        usual = most
    if title.endswith(("序号", "名次", "排名")):
        align = "c"
    elif texts and all(_NUMBER.fullmatch(text) for text in texts):
        align = "r"
        fraction = max(body.width(fraction_of(text)) for text in texts)
        usual = most = fraction + max(body.width(text.removesuffix(fraction_of(text))) for text in texts)
    else:
        short = sum(count for text, count in texts.items() if len(text) <= _SHORT or text.isascii())
        align = "c" if short >= _USUAL * texts.total() else "l"
    least = most if align == "r" else 0.0
    measure = Measure(body, 1 / POINT, 1.0)
    for text, width in widths.items():
        if len(text) <= _WHOLE or text.isascii():
            least = max(least, width)
        elif width > least:
            least = max(least, *(piece.width for piece in measure.pieces(text, 1e9)), _WHOLE)
    # A heading may take two lines, a long one three; one of two or three characters takes one.
    for part in title.split("\n"):
        title_width = head.width(part)
        lines = 1 if title_width < 3.5 else 2 if title_width < 6.5 else 3
        least = max(least, min(title_width, title_width / lines + (lines - 1) / 2))
    return Need(least, max(usual, least), max(most, least), align, most, fraction)


def _usual(widths: Mapping[str, float], texts: Counter[str]) -> float:
    """The width that all but the few longest texts keep to."""
    passed = 0
    for text in sorted(widths, key=widths.__getitem__):
        passed += texts[text]
        if passed >= _USUAL * texts.total():
            return widths[text]
    return 0.0


def fraction_of(text: str) -> str:
    """The decimal point of a number and what follows it; of a whole number, its per cent sign at most."""
    whole, point, rest = text.partition(".")
    if point:
        return point + rest
    return text[len(whole.rstrip("%％‰")) :]


def largest_size(found: Sequence[Need], sizes: Sequence[float], pad: float, width: float) -> float:
    """The largest size in which nothing but long texts is broken; the smallest when none is."""
    for size in sizes:
        em = size * POINT
        least = sum(max(need.least, min(need.usual, _COMFORTABLE)) for need in found) * em
        if least + 2 * pad * len(found) <= width:
            return size
    return sizes[-1]


def columns(
    found: Sequence[Need],
    size: float,
    pad: float,
    width: float,
    weights: Sequence[float] | None = None,
    align: str | None = None,
) -> list[Column]:
    """Columns that together are `width` wide.

    Each gets what its contents need; what is left over is shared by `weights`, or in proportion.
    """
    em = size * POINT
    least = [need.least * em + 2 * pad for need in found]
    usual = [need.usual * em + 2 * pad for need in found]
    most = [need.most * em + 2 * pad for need in found]
    letters = align or "".join(need.align for need in found)
    if sum(usual) >= width:
        widths = _share(usual, least, width, weights)
    else:
        widths = _share(most, usual, width, weights)
    return [
        Column(own, letter, need.widest * em, need.fraction * em)
        for own, letter, need in zip(widths, letters, found, strict=True)
    ]


def _share(
    wanted: Sequence[float], least: Sequence[float], width: float, weights: Sequence[float] | None
) -> list[float]:
    """Widths that add up to `width`: more for all, or less for the widest first."""
    spare = width - sum(wanted)
    if spare >= 0:
        shares = weights or wanted
        return [want + spare * share / sum(shares) for want, share in zip(wanted, shares, strict=True)]
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
