"""申报条件 written out again as the text that the office keeps."""

from __future__ import annotations

import json

from gridoffice.qualifications.rules import SkillTable, Way


def skill_text(table: SkillTable) -> str:
    """TOML that `SKILLS.read` reads back as the same table."""
    lines = [f"occupation = {_quoted(table.occupation)}", f"source = {_quoted(table.source)}"]
    for step in table.steps:
        lines += ["", "[[steps]]", f'level = "{step.level.value}"', "ways = ["]
        lines += [f"    {{ {_said(way)} }}," for way in step.ways]
        lines.append("]")
    return "\n".join(lines) + "\n"


def _said(way: Way) -> str:
    found = {"words": _quoted(way.words)}
    if way.work is not None:
        found["work"] = str(way.work)
    if way.after is not None:
        found["after"] = _quoted(way.after.value)
        found["years"] = str(way.years)
    if way.education is not None:
        found["education"] = _quoted(way.education.value)
    return ", ".join(f"{name} = {value}" for name, value in found.items())


def _quoted(text: str) -> str:
    """A basic string of TOML; what JSON escapes means the same there."""
    return json.dumps(text, ensure_ascii=False)
