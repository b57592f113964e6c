"""Made-up persons: names of their generation, a number that checks, a phone that rings nowhere.

All division codes have 99 as their city part, which no city has, so no number belongs to a person.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

from db.enums import Education, Ethnicity, Political, Sex
from gridoffice.demo.wordlists import GENERATIONS, MINORITY_NAMES, RARE_NAMES, SURNAMES
from gridoffice.idcard import check_digit

T = TypeVar("T")

MIGRANT_DIVISIONS = ("519932", "509921", "529921", "539921", "419921", "619921")
_FAR_DIVISIONS = {
    Ethnicity.WEIWUER: "659921",
    Ethnicity.ZANG: "519933",
    Ethnicity.YI: "519934",
    Ethnicity.QIANG: "519933",
    Ethnicity.MENGGU: "159921",
    Ethnicity.HUI: "649921",
}
_PHONE_RANGES = ("142", "143", "154", "161", "163", "168", "169", "179")
"""Beginnings that no operator has been given; the form is that of any mobile number."""


class Wheel(Generic[T]):
    """Draws one of `chances` by weight; a bisect on running sums, faster than `Random.choices`."""

    def __init__(self, chances: dict[T, int]):
        self.items = tuple(chances)
        self.sums = tuple(accumulate(chances.values()))
        self.last = len(self.items) - 1

    def draw(self, rng: Random) -> T:
        return self.items[min(bisect(self.sums, rng.random() * self.sums[-1]), self.last)]


_ETHNICITIES = Wheel(
    {
        Ethnicity.HAN: 9300,
        Ethnicity.YI: 210,
        Ethnicity.HUI: 140,
        Ethnicity.ZANG: 110,
        Ethnicity.QIANG: 100,
        Ethnicity.TUJIA: 40,
        Ethnicity.MIAO: 40,
        Ethnicity.MAN: 25,
        Ethnicity.WEIWUER: 20,
        Ethnicity.MENGGU: 15,
    }
)
_SURNAMES = Wheel(SURNAMES)
_EDUCATION = (  # up to which age, and what people of that age have
    (
        35,
        Wheel(
            {
                Education.COLLEGE: 45,
                Education.BACHELOR: 42,
                Education.MASTER: 2,
                Education.SECONDARY: 6,
                Education.HIGH_SCHOOL: 5,
            }
        ),
    ),
    (
        50,
        Wheel(
            {
                Education.COLLEGE: 40,
                Education.BACHELOR: 18,
                Education.SECONDARY: 16,
                Education.HIGH_SCHOOL: 20,
                Education.JUNIOR_HIGH: 6,
            }
        ),
    ),
    (
        99,
        Wheel(
            {
                Education.COLLEGE: 15,
                Education.BACHELOR: 3,
                Education.SECONDARY: 15,
                Education.HIGH_SCHOOL: 37,
                Education.JUNIOR_HIGH: 27,
                Education.PRIMARY: 3,
            }
        ),
    ),
)
_POLITICAL = (
    (
        28,
        Wheel({Political.LEAGUE: 48, Political.MEMBER: 14, Political.PROBATIONARY: 6, Political.MASSES: 32}),
    ),
    (
        99,
        Wheel(
            {
                Political.MASSES: 620,
                Political.MEMBER: 355,
                Political.PROBATIONARY: 14,
                Political.NONPARTY: 4,
                Political.MINMENG: 3,
                Political.JIUSAN: 2,
                Political.MINJIAN: 2,
            }
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    id_number: str
    sex: Sex
    ethnicity: Ethnicity
    birth: date
    political: Political
    education: Education
    phone: str
    age: int


class Registry:
    """Makes persons, no two with the same number or phone."""

    def __init__(self, rng: Random, today: date):
        self.rng = rng
        self.today = today
        self.taken: set[str] = set()
        self.count = 0

    def person(self, division: str, youngest: int, oldest: int, women: float) -> Person:
        """Somebody of `youngest` to `oldest` years from `division` (or, one in nine, from elsewhere)."""
        rng, number = self.rng, self.count
        self.count += 1
        sex = Sex.FEMALE if rng.random() < women else Sex.MALE
        days = int((youngest + 0.1 + rng.random() * (oldest - youngest + 0.8)) * 365.2425)
        birth = date.fromordinal(self.today.toordinal() - days)
        age = int(days / 365.2425)
        ethnicity = _ETHNICITIES.draw(rng)
        if number == 57:  # every office, however small, has one very long name
            ethnicity = Ethnicity.WEIWUER
        elif rng.random() < 0.11:
            division = MIGRANT_DIVISIONS[int(rng.random() * len(MIGRANT_DIVISIONS))]
        if ethnicity is not Ethnicity.HAN:
            division = _FAR_DIVISIONS.get(ethnicity, division)
        return Person(
            self._name(number, sex, ethnicity, birth.year),
            self._id_number(division, birth, sex),
            sex,
            ethnicity,
            birth,
            next(wheel for top, wheel in _POLITICAL if age <= top).draw(rng),
            next(wheel for top, wheel in _EDUCATION if age <= top).draw(rng),
            self._phone(number),
            age,
        )

    def _id_number(self, division: str, birth: date, sex: Sex) -> str:
        stem = f"{division}{birth:%Y%m%d}"
        while True:
            order = int(self.rng.random() * 499) * 2 + (1 if sex is Sex.MALE else 2)
            number = f"{stem}{order:03d}"
            if number not in self.taken:
                self.taken.add(number)
                return number + check_digit(number)

    def _phone(self, number: int) -> str:
        # 39916801 has no common factor with 10**8, so the products repeat only after 10**8 persons.
        return f"{_PHONE_RANGES[number % len(_PHONE_RANGES)]}{(number * 39_916_801 + 20_260_017) % 10**8:08d}"

    def _name(self, number: int, sex: Sex, ethnicity: Ethnicity, born: int) -> str:
        rng = self.rng
        spoken = MINORITY_NAMES.get(ethnicity)
        if spoken is not None:
            own, fathers, joined = spoken[sex], spoken[Sex.MALE], spoken["joined"]
            if number == 57:
                return "阿卜杜热合曼·阿卜杜喀迪尔" if sex is Sex.MALE else "阿依夏木古丽·阿卜杜热合曼"
            if rng.random() < joined:
                given = own[int(rng.random() * len(own))]
                others = [father for father in fathers if father != given]
                return f"{given}·{others[int(rng.random() * len(others))]}"
            if joined < 1:
                return own[int(rng.random() * len(own))]
        surname = _SURNAMES.draw(rng)
        place, due = divmod(number, 29)
        if (due == 3 and place < len(RARE_NAMES)) or rng.random() < 0.002:
            return surname + RARE_NAMES[place % len(RARE_NAMES)]
        firsts, seconds, singles, single = next(pools[sex] for until, pools in GENERATIONS if born < until)
        if rng.random() < single:
            return surname + singles[int(rng.random() * len(singles))]
        first = firsts[int(rng.random() * len(firsts))]
        second = seconds[int(rng.random() * len(seconds))]
        return surname + (first + second if first != second else first)
