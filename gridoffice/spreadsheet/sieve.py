"""Tells the data rows of a sheet from what offices put between and below them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, pairwise

from gridoffice.cells import is_blank, text_of
from gridoffice.fields import Kind
from gridoffice.spreadsheet import headings
from gridoffice.spreadsheet.guide import Group
from gridoffice.spreadsheet.matching import Layout
from gridoffice.spreadsheet.reading import Sheet
from gridoffice.spreadsheet.sheet_rows import Cell, Row

BLANK = "空行"
ONLY_NUMBER = "只有序号"
REPEATED_HEADER = "重复的表头"
TOTAL = "合计行"
FOOTER = "表尾"
DIVIDER = "分组标题"
HIDDEN = "隐藏行"
EXAMPLE = "示例行"
NUMBERING = "栏次"
DEMANDS = "填写要求"
CONTINUED = "上一行的续行"

_TOTAL = re.compile(
    r".{0,12}(合计|总计|小计|共计|累计|平均(年龄)?|总人数|总户数)[:：]?(\d+[人户名个条]?)?([（(].*)?"
)
_FOOTER = re.compile(
    r"(制表|填表|填报|审核|复核|审批|经办|统计|核对)(人|单位|时间|日期|说明)?(员)?([（(]?(签字|签名|签章|盖章|公章)[)）]?)?[:：]"
    r"|(负责人|单位负责人|分管领导|主要领导|联系人|联系电话|领导签字|签字|签名|盖章|（盖章）|\(盖章\))[:：（(]"
    r"|(注|备注|说明|附注|填表说明|填报说明|注意事项|填写说明|备注说明|温馨提示)(\d+)?[:：]"
    r"|(填表说明|填报说明|填写说明|注意事项|制表人|审核人|填表人|填报人|经办人|审批人|复核人)$"
    r"|单位[:：（(].*|日期[:：].*|(填表|填报)?时间[:：].*|共\s*\d+\s*(人|户|条|页|个)"
)
_EXAMPLE = re.compile(r"[（(【\[]?(填写|填表)?(示例|样例|范例|例|举例)[)）】\]]?[:：]?\d*")
_DEMAND = re.compile(
    r"[（(]?(必填|选填|必选|可选|可不填|下拉|单选|文本格式|格式|例如|如[:：]|填写|按身份证|同身份证|\d{2}位|男/女|是/否)"
)
_COUNT = re.compile(r"[（(]?共?\s*\d+\s*[人户名个]?[)）]?")
_OTHERS = re.compile(
    r"离任|离职|离岗|退出|调出|调离|免职|辞职|辞退|历任|退休|去世|后备|候补|拟聘|拟任|停用|已撤"
)
_NO_FIGURE = re.compile(r"[^0-9]")
_SPACES = re.compile(r"\s+")
_SHORT = 4  # characters; a person may be called 王新村


def is_absent(row: Row, index: int) -> bool:
    """Is the cell not there, or filled with a sign for nothing?"""
    return index >= len(row) or is_blank(row[index])


class Sieve:
    """Tells data rows from what offices put between and below them."""

    def __init__(self, sheet: Sheet, layout: Layout, groups: Sequence[Group] = ()):
        self.groups = groups
        self.divider = ""
        self.first = layout.first_row - 1
        self.names = {m.index for m in layout.columns if m.column.field.kind is Kind.NAME}
        self.sheet = sheet
        self.filled = sheet.filled
        self.mapped = layout.columns
        self.required = [m.index for m in layout.columns if m.column.field.required]
        self.free_text = {m.index for m in layout.columns if m.column.field.kind is Kind.TEXT} - {
            m.index for m in layout.columns[:1]
        }
        header = [sheet.rows[number - 1] for number in layout.header_rows]
        self.headings: dict[int, set[str]] = {}
        for row in header:
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    self.headings.setdefault(column, set()).add(headings.normal(cell))
        for one in (*layout.columns, *chain.from_iterable(layout.repeats)):
            # a header that comes again may say the same in other words
            words = (one.column.field.label, *one.column.field.aliases)
            self.headings.setdefault(one.index, set()).update(map(headings.normal, words))
        self.serial = {
            index
            for row in header
            for index, cell in enumerate(row)
            if isinstance(cell, str) and headings.is_ours(" ".join(cell.split()))
        }
        self.wide = {
            (first, left)
            for (first, left), (_, right) in sheet.merges
            if right - left + 1 >= min(3, len(layout.columns))
        }
        self.id_index = next((m.index for m in layout.columns if m.column.field.kind is Kind.ID_NUMBER), None)
        self.below_footer = False
        self.in_header = False
        self.others: list[tuple[int, str]] = []
        self.moved: list[int] = []

    def is_empty(self, index: int, row: Row) -> bool:
        """Nothing in the row but what a merged cell above filled down."""
        return all(
            cell is None or (index, column) in self.filled or (isinstance(cell, str) and not cell.strip())
            for column, cell in enumerate(row)
        )

    def surely_data(self, first: int, end: int) -> list[bool]:
        """Which of these rows are data whatever else stands in them: those with a whole identity number
        that are no example. In a sheet with merged or hidden rows each is looked at by itself."""
        if self.id_index is None or self.filled or self.sheet.hidden_rows:
            return [False] * (end - first)
        columns = self.sheet.rows.column(0)[first:end], self.sheet.rows.column(self.id_index)[first:end]
        if str not in set(map(type, columns[0])) and _are_people(columns[1]):
            return [True] * (end - first)
        # `_is_person` put in place: a call takes longer than the look
        return [
            type(cell) is str
            and len(cell) == 18
            and cell[:17].isdigit()
            and not (type(start) is str and "例" in start)
            for start, cell in zip(*columns, strict=True)
        ]

    def why_not(self, index: int, row: Row) -> str | None:
        """Why the row is no data, None when it is. `divider` is the text of the last group title;
        `others` are titles of people of another kind, `moved` headers whose columns stand otherwise."""
        start = row[0] if row else None
        if type(start) is str and _EXAMPLE.fullmatch(start.strip()):
            return EXAMPLE
        if self.id_index is not None and self.id_index < len(row):
            # a row with a whole identity number is a person, whatever else stands in it
            if _is_person(row[self.id_index]):
                self.below_footer = False
                return None
        own = [
            (column, cell)
            for column, cell in enumerate(row)
            if cell is not None
            and column not in self.serial
            and not (isinstance(cell, str) and cell.isspace())
        ]
        if self.filled:
            own = [(column, cell) for column, cell in own if (index, column) not in self.filled]
        if not own:
            return BLANK if self.is_empty(index, row) else self._number_or_label(index, row)
        if self._repeats_header(own):
            if any(self._stands_elsewhere(column, cell) for column, cell in own):
                self.moved.append(index)
            return REPEATED_HEADER
        alone = len(own) == 1 and len(row) - row.count(None) == 1
        if alone and isinstance(own[0][1], str) and self._header_below(index):
            self.below_footer = False
            label = own[0][1]
            self.divider = next((name for group in self.groups if (name := group.named_in(label))), label)
            return DIVIDER
        if index <= self.first + 1:
            cells = [cell for _, cell in own]
            if _counts_up(cells):
                return NUMBERING
            if _demands(cells):
                return DEMANDS
        # the label of a total or a footer may stand in the column of the running number
        label_column, label = next(
            (column, cell)
            for column, cell in enumerate(row)
            if cell is not None and (index, column) not in self.filled
        )
        if not isinstance(label, str):
            label_column, label = own[0]
        if isinstance(label, str) and (found := self._label(index, row, label_column, label, len(own))):
            return found
        for column, cell in own[:3]:
            if column == label_column or column in self.free_text or not isinstance(cell, str):
                continue
            if _TOTAL.fullmatch(_SPACES.sub("", cell)) and self._lacks_required(row, column):
                return TOTAL
        return None

    def _label(self, index: int, row: Row, column: int, label: str, count: int) -> str | None:
        text = _SPACES.sub("", label)
        if count == 1 and _OTHERS.search(text) and self._lacks_required(row, column):
            self.others.append((index, " ".join(label.split())))
        if _TOTAL.fullmatch(text) and self._lacks_required(row, column):
            return TOTAL
        if _FOOTER.match(text) and self._lacks_required(row, column):
            self.below_footer = True
            return FOOTER
        if self._divides(index, row, column, label, count) and self._lacks_required(row, column):
            if self.below_footer and self._group(label) is None:
                return FOOTER
            self.below_footer = False
            self.divider = label
            return DIVIDER
        if self.below_footer and count == 1:
            return FOOTER
        self.below_footer = False
        return None

    def _divides(self, index: int, row: Row, column: int, label: str, count: int) -> bool:
        """Does one text stand over the rows below it: across the columns, or naming their group?"""
        wide = (index, column) in self.wide
        if wide and count == 1:
            return True
        name = self._group(label)
        if name is None:
            return False
        others = [
            cell
            for place, cell in enumerate(row)
            if cell is not None and place != column and (index, place) not in self.filled
        ]
        if any(not (isinstance(cell, (int, str)) and _COUNT.fullmatch(str(cell).strip())) for cell in others):
            return False
        if column not in self.names or name in {known for group in self.groups for known in group.names}:
            return True
        return len(name) > _SHORT and not others

    def _group(self, label: str) -> str | None:
        found = (group.named_by(label) for group in self.groups)
        return next((name for name in found if name is not None), None)

    def _number_or_label(self, index: int, row: Row) -> str | None:
        column, cell = next(
            ((c, cell) for c, cell in enumerate(row) if cell is not None and (index, c) not in self.filled),
            (0, None),
        )
        if isinstance(cell, str) and not cell.strip().isdigit():
            return self._label(index, row, column, cell, 1) or ONLY_NUMBER
        return ONLY_NUMBER

    def _repeats_header(self, own: Sequence[tuple[int, Cell]]) -> bool:
        same = sum(
            isinstance(cell, str) and headings.normal(cell) in self.headings.get(column, ())
            for column, cell in own
        )
        if len(own) == 1:
            # the lower row of a header whose upper row was just repeated
            self.in_header = self.in_header and same == 1
        else:
            # a header may come again with its columns in another order
            known = same + sum(self._stands_elsewhere(column, cell) for column, cell in own)
            self.in_header = (same >= 2 and same > len(own) - same) or (
                known >= 3 and known > len(own) - known
            )
        return self.in_header

    def _header_below(self, index: int) -> bool:
        """Does the header come again in the next row? Then a text alone is the title of what follows."""
        if index + 1 >= len(self.sheet.rows):
            return False
        below = [(column, cell) for column, cell in enumerate(self.sheet.rows[index + 1]) if cell is not None]
        was, found = self.in_header, len(below) > 1 and self._repeats_header(below)
        self.in_header = was
        return found

    def _stands_elsewhere(self, column: int, cell: Cell) -> bool:
        """A heading of the header, but not of this column."""
        if not isinstance(cell, str) or headings.normal(cell) in self.headings.get(column, ()):
            return False
        return any(headings.normal(cell) in texts for texts in self.headings.values())

    def continued(self, index: int, sheet: Sheet) -> tuple[Row, int] | None:
        """The row joined with those below it that go on with the same person, and where these end: all
        that tells who it is is merged, and only a telephone or a text of theirs stands in them. None
        when there are none."""
        joined: Row | None = None
        while (index := index + 1) < len(sheet.rows) and any((index, c) in self.filled for c in self.names):
            row = sheet.rows[index]
            more = [
                (mapped, row[mapped.index])
                for mapped in self.mapped
                if mapped.index < len(row)
                and row[mapped.index] is not None
                and (index, mapped.index) not in self.filled
            ]
            if not more or any(m.column.field.kind not in (Kind.PHONE, Kind.TEXT) for m, _ in more):
                break
            if joined is None:
                joined = list(sheet.rows[index - 1])
            for mapped, cell in more:
                said = joined[mapped.index]
                between = "\n" if mapped.column.field.kind is Kind.PHONE else "；"
                joined[mapped.index] = cell if said is None else f"{text_of(said)}{between}{text_of(cell)}"
        return None if joined is None else (joined, index)

    def _lacks_required(self, row: Row, but: int) -> bool:
        """Is a required cell blank, or is it the very cell that speaks against the row?"""
        if but in self.serial:  # 小计 where the running number belongs, with “57人” under the names
            return True
        if not self.required:
            return but == min(m.index for m in self.mapped) or is_absent(row, self.mapped[0].index)
        return any(index == but or is_absent(row, index) for index in self.required)


def _is_person(cell: Cell) -> bool:
    """Does a whole identity number stand there?"""
    return type(cell) is str and len(cell) == 18 and cell[:17].isdigit()


def _are_people(cells: Sequence[Cell]) -> bool:
    """`_is_person` of all these cells at once; whether of some is not asked."""
    if set(map(type, cells)) != {str} or set(map(len, cells)) != {18}:  # type: ignore[arg-type]
        return False
    signs = "".join(cells)  # type: ignore[arg-type]
    # what is no figure may only stand in the last place of each number
    return signs.isascii() and len(_NO_FIGURE.findall(signs)) == len(_NO_FIGURE.findall(signs[17::18]))


def _counts_up(cells: Sequence[Cell]) -> bool:
    """1, 2, 3 … or 甲, 乙, 丙 …: numbers of the columns below their headings."""
    numbers = [
        cell if isinstance(cell, int) else int(cell) if isinstance(cell, str) and cell.isdecimal() else None
        for cell in cells
    ]
    if len(cells) < 3:
        return False
    return all(left is not None and right == left + 1 for left, right in pairwise(numbers)) or [
        str(cell) for cell in cells[:3]
    ] == ["甲", "乙", "丙"]


def _demands(cells: Sequence[Cell]) -> bool:
    """What is to be filled in, written below the headings: 必填, 18位, 男/女 … in most of the cells."""
    saying = sum(isinstance(cell, str) and _DEMAND.match(cell.strip()) is not None for cell in cells)
    return saying >= 2 and 2 * saying > len(cells)
