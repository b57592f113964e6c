"""Names of people as offices type them, made one form without touching a single rare character."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gridoffice.cells import is_blank

DOT = "·"

COMPOUND = frozenset(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 "
    "慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 "
    "轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五 单于".split()
)
"""Surnames of two characters."""

_DOTS = "•‧∙⋅・･·.．。﹒˙●"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_HAN = r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff]"
_SPACE_IN_HAN = re.compile(rf"(?<={_HAN}|·)\s+(?={_HAN}|·)")
_DOT_IN_HAN = re.compile(rf"(?<={_HAN})\s*[{re.escape(_DOTS)}]\s*(?={_HAN})")
_NO_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE))
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_PLAIN = re.compile(r"[\u4e00-\u9fff]{2,4}")
_DOUBTFUL = re.compile(r"[?？□■�*＊_\ue000-\uf8ff]")
_DIGIT = re.compile(r"[0-9０-９]")
_ADDED = re.compile(r"[（(\[【〔][^）)\]】〕]*[）)\]】〕]?")
_WITH_SEX = re.compile(rf"{_HAN}{{2,}}\s+[男女]$")
_NOT_A_NAME = re.compile(r".?某+.?|[XxＸｘ×A-Za-z]{1,3}|测试.?")
_TWO = re.compile(r"[、,，;；/／|]")
_APART = re.compile(rf"(?:{_HAN}){{2,}}[\s]+(?:{_HAN}){{2,}}")

NOBODY = frozenset("空缺 空岗 缺 缺员 待定 待补 待补充 待招聘 待聘 未定 未配备 无人 不详 未知".split())
"""What stands in the name's cell when there is nobody to name."""

DITTO = frozenset("同上 〃 ″ ＂ \" ” ''".split())
"""Signs for "the same as above"."""

STANDARD = str.maketrans(
    {
        # GB 18030-2005 kept these in the private area; 2022 gives each its own character.
        0xE816: 0x20087,
        0xE817: 0x20089,
        0xE818: 0x200CC,
        0xE81E: 0x9FB4,
        0xE826: 0x9FB5,
        0xE82B: 0x9FB6,
        0xE82C: 0x9FB7,
        0xE831: 0x215D7,
        0xE832: 0x9FB8,
        0xE83B: 0x2298F,
        0xE843: 0x9FB9,
        0xE854: 0x9FBA,
        0xE855: 0x241FE,
        0xE864: 0x9FBB,
    }
)


def normalise(raw: str) -> str:
    """The name in its one form: `张　三` → `张三`, `阿依古丽•买买提` → `阿依古丽·买买提`.

    No Unicode normalisation: NFC and NFKC replace rare characters of names by their lookalikes.
    """
    if _PLAIN.fullmatch(raw):
        return raw
    text = _CONTROL.sub(" ", raw.translate(_NO_INVISIBLE)).strip().translate(STANDARD)
    text = _DOT_IN_HAN.sub(DOT, text)
    text = _SPACE_IN_HAN.sub("", text)
    return " ".join(text.split()).strip(DOT + " ")


def stand(texts: Sequence[str]) -> list[bool]:
    """Which texts are names as they stand, of which nothing is to be said: two to four plain characters
    that are no word for nobody or nothing."""
    fits = _PLAIN.fullmatch
    return [
        fits(text) is not None and "某" not in text and text not in NOBODY and not is_blank(text)
        for text in texts
    ]


def doubt(raw: str, name: str) -> str | None:
    """Why a name, normalised from `raw`, may be wrong, as a sentence for a warning; None when it
    looks right."""
    if raw == name and _PLAIN.fullmatch(name) and "某" not in name:
        return None
    if _TWO.search(raw.strip()) or (
        _APART.fullmatch(raw.strip()) and not (len(name) <= 4 and name[:2] in COMPOUND)
    ):
        return f"“{' '.join(raw.split())}”像是两个人，一行只写一个人。看看对不对。"
    if _WITH_SEX.search(raw.strip()):
        return f"“{' '.join(raw.split())}”像是姓名带着性别。看看对不对。"
    if _NOT_A_NAME.fullmatch(name):
        return f"“{name}”不像姓名，照证件写全。"
    if _PLAIN.fullmatch(name):
        return None
    if found := _DOUBTFUL.search(name):
        sign = found.group()
        return (
            f"姓名里有“{sign}”，可能是打不出的字。"
            if sign < "\ue000"
            else "姓名里有一个字显示不出来，照证件重新填。"
        )
    if _DIGIT.search(name):
        return f"姓名“{name}”里有数字，看看要不要去掉。"
    if found := _ADDED.search(name):
        return f"姓名里有“{found.group()}”，照证件只写姓名，别的写到备注。"
    return None
