"""Excel's own names for columns: A is 0, Z is 25, AA is 26."""

from __future__ import annotations

from functools import cache


@cache
def letter(index: int) -> str:
    """The letter of a column counted from 0."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


@cache
def column_index(name: str) -> int:
    """The column counted from 0 for a letter."""
    index = 0
    for character in name.upper():
        index = index * 26 + ord(character) - 64
    return index - 1
