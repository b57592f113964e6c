"""Which grids a text that names none of them may have meant, the likeliest first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher

_NUMERAL = "([一二三四五六七八九]?)(十?)([一二三四五六七八九零〇]?)"
_NUMERALS = re.compile(f"第{_NUMERAL}|{_NUMERAL}(?=号|网格|微网格|格|组|栋|片|社区|村|$)")
_ZEROS = re.compile(r"第(?=\d)|(?<!\d)0+(?=\d)")
_DIGIT = {sign: str(number) for number, sign in enumerate("零一二三四五六七八九")} | {"〇": "0", "": ""}

COMMON = 0.2
"""Pairs of letters in more of the names than this tell nothing, as long as rarer ones do."""

MANY = 2000
"""When only such pairs are left, so many of the names that have them are looked at."""

LOOKED_AT = 40
"""So many of the names with the most in common are compared letter by letter."""

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


class Likeness:
    """Names by the pairs of letters in them. A place may have several names."""

    def __init__(self, names: Iterable[tuple[int, str]]):
        self._names: list[tuple[int, str]] = []
        self._pairs: dict[str, list[int]] = defaultdict(list)
        for place, name in names:
            plain = plain_number(name)
            for pair in _pairs(plain):
                self._pairs[pair].append(len(self._names))
            self._names.append((place, plain))

    def ranked(self, text: str, most: int, also: Callable[[int], float] = lambda _place: 0.0) -> list[int]:
        """The places with a name like the text, the likeliest first; `also` is what else speaks for
        a place, beside its likeness from 0 to 1."""
        plain = plain_number(text)
        common = max(len(self._names) * COMMON, LOOKED_AT)
        wanted = [pair for pair in _pairs(plain) if pair in self._pairs]
        telling = [pair for pair in wanted if len(self._pairs[pair]) <= common]
        shared: dict[int, float] = defaultdict(float)
        for pair in telling or wanted:
            weight = 1 / len(self._pairs[pair])
            for index in self._pairs[pair] if telling else self._pairs[pair][:MANY]:
                shared[index] += weight
        nearest = sorted(shared, key=lambda index: (-shared[index], index))[:LOOKED_AT]
        compare = SequenceMatcher(b=plain, autojunk=False)
        found: dict[int, float] = {}
        for index in nearest:
            place, name = self._names[index]
            compare.set_seq1(name)
            score = compare.ratio()
            if score >= LEAST:
                found[place] = max(found.get(place, 0.0), score + also(place))
        return sorted(found, key=lambda place: (-found[place], place))[:most]


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}
