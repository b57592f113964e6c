"""Which group titles hold for the row that is being read: a street, a community written once above its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gridoffice.fields import Column
from gridoffice.spreadsheet.guide import Group, numbering
from gridoffice.values import parser


class GroupsNow:
    """The columns that are named once above their rows: what holds for the row being read."""

    def __init__(self, groups: Sequence[Group], columns: Sequence[Column], given: Mapping[str, str]):
        known = {column.name: column for column in columns}
        self.groups = [group for group in groups if group.column in known]
        self.parsers = {group.column: parser(known[group.column].field) for group in self.groups}
        self.now = {group.column: given[group.column] for group in self.groups if group.column in given}
        self.styles: dict[str, str] = {}
        self.values: dict[tuple[str, str], Any] = {}

    def value(self, name: str) -> Any:
        """The value of a group's column for the row being read."""
        key = name, self.now[name]
        if key not in self.values:
            self.values[key] = self.parsers[name](key[1])[0]
        return self.values[key]

    def divide(self, text: str) -> None:
        """A group title was met."""
        style = numbering(text)
        for level, group in enumerate(self.groups):
            name = group.named_by(text)
            # a title of the same rank that names something else ends the group, too
            if name is not None or self.styles.get(group.column) == style:
                for lower in self.groups[level:]:
                    self.now.pop(lower.column, None)
                if name is not None:
                    self.now[group.column], self.styles[group.column] = name, style
                return

    def say(self, name: str, text: str) -> None:
        """A row names its group itself."""
        if self.now.get(name) != text:
            names = [group.column for group in self.groups]
            for lower in names[names.index(name) + 1 :]:
                self.now.pop(lower, None)
            self.now[name] = text
