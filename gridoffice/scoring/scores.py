"""Scores of a month from raw values, in exact decimals.

Three ways in, all through the same arithmetic (`engine`): `score` for decimals, `score_packed` for
rows of packed raw values as the database keeps them, and `engine.score_table` for a bare table.
NumPy is imported only when something is scored: the window's process starts without it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import compress
from sys import byteorder
from typing import TYPE_CHECKING

from gridoffice.errors import RuleBroken
from gridoffice.scoring.rule_checks import VALUE_LIMIT, VALUE_PLACES
from gridoffice.scoring.scheme import Input, Measure, Scheme, all_inputs

if TYPE_CHECKING:
    from gridoffice.scoring.engine import Around, Scores

Raw = Decimal | int | bool | None
"""A raw value: a rate in per cent (96.5 means 96.5 %), a count, points, or yes / no."""

_UNIT = 10**VALUE_PLACES
_ABSENT = -(2**63)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is scored: an id of the caller's, raw values by column key, the unit of the second rank, and
    what beside the values bears on it (see `Circumstances`)."""

    id: Hashable
    values: Mapping[str, Raw]
    group: Hashable = ""
    pool: Hashable = ""
    present: int | None = None
    taking: bool = True
    graded: bool = True
    adjustment: Decimal = Decimal(0)
    granted: str | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What beside raw values bears on the scores of a month, a column each; None: nobody differs.

    `groups` and `pools` are the units within which the second rank and the quotas are counted.
    `present` is how many of the month's `whole` days somebody was at work (None: all). Who is not
    `taking` part gets no total; who is not `graded` (试用期, 缺勤过半) gets a total but neither grade nor
    rank, and is no head in a quota. `adjustment` are points of calibration or an appeal, rounded half up
    to the scheme's places; `granted` is the grade they set.
    """

    groups: Sequence[Hashable] | None = None
    pools: Sequence[Hashable] | None = None
    present: Sequence[int | None] | None = None
    whole: int = 0
    taking: Sequence[bool] | None = None
    graded: Sequence[bool] | None = None
    adjustment: Sequence[Decimal | None] | None = None
    granted: Sequence[str | None] | None = None


NOBODY_DIFFERS = Circumstances()


@dataclass(frozen=True, slots=True)
class Scored:
    """One result. `parts`, `missing` and `vetoed` speak of the scheme's indicators.

    `parts` stand in the scheme's order (None: not counted, or a veto); `missing` and `vetoed` hold
    keys. `total` is None when a missing value blocks (待补) or nothing that weighs is left; then
    there is no grade and no rank. `earned` is the grade by points alone, before vetoes and quota.
    """

    id: Hashable
    total: Decimal | None
    base: Decimal | None
    bonus: Decimal | None
    parts: tuple[Decimal | None, ...]
    missing: tuple[str, ...]
    vetoed: tuple[str, ...]
    grade: str | None
    earned: str | None
    rank: int | None
    group_rank: int | None


def score(scheme: Scheme, sheets: Sequence[Inputs], whole: int = 0) -> list[Scored]:
    """The results of all sheets, in their order; `whole` is the number of the month's days.

    Each indicator is computed exactly and rounded once, half up, to `scheme.places`. Base = the sum
    of the weighing indicators (stretched to the full marks when some are excluded, rounded half up)
    less the deductions that carry no weight, held between 0 and the full marks. Total = base +
    min(Σ bonus, bonus cap), at most the ceiling if there is one, plus what calibration and appeals add,
    held between 0 and the ceiling (without one: full marks and bonus cap); 0 after a veto that zeroes.

    A raw value counts with four places, half up; one outside its range (a rate above 100 %, a
    negative count, a manual mark above the weight) counts as the nearest end of the range: refusing
    it is for `checking.check_values`. Ranks are 1, 2, 2, 4 by total, then by the scheme's tie
    indicators; who is graded by veto stands behind all others. Quotas fall as told at
    `engine.grades`, part months at `arithmetic.points_of`.
    """
    entries = all_inputs(scheme)
    cells = array("q", (cell for sheet in sheets for cell in _row(entries, sheet.values)))
    scores = _scored(scheme, cells, circumstances(sheets, whole))
    return results(scheme, scores, [sheet.id for sheet in sheets])


def circumstances(sheets: Sequence[Inputs], whole: int = 0) -> Circumstances:
    """What sheets say beside their values, as columns."""
    return Circumstances(
        groups=[sheet.group for sheet in sheets],
        pools=[sheet.pool for sheet in sheets],
        present=[sheet.present for sheet in sheets],
        whole=whole,
        taking=[sheet.taking for sheet in sheets],
        graded=[sheet.graded for sheet in sheets],
        adjustment=[sheet.adjustment for sheet in sheets],
        granted=[sheet.granted for sheet in sheets],
    )


def pack(scheme: Scheme, rows: Iterable[Mapping[str, Raw]]) -> list[bytes]:
    """Raw values as the database keeps them, one blob for each row of values by column key.

    A blob is little-endian int64 of 1/10,000 in the order of `all_inputs`, the smallest int64 for a
    value not given; it is empty where none was. A key that is no column of the scheme is refused.
    """
    entries = all_inputs(scheme)
    known = {entry.key for entry in entries}
    packed = []
    for values in rows:
        if not values.keys() <= known:
            raise RuleBroken(f"方案里没有这些列：{'、'.join(sorted(values.keys() - known))}。")
        cells = _row(entries, values)
        nothing = cells.count(_ABSENT) == len(cells)
        packed.append(b"" if nothing else _little(array("q", cells)).tobytes())
    return packed


def unpacker(scheme: Scheme) -> Callable[[bytes], dict[str, Raw]]:
    """How one packed row becomes raw values, each as its column's measure says; values not given are None.
    Made once where many rows are read: what a scheme's columns are takes longer than reading a row."""
    entries = all_inputs(scheme)
    nothing = _nothing(len(entries))

    def read(blob: bytes) -> dict[str, Raw]:
        cells = _cells(blob or nothing, len(entries))
        return {entry.key: _value(entry, cell) for entry, cell in zip(entries, cells, strict=True)}

    return read


def unpack(scheme: Scheme, packed: Iterable[bytes]) -> list[dict[str, Raw]]:
    """The raw values of packed rows again."""
    return list(map(unpacker(scheme), packed))


def points_of(scheme: Scheme, points: bytes) -> dict[str, Decimal]:
    """The points of a sheet by indicator, those that there are; `points` as `packed_points` made them."""
    indicators = scheme.indicators
    return {
        indicator.key: Decimal(cell).scaleb(-scheme.places)
        for indicator, cell in zip(indicators, _cells(points, len(indicators)), strict=True)
        if cell != _ABSENT
    }


def packed_points(scores: Scores) -> list[bytes]:
    """The points of each row as the database keeps them: little-endian int64 in the order of the
    scheme's indicators, in its last place."""
    whole = scores.parts.astype("<i8").tobytes()
    width = scores.parts.shape[1] * 8
    return [whole[start : start + width] for start in range(0, len(whole), width)]


def _cells(blob: bytes, width: int) -> array:
    cells = array("q")
    if len(blob) != width * cells.itemsize:
        count = len(blob) / cells.itemsize
        raise RuleBroken(f"这一行有 {count:g} 个值，方案有 {width} 列，对不上。")
    cells.frombytes(blob)
    return _little(cells)


def _nothing(width: int) -> bytes:
    """A row in which nothing is given."""
    return _little(array("q", [_ABSENT] * width)).tobytes()


def score_packed(scheme: Scheme, rows: Iterable[bytes], beside: Circumstances = NOBODY_DIFFERS) -> Scores:
    """The results of packed rows as arrays; `results` turns them, or a slice, into decimals."""
    return _scored(scheme, cells_of(scheme, rows), beside)


def cells_of(scheme: Scheme, rows: Iterable[bytes]) -> array:
    """Packed rows as one run of numbers, row after row; an empty row as one in which nothing is given."""
    width = len(all_inputs(scheme))
    nothing = _nothing(width)
    whole = b"".join(row or nothing for row in rows)
    if len(whole) % len(nothing):
        raise RuleBroken(f"打包的数值有 {len(whole) / 8:g} 个，方案有 {width} 列，对不上。")
    cells = array("q")
    cells.frombytes(whole)
    return _little(cells)


def some(scores: Scores, places: Sequence[int]) -> Scores:
    """The results of these rows only."""
    return replace(
        scores, **{field.name: getattr(scores, field.name)[list(places)] for field in fields(scores)}
    )


def results(scheme: Scheme, scores: Scores, ids: Sequence[Hashable]) -> list[Scored]:
    """The arrays of a month as one frozen value for each id."""
    if len(ids) != len(scores.total):
        raise ValueError(f"{len(ids)} ids for {len(scores.total)} rows")
    known: dict[int, Decimal | None] = {_ABSENT: None}
    places = scheme.places

    def exact(number: int) -> Decimal | None:
        if number not in known:
            known[number] = Decimal(number).scaleb(-places)
        return known[number]

    keys = [entry.key for entry in scheme.indicators]
    names = [*(grade.name for grade in scheme.grades), None]
    return [
        Scored(
            id,
            exact(total),
            exact(base),
            exact(bonus),
            tuple(map(exact, parts)),
            tuple(compress(keys, missing)),
            tuple(compress(keys, vetoed)),
            names[grade],
            names[earned],
            rank or None,
            group_rank or None,
        )
        for id, total, base, bonus, parts, missing, vetoed, grade, earned, rank, group_rank in zip(
            ids,
            scores.total.tolist(),
            scores.base.tolist(),
            scores.bonus.tolist(),
            scores.parts.tolist(),
            scores.missing.tolist(),
            scores.vetoed.tolist(),
            scores.grade.tolist(),
            scores.earned.tolist(),
            scores.rank.tolist(),
            scores.group_rank.tolist(),
            strict=True,
        )
    ]


def _scored(scheme: Scheme, cells: array, beside: Circumstances) -> Scores:
    import numpy as np

    from gridoffice.scoring import engine

    raw = np.frombuffer(cells, np.int64).reshape(-1, len(all_inputs(scheme)))
    return engine.score_table(scheme, raw, around(scheme, beside, len(raw)))


def around(scheme: Scheme, beside: Circumstances, rows: int) -> Around:
    """The columns as arrays; a column in which nobody differs is left out."""
    import numpy as np

    from gridoffice.scoring import engine

    def numbered(units: Sequence[Hashable] | None) -> engine.Ints | None:
        if units is None:
            return None
        numbers = {unit: number for number, unit in enumerate(dict.fromkeys(units))}
        return np.fromiter(map(numbers.__getitem__, units), np.int64, rows)

    def flags(column: Sequence[bool] | None) -> engine.Bools | None:
        return None if column is None or all(column) else np.fromiter(column, np.bool_, rows)

    said, whole = beside, beside.whole
    present = adjustment = granted = None
    if (
        whole
        and said.present is not None
        and any(days is not None and days != whole for days in said.present)
    ):
        days = (whole if days is None else days for days in said.present)
        present = np.fromiter(days, np.int64, rows)
    if said.adjustment is not None and any(said.adjustment):
        last = Decimal(1).scaleb(-scheme.places)
        points = (
            int((each or Decimal(0)).quantize(last, ROUND_HALF_UP).scaleb(scheme.places))
            for each in said.adjustment
        )
        adjustment = np.fromiter(points, np.int64, rows)
    if said.granted is not None and any(said.granted):
        names = {grade.name: index for index, grade in enumerate(scheme.grades)}
        granted = np.fromiter((names.get(name or "", -1) for name in said.granted), np.int64, rows)
    return engine.Around(
        numbered(said.groups),
        numbered(said.pools),
        present,
        whole,
        flags(said.taking),
        flags(said.graded),
        adjustment,
        granted,
    )


def _row(entries: Sequence[Input], values: Mapping[str, Raw]) -> list[int]:
    return [packed_cell(entry, values.get(entry.key)) for entry in entries]


def packed_cell(entry: Input, value: Raw) -> int:
    """A raw value in 1/10,000, as a packed row holds it. Raises RuleBroken for one that cannot be kept."""
    if value is None:
        return _ABSENT
    known = isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite())
    if not known or abs(value) >= VALUE_LIMIT:
        raise RuleBroken(f"{entry.label}写的是“{value}”，应为小于 {VALUE_LIMIT} 的数。")
    if isinstance(value, int):
        return _UNIT * value
    cell = int(value * _UNIT)
    return cell if Decimal(cell).scaleb(-VALUE_PLACES) == value else int(settle(value) * _UNIT)


def _value(entry: Input, cell: int) -> Raw:
    if cell == _ABSENT:
        return None
    if entry.measure is Measure.YES_NO:
        return cell > 0
    if entry.measure is Measure.COUNT and cell % _UNIT == 0:
        return cell // _UNIT
    return Decimal(cell // _UNIT) if cell % _UNIT == 0 else Decimal(cell).scaleb(-VALUE_PLACES).normalize()


def counted(value: Raw) -> Raw:
    """A raw value as it is kept: decimals with the places that count."""
    return settle(value) if isinstance(value, Decimal) else value


def settle(value: Decimal) -> Decimal:
    """A raw value with the four places that count, half up."""
    return value.quantize(Decimal(1).scaleb(-VALUE_PLACES), ROUND_HALF_UP)


def _little(cells: array) -> array:
    """Packed values are little-endian on every machine: a database may move."""
    if byteorder == "big":
        cells = array("q", cells)
        cells.byteswap()
    return cells
