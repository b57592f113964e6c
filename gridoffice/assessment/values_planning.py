"""What each row of a month's values would change: whose sheet it means, which values differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b
from typing import Any

from sqlalchemy.orm import Session

from db.enums import Target
from gridoffice.accounts.service import Scope, data_scope
from gridoffice.assessment import month as kept
from gridoffice.assessment.checking import check_values
from gridoffice.assessment.month import month_record, scheme_of
from gridoffice.errors import Problem, Severity
from gridoffice.grids.naming import short
from gridoffice.intake import Key, Options, Planned
from gridoffice.masking import mask_id
from gridoffice.questions import (
    SKIP,
    SKIP_ROW_WORDS,
    SKIP_WORDS,
    TO,
    Answers,
    Asked,
    Choice,
    remembered_answers,
    target,
)
from gridoffice.scoring.columns import unexplained, value_columns
from gridoffice.scoring.scheme import Scheme
from gridoffice.scoring.scores import counted
from gridoffice.scoring.shapes import plain
from gridoffice.settling import out_of_scope, settle
from gridoffice.spreadsheet.taking import TakenRow

KEYS = (Key.AUTO, Key.ID_NUMBER, Key.NAME)
BONDS = ("name", "id_number")
"""Rows with a name or an ID number in common may mean one person."""

LIKELY = 8
"""So many people are offered."""

Sheet = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ground:
    """The month's sheets, by every way of naming a person."""

    words: str
    scheme: Scheme
    target: Target
    by_subject: Mapping[int, Sheet]
    by_number: Mapping[str, Sheet]
    by_name: Mapping[str, Sequence[Sheet]]
    units: frozenset[str]
    scope: Scope | None
    remembered: Mapping[str, str]


def ground(session: Session, options: Options, ledger: str = "indicators") -> Ground:
    """Load what every row is compared with; `ledger` is whose questions were answered before."""
    assert options.month is not None
    month = month_record(session, options.month)
    sheets = kept.sheet_rows(session, month.id, taking=True)
    by_name: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        by_name[sheet["name"]].append(sheet)
    return Ground(
        kept.words_of(session, month),
        scheme_of(session, month),
        month.target,
        {_subject(sheet): sheet for sheet in sheets},
        {sheet["id_number"]: sheet for sheet in sheets if sheet["id_number"]},
        by_name,
        frozenset(short(sheet["unit_name"]) for sheet in sheets),
        data_scope(session),
        remembered_answers(session, ledger),
    )


def _subject(sheet: Sheet) -> int:
    """Whom or what a sheet is of; all the sheets of a month are of one kind."""
    return sheet["person_id"] or sheet["grid_id"] or sheet["department_id"]


def plan(_session: Session, rows: Sequence[TakenRow], options: Options, ground: Ground) -> list[Planned]:
    """Each row against the sheet of the person it means."""
    asked, read = value_columns(ground.scheme), kept.cells_reader(ground.scheme)
    answers = Answers(options.answers, ground.remembered)
    seen: dict[int, TakenRow] = {}
    planned = []
    for row in rows:
        said = row.values
        found = sheet_meant(ground, row, options.key, answers)
        given = {one.name: said[one.name] for one in asked if one.name in said}
        before = read(found.sheet) if found.sheet is not None else {}
        after = before | {key: options.rule(key).of(before.get(key), value) for key, value in given.items()}
        problems = [*check_values(ground.scheme, after), *_without_reason(ground.scheme, after, given)]
        changes = {
            key: (before.get(key), after[key]) for key in given if counted(after[key]) != before.get(key)
        }
        planned.append(settled(ground, seen, row, found, problems, changes, before))
    return planned


def _without_reason(scheme: Scheme, after: Mapping[str, Any], given: Mapping[str, Any]) -> list[Problem]:
    """What a row that is taken in will still want: it may come later, the month only waits for it."""
    return [
        Problem(f"“{one.name}”打了 {plain(value)} 分，没写说明。", Severity.WARNING, field=f"{one.name}说明")
        for one in unexplained(scheme, after)
        if (value := given.get(one.key)) is not None
    ]


def settled(
    ground: Ground,
    seen: dict[int, TakenRow],
    row: TakenRow,
    found: Found,
    problems: Sequence[Problem],
    changes: Mapping[str, tuple[Any, Any]],
    before: Any,
) -> Planned:
    """What a row comes to whose sheet was looked for: one that an earlier row meant, or that the account at work
    does not look after, is not written. `before` is what stood there."""
    sheet, said, outside = found.sheet, list(found.problems), None
    if sheet is not None and not found.skip:
        earlier = seen.setdefault(sheet["id"], row)
        if earlier is not row:
            words = f"与{earlier.seen_from(row)}是同一个人。"
            said.append(Problem(words, field="姓名", value=sheet["name"]))
        outside = _foreign(ground, sheet)
        said += [outside] if outside is not None else []
    return settle(
        row,
        [*said, *problems],
        changes=changes,
        record=sheet["id"] if sheet is not None else None,
        resolved=before,
        conflict=found.conflict,
        asks=(found.asked,) if found.asked is not None else (),
        skip=found.skip,
        out_of_scope=outside is not None,
    )


def _foreign(ground: Ground, sheet: Sheet) -> Problem | None:
    """The problem of a sheet that the account at work does not look after."""
    if ground.scope is None or ground.scope.holds(sheet["grid_path"]):
        return None
    where = f"你管“{ground.scope.name}”，这个人在“{sheet['grid_name']}”"
    return out_of_scope("姓名", sheet["name"], where)


@dataclass(frozen=True, slots=True)
class Found:
    """Whose sheet a row means, or the problem and the question that would settle it."""

    sheet: Sheet | None = None
    problems: tuple[Problem, ...] = ()
    asked: Asked | None = None
    conflict: bool = False
    skip: bool = False


def sheet_meant(ground: Ground, row: TakenRow, key: Key, answers: Answers) -> Found:
    """Whose sheet a row means."""
    said = row.values
    number, name = said.get("id_number"), said.get("name") or ""
    if key is Key.ID_NUMBER and not number:
        lacking = Problem(f"按“{key.label}”认人，这一行没有身份证号码。", field="身份证号码")
        return Found(problems=() if _unread(row) else (lacking,))
    if number and key is not Key.NAME:
        sheet = ground.by_number.get(number)
        if sheet is None:
            words = f"{ground.words}考核里没有“{name}”这个身份证号的人"
            return _asked(ground, said, words, "身份证号码", number, (), answers)
        if name and sheet["name"] != name:
            words = f"这个身份证号在考核里是“{sheet['name']}”，这里写的是“{name}”"
            return _asked(ground, said, words, "姓名", name, (sheet,), answers)
        return Found(sheet)
    if _unread(row):
        return Found()
    namesakes, unit = _here(ground, said), _unit(ground, said)
    if len(namesakes) == 1:
        return Found(namesakes[0])
    there = f"的“{said['community']}”" if unit else ""
    words = f"{ground.words}考核里{there}没有“{name}”"
    if namesakes:
        words = f"{ground.words}考核里{there}有 {len(namesakes)} 个“{name}”"
    return _asked(ground, said, words, "姓名", name, namesakes, answers)


def _unread(row: TakenRow) -> bool:
    """Is there an ID number that could not be read? That is a problem of its own, and nobody is guessed."""
    return any(problem.field == "身份证号码" for problem in row.problems)


def _unit(ground: Ground, said: Mapping[str, Any]) -> str | None:
    """The community that a row names, as far as the month knows it."""
    unit = short(said.get("community") or "")
    return unit if unit in ground.units else None


def _here(ground: Ground, said: Mapping[str, Any]) -> list[Sheet]:
    """The people of that name, in the community and the grid that the row names."""
    found = list(ground.by_name.get(said.get("name") or "", ()))
    unit, grid = _unit(ground, said), said.get("grid")
    if unit is not None:
        found = [one for one in found if short(one["unit_name"]) == unit]
    if len(found) > 1 and grid:
        found = [one for one in found if one["grid_name"].endswith(grid)] or found
    return found


def _asked(
    ground: Ground,
    said: Mapping[str, Any],
    words: str,
    field: str,
    value: str,
    several: Sequence[Sheet],
    answers: Answers,
) -> Found:
    """A row that does not say plainly whom it means; `several` are those it may mean, none when only
    somebody of a like name can be meant."""
    name = said.get("name") or ""
    rest = "\x1f".join(said.get(one) or "" for one in ("id_number", "community", "grid"))
    digest = blake2b(rest.encode(), digest_size=6).hexdigest()
    about = (name, _unit(ground, said), tuple(map(_subject, several)))
    kind = "person" if ground.target is Target.POST else ground.target.value
    asked = Asked(f"{kind} {name} {digest}", words, field, value, about, single=bool(several))
    answer = answers.to(asked)
    if answer == SKIP:
        return Found(asked=asked.answered(SKIP), skip=True)
    meant = target(answer) or ""
    sheet = ground.by_subject.get(int(meant)) if meant.isdecimal() else None
    if answer is not None and sheet is not None and (not several or sheet in several):
        said_of = f"“{sheet['name']}”（{sheet['grid_name']}）"
        return Found(sheet, tuple(answers.note(asked, said_of)), asked.answered(answer))
    return Found(None, (Problem(f"{words}。", field=field, value=value),), asked, conflict=bool(several))


def choices(_session: Session, ground: Ground, asked: Asked) -> tuple[Choice, ...]:
    """The people of the month that a row may mean, the likeliest first."""
    name, unit, several = asked.about
    sheets = [ground.by_subject[one] for one in several] or _like(ground, name, unit)
    skip = Choice(SKIP, SKIP_ROW_WORDS if asked.single else SKIP_WORDS)
    return (*(Choice(f"{TO}{_subject(sheet)}", _told(sheet)) for sheet in sheets), skip)


def _told(sheet: Sheet) -> str:
    number = f"身份证 {mask_id(sheet['id_number'])}" if sheet["id_number"] else ""
    return "，".join(part for part in (sheet["name"], number, sheet["grid_name"]) if part)


def _like(ground: Ground, name: str, unit: str | None) -> list[Sheet]:
    """Those with a letter of the name in common: the same name, then the likest, of the same community
    first."""
    letters = set(name)
    compare = SequenceMatcher(b=name, autojunk=False)
    scored = []
    for other, sheets in ground.by_name.items():
        if not letters.isdisjoint(other):
            compare.set_seq1(other)
            scored += [
                (
                    -compare.ratio() - 0.3 * (unit is not None and short(one["unit_name"]) == unit),
                    one["id"],
                    one,
                )
                for one in sheets
            ]
    return [one for *_, one in sorted(scored, key=lambda each: each[:2])[:LIKELY]]
