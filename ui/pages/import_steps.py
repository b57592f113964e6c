"""The four steps of an import: where the page stands, and what the stepper says of it."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path

from gridoffice.intake import PASTED_WORDS
from gridoffice.review import Reviewed
from ui.pages.import_foot import changes
from ui.widgets.stepper import At, StepShown

LONGEST_NAME = 24


class Stage(Enum):
    """Where the page stands."""

    START = auto()
    READING = auto()
    REFUSED = auto()
    HEAD = auto()
    REVIEW = auto()
    WRITTEN = auto()


def name_of(source: Path | str) -> str:
    """What to call a file, or text from the clipboard."""
    return source.name if isinstance(source, Path) else PASTED_WORDS


def steps(stage: Stage, found: Reviewed | None, name: str) -> list[StepShown]:
    """The steps as they stand."""
    if len(name) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME - 1]}…"
    if found is None:
        chosen, refused = stage is not Stage.START, stage in (Stage.REFUSED, Stage.HEAD)
        return [
            StepShown(
                "选文件", name if chosen else "xlsx、xls、et、ods、csv", At.DONE if refused else At.NOW
            ),
            StepShown(
                "认表头",
                "有列对不上" if refused else "自动找到表头那一行",
                At.NOW if refused else At.NEXT,
            ),
            StepShown("核对", "一格一格看", At.NEXT),
            StepShown("写入", "写入后可整批撤销", At.NEXT),
        ]
    written, looking = stage is Stage.WRITTEN, stage is Stage.HEAD
    trouble = f"，{found.blocked} 行要处理" if found.blocked and not written else ""
    third = At.DONE if written else At.NEXT if looking else At.NOW
    return [
        StepShown("选文件", name, At.DONE),
        StepShown("认表头", head_in_words(found), At.NOW if looking else At.DONE),
        StepShown("核对", f"{changes(found.counts)} 行有变动{trouble}", third),
        StepShown("写入", "已写入" if written else "写入后可整批撤销", At.DONE if written else At.NEXT),
    ]


def head_in_words(found: Reviewed) -> str:
    """The second step in one line: `第 2 行，12 列已对上，2 列用不上`."""
    layout = found.sheets[0].layout
    rows = "、".join(str(number) for number in layout.header_rows)
    unknown = f"，{len(layout.unmapped)} 列用不上" if layout.unmapped else ""
    sheets = f"，{len(found.sheets)} 张表" if len(found.sheets) > 1 else ""
    return f"第 {rows} 行，{len(layout.columns)} 列已对上{unknown}{sheets}"
