"""A month's results added up by place, as packed numbers: what comparisons read instead of every sheet.

Imports NumPy: import it where something is added up.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from gridoffice.assessment.month import kept_points
from gridoffice.scoring.scheme import Measure, Nature, Scheme, all_inputs, inputs
from gridoffice.scoring.shapes import InverseRateTimesWeight, RateTimesWeight

Ints = NDArray[np.int64]

ABSENT = np.iinfo(np.int64).min
_UNIT = 10_000
_WHOLE_RATE = 100 * _UNIT
_TOTAL_PLACES = 4  # those of the column
_EDITION = 1  # of the packing


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """A month added up: one line for each of `paths`, which are places in the tree.

    `people` have a sheet and `scored` of them a total; `totals` is the sum of these in the scheme's last
    place. `grades` counts people by grade, in the last column those without one. `points` sums each
    indicator's points and `counted` says of how many. `rates` are numerators and denominators of the
    indicators that are a rate (0 of 0 for others). `spans` counts people by the whole points of their
    total. `active` are those with any work recorded that the scheme counts by quantity, of `reporting`
    with anything recorded at all.
    """

    paths: tuple[str, ...]
    people: Ints
    scored: Ints
    totals: Ints
    grades: Ints
    points: Ints
    counted: Ints
    numerators: Ints
    denominators: Ints
    spans: Ints
    active: Ints
    reporting: Ints

    def pack(self) -> bytes:
        """As bytes to be kept."""
        numbers = [getattr(self, name) for name in _NUMBERS]
        widths = [0 if one.ndim == 1 else one.shape[1] for one in numbers]
        head = np.array([_EDITION, len(self.paths), *widths], "<i8").tobytes()
        body = b"".join(np.ascontiguousarray(one, "<i8").tobytes() for one in numbers)
        return zlib.compress(head + body + "\n".join(self.paths).encode(), 1)


_NUMBERS = tuple(field.name for field in fields(Tally) if field.name != "paths")


def unpacked(kept: bytes) -> Tally | None:
    """A tally that was packed; None when it was packed in another way than now."""
    whole = zlib.decompress(kept)
    size = 8 * (2 + len(_NUMBERS))
    head = np.frombuffer(whole[:size], "<i8").tolist()
    if head[0] != _EDITION:
        return None
    count, found, start = head[1], [], size
    for width in head[2:]:
        length = count * (width or 1)
        numbers = np.frombuffer(whole, "<i8", length, start).astype(np.int64, copy=False)
        found.append(numbers.reshape(count, width) if width else numbers)
        start += 8 * length
    paths = whole[start:].decode()
    return Tally(tuple(paths.split("\n")) if count else (), *found)


def add_up(
    scheme: Scheme, places: Sequence[str], recorded: Iterable[bytes], total: Ints, grade: Ints, points: Ints
) -> Tally:
    """Add the sheets of a month up by place. `total` and `points` are in the scheme's last place, ABSENT
    where there is none; `grade` indexes the scheme's grades, −1 for none."""
    width = len(all_inputs(scheme))
    raw = _cells(recorded, width)
    has = total != ABSENT
    there = points != ABSENT
    numerators, denominators = _rates(scheme, raw)
    grades = np.zeros((len(places), len(scheme.grades) + 1), np.int64)
    grades[np.arange(len(places)), grade] = 1  # −1 is the last column
    counted_by = [
        position
        for position, entry in enumerate(all_inputs(scheme))
        if entry.key in _quantities(scheme) and entry.measure in (Measure.COUNT, Measure.AMOUNT)
    ]
    work = raw[:, counted_by]
    one = np.ones(len(places), np.int64)
    columns = {
        "people": one,
        "scored": has.astype(np.int64),
        "totals": np.where(has, total, 0),
        "grades": grades,
        "points": np.where(there, points, 0),
        "counted": there.astype(np.int64),
        "numerators": numerators,
        "denominators": denominators,
        "active": (work > 0).any(axis=1).astype(np.int64),
        "reporting": (raw != ABSENT).any(axis=1).astype(np.int64),
    }
    paths, index = _numbered(places)
    return Tally(paths, **_summed(columns, index, len(paths)), spans=_spans(scheme, total, index, len(paths)))


def narrowed(tally: Tally, keys: Sequence[str | None]) -> Tally:
    """A tally whose lines of one key are taken together; those without a key are left out."""
    wanted = [position for position, key in enumerate(keys) if key is not None]
    paths, index = _numbered([key for key in keys if key is not None])
    columns = {name: getattr(tally, name)[wanted] for name in _NUMBERS}
    return Tally(paths, **_summed(columns, index, len(paths)))


def of_sheets(
    scheme: Scheme,
    places: Sequence[str],
    totals: Iterable[int | None],
    grades: Iterable[str | None],
    points: Iterable[bytes | None],
    recorded: Iterable[bytes],
) -> Tally:
    """Add up sheets as they are kept: `totals` in 1/10,000, `points` and `recorded` as packed numbers."""
    numbers = {grade.name: position for position, grade in enumerate(scheme.grades)}
    step = 10 ** (_TOTAL_PLACES - scheme.places)
    count = len(scheme.indicators)
    total = np.array([ABSENT if one is None else one // step for one in totals], np.int64)
    grade = np.array([numbers.get(one, -1) if one is not None else -1 for one in grades], np.int64)
    nothing = np.full(count, ABSENT, "<i8").tobytes()
    whole = b"".join(one or nothing for one in points)
    parts = np.frombuffer(whole, "<i8").astype(np.int64, copy=False).reshape(-1, count)
    return add_up(scheme, places, recorded, total, grade, parts)


def packed_points(scheme: Scheme, parts: Mapping[str, str] | None) -> bytes | None:
    """The points of a sheet that was locked long ago, which keeps them as text."""
    if not parts:
        return None
    kept = kept_points(scheme, {"points": None, "parts": parts})
    cells = [
        ABSENT if one.key not in kept else int(kept[one.key].scaleb(scheme.places))
        for one in scheme.indicators
    ]
    return np.array(cells, "<i8").tobytes()


def _cells(recorded: Iterable[bytes], width: int) -> Ints:
    nothing = np.full(width, ABSENT, "<i8").tobytes()
    whole = b"".join(one or nothing for one in recorded)
    return np.frombuffer(whole, "<i8").astype(np.int64, copy=False).reshape(-1, width)


def _quantities(scheme: Scheme) -> frozenset[str]:
    """The columns that indicators of quantity read."""
    return frozenset(
        entry.key for one in scheme.indicators if one.nature is Nature.QUANTITY for entry in inputs(one)
    )


def _rates(scheme: Scheme, raw: Ints) -> tuple[Ints, Ints]:
    position = {entry.key: index for index, entry in enumerate(all_inputs(scheme))}
    shape = (len(raw), len(scheme.indicators))
    numerators, denominators = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for index, indicator in enumerate(scheme.indicators):
        if not isinstance(indicator.rule, RateTimesWeight | InverseRateTimesWeight):
            continue
        read = [raw[:, position[entry.key]] for entry in inputs(indicator)]
        there = np.logical_and.reduce([one != ABSENT for one in read])
        counted = sum(read[:-1]) if indicator.rule.of else read[0]
        numerators[:, index] = np.where(there, counted, 0)
        denominators[:, index] = np.where(there, read[-1] if indicator.rule.of else _WHOLE_RATE, 0)
    return numerators, denominators


def _spans(scheme: Scheme, total: Ints, index: Ints, count: int) -> Ints:
    """How many have a total of so many whole points, by place."""
    has = total != ABSENT
    whole = np.maximum(total[has] // 10**scheme.places, 0)
    width = int(whole.max(initial=0)) + 1
    flat = np.bincount(index[has] * width + whole, minlength=count * width)
    return flat.reshape(count, width).astype(np.int64)


def _numbered(keys: Sequence[str]) -> tuple[tuple[str, ...], Ints]:
    """The different keys in order, and which of them each is."""
    paths = sorted(set(keys))
    numbers = {path: number for number, path in enumerate(paths)}
    return tuple(paths), np.fromiter((numbers[key] for key in keys), np.int64, len(keys))


def _summed(columns: Mapping[str, Ints], index: Ints, count: int) -> dict[str, Ints]:
    """Each column summed by key; every key has a row."""
    if not count:
        return {name: one[:0] for name, one in columns.items()}
    if (np.diff(index) >= 0).all():  # sheets are opened place by place
        starts = np.searchsorted(index, np.arange(count))
        return {name: np.add.reduceat(one, starts, axis=0) for name, one in columns.items()}
    order = np.argsort(index, kind="stable")
    starts = np.searchsorted(index[order], np.arange(count))
    return {name: np.add.reduceat(one[order], starts, axis=0) for name, one in columns.items()}
