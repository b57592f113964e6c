"""The shapes a scoring rule can have, each with the numbers that an office may set.

A shape says only how raw values become points; the weight (`full`) belongs to the indicator.
The shapes are those found in published schemes (金牛区 2025, 江山市贺村镇 镇委〔2023〕9号, 中电海康
TLGM 2018 and others). All numbers are exact decimals with at most four places.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from db.enums import Labelled

NONE = Decimal(0)
ONE = Decimal(1)


class Empty(Labelled):
    """What a rate is worth when its denominator is 0 (nothing was due this month)."""

    FULL = "full", "得满分"
    ZERO = "zero", "得 0 分"
    EXCLUDED = "excluded", "不计，其余项折算"


class Effect(Labelled):
    """What a veto does."""

    FORCED = "forced", "直接定为指定等次"
    ZEROED = "zeroed", "总分记 0 分"
    NOT_TOP = "not_top", "不得评为最高等次"


class Reason(Labelled):
    """Which marks given by hand want a sentence beside them that says why (金牛区 2025: 原则上不扣分，手动录入
    并说明)."""

    NONE = "none", "不用写说明"
    LOSS = "loss", "扣了分的要写说明"
    ALWAYS = "always", "都要写说明"


@dataclass(frozen=True, slots=True)
class RateTimesWeight:
    """Points = rate × weight; with a `target` in per cent, whoever reaches it has the whole weight, and
    below it points = rate ÷ target × weight.

    `of` names columns when the office counts instead of typing a rate: what is counted (several are added
    up), last of how many; several indicators may share a column, as 应处置数 is shared by most rates of
    金牛区.
    """

    of: tuple[str, ...] = ()
    empty: Empty = Empty.FULL
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class InverseRateTimesWeight:
    """Points = (1 − rate) × weight."""

    of: tuple[str, ...] = ()
    empty: Empty = Empty.FULL


@dataclass(frozen=True, slots=True)
class Deduction:
    """Each occurrence beyond `beyond` costs `each`, at most `cap` (without a cap: all points).

    On an indicator without weight the loss is taken from the total. With `of` what is counted are the per
    cent of a rate of counts (返工率扣分); where nothing was due, nothing is lost.
    """

    each: Decimal
    cap: Decimal | None = None
    beyond: Decimal = NONE
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """One counted kind of work: the heading of its column and the points of each."""

    name: str
    each: Decimal


@dataclass(frozen=True, slots=True)
class Bonus:
    """Each occurrence beyond `beyond` adds `each`, at most `cap`, into the scheme's bonus pool.

    With `terms` it adds up several kinds of occurrences, each in a column of its own (金牛区: 拆违一处
    加 5，存量加 2，300 ㎡ 以上加 2，封顶 20).
    """

    each: Decimal = ONE
    cap: Decimal | None = None
    beyond: Decimal = NONE
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """From the value `at` upwards (with `above`: only beyond it) the points are `points`."""

    at: Decimal
    points: Decimal
    above: bool = False


@dataclass(frozen=True, slots=True)
class Bands:
    """Points by the highest band reached; `below` holds under the lowest band.

    With `deducts` the numbers are what is lost from the weight.
    """

    bands: tuple[Band, ...]
    below: Decimal = NONE
    deducts: bool = False


@dataclass(frozen=True, slots=True)
class FloorPerN:
    """Each whole `n` beyond `beyond` costs `points`, at most `cap`; what is short of `n` is free."""

    n: Decimal
    points: Decimal
    cap: Decimal | None = None
    beyond: Decimal = NONE


@dataclass(frozen=True, slots=True)
class Linear:
    """Points = start + slope × value, held between `low` and `high` (without a high: the weight)."""

    start: Decimal
    slope: Decimal
    low: Decimal = NONE
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Points = start + Σ count × each over several columns, held between 0 and the weight. A kind of work
    that costs points has a negative `each`."""

    terms: tuple[Term, ...]
    start: Decimal = NONE


@dataclass(frozen=True, slots=True)
class Normalised:
    """Points = weight − count × each ÷ (the product of `by`), for instance area × population."""

    each: Decimal
    by: tuple[str, ...]
    empty: Empty = Empty.FULL


@dataclass(frozen=True, slots=True)
class Manual:
    """An assessor gives 0 to the weight, and says why where a `reason` is wanted."""

    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class Money:
    """Yuan that a count brings (`each` above 0) or costs (below 0), beside all points (某镇网格协管员:
    缺会一次扣 30 元，每月 90 条信息，少一条扣 20 元).

    What counts is what lies beyond `beyond` or, with `short_of`, what is lacking to that number; the
    sum is at most `cap` either way.
    """

    each: Decimal
    beyond: Decimal = NONE
    short_of: Decimal | None = None
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Veto:
    """一票否决. `grade` is the grade forced by `Effect.FORCED` (empty: the scheme's lowest)."""

    effect: Effect = Effect.FORCED
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure that the evaluation table shows and that no score comes from (区域评价统计表: 立案数,
    遗留案件结案量). The rate of the columns that `of` names, or else the column headed as the indicator is
    called, which may be one that rates count (应结案量)."""

    of: tuple[str, ...] = ()


Rule = (
    RateTimesWeight
    | InverseRateTimesWeight
    | Deduction
    | Bonus
    | Bands
    | FloorPerN
    | Linear
    | Tally
    | Normalised
    | Manual
    | Money
    | Veto
    | Shown
)


class Shape(Enum):
    """The word that a scheme file uses for a shape."""

    RATE = RateTimesWeight
    INVERSE_RATE = InverseRateTimesWeight
    DEDUCTION = Deduction
    BONUS = Bonus
    BANDS = Bands
    FLOOR_PER_N = FloorPerN
    LINEAR = Linear
    TALLY = Tally
    NORMALISED = Normalised
    MANUAL = Manual
    MONEY = Money
    VETO = Veto
    SHOWN = Shown

    @property
    def word(self) -> str:
        return self.name.lower()


def plain(number: Decimal | int) -> str:
    """A number as a clerk writes it: 24.13, 25, 0.5, never 25.00 or 2.5E+1."""
    text = format(Decimal(number), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", "−")
