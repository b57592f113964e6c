"""双报到 of a made-up street: members of other offices who live here, what they did this year, and the units that
answer for a community."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from db.enums import ReportSide
from gridoffice.demo.data import GridDatum
from gridoffice.demo.register_data import Register, ReportDatum, ServiceDatum

_UNITS = (
    "区教育局",
    "区人社局",
    "区医保局",
    "锦泽市第二医院",
    "区市场监管局",
    "锦泽供电公司",
    "区农业农村局",
)
_DEEDS = (
    ("入户走访独居老人", "1.5"),
    ("小区清扫", "2"),
    ("政策宣讲", "1"),
    ("交通文明劝导", "2"),
    ("义诊", "3"),
    ("辅导孩子作业", "1.5"),
)
EVERY = 11
"""Every so manieth member works elsewhere and reports at home."""


def add_reports(register: Register, communities: Sequence[GridDatum], today: date, rng: Random) -> None:
    """Who reported since the year began, and what each has done since: some less than is asked."""
    start = date(today.year, 1, 1)
    for place, member in enumerate(register.members[::EVERY]):
        community = communities[place % len(communities)]
        since = max(start - timedelta(days=200), community.opened) + timedelta(days=rng.randrange(150))
        side = ReportSide.UNIT if place % 6 == 5 else ReportSide.RESIDENCE
        unit = _UNITS[place % len(_UNITS)]
        register.reports.append(ReportDatum(member.person, side, unit, community.code, since))
        days = (today - start).days
        for turn in range(rng.randrange(5)):
            day = start + timedelta(days=(days * turn // 5 + rng.randrange(1 + days // 6)) if days else 0)
            what, hours = _DEEDS[rng.randrange(len(_DEEDS))]
            done = ServiceDatum(member.person, community.code, max(day, since), what, Decimal(hours))
            if done not in register.services:
                register.services.append(done)
