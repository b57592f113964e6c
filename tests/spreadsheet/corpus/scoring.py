"""What a reader made of a dirty workbook, held against the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.spreadsheet.corpus.pages import Case

Place = tuple[str, int, int]
"""Sheet, Excel's row number, and which of the persons side by side."""

Cell = tuple[str, int, str]
"""Sheet, Excel's row number, column letter."""


@dataclass(slots=True)
class Answer:
    """What a reader says of a file: persons with their values, cells it calls wrong or points out, and
    whether it refused the file or said something about the whole of it."""

    people: dict[Place, Mapping[str, Any]] = field(default_factory=dict)
    wrong: set[Cell] = field(default_factory=set)
    noted: set[Cell] = field(default_factory=set)
    refused: bool = False
    warned: bool = False


@dataclass(slots=True)
class Score:
    """`found` of `planted` errors at their very cell; `silent`: cells and rows taken (or lost) wrongly
    without a word; `refused_clean`: cells called wrong that are right; `people` read of `persons`."""

    planted: int = 0
    found: int = 0
    silent: list[str] = field(default_factory=list)
    refused_clean: list[str] = field(default_factory=list)
    persons: int = 0
    people: int = 0
    refused: bool = False

    def __iadd__(self, other: Score) -> Score:
        self.planted += other.planted
        self.found += other.found
        self.silent += other.silent
        self.refused_clean += other.refused_clean
        self.persons += other.persons
        self.people += other.people
        return self


def score(case: Case, answer: Answer, columns: Sequence[str] | None = None) -> Score:
    """Hold an answer against the truth; only `columns` are compared where these are named."""
    result = Score(refused=answer.refused)
    if case.refused:
        result.planted, result.found = 1, int(answer.refused)
        result.silent = [f"{case.name}：整份文件" for _ in answer.people]
        return result
    planted = case.wrong | case.doubtful
    result.planted = len(planted) + case.warned
    result.persons = len(case.people)
    if answer.refused:
        return result
    pointed = answer.wrong | answer.noted
    result.found = (
        len(planted & pointed)
        - len(case.wrong & answer.noted - answer.wrong)
        + (case.warned and answer.warned)
    )
    truth = {(one.sheet, one.row, one.block): one for one in case.people}
    for place, person in truth.items():
        where = f"{case.name}：{place[0]} 第 {place[1]} 行"
        values = answer.people.get(place)
        if values is None:
            if not any((sheet, row) == place[:2] for sheet, row, _ in pointed):
                result.silent.append(f"{where} 丢了")
            continue
        result.people += 1
        for name, expected in person.values.items():
            if columns is not None and name not in columns:
                continue
            cell = (place[0], place[1], person.letters.get(name, ""))
            said = values.get(name)
            if said != expected and cell not in pointed:
                result.silent.append(f"{where} {name}：{said!r}，应为 {expected!r}")
    for place in answer.people.keys() - truth.keys():
        if not any((sheet, row) == place[:2] for sheet, row, _ in answer.wrong):
            result.silent.append(f"{case.name}：{place[0]} 第 {place[1]} 行不是人")
    rows = {cell[:2] for cell in planted}
    result.refused_clean = [
        f"{case.name}：{cell}"
        for cell in sorted(answer.wrong - planted)
        # a row called wrong as a whole is not refused for nothing when something in it is wrong
        if _is_person(cell, truth) and not (cell[2] == "" and cell[:2] in rows)
    ]
    return result


def _is_person(cell: Cell, truth: Mapping[Place, Any]) -> bool:
    return any(place[:2] == cell[:2] for place in truth)
