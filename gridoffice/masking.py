"""What is hidden of what identifies a person: of a number everything but the first 3 and the last 4, of
an address everything behind the place."""

from __future__ import annotations

from gridoffice.fields import Sensitive

HEAD = 3
TAIL = 4
PLACE = 6
"""So many signs of an address tell the street or the community, not the door."""
STAR = "*"


def _mask(text: str) -> str:
    """Stars between the first three and the last four; a text too short for that is all stars."""
    hidden = len(text) - HEAD - TAIL
    if hidden < 1:
        return STAR * len(text)
    return text[:HEAD] + STAR * hidden + text[-TAIL:]


def mask_id(text: str) -> str:
    """`51992119900307003X` → `519***********003X`."""
    return _mask(text)


def mask_apart(text: str, other: str) -> str:
    """An ID number as `mask_id` has it, with those signs in the open in which it differs from another: so
    that somebody can tell which of two is right."""
    told = mask_id(text)
    if len(text) != len(other):
        return told
    return "".join(
        sign if sign != another else hidden for sign, another, hidden in zip(text, other, told, strict=True)
    )


def mask_phone(text: str) -> str:
    """`13800136721` → `138****6721`; each of several numbers is masked by itself."""
    return " ".join(_mask(number) for number in text.split())


def mask_address(text: str) -> str:
    """`梧桐社区青禾路12号3幢` → `梧桐社区青禾****`; half of a short one is left. What a shared server masked
    already stays as it is."""
    if text.endswith(STAR * 4):
        return text
    return text[: min(PLACE, len(text) // 2)] + STAR * 4


def mask(sensitive: Sensitive | None, text: str) -> str:
    """`text` as somebody without the right to see it reads it; unchanged when it is not sensitive."""
    if sensitive is Sensitive.ID_NUMBER:
        return mask_id(text)
    if sensitive is Sensitive.PHONE:
        return mask_phone(text)
    if sensitive is Sensitive.ADDRESS:
        return mask_address(text)
    return text


def is_masked(text: str) -> bool:
    """Does the text hold stars where digits were? Such a text can never be taken in again."""
    return STAR * 2 in text and any(character.isdigit() for character in text)
