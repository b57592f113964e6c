"""学时要求 as a form: what a rule may say, and the text it is stored as."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal

from gridoffice.errors import Problem
from gridoffice.training import rules
from gridoffice.training.rules import HoursRule, HoursTable

MOST_YEARS = 10


def check_rule(rule: HoursRule, titles: Sequence[str]) -> list[Problem]:
    """What is wrong with a rule in a form."""
    found = []
    if not 1 <= rule.years <= MOST_YEARS:
        found.append(Problem(f"几年内写的是 {rule.years}，在 1 到 {MOST_YEARS} 之间。", field="几年内"))
    if not 0 < rule.hours <= 1000:
        found.append(Problem(f"学时写的是 {rule.hours}，在 0 到 1000 之间。", field="学时"))
    found += rules.check_posts("、".join(rule.posts), titles)
    return found


def rules_text(table: HoursTable) -> str:
    """Rules as the text that an office keeps; reading it gives the same rules."""
    return (
        "\n".join(
            "\n".join(
                (
                    "[[rules]]",
                    f"employment = {_list(one.value for one in rule.employment)}",
                    f"posts = {_list(rule.posts)}",
                    f"years = {rule.years}",
                    f"hours = {_number(rule.hours)}",
                    f"source = {json.dumps(rule.source, ensure_ascii=False)}",
                    "",
                )
            )
            for rule in table.rules
        )
        or "rules = []\n"
    )


def in_words(rule: HoursRule) -> str:
    """A rule in one sentence."""
    who = "、".join(rule.posts) if rule.posts else "所有岗位"
    how = "、".join(one.label for one in rule.employment)
    return f"{who}{f'（{how}）' if how else ''}：{rule.years} 年内至少 {_number(rule.hours)} 学时"


def _list(values: object) -> str:
    return f"[{', '.join(json.dumps(one, ensure_ascii=False) for one in values)}]"  # type: ignore[attr-defined]


def _number(hours: Decimal) -> str:
    return f"{hours.normalize():f}"
