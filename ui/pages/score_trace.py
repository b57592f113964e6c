"""得分从哪来: every line of a total, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ui.widgets.month import trimmed
from ui.widgets.parts import Box, button, column, label, row, rule, size

SENTENCE_WIDTH = 270


def trace_panel(name: str, trace: Mapping[str, Any], edit: Callable[[], Any] | None) -> Box:
    """The content of the popover beside a total; `edit` leads to the data while it may be changed."""
    made = column(gap=2, margins=(12, 8, 12, 8))
    onward = button("改数据", "edit", "link", on_click=edit) if edit is not None else label("")
    made.put(row(label(f"{name}·得分从哪来", "strong"), None, onward))
    made.put(rule())
    for line in trace["lines"]:
        points = line["points"]
        said = label(line["sentence"], "hint", wrap=True)
        size(said, SENTENCE_WIDTH)
        made.put(row(said, None, label(trimmed(Decimal(points)) if points is not None else "—", "strong")))
    made.put(rule())
    made.put(label(trace["verdict"], "name", wrap=True))
    for remark in trace["notes"]:
        made.put(label(remark, "hint", wrap=True))
    return made
