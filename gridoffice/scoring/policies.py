"""The choices of a scheme, and what it says beside its indicators: part months, months in a row, pay."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from db.enums import Labelled


class Missing(Labelled):
    """What an empty cell means. Which one holds is part of the scheme and is printed."""

    BLOCKS = "blocks", "待补，不出总分"
    NO_POINTS = "no_points", "未填按 0 分计"
    EXCLUDED = "excluded", "未填不计，其余项折算"
    AS_ZERO = "as_zero", "空白视为 0 次"


class Nature(Labelled):
    """Whether an indicator measures how much or how well; compared to keep quantity from leading."""

    QUANTITY = "quantity", "数量"
    QUALITY = "quality", "质量"
    OTHER = "other", "其他"


class Origin(Labelled):
    """Where the raw value comes from."""

    IMPORTED = "imported", "导入"
    MANUAL = "manual", "手动录入"
    COMPUTED = "computed", "由台账计算"


class Measure(Labelled):
    """What kind of number a column holds."""

    RATE = "rate", "比率"
    COUNT = "count", "次数"
    AMOUNT = "amount", "数值"
    YES_NO = "yes_no", "是否"


class RankGroup(Labelled):
    """Within which unit something is counted: the second rank (the first is over all), or a quota."""

    COMMUNITY = "community", "社区内"
    STREET = "street", "街道内"
    NONE = "none", "不分组"


class Rounding(Labelled):
    """How a quota of heads becomes a whole number."""

    DOWN = "down", "向下取整"
    HALF_UP = "half_up", "四舍五入"


class Prorate(Labelled):
    """What follows the share of the month that somebody was at work."""

    NONE = "none", "不折算"
    TARGET = "target", "任务量按在岗天数折算"
    CAP = "cap", "封顶按在岗天数折算"
    LOSS = "loss", "扣分按在岗天数折算"


class Straddle(Labelled):
    """What happens to equals of whom only some have room within a quota."""

    FALL = "fall", "并列跨线的都不进"
    STAY = "stay", "并列跨线的都进"


class PayKind(Labelled):
    """How a month's result becomes a coefficient of performance pay."""

    GRADE = "grade", "按等次系数"
    LINEAR = "linear", "按总分比例"


@dataclass(frozen=True, slots=True)
class Consecutive:
    """What follows when `months` calendar months in a row end with `grade` or worse (冠县崇文街道: two
    poor months in a row, dismissal). A month without a grade ends the row."""

    grade: str
    months: int
    consequence: str


@dataclass(frozen=True, slots=True)
class Factor:
    """The coefficient of one grade."""

    grade: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class PayBase:
    """The performance pay of a whole month for one title, in yuan."""

    title: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Pay:
    """How a month is paid, in yuan.

    Amount = base × coefficient, × days at work ÷ days of the month when `prorated`, plus and less what
    the scheme's indicators in money say; not below 0 where there is a base. `base` is for titles that `bases` does not
    name. The coefficient is that of the grade, or total ÷ full marks; who is not graded gets
    `ungraded`.
    """

    kind: PayKind = PayKind.GRADE
    factors: tuple[Factor, ...] = ()
    base: Decimal = Decimal(0)
    bases: tuple[PayBase, ...] = ()
    prorated: bool = True
    ungraded: Decimal = Decimal(1)
