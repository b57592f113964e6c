"""What the ledgers of a person's hats share: certificates, memberships, grids to answer for, sign-ins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Record, table_of
from gridoffice import idcard
from gridoffice.errors import Problem, Severity
from gridoffice.listing import chunked
from gridoffice.people.finding import People, Stored
from gridoffice.people.matching import match, nowhere
from gridoffice.spreadsheet.taking import TakenRow


@dataclass(frozen=True, slots=True)
class Wearer:
    """Whose hat a row speaks of: somebody known, or (without `person`) somebody to be made; `problems`
    say what the clerk should look at, `conflict` that only the clerk can tell."""

    person: Stored | None
    problems: tuple[Problem, ...]
    conflict: bool

    @property
    def id(self) -> int | None:
        return self.person["id"] if self.person is not None else None


def wearer(
    people: People, row: TakenRow, near: Callable[[int], bool] = nowhere, *, unnumbered: bool = False
) -> Wearer:
    """Whom a row means. Somebody nobody knows is made when an ID number says who that is for good;
    without one only in a ledger that is itself a register of people (`unnumbered`)."""
    said = row.values
    found = match(people, row, near)
    person = found.person
    if found.conflict:
        return Wearer(person, found.problems, conflict=True)
    if person is not None or not said.get("name"):
        return Wearer(person, (), conflict=False)
    name = said["name"]
    if not said.get("id_number") and not unnumbered:
        message = f"人员里没有“{name}”。补上身份证号码，或先导入花名册。"
        return Wearer(None, (Problem(message, field="姓名", value=name),), conflict=False)
    twin = "已有同名的人，但身份证号不同。" if people.by_name.get(name) else ""
    message = f"人员里还没有这个“{name}”，一并新建。{twin}"
    return Wearer(None, (Problem(message, Severity.NOTE, field="姓名", value=name),), conflict=False)


def completed(said: dict[str, Any], person: Stored | None) -> dict[str, Any]:
    """What a row says, with what the ID number tells where nobody says anything; it does not overrule
    the personnel file."""
    number, of_record = said.get("id_number"), person or {}
    if number:
        said["sex"] = said.get("sex") or of_record.get("sex") or idcard.sex_of(number)
        said["birth"] = said.get("birth") or of_record.get("birth") or idcard.birth_of(number)
    return said


def belongings(
    session: Session, record: type[Record], person_ids: Sequence[int]
) -> dict[int, list[dict[str, Any]]]:
    """Every record of one kind that these people have, by person, the newest first."""
    table: Any = table_of(record)  # type: ignore[arg-type]
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for chunk in chunked(person_ids):
        query = select(table).where(table.c.person_id.in_(chunk)).order_by(table.c.id.desc())
        for row in session.execute(query).mappings():
            found[row["person_id"]].append(dict(row))
    return found


def twin(seen: dict[Any, TakenRow], key: Any, row: TakenRow, what: str) -> list[Problem]:
    """The problem of a row that says the same as an earlier one of the file."""
    earlier = seen.setdefault(key, row)
    if earlier is row:
        return []
    name = row.values.get("name")
    return [Problem(f"与{earlier.seen_from(row)}是同一个人、{what}。", field="姓名", value=name)]
