"""Rows of a list to the clipboard, as Excel and WPS take them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from gridoffice.fields import masked_words
from gridoffice.listing import as_text

if TYPE_CHECKING:
    from ui.widgets.listing_table import ListingTable

COPY_ROWS = 20_000
"""At most so many rows go to the clipboard; more belong into a workbook."""


def copy_from(table: ListingTable, read: Callable[..., None]) -> None:
    """What is chosen, or else the current row: rows with headings, a block of cells without, as each is
    shown (masked where masked). `read` asks about the list."""
    block = table.block() if table.block is not None else None
    here = table.view.currentIndex().row()
    ids = table.chosen_ids() or (table.model.ids[here : here + 1] if here >= 0 else ())
    names = table.columns_shown()
    if block is not None:
        cut = block[1].start - table.model.offset, block[1].stop - table.model.offset
        names = [what.name for what in table.model.columns[cut[0] : cut[1]] if what.name in names]
    if not ids:
        return

    def copied(text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        masked = masked_words(what for what in table.model.columns if what.name in names)
        rest = f"，{masked}是遮住的" if masked else ""
        if len(ids) > COPY_ROWS:
            rest += f"；选了 {len(ids)} 行，只放得下前 {COPY_ROWS} 行，全部的用导出"
        table.copied.emit(f"已复制 {min(len(ids), COPY_ROWS)} 行{rest}。")

    read(as_text, table.ask, list(ids[:COPY_ROWS]), names, block is None, then=copied, topic="copy")
