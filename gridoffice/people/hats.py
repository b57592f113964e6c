"""What the ledgers of a person's hats share: certificates, memberships, grids to answer for, sign-ins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.tables import Post, Record, table_of
from gridoffice import idcard
from gridoffice.accounts.narrowed import in_reach
from gridoffice.accounts.service import Scope, data_scope
from gridoffice.errors import Problem, Severity
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import gazetteer
from gridoffice.intake import Key, Options
from gridoffice.listing import chunked
from gridoffice.people.finding import People, Stored, people_of
from gridoffice.people.matching import match, nowhere, person_choices
from gridoffice.people.stored import Several, Table
from gridoffice.questions import Answers, Asked, Choice, remembered_answers
from gridoffice.settling import out_of_scope
from gridoffice.spreadsheet.taken import TakenRow


@dataclass(frozen=True, slots=True)
class Wearer:
    """Whose hat a row speaks of: somebody known, or (without `person`) somebody to be made; `problems`
    say what the clerk should look at, `conflict` that only the clerk can tell, `asked` what the clerk is
    asked, `skip` that the row is to be left out, `keep_name` that the name in the office stands,
    `outside` that the account at work may not change anything of that person."""

    person: Stored | None
    problems: tuple[Problem, ...] = ()
    conflict: bool = False
    asked: tuple[Asked, ...] = ()
    skip: bool = False
    keep_name: bool = False
    outside: bool = False

    @property
    def id(self) -> int | None:
        return self.person["id"] if self.person is not None else None


def remembered_of(key: str) -> Callable[[Session, Options], Mapping[str, str]]:
    """The ground of a ledger of hats: what was answered to its questions at other times."""
    return lambda session, _options: remembered_answers(session, key)


def asks_of(*asked: Asked | None) -> tuple[Asked, ...]:
    """The questions there are."""
    return tuple(one for one in asked if one is not None)


def namesakes(session: Session, _ground: object, asked: Asked) -> tuple[Choice, ...]:
    """Whom a row may mean."""
    return person_choices(session, gazetteer(session, office_pack(session)), asked)


@dataclass(frozen=True, slots=True)
class Wardrobe:
    """The people that a file may mean, by which key they are found, and what was answered so far. `scope`
    is what the account at work may change, `near` who of the people is in it (None: nobody asked), `served` where
    they hold or held posts."""

    people: People
    key: Key
    answers: Answers
    scope: Scope | None
    near: frozenset[int] | None
    served: Mapping[int, Sequence[Stored]]

    @classmethod
    def open(
        cls, session: Session, rows: Sequence[TakenRow], options: Options, remembered: Mapping[str, str]
    ) -> Wardrobe:
        people, scope = people_of(session, rows, options.key), data_scope(session)
        served = belongings(session, Post, people.ids()) if scope is not None else {}
        near = in_reach(session, "person", people.ids())
        return cls(people, options.key, Answers(options.answers, remembered), scope, near, served)

    def wearer(
        self, row: TakenRow, near: Callable[[int], bool] = nowhere, *, unnumbered: bool = False
    ) -> Wearer:
        """Whom a row means. Somebody nobody knows is made when an ID number (or the clerk) says who that
        is for good; without one only in a ledger that is itself a register of people (`unnumbered`)."""
        found = match(self.people, row, near, key=self.key, answers=self.answers)
        asked = (found.asked,) if found.asked is not None else ()
        name, number = row.values.get("name"), row.values.get("id_number")
        if (outside := self._outside(found.person)) is not None:
            return Wearer(found.person, (*found.problems, outside), False, asked, found.skip, outside=True)
        if found.person is not None or found.problems or found.skip or not name:
            return Wearer(found.person, found.problems, found.conflict, asked, found.skip, found.keep_name)
        if not number and not unnumbered and not asked:
            message = f"人员里没有“{name}”。补上身份证号码，或先导入花名册。"
            return Wearer(None, (Problem(message, field="姓名", value=name),))
        twin = "已有同名的人，但身份证号不同。" if number and self.people.by_name.get(name) else ""
        message = f"人员里还没有这个“{name}”，一并新建。{twin}"
        return Wearer(None, (Problem(message, Severity.NOTE, field="姓名", value=name),), asked=asked)

    def _outside(self, person: Stored | None) -> Problem | None:
        """May the account at work change nothing of somebody?"""
        if person is None or self.scope is None or self._holds(self.scope, person["id"]):
            return None
        return out_of_scope("姓名", person["name"], f"你管“{self.scope.name}”，这个人不在那里")

    def _holds(self, scope: Scope, person_id: int) -> bool:
        if self.near is not None:
            return person_id in self.near
        # a server shows nobody else's; of a part that stands in for the account those without a post are everybody's
        posts = self.served.get(person_id, ())
        return not posts or any(scope.holds(one["grid_path"]) for one in posts)

    def outside_grid(self, path: str, field: str, grid: str) -> Problem | None:
        """May the account at work not change what belongs to a grid?"""
        if self.scope is None or self.scope.holds(path):
            return None
        return out_of_scope(field, grid, f"你管“{self.scope.name}”，这一行的是“{grid}”")


def completed(said: dict[str, Any], person: Stored | None) -> dict[str, Any]:
    """What a row says, with what the ID number tells where nobody says anything; it does not overrule
    the personnel file."""
    number, of_record = said.get("id_number"), person or {}
    if number:
        said["sex"] = said.get("sex") or of_record.get("sex") or idcard.sex_of(number)
        said["birth"] = said.get("birth") or of_record.get("birth") or idcard.birth_of(number)
    return said


def belongings(session: Session, record: type[Record], person_ids: Sequence[int]) -> Several[int]:
    """Every record of one kind that these people have, by person, the newest first."""
    table: Any = table_of(record)  # type: ignore[arg-type]
    names = [column.name for column in table.columns]
    query = select(table).order_by(table.c.id.desc())
    if session.execute(select(func.count()).select_from(table)).scalar_one() <= len(person_ids):
        rows = list(map(tuple, session.execute(query)))  # fewer records than people: all at once
    else:
        chunks = (table.c.person_id.in_(chunk) for chunk in chunked(person_ids))
        rows = [tuple(row) for one in chunks for row in session.execute(query.where(one))]
    owner, wanted = names.index("person_id"), set(person_ids)
    places: dict[int, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row[owner] in wanted:
            places[row[owner]].append(place)
    return Several(Table(names, rows), places)


def twin(seen: dict[Any, TakenRow], key: Any, row: TakenRow, what: str) -> list[Problem]:
    """The problem of a row that says the same as an earlier one of the file."""
    earlier = seen.setdefault(key, row)
    if earlier is row:
        return []
    name = row.values.get("name")
    return [Problem(f"与{earlier.seen_from(row)}是同一个人、{what}。", field="姓名", value=name)]
