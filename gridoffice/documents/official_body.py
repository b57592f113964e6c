"""Everything of an official document from its title to its 附注, as rows of the grid: with its signatures,
of one organ or of several, with seals or without (GB/T 9704-2012 7.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gridoffice.documents import official_format as form
from gridoffice.documents.flow import BLANK, Row, Setter, glue
from gridoffice.documents.fonts import printable
from gridoffice.documents.lines import Run
from gridoffice.documents.model import Form, OfficialDocument, chinese_date


def body_rows(setter: Setter, document: OfficialDocument) -> list[Row]:
    """Everything from the title on.

    The last two lines of text stay with the signature, so that no page holds a signature alone: 此页无正文
    is not allowed (7.3.5.5).
    """
    rows = setter.title(document.title, (document.organisation, *document.signed_by))
    if document.recipients:
        rows += [BLANK] * form.TITLE_TO_RECIPIENTS + setter.recipients(document.recipients)
    else:
        rows.append(BLANK)
    rows += setter.blocks(document.body)
    rows[-2:] = glue(rows[-2:])
    if document.attachments:
        listed = setter.attachment_list(document.attachments)
        rows += [BLANK] * form.BODY_TO_ATTACHMENTS + glue(listed)
    if document.form is Form.MINUTES:
        rows += attendance(setter, document)
    else:
        rows += signature(setter, document)
    if document.remark:
        rows[-1:] = glue(rows[-1:])
        words = printable(document.remark).strip("（）()")
        rows += setter.lines(f"（{words}）", setter.fonts.fang, form.INDENT * form.CELL)
    return rows


def attendance(setter: Setter, document: OfficialDocument) -> list[Row]:
    """出席, 请假, 列席 in 黑体, the names aligned after the colon (10.3)."""
    rows: list[Row] = []
    for words, names in document.attendance:
        label = printable(words).rstrip("：:") + "："
        head = setter.at(form.INDENT * form.CELL, label, setter.fonts.hei)
        left = (form.INDENT + len(label)) * form.CELL
        named = setter.lines(names, setter.fonts.fang, left, left) or [Row(font=setter.fonts.fang)]
        rows += [BLANK] * (not rows) + [replace(named[0], label=head), *named[1:]]
    return rows


def signature(setter: Setter, document: OfficialDocument) -> list[Row]:
    """署名 and 成文日期, with room for seals (7.3.5.1) or without (7.3.5.2)."""
    names = [printable(name) for name in document.signed_by]
    day = chinese_date(document.day)
    if not document.sealed:
        return _unsealed(setter, names, day)
    if len(names) > 1:
        return _seals(setter, names, day)
    return _sealed(setter, names[0] if names else "", day)


def _unsealed(setter: Setter, names: Sequence[str], day: str) -> list[Row]:
    """One organ below the other, all beginning where the longest does (7.3.5.2)."""
    font = setter.fonts.fang
    measure = setter.measure(font)
    wide = max((measure.width(name) for name in names), default=0.0)
    day_width = measure.width(day)
    shift, side = form.UNSEALED_DATE_SHIFT * form.CELL, form.UNSEALED_RIGHT * form.CELL
    name_x = setter.width - side - max(wide, day_width + shift)
    if wide >= day_width:
        name_x = setter.width - side - wide
    name_x = max(name_x, 0.0)
    signed = [replace(setter.at(name_x, name, font), glued=True) for name in names]
    return [BLANK] * form.UNSEALED_BLANK + signed + [setter.at(name_x + shift, day, font)]


def _sealed(setter: Setter, name: str, day: str) -> list[Row]:
    """The name centred over the date; a long name moves both to the left (7.3.5.1)."""
    font = setter.fonts.fang
    measure = setter.measure(font)
    name_width, day_width = measure.width(name), measure.width(day)
    day_x = setter.width - form.SEALED_RIGHT * form.CELL - day_width
    name_x = min(day_x + (day_width - name_width) / 2, setter.width - name_width)
    day_x = min(day_x, name_x + (name_width - day_width) / 2) if name_width > day_width else day_x
    signed = replace(setter.at(max(name_x, 0.0), name, font), glued=True)
    return [BLANK] * form.SEALED_BLANK + [signed, setter.at(day_x, day, font)]


def _seals(setter: Setter, names: Sequence[str], day: str) -> list[Row]:
    """A joint issue: organs in rows of up to three, a seal over each, the date below the last (7.3.5.1).

    The seals neither touch each other nor leave the text area; as many stand in a row as their names let.
    """
    font = setter.fonts.fang
    measure = setter.measure(font)
    day_width = measure.width(day)
    last = setter.width - form.SEALED_RIGHT * form.CELL - day_width / 2
    wide = max(measure.width(name) for name in names) + form.CELL
    most = min(form.SEALS_IN_ROW, len(names))
    fits = [count for count in range(most, 1, -1) if wide <= _apart(last, count, setter.width)]
    count = fits[0] if fits else 1
    lines = -(-len(names) // count)
    count = -(-len(names) // lines)  # 2 + 2 rather than 3 + 1
    if count == 1:
        last = min(last, setter.width - (wide - form.CELL) / 2)
    apart = _apart(last, count, setter.width)
    rows: list[Row] = []
    start = 0
    while start < len(names):
        line = names[start : start + count]
        runs: tuple[Run, ...] = ()
        for place, name in enumerate(reversed(line)):
            middle = last - place * apart
            left = min(max(middle - measure.width(name) / 2, 0.0), setter.width - measure.width(name))
            runs = setter.at(left, name, font).runs + runs
        rows += [BLANK] * (form.SEALED_BLANK if not rows else form.SEAL_ROWS - 1)
        rows.append(Row(runs, font, glued=True))
        start += len(line)
    return [*rows, setter.at(last - day_width / 2, day, font)]


def _apart(last: float, count: int, width: float) -> float:
    """From the middle of a seal to that of the next: the first one just stays inside the text area."""
    if count < 2:
        return width
    return min((last - form.SEAL / 2) / (count - 1), 2 * form.SEAL)
