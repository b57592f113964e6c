"""The text of a document as a clerk types it: a paragraph a line, headings by their numbers, and the names
of numbers in braces, which stand for what the office's records say when the document is made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from gridoffice.documents.model import Block, Figure, Heading, Paragraph

LONGEST_HEADING = 60
"""A line of more signs is a paragraph, whatever it begins with."""

_NUMBERS = "一二三四五六七八九十"
_LEVELS = (
    re.compile(rf"[{_NUMBERS}百]+、"),
    re.compile(rf"（[{_NUMBERS}百]+）"),
    re.compile(r"\d+[.．](?!\d)"),
    re.compile(r"（\d+）"),
)
_NAMED = re.compile(r"\{([^{}\n]+)\}")
_ENDS = "。；，：、！？"
_TEXT = len(_LEVELS) + 1


def level_of(line: str) -> int:
    """1 to 4 for a heading (一、 （一） 1. （1）), 0 for a paragraph. A heading carries no mark at its end."""
    line = line.strip()
    if not line or len(line) > LONGEST_HEADING or line[-1] in _ENDS:
        return 0
    return next((level for level, mark in enumerate(_LEVELS, 1) if mark.match(line)), 0)


def blocks_of(text: str) -> tuple[Block, ...]:
    """A text as the blocks that are laid out; empty lines are passed over."""
    found: list[Block] = []
    for line in text.split("\n"):
        said = line.strip()
        if said:
            level = level_of(said)
            found.append(Heading(level, said) if level else Paragraph(said))
    return tuple(found)


def text_of(blocks: Iterable[Block]) -> str:
    """Blocks as the text that is edited; a chart is a line with its title."""
    return "\n".join(
        f"【图：{block.chart.title}】" if isinstance(block, Figure) else block.text.replace("\n", " ").strip()
        for block in blocks
    )


def names_in(*texts: str) -> list[str]:
    """The names in braces, each once, as they come."""
    return list(dict.fromkeys(name for text in texts for name in _NAMED.findall(text)))


def filled(text: str, facts: Mapping[str, str]) -> str:
    """A text with its numbers. A line whose names all stand for nothing falls away, and so does a heading
    that is left without its text; headings of the first level are then counted anew. A name that is not
    known stays as it is."""
    kept: list[str] = []
    dropped = False
    for line in text.split("\n"):
        names = [name for name in _NAMED.findall(line) if name in facts]
        if names and not any(facts[name] for name in names):
            dropped = True
            continue
        kept.append(_NAMED.sub(lambda found: facts.get(found[1], found[0]), line))
    if not dropped:
        return "\n".join(kept)
    return "\n".join(_counted(_with_text(kept)))


def filled_line(text: str, facts: Mapping[str, str]) -> str:
    """One line (a title, the recipients) with its numbers."""
    return _NAMED.sub(lambda found: facts.get(found[1], found[0]), text)


def _with_text(lines: Sequence[str]) -> list[str]:
    """Without headings that nothing follows before one of the same or a higher level."""
    kept: list[str] = []
    below = 0  # the level of what follows; 0: nothing does
    for line in reversed(lines):
        level = level_of(line)
        if level and level >= below:
            continue
        if line.strip():
            below = level or _TEXT
        kept.append(line)
    return kept[::-1]


def _counted(lines: Iterable[str]) -> list[str]:
    found: list[str] = []
    serial = 0
    for line in lines:
        if level_of(line) == 1:
            serial += 1
            line = f"{chinese_number(serial)}、{line.split('、', 1)[1]}"
        found.append(line)
    return found


def chinese_number(number: int) -> str:
    """1 to 99 in Chinese figures."""
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else _NUMBERS[tens - 1]) + "十" if tens else "") + (
        _NUMBERS[ones - 1] if ones else ""
    )


def next_number(text: str, level: int) -> str:
    """The number of the heading of a level that comes after a text."""
    serial = 0
    for line in text.split("\n"):
        found = level_of(line)
        if found == level:
            serial += 1
        elif found and found < level:
            serial = 0
    serial += 1
    return (
        f"{chinese_number(serial)}、",
        f"（{chinese_number(serial)}）",
        f"{serial}.",
        f"（{serial}）",
    )[level - 1]
