"""A list of made-up people of any length, without a database."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from db.enums import Sex
from gridoffice.fields import Field, Kind, Sensitive, columns
from gridoffice.listing import Ask, Listing

NAMES = ("周玉兰", "陈建国", "刘慧", "王䶮", "李𠮷", "㐂𬭎𫍯", "阿卜杜热合曼·吐尔逊江")


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: Annotated[str, Field("姓名", Kind.NAME, width=10)]
    sex: Annotated[Sex, Field("性别", Kind.CODE, width=6, codes=Sex)]
    id_number: Annotated[str, Field("身份证号码", Kind.ID_NUMBER, width=20, sensitive=Sensitive.ID_NUMBER)]
    since: Annotated[date, Field("任职日期", Kind.DATE, width=12)]
    households: Annotated[int, Field("户数", Kind.INTEGER, width=8)]


def person(number: int) -> Person:
    return Person(
        number,
        NAMES[number % len(NAMES)],
        Sex.MALE if number % 2 else Sex.FEMALE,
        f"51992119750101{number % 10000:04d}",
        date(2026, 6, 28),
        number,
    )


class FakeOffice:
    """Answers questions in memory and counts how many rows were asked for."""

    def __init__(self, count: int):
        self.count = count
        self.rows_read = 0
        self.asked: list[Ask] = []

    def read(self, question: Callable[..., Any], *args: Any) -> Any:
        return question(self, *args)

    def ids(self, _session: Any, ask: Ask) -> array[int]:
        self.asked.append(ask)
        found = range(self.count)
        for one in ask.filters:
            if one.column == "sex":
                found = [number for number in found if (Sex.MALE if number % 2 else Sex.FEMALE) in one.values]
        if ask.search:
            found = [number for number in found if ask.search in NAMES[number % len(NAMES)]]
        ordered = array("q", reversed(list(found)) if ask.descending else found)
        return ordered[: ask.limit]

    def rows(self, _session: Any, wanted: Sequence[int]) -> list[Person]:
        self.rows_read += len(wanted)
        return [person(number) for number in wanted]

    def choices(self, _session: Any, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
        assert all(one.column != column for one in ask.filters), (
            "a column's own filter must not narrow its choices"
        )
        return [(Sex.MALE, "男", self.count // 2), (Sex.FEMALE, "女", self.count - self.count // 2)]

    def listing(self) -> Listing:
        return Listing(
            "people",
            "花名册",
            "人",
            columns(Person),
            self.ids,
            self.rows,
            self.choices,
            frozenset({"name", "households"}),
            frozenset({"sex"}),
        )
