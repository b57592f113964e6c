"""A city's roster of 150,000 people on paper, as one file of some 7,000 pages."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measure import Watch
from benchmarks.roster import COLUMNS, texts

TITLE = "全市台账成文：150,000 行 × 12 列（PDF，A4 横向）"
REPEAT = 1
SHOWN = COLUMNS[:12]


def prepare(folder: Path) -> None:
    texts(folder, 1)


def ours(folder: Path, watch: Watch) -> None:
    from gridoffice.documents.pdf import ledger_pdf
    from gridoffice.documents.render import pages

    lines = [row[: len(SHOWN)] for row in texts(folder, 150_000)]
    heads = [column.field.label for column in SHOWN]
    with watch:
        made = ledger_pdf("网格员花名册", ["单位：示范"], heads, lines)
    watch.note("页", pages(made))
    watch.note("文件", len(made) / 1e6, " MB")


CASES = {"网格办": ours}
