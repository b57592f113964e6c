"""Which grids a text that names none of them may have meant, the likeliest first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher

_NUMERAL = "([一二三四五六七八九]?)(十?)([一二三四五六七八九零〇]?)"
_NUMERALS = re.compile(f"第{_NUMERAL}|{_NUMERAL}(?=号|网格|微网格|格|组|栋|片|社区|村|$)")
_ZEROS = re.compile(r"第(?=\d)|(?<!\d)0+(?=\d)")
_DIGIT = {sign: str(number) for number, sign in enumerate("零一二三四五六七八九")} | {"〇": "0", "": ""}

NAMES, PLACES = 12, 400
"""So many of the names with the most letters in common are looked up, and so many of the places so
called, and of those below them, are compared."""

COMPARED = 40
"""So many of these, again those with the most in common, are compared letter by letter."""

LEAST = 0.4
"""How like a name must be to be offered at all."""


def plain_number(text: str) -> str:
    """Numbers in one way of writing: `第十二网格` and `12网格` are alike."""

    def digits(found: re.Match[str]) -> str:
        tens, ten, ones = found.groups("")[:3] if found[0].startswith("第") else found.groups("")[3:]
        if not (tens or ten or ones):
            return found[0]
        if not ten:
            return _DIGIT[tens] + _DIGIT[ones]
        return (_DIGIT[tens] or "1") + (_DIGIT[ones] or "0")

    return _ZEROS.sub("", _NUMERALS.sub(digits, text))


class Names:
    """Distinct names by the pairs of letters in them."""

    def __init__(self, names: Iterable[str]):
        self._names: list[str] = []
        self._pairs: dict[str, list[int]] = defaultdict(list)
        for name in names:
            for pair in pairs(plain_number(name)):
                self._pairs[pair].append(len(self._names))
            self._names.append(name)

    def nearest(self, text: str) -> list[str]:
        """The names with the most in common with a text; a pair that few names have tells more."""
        shared: dict[int, float] = defaultdict(float)
        for pair in pairs(plain_number(text)):
            having = self._pairs.get(pair, ())
            for index in having:
                shared[index] += 1 / len(having)
        best = sorted(shared, key=lambda index: (-shared[index], index))[:NAMES]
        return [self._names[index] for index in best]


def ranked(
    text: str, places: Mapping[int, Sequence[str]], most: int, also: Callable[[int], float]
) -> list[int]:
    """The places (by number, each with its names) that are like a text, the likeliest first; `also` is
    what else speaks for a place, beside its likeness from 0 to 1."""
    plain = plain_number(text)
    wanted = pairs(plain)

    def common(name: str) -> float:
        own = pairs(name)
        return 2 * len(own & wanted) / (len(own) + len(wanted))

    spelled = {place: [plain_number(name) for name in names] for place, names in places.items()}
    rough = {place: max(map(common, names)) + also(place) for place, names in spelled.items()}
    compare = SequenceMatcher(b=plain, autojunk=False)
    found: dict[int, float] = {}
    for place in sorted(rough, key=lambda one: (-rough[one], one))[:COMPARED]:
        for name in spelled[place]:
            compare.set_seq1(name)
            score = compare.ratio()
            if score >= LEAST:
                found[place] = max(found.get(place, 0.0), score + also(place))
    return sorted(found, key=lambda place: (-found[place], place))[:most]


def pairs(text: str) -> set[str]:
    """Every two letters that stand beside each other."""
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}
