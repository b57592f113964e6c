"""Search keys of a name: the whole pinyin and the first letters, with surnames read as surnames."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

SURNAMES = {
    "单": "shan", "解": "xie", "仇": "qiu", "曾": "zeng", "区": "ou", "翟": "zhai", "查": "zha",
    "任": "ren", "朴": "piao", "盖": "ge", "员": "yun", "贠": "yun", "尉": "wei", "秘": "bi",
    "种": "chong", "缪": "miao", "召": "shao", "乜": "nie", "繁": "po", "晁": "chao", "华": "hua",
    "覃": "qin", "逄": "pang", "郗": "xi", "冼": "xian", "洗": "xian", "燕": "yan", "宁": "ning",
    "纪": "ji", "哈": "ha", "那": "na", "黑": "he", "折": "she", "揭": "jie", "过": "guo",
    "洪": "hong", "能": "nai", "幺": "yao", "隗": "wei", "车": "che", "谌": "chen", "卜": "bu",
    "乐": "yue", "令": "ling", "俱": "ju", "佴": "nai", "戚": "qi", "葛": "ge", "牟": "mou",
    "万": "wan", "应": "ying", "於": "yu", "臧": "zang", "石": "shi", "干": "gan", "重": "chong",
    "晟": "cheng", "沈": "shen", "祭": "zhai", "句": "gou", "适": "kuo", "撒": "sa", "宓": "mi",
    "长": "chang", "教": "jiao", "都": "du", "曲": "qu", "相": "xiang", "行": "xing", "盛": "sheng",
}  # fmt: skip
"""How a character is read when it is a surname (only where the usual reading may differ)."""

COMPOUND = {
    "万俟": ("mo", "qi"), "尉迟": ("yu", "chi"), "单于": ("chan", "yu"), "长孙": ("zhang", "sun"),
    "澹台": ("tan", "tai"), "令狐": ("ling", "hu"), "欧阳": ("ou", "yang"), "夏侯": ("xia", "hou"),
    "宰父": ("zai", "fu"), "公冶": ("gong", "ye"), "呼延": ("hu", "yan"), "鲜于": ("xian", "yu"),
}  # fmt: skip

_WORD = re.compile(r"[a-z0-9]+")
_USUAL = re.compile(f"(?![{''.join(SURNAMES)}]|{'|'.join(COMPOUND)})[\u4e00-\u9fff]+")
"""A name of which every character is read as usual."""
_PIECE = re.compile(r"[A-Za-z0-9]+|[^\x00-\x7f]")


@lru_cache(50_000)
def place_keys(name: str) -> tuple[str, str]:
    """Whole pinyin and first letters of a place, lower case, read as words and not as a surname:
    `长乐社区02` → `("changleshequ02", "clsq02")`. Figures stay whole."""
    # pypinyin takes a quarter of a second to import: only whoever needs a reading pays for it
    from pypinyin import Style, lazy_pinyin

    said = lazy_pinyin(name, style=Style.NORMAL)
    words = [word for text in said for word in _WORD.findall(text.lower())]
    return "".join(words), "".join(word if word.isdigit() else word[0] for word in words)


_BETWEEN = "\0"
"""Stands between names that are read together; no text has it."""


class _Readings(dict[int, str]):
    """The usual reading of each character, or its first letter, without tone; empty when nobody has given
    it one. What `str.translate` takes."""

    def __init__(self, letters: int | None):
        self.letters = letters
        self[ord(_BETWEEN)] = _BETWEEN

    def __missing__(self, code: int) -> str:
        # pypinyin takes a quarter of a second to import: only whoever needs a reading pays for it
        from pypinyin import Style, lazy_pinyin

        found = lazy_pinyin(chr(code), style=Style.NORMAL, errors="ignore")
        self[code] = found[0][: self.letters] if found else ""
        return self[code]


_READINGS, _LETTERS = _Readings(None), _Readings(1)


@lru_cache(16_384)
def keys(name: str) -> tuple[str, str]:
    """Whole pinyin and first letters of a name, lower case: `单晓琴` → `("shanxiaoqin", "sxq")`.

    Latin words count as they are; a character without a known reading is left out of both.
    """
    first: tuple[str, ...] = COMPOUND.get(name[:2], ())
    if not first and name[:1] in SURNAMES:
        first = (SURNAMES[name[0]],)
    rest = name[len(first) :]
    full, letters = "".join(first), "".join([syllable[0] for syllable in first])
    if _WORD.search(rest.lower()) is None:
        return full + rest.translate(_READINGS), letters + rest.translate(_LETTERS)
    pieces = [piece.lower() if piece.isascii() else _READINGS[ord(piece)] for piece in _PIECE.findall(rest)]
    return full + "".join(pieces), letters + "".join([piece[:1] for piece in pieces])


def all_keys(names: Collection[str]) -> dict[str, tuple[str, str]]:
    """`keys` of many names; the usual ones are read as one text, at a quarter of the time."""
    usual = [name for name in names if _USUAL.fullmatch(name)]
    text = _BETWEEN.join(usual)
    read = (text.translate(readings).split(_BETWEEN) for readings in (_READINGS, _LETTERS))
    found = dict(zip(usual, zip(*read, strict=True), strict=False))  # of no names there is one empty reading
    found.update((name, keys(name)) for name in names if name not in found)
    return found
