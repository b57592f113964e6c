"""Names of people as offices type them, made one form without touching a single rare character."""

from __future__ import annotations

import re

DOT = "·"

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
    return " ".join(text.split())


def doubt(name: str) -> str | None:
    """Why a normalised name may be wrong, as a sentence for a warning; None when it looks right."""
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
    return None
