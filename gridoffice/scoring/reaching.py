"""怎样到下一等: the least change of a recorded value that brings the next better grade by points.

Found by scoring the sheet with other values, so it holds for every shape of rule, part months and caps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gridoffice.scoring.scheme import Input, Measure, Scheme, all_inputs, counts_of
from gridoffice.scoring.scores import Inputs, Raw, Scored, score
from gridoffice.scoring.shapes import Normalised, plain

MOST = 3
"""So many ways are told: who can choose among ten chooses none."""
_STEPS = 50
_HUNDRED = Decimal(100)
_FURTHEST = 1000


@dataclass(frozen=True, slots=True)
class Way:
    """One recorded value, from what it is to what it would have to be, and what that brings."""

    key: str
    name: str
    before: Raw
    after: Raw
    gain: Decimal
    share: float
    """How much of what can be changed would have to be."""
    rate: bool

    def words(self) -> str:
        """The way in one sentence."""
        sign = "%" if self.rate else ""
        return (
            f"“{self.name}”{_said(self.before)}{sign} → {_said(self.after)}{sign}，多 {plain(self.gain)} 分"
        )


@dataclass(frozen=True, slots=True)
class Reaching:
    """What the next grade asks for. Each of `ways` is enough by itself; where none is, `together` are.

    `grade` is None where there is none above, or no total yet; `words` then say so.
    """

    grade: str | None
    lacking: Decimal
    ways: tuple[Way, ...]
    together: tuple[Way, ...]
    words: str


def reaching(scheme: Scheme, own: Inputs, whole: int = 0) -> Reaching:
    """How the sheet comes to the next better grade; `whole` is the number of the month's days."""
    alone = replace(scheme, grades=tuple(replace(grade, quota=None) for grade in scheme.grades))
    (now,) = score(alone, [own], whole)
    if now.total is None:
        return Reaching(None, Decimal(0), (), (), "补齐了才看得出差多少。")
    place = next((at for at, grade in enumerate(scheme.grades) if grade.name == now.earned), None)
    if place is None:
        place = len(scheme.grades)
    if place == 0:
        return Reaching(None, Decimal(0), (), (), f"按得分已是“{scheme.grades[0].name}”。")
    wanted = scheme.grades[place - 1]
    lacking = wanted.minimum - now.total
    search = _Search(alone, own, whole, now)
    found = sorted(search.ways(wanted.minimum), key=lambda way: way.share)[:MOST]
    together = () if found else tuple(search.together(wanted.minimum))
    words = f"到“{wanted.name}”要 {plain(wanted.minimum)} 分，还差 {plain(lacking)} 分。"
    if not found and not together:
        words += "这个月只改指标数据到不了。"
    if wanted.quota is not None:
        words += f"“{wanted.name}”不超过 {plain(wanted.quota)}%，还要看名次。"
    if now.vetoed:
        words += "有一票否决，等次另定。"
    return Reaching(wanted.name, lacking, tuple(found), together, words)


class _Search:
    """Other values of one sheet, scored together."""

    def __init__(self, scheme: Scheme, own: Inputs, whole: int, now: Scored):
        self.scheme, self.own, self.whole, self.now = scheme, own, whole, now
        self.total = now.total or Decimal(0)

    def totals(self, changes: Sequence[Mapping[str, Raw]]) -> list[Decimal]:
        sheets = [replace(self.own, values={**self.own.values, **one}) for one in changes]
        return [one.total or Decimal(0) for one in score(self.scheme, sheets, self.whole)]

    def ways(self, minimum: Decimal) -> Iterator[Way]:
        """Every value that alone reaches the minimum, changed no more than that takes."""
        for entry, values in self._choices():
            totals = self.totals([{entry.key: value} for value in values])
            reached = next((at for at, total in enumerate(totals) if total >= minimum), None)
            if reached is None:
                continue
            closer = list(
                _between(entry, self._held(entry) if not reached else values[reached - 1], values[reached])
            )
            finer = self.totals([{entry.key: value} for value in closer])
            after, total = next(
                (pair for pair in zip(closer, finer, strict=True) if pair[1] >= minimum),
                (values[reached], totals[reached]),
            )
            yield self._way(entry, after, total - self.total, values[-1])

    def together(self, minimum: Decimal) -> list[Way]:
        """Values that reach the minimum only together, those that bring most first; none where even all
        of them do not."""
        best: list[Way] = []
        for entry, values in self._choices():
            totals = self.totals([{entry.key: value} for value in values])
            most = max(totals)
            if most > self.total:
                after = values[totals.index(most)]
                best.append(self._way(entry, after, most - self.total, values[-1]))
        best.sort(key=lambda way: -way.gain)
        changed: dict[str, Raw] = {}
        taken: list[Way] = []
        for way in best:
            changed[way.key] = way.after
            taken.append(way)
            if self.totals([changed])[0] >= minimum:
                return taken
        return []

    def _held(self, entry: Input) -> Decimal:
        return Decimal(self.own.values.get(entry.key) or 0)

    def _way(self, entry: Input, after: Raw, gain: Decimal, furthest: Raw) -> Way:
        held = self._held(entry)
        span = abs(Decimal(furthest or 0) - held) or Decimal(1)
        return Way(
            entry.key,
            entry.label,
            self.own.values.get(entry.key),
            after,
            gain,
            float(abs(Decimal(after or 0) - held) / span),
            entry.measure is Measure.RATE,
        )

    def _choices(self) -> Iterator[tuple[Input, list[Decimal]]]:
        """For each value that can be changed, others from the nearest to the furthest: upwards, downwards."""
        given = _given(self.scheme)
        for entry in all_inputs(self.scheme):
            if (
                entry.measure is Measure.YES_NO
                or self.own.values.get(entry.key) is None
                or entry.key in given
            ):
                continue
            held = self._held(entry)
            if entry.measure is Measure.RATE:
                up = [held + (_HUNDRED - held) * step / _STEPS for step in range(1, _STEPS + 1)]
                down = [held - held * step / _STEPS for step in range(1, _STEPS + 1)]
            else:
                far = [Decimal(step) for step in (*range(1, _STEPS), 60, 80, 100, 200, 500, _FURTHEST)]
                up = [held + step for step in far]
                down = [held - step for step in far if step <= held]
                if entry.measure is Measure.AMOUNT and held > 0:
                    down.append(Decimal(0))
            for way in (up, down):
                if way and way[0] != held:
                    yield entry, way


def _given(scheme: Scheme) -> set[str]:
    """Values that nobody brings about by working better: what was due, an area, a population."""
    found: set[str] = set()
    for indicator in scheme.indicators:
        found.update(counts_of(indicator.rule)[-1:])
        if isinstance(indicator.rule, Normalised):
            found.update(indicator.rule.by)
    return found


def _between(entry: Input, low: Decimal, high: Decimal) -> Iterator[Decimal]:
    """Values from one to another as they would be recorded: whole counts, rates in tenths."""
    step = Decimal("0.1") if entry.measure is not Measure.COUNT else Decimal(1)
    sign = 1 if high > low else -1
    value = low.quantize(step)
    for _ in range(_FURTHEST):
        value += sign * step
        if (high - value) * sign < 0:
            return
        yield value


def _said(value: Raw) -> str:
    return "空" if value is None else plain(Decimal(value))
