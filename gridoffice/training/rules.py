"""How many hours of training are asked for, and what must be true of an attendance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from db.enums import Employment, Presence, TrainingState
from gridoffice.dates import years_on
from gridoffice.errors import Problem, Severity

THERE = (Presence.PRESENT, Presence.LATE, Presence.MADE_UP)
"""Who counts as having been trained."""
PASS_MARK = Decimal(60)
"""From this score on a training is passed (职业技能评价 百分制, 60 分合格)."""
_BETWEEN = re.compile(r"[、，,;；/\s]+")


@dataclass(frozen=True, slots=True)
class HoursRule:
    """So many hours within the last `years` years, for those who serve so (empty: any way) in one of
    `posts` (empty: any post)."""

    years: int
    hours: Decimal
    source: str
    employment: tuple[Employment, ...] = ()
    posts: tuple[str, ...] = ()

    def concerns(self, title: str, employment: Employment) -> bool:
        return (not self.employment or employment in self.employment) and (
            not self.posts or title in self.posts
        )

    def since(self, day: date) -> date:
        """The first day of the time that counts, looked at from a day."""
        return years_on(day, -self.years) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HoursTable:
    """Every rule about hours of an office."""

    rules: tuple[HoursRule, ...]


def credited(presence: Presence, hours: Decimal | None, of_training: Decimal | None) -> Decimal:
    """The hours that an attendance counts: its own, else those of the training; none for whoever was
    not there."""
    if presence not in THERE:
        return Decimal(0)
    return hours if hours is not None else of_training or Decimal(0)


def short_of(rule: HoursRule, attended: Iterable[tuple[date, Decimal]], day: date) -> Decimal:
    """How many hours somebody is short of a rule on a day; nothing when it is met."""
    since = rule.since(day)
    done = sum((hours for held, hours in attended if since <= held <= day), Decimal(0))
    return max(rule.hours - done, Decimal(0))


def judged(rule: HoursRule, serving_since: date | None, day: date) -> bool:
    """Whether somebody has served long enough to be held to a rule: all the time that counts."""
    return serving_since is None or serving_since <= rule.since(day)


def check_hours(hours: Decimal | None, presence: Presence, most: Decimal | None) -> list[Problem]:
    """Hours fit the presence, and the training."""
    found = []
    if hours is not None and hours < 0:
        found.append(Problem("学时不能小于 0。", field="学时", value=str(hours)))
    if hours and presence not in THERE:
        said = f"{presence.label}的人没有学时，看看签到状态对不对。"
        found.append(Problem(said, Severity.WARNING, field="学时", value=str(hours)))
    if hours is not None and most is not None and hours > most:
        said = f"学时 {hours} 超过这次培训的 {most}。"
        found.append(Problem(said, Severity.WARNING, field="学时", value=str(hours)))
    return found


def check_most(hours: Decimal | None) -> list[Problem]:
    """A session of one day has more than no hours and no more than a day has."""
    if hours is not None and not 0 < hours <= 24:
        return [Problem(f"学时 {hours} 不对，一天的培训在 0 到 24 之间。", field="学时", value=str(hours))]
    return []


def check_score(score: Decimal | None) -> list[Problem]:
    """A score is on the scale to a hundred (职业技能评价 百分制)."""
    if score is not None and not 0 <= score <= 100:
        return [Problem(f"成绩 {score} 不在 0 到 100 之间。", field="成绩", value=str(score))]
    return []


def state_of(state: TrainingState | None, day: date, today: date) -> TrainingState:
    """What is said of a training, else what its day says."""
    if state is not None:
        return state
    return TrainingState.PLANNED if day > today else TrainingState.HELD


def posts_in(text: str | None) -> tuple[str, ...]:
    """The titles that a text of posts names; none: every post."""
    return tuple(dict.fromkeys(part for part in _BETWEEN.split(text or "") if part))


def check_posts(text: str | None, titles: Sequence[str]) -> list[Problem]:
    """Posts are meant by the pack's own titles."""
    unknown = [one for one in posts_in(text) if one not in titles]
    if not unknown:
        return []
    said = f"没有岗位“{unknown[0]}”。现有：{'、'.join(titles)}。"
    return [Problem(said, field="应参加岗位", value=text)]


def check_span(first: date | None, last: date | None, sessions: int | None) -> list[Problem]:
    """A plan ends after it begins, and counts its sessions from one up."""
    found = []
    if first is not None and last is not None and last < first:
        found.append(Problem(f"结束日期 {last} 早于开始日期 {first}。", field="结束日期", value=str(last)))
    if sessions is not None and not 0 < sessions <= 1000:
        found.append(
            Problem(f"计划场次 {sessions} 不对，在 1 到 1000 之间。", field="计划场次", value=str(sessions))
        )
    return found


def passed(presence: Presence, score: Decimal | None, scored: bool, mark: Decimal) -> bool:
    """Whether somebody completed a training: was there and, where it was `scored` at all, reached the
    pass mark."""
    return presence in THERE and (not scored or (score is not None and score >= mark))
