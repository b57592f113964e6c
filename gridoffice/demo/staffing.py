"""Who serves where: posts filled with made-up persons, with the gaps and the comings and goings."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from db.enums import Education, Employment, Political
from gridoffice.demo.data import (
    CHIEF,
    COMMUNITY,
    FULL_TIME,
    GENERAL,
    LEADER,
    MICRO,
    MICRO_WORKER,
    PART_TIME,
    SPECIAL,
    GridDatum,
    WorkerDatum,
)
from gridoffice.demo.persons import Registry

_TERM = 3  # years of a labour contract


class Staffing:
    """Fills the posts of grids one by one; keeps the rows so far."""

    def __init__(self, rng: Random, today: date):
        self.rng = rng
        self.today = today
        self.registry = Registry(rng, today)
        self.workers: list[WorkerDatum] = []

    def fill(self, grid: GridDatum) -> None:
        """The posts of one grid, some of them vacant."""
        chance = self.rng.random()
        if grid.kind == COMMUNITY:
            self._serve(grid, CHIEF, Employment.PART_TIME)
        elif grid.kind == GENERAL:
            if chance > 0.015:
                self._serve(grid, LEADER, Employment.FULL_TIME if chance < 0.3 else Employment.PART_TIME)
            if chance > 0.045:
                self._serve(grid, FULL_TIME, Employment.FULL_TIME)
            if chance > 0.88:
                self._serve(grid, PART_TIME, Employment.PART_TIME)
        elif grid.kind == SPECIAL:
            if chance > 0.12:
                full = chance > 0.6
                self._serve(
                    grid,
                    FULL_TIME if full else PART_TIME,
                    Employment.FULL_TIME if full else Employment.PART_TIME,
                )
        elif grid.kind == MICRO and chance > 0.07:
            self._serve(grid, MICRO_WORKER, Employment.VOLUNTEER if chance < 0.72 else Employment.PART_TIME)

    def _serve(self, grid: GridDatum, post: str, employment: Employment) -> None:
        """Somebody in the post today; one in twenty took it over from somebody who left."""
        rng = self.rng
        earliest = grid.opened.toordinal()
        # More people came lately than long ago; nobody before the grid was drawn.
        reach = self.today.toordinal() - earliest
        appointed = date.fromordinal(self.today.toordinal() - int(rng.random() ** 1.6 * reach))
        if rng.random() < 0.7:
            appointed = max(grid.opened, appointed.replace(day=1))
        if rng.random() < 0.05 and (appointed - grid.opened).days > 200:
            left = appointed - timedelta(days=1 + int(rng.random() * 45))
            started = grid.opened + (left - grid.opened) * rng.random() * 0.6
            self._add(grid, post, employment, started, left)
        elif rng.random() < 0.012:
            # left a short while ago, and nobody has followed yet
            left = self.today - timedelta(days=3 + int(rng.random() * 75))
            if left > appointed:
                self._add(grid, post, employment, appointed, left)
                return
        self._add(grid, post, employment, appointed, None)

    def _add(
        self, grid: GridDatum, post: str, employment: Employment, appointed: date, left: date | None
    ) -> None:
        rng = self.rng
        # Whoever serves for pay is younger than a volunteer of the neighbourhood.
        youngest, oldest, women = {
            CHIEF: (32, 58, 0.42),
            LEADER: (28, 57, 0.5),
            FULL_TIME: (22, 52, 0.62),
            PART_TIME: (26, 58, 0.5),
        }.get(post, (27, 68, 0.56))
        years = (self.today - appointed).days / 365.2425
        youngest = max(youngest, min(oldest - 2, round(20 + years)))
        person = self.registry.person(grid.code[:6], youngest, oldest, women)
        political, education = person.political, person.education
        if post == CHIEF:
            political = Political.MEMBER
        if post in (CHIEF, LEADER, FULL_TIME) and education in (Education.PRIMARY, Education.JUNIOR_HIGH):
            education = Education.COLLEGE if person.age < 45 else Education.HIGH_SCHOOL
        contract = None
        if employment is Employment.FULL_TIME:
            contract = _years_later(appointed, _TERM)
            # Renewed in time, but for a few whose contract ran out and was overlooked.
            while contract < (left or self.today) and not (left is None and rng.random() < 0.02):
                contract = _years_later(contract + timedelta(days=1), _TERM)
        self.workers.append(
            WorkerDatum(
                len(self.workers),
                person.name,
                person.id_number,
                person.sex,
                person.ethnicity,
                person.birth,
                political,
                education,
                person.phone,
                grid.code,
                post,
                employment,
                appointed,
                left,
                contract,
                _REMARKS.get(int(rng.random() * 60), "") if left is None else "",
            )
        )


_REMARKS = {0: "退役军人", 1: "楼栋长", 2: "居民小组长", 3: "持社会工作者证", 4: "物业公司员工"}


def _years_later(day: date, years: int) -> date:
    """The last day of a term of `years` that begins on `day`."""
    try:
        return day.replace(year=day.year + years) - timedelta(days=1)
    except ValueError:  # begins on 29 February
        return date(day.year + years, 2, 28)
