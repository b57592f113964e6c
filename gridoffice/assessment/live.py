"""A month held in memory while values are typed: what one value changes, for everybody, at once.

Imports NumPy: import it where values are typed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Sheet
from gridoffice.assessment.checking import check_values
from gridoffice.assessment.month import Where, mean, month_record, scheme_of
from gridoffice.assessment.results import month_to_score
from gridoffice.errors import NotFound, RuleBroken, has_error
from gridoffice.scoring import engine
from gridoffice.scoring.arithmetic import Bools, Ints
from gridoffice.scoring.columns import as_cells, reason_columns, reasons_in
from gridoffice.scoring.engine import Around, Lines, Scores
from gridoffice.scoring.policies import RankGroup
from gridoffice.scoring.scheme import Scheme, all_inputs
from gridoffice.scoring.scores import (
    NOBODY_DIFFERS,
    Circumstances,
    Inputs,
    Raw,
    Scored,
    around,
    cells_of,
    packed_cell,
    results,
    unpack,
)
from gridoffice.scoring.trace import Trace, explain


@dataclass(frozen=True, slots=True)
class Change:
    """One sheet before and after; how many others changed their rank, and which their grade."""

    sheet: int
    before: Scored
    after: Scored
    moved: int
    regraded: tuple[int, ...]


class LiveMonth:
    """All sheets of a month with their scores, kept as arrays.

    `rows` are packed raw values as sheets keep them, `reasons` the words beside marks, by sheet and the key of
    the indicator; they are told, not scored. Setting a value scores one row and then only asks
    who stood on which side of it before and does now: equal to computing the whole month again.
    """

    def __init__(
        self,
        scheme: Scheme,
        ids: Sequence[int],
        rows: Iterable[bytes],
        beside: Circumstances = NOBODY_DIFFERS,
        reasons: Mapping[int, Mapping[str, str]] | None = None,
    ):
        self.scheme = scheme
        self.ids = np.array(ids, np.int64)
        self._entries = all_inputs(scheme)
        self._columns = {entry.key: place for place, entry in enumerate(self._entries)}
        self._words = {column.name for column in reason_columns(scheme).values()}
        cells = np.array(cells_of(scheme, rows), np.int64)
        self._raw = cells.reshape(-1, len(self._entries))
        self._around = around(scheme, beside, len(self.ids))
        self._said = {sheet: as_cells(said) for sheet, said in (reasons or {}).items()}
        self._place = {sheet: place for place, sheet in enumerate(ids)}
        self._score()

    # asking

    def cells(self, sheet: int) -> dict[str, Any]:
        """What stands in the row of a sheet by column key: raw values (None where nothing was given), and the
        words beside marks."""
        (found,) = unpack(self.scheme, [self._raw[self._at(sheet)].astype("<i8").tobytes()])
        return {**found, **self._said.get(sheet, {})}

    def scored(self, sheet: int) -> Scored:
        """How a sheet stands now."""
        place = self._at(sheet)
        (found,) = results(self.scheme, self._rows(slice(place, place + 1)), [sheet])
        return found

    def trace(self, sheet: int) -> Trace:
        """How the sheet's score as it stands now comes about."""
        around = self._of([self._at(sheet)])
        beside = Inputs(
            sheet,
            {},
            present=None if around.present is None else int(around.present[0]),
            adjustment=Decimal(0)
            if around.adjustment is None
            else Decimal(int(around.adjustment[0])).scaleb(-self.scheme.places),
            granted=None
            if around.granted is None or around.granted[0] < 0
            else self.scheme.grades[around.granted[0]].name,
        )
        return explain(self.scheme, self.cells(sheet), self.scored(sheet), beside, around.whole)

    def counts(self) -> dict[str | None, int]:
        """People by grade, the best first; None: without a grade."""
        names = [grade.name for grade in self.scheme.grades]
        heads = np.bincount(self._grade + 1, minlength=len(names) + 1).tolist()
        return dict(zip((*names, None), (*heads[1:], heads[0]), strict=True))

    def mean(self) -> Decimal | None:
        """The mean of all totals there are, rounded half up."""
        totals = self._lines.total[self._lines.scored]
        return mean(Decimal(int(totals.sum())).scaleb(-self.scheme.places), len(totals), self.scheme.places)

    # typing

    def set(self, sheet: int, key: str, value: Raw | str) -> Change:
        """Type one value (None clears it). Raises RuleBroken for one that cannot be, NotFound for a
        sheet or column that there is not; nothing has changed then."""
        (change,) = self.set_many({sheet: {key: value}})
        return change

    def set_many(self, values: Mapping[int, Mapping[str, Any]]) -> list[Change]:
        """Type values into several sheets at once, as a paste does; who else moved is told of all."""
        if not values:
            return []
        cells = [self._checked(sheet, given) for sheet, given in values.items()]
        places = [self._at(sheet) for sheet in values]
        before = [self.scored(sheet) for sheet in values]
        for place, row in zip(places, cells, strict=True):
            for column, cell in row.items():
                self._raw[place, column] = cell
        for sheet, given in values.items():
            own = {**self._said.get(sheet, {}), **{key: given[key] for key in self._words & given.keys()}}
            self._said[sheet] = as_cells(reasons_in(own))
        rank, grade = self._rank.copy(), self._grade.copy()
        if len(places) == 1:
            self._move(places[0])
        else:
            self._take(np.array(places), engine.lines(self.scheme, self._raw[places], self._of(places)))
            self._stand()
        others = np.ones(len(self.ids), np.bool_)
        others[places] = False
        moved = int(np.count_nonzero(others & (self._rank != rank)))
        regraded = tuple(self.ids[others & (self._grade != grade)].tolist())
        return [
            Change(sheet, was, self.scored(sheet), moved, regraded)
            for sheet, was in zip(values, before, strict=True)
        ]

    # inside

    def _at(self, sheet: int) -> int:
        place = self._place.get(sheet)
        if place is None:
            raise NotFound("这张考核表不在本月里。")
        return place

    def _checked(self, sheet: int, given: Mapping[str, Any]) -> dict[int, int]:
        """The cells that these values fill, by column."""
        unknown = given.keys() - self._columns.keys() - self._words
        if unknown:
            raise RuleBroken(f"方案里没有这些列：{'、'.join(sorted(unknown))}。")
        problems = [p for p in check_values(self.scheme, {**self.cells(sheet), **given}) if has_error([p])]
        if problems:
            raise RuleBroken(problems[0].message, problems)
        return {
            self._columns[key]: packed_cell(self._entries[self._columns[key]], value)
            for key, value in given.items()
            if key not in self._words
        }

    def _of(self, places: Collection[int]) -> Around:
        """What beside values bears on these rows."""
        chosen = np.array(places)
        return replace(
            self._around,
            **{
                field.name: column[chosen]
                for field in fields(Around)
                if isinstance(column := getattr(self._around, field.name), np.ndarray)
            },
        )

    def _score(self) -> None:
        self._lines = engine.lines(self.scheme, self._raw, self._around)
        self._keys = engine.order_keys(self.scheme, self._lines)
        size = len(self.ids)
        everybody = np.zeros(size, np.int64)
        self._groups = everybody if self._around.groups is None else self._around.groups
        pools = None if self.scheme.quota_pool is RankGroup.NONE else self._around.pools
        self._pools, self._one_pool = everybody if pools is None else pools, pools is None
        self._may = np.ones(size, np.bool_) if self._around.graded is None else self._around.graded
        self._stand()

    def _stand(self) -> None:
        """Ranks and grades of everybody anew."""
        self._graded = self._lines.scored & self._may
        everybody = np.zeros(len(self.ids), np.int64)
        self._rank, _ = engine.standing(self._keys, everybody, self._graded)
        self._group_rank, _ = engine.standing(self._keys, self._groups, self._graded)
        self._grade = self._grades(slice(None))

    def _grades(self, rows: slice | Ints) -> Ints:
        granted = self._around.granted
        return engine.grades(
            self.scheme,
            self._lines.earned[rows],
            self._lines.floor[rows],
            self._lines.forced[rows],
            [key[rows] for key in self._keys],
            self._graded[rows],
            self._pools[rows],
            None if granted is None else granted[rows],
        )

    def _take(self, places: Ints, found: Lines) -> None:
        """Put rows that were scored anew in their place."""
        for field in fields(Lines):
            getattr(self._lines, field.name)[places] = getattr(found, field.name)
        for key, new in zip(self._keys, engine.order_keys(self.scheme, found), strict=True):
            key[places] = new

    def _move(self, place: int) -> None:
        """One row was typed in: let the others make room."""
        old = [int(key[place]) for key in self._keys], bool(self._graded[place])
        self._take(np.array([place]), engine.lines(self.scheme, self._raw[[place]], self._of([place])))
        new = [int(key[place]) for key in self._keys], bool(self._lines.scored[place] and self._may[place])
        self._graded[place] = False
        around = np.flatnonzero(self._groups == self._groups[place])
        for rank, rows in ((self._rank, slice(None)), (self._group_rank, around)):
            keys, there = [key[rows] for key in self._keys], self._graded[rows]
            step = np.zeros(len(there), np.int64)
            for (own, counts), sign in ((old, -1), (new, 1)):
                if counts:
                    step += sign * (_behind(keys, own) & there)
            rank[rows] += step
            rank[place] = 1 + np.count_nonzero(_before(keys, new[0]) & there) if new[1] else 0
        self._graded[place] = new[1]
        pool = slice(None) if self._one_pool else np.flatnonzero(self._pools == self._pools[place])
        self._grade[pool] = self._grades(pool)

    def _rows(self, rows: slice) -> Scores:
        line = self._lines
        return Scores(
            line.total[rows],
            line.base[rows],
            line.bonus[rows],
            line.parts[rows],
            line.missing[rows],
            line.vetoed[rows],
            self._grade[rows],
            line.earned[rows],
            self._rank[rows],
            self._group_rank[rows],
        )


def _before(keys: Sequence[Ints], own: Sequence[int]) -> Bools:
    """Which rows stand before somebody with these keys."""
    before = keys[-1] < own[-1]
    for key, mine in zip(keys[-2::-1], own[-2::-1], strict=True):
        before = (key < mine) | ((key == mine) & before)
    return before


def _behind(keys: Sequence[Ints], own: Sequence[int]) -> Bools:
    """Which rows stand behind somebody with these keys."""
    behind = keys[-1] > own[-1]
    for key, mine in zip(keys[-2::-1], own[-2::-1], strict=True):
        behind = (key > mine) | ((key == mine) & behind)
    return behind


def live_month(session: Session, where: Where) -> LiveMonth:
    """A month as it is recorded, to be typed in; sheets that take no part are in it, without a total.
    Raises `NotFound`."""
    month = month_record(session, where)
    scheme = scheme_of(session, month)
    read = month_to_score(session, month, scheme)
    inside = (Sheet.month_id == month.id, Sheet.reasons.is_not(None))
    said = session.execute(select(Sheet.id, Sheet.reasons).where(*inside)) if reason_columns(scheme) else ()
    words = {number: own or {} for number, own in said}
    return LiveMonth(scheme, read.ids, read.recorded, read.beside, words)
