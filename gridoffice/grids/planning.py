"""What each row of a grid ledger would change: the tree as it stands and the rows of the file together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Grid, GridCode, table_of
from gridoffice.accounts.service import Scope, data_scope
from gridoffice.errors import Problem
from gridoffice.fields import columns
from gridoffice.grids import rules
from gridoffice.grids.asking import grid_asked, grid_choices
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import Gazetteer, Place, gazetteer
from gridoffice.grids.pack import GridKind, Pack
from gridoffice.grids.rows import GridRow
from gridoffice.intake import Options, Outcome, Planned
from gridoffice.limits import check_rooms, rooms
from gridoffice.questions import SKIP, Answers, Asked, Choice, remembered_answers, target
from gridoffice.settling import differences, out_of_scope, settle
from gridoffice.spreadsheet.taking import RowKey, TakenRow

PLAIN = ("name", "households", "merchants", "population", "area", "extent", "zone", "valid_from", "note")

_ROOMS = rooms(Grid, columns(GridRow))

Stored = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ground:
    """What every row is compared with."""

    pack: Pack
    stored: Mapping[str, Stored]
    scope: Scope | None
    remembered: Mapping[str, str]


def ground(session: Session, _options: Options) -> Ground:
    """Load what every row is compared with."""
    stored = {row["code"]: dict(row) for row in session.execute(select(table_of(Grid))).mappings()}
    return Ground(office_pack(session), stored, data_scope(session), remembered_answers(session, "grids"))


def choices(_session: Session, _ground: Ground, asked: Asked) -> tuple[Choice, ...]:
    """What may be answered to a question of a grid ledger; found while its rows were places too."""
    return asked.about


def plan(session: Session, rows: Sequence[TakenRow], options: Options, ground: Ground) -> list[Planned]:
    """Each row against the grid of the same code; a parent may be a row of the same file."""
    pack, stored = ground.pack, ground.stored
    codes = {row["id"]: code for code, row in stored.items()}
    first_row: dict[str, TakenRow] = {}
    order = {row.key: place for place, row in enumerate(rows)}
    kinds: dict[str, GridKind] = {}
    called: dict[str, GridKind | None] = {}
    for row in rows:
        if code := row.values.get("code"):
            first_row.setdefault(code, row)
            word = row.values.get("kind") or ""
            if word not in called:
                called[word] = pack.kind_called(word)
            if kind := called[word]:
                kinds[code] = kind
    answers = Answers(options.answers, ground.remembered)
    parents, lost = _parents(gazetteer(session, pack), kinds, rows, answers)
    names = _names(stored, rows, options)
    places: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    for code, name in names.items():
        places[parents.get(code), name].append(code)
    given_up = {code: day for code, day in session.execute(select(GridCode.code, GridCode.day))}
    below = _by_parent(parents)
    planned = []
    for row in rows:
        said = dict(row.values)
        if "area" in said:
            said["area"] = rules.rounded(said["area"])
        above = lost.get(row.key, FOUND)
        problems = [*above.problems, *check_rooms(_ROOMS, said)]
        code, word = said.get("code"), said.get("kind")
        kind, old, parent = kinds.get(code or ""), stored.get(code or ""), parents.get(code or "")
        changes = _changes(options, old, said, kind, parent, codes) if old is not None else {}
        if code and word and kind is None:
            labels = "、".join(one.label for one in pack.kinds)
            problems.append(
                Problem(f"没有“{word}”这种网格类型，应是{labels}。", field="网格类型", value=word)
            )
        if code and first_row[code] is not row:
            earlier_row = first_row[code].seen_from(row)
            problems.append(Problem(f"编码“{code}”与{earlier_row}相同。", field="网格编码", value=code))
        if code and kind is not None:
            problems += rules.check_code(kind, code)
            if not above.asked or above.answered:
                parent_kind = _kind_of(parent, kinds, stored, pack.kind)
                problems += rules.check_parent(pack, kind, parent_kind, said.get("parent"))
            problems += rules.check_ring(code, parents)
            if old is None and code in given_up:
                problems.append(
                    Problem(f"编码“{code}”{given_up[code]} 已作废，不再使用。", field="网格编码", value=code)
                )
            if old is None or "parent" in changes:
                problems += _under_closed(stored.get(parent or ""), said.get("parent"))
            if "kind" in changes:
                problems += _misfits(pack, kind, below[code], kinds, stored, word)
            twins = [one for one in places[parent, names.get(code)] if one != code]
            earlier = [
                one for one in twins if one not in first_row or order[first_row[one].key] < order[row.key]
            ]
            if earlier and (old is None or changes.keys() & {"name", "parent"}):
                problems.append(
                    Problem(
                        f"同一个上级下已有“{names[code]}”（编码 {earlier[0]}），换个名称。",
                        field="网格名称",
                        value=names[code],
                    )
                )
        outside = _out_of_scope(ground, code, parent, parents)
        if outside is not None:
            problems.append(outside)
        planned.append(
            settle(
                row,
                problems,
                changes=changes,
                record=old["id"] if old is not None else None,
                resolved={"parent": parent, "kind": kind.key if kind else None},
                values=said,
                asks=(above.asked,) if above.asked is not None else (),
                skip=above.skip,
                out_of_scope=outside is not None,
            )
        )
    return _without_parents_in_error(planned)


def _by_parent(parents: Mapping[str, str | None]) -> dict[str, list[str]]:
    """The codes below each code, once the file is taken in."""
    below: dict[str, list[str]] = defaultdict(list)
    for code, parent in parents.items():
        if parent is not None:
            below[parent].append(code)
    return below


def _under_closed(parent: Stored | None, said: str | None) -> list[Problem]:
    """A grid that is closed takes nobody below it."""
    if parent is None or parent["valid_to"] is None:
        return []
    message = f"“{parent['name']}”到 {parent['valid_to']} 为止，不能再有下级。"
    return [Problem(message, field="上级网格", value=said)]


def _misfits(
    pack: Pack,
    kind: GridKind,
    below: Sequence[str],
    kinds: Mapping[str, GridKind],
    stored: Mapping[str, Stored],
    word: str | None,
) -> list[Problem]:
    """Grids below one that turns into another kind still fit below it."""
    for code in below:
        row = stored.get(code)
        if row is None or row["valid_to"] is not None:
            continue
        child = _kind_of(code, kinds, stored, pack.kind)
        if child is not None and rules.check_parent(pack, child, kind, None):
            message = f"改成{kind.label}后，下面不能再有{child.label}“{row['name']}”。"
            return [Problem(message, field="网格类型", value=word)]
    return []


@dataclass(frozen=True, slots=True)
class Above:
    """What became of a row's word for its parent that names none: a problem, or an answer."""

    problems: tuple[Problem, ...] = ()
    asked: Asked | None = None
    answered: bool = False
    skip: bool = False


FOUND = Above()


def _parents(
    book: Gazetteer, kinds: Mapping[str, GridKind], rows: Sequence[TakenRow], answers: Answers
) -> tuple[dict[str, str | None], dict[RowKey, Above]]:
    """The code of each grid's parent, stored or coming, and by row what became of parents that nobody
    knows. A row that names none keeps the one it has."""
    parents: dict[str, str | None] = {
        place.code: book.places[place.parent_id].code if place.parent_id is not None else None
        for place in book.places.values()
    }
    # rows of this file are places too, under passing numbers below zero, so that names find them
    passing: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        code, name = row.values.get("code"), row.values.get("name")
        if code and name and code in kinds and code not in parents and code not in passing:
            passing[code] = -number
            book.add(Place(-number, code, name, kinds[code].key, None, ""))

    def hang(row: TakenRow, parent_id: int) -> None:
        code = row.values.get("code")
        if code:
            parents[code] = book.places[parent_id].code
            if code in passing:
                book.hang(passing[code], parent_id)

    lost: dict[RowKey, Above] = {}
    waiting = [row for row in rows if row.values.get("parent")]
    while waiting:
        # with each parent found, longer names can be spelled through it
        found = [(row, book.find(row.values["parent"])) for row in waiting]
        for row, answer in found:
            if not isinstance(answer, Problem):
                hang(row, answer)
                lost.pop(row.key, None)
        left = [(row, answer) for row, answer in found if isinstance(answer, Problem)]
        if len(left) == len(waiting):
            told = _told(book, left, answers)
            lost |= told
            meant = [(row, book.by_code(target(one.asked.answer) or "")) for row, _ in left
                     if (one := told[row.key]).asked is not None and one.answered]  # fmt: skip
            for row, parent_id in meant:
                if parent_id is not None:
                    hang(row, parent_id)
            # what was answered may be what others are spelled through
            left = [(row, answer) for row, answer in left if not told[row.key].answered] if meant else []
        waiting = [row for row, _ in left]
    return parents, lost


def _told(book: Gazetteer, lost: Iterable[tuple[TakenRow, Problem]], answers: Answers) -> dict[RowKey, Above]:
    """What the clerk answered about parents that nobody knows, or is asked; once for equal words."""
    by_words: dict[str, Above] = {}
    found: dict[RowKey, Above] = {}
    for row, problem in lost:
        words = row.values["parent"]
        if words not in by_words:
            by_words[words] = _answered(book, words, problem, answers, len(by_words) < MOST_OFFERED)
        found[row.key] = by_words[words]
    return found


MOST_OFFERED = 200
"""For so many unknown parents likely ones are looked for."""


def _answered(book: Gazetteer, words: str, problem: Problem, answers: Answers, offer: bool) -> Above:
    asked = grid_asked(book, (words,), "上级网格")
    answer = answers.to(asked)
    meant = book.by_code(target(answer) or "")
    if answer is not None and (meant is not None or answer == SKIP):
        asked = asked.answered(answer)
    if offer:
        asked = replace(asked, about=grid_choices(book, asked, create=False))
    if answer == SKIP:
        return Above(asked=asked, answered=True, skip=True)
    if meant is not None:
        said = f"“{book.display(book.places[meant])}”"
        return Above(tuple(answers.note(asked, said)), asked, answered=True)
    return Above((replace(problem, field="上级网格", value=words),), asked)


def _out_of_scope(
    ground: Ground, code: str | None, parent: str | None, parents: Mapping[str, str | None]
) -> Problem | None:
    """May the account at work not change this? It must hold the grid, where it stands and where it goes."""
    scope = ground.scope
    if scope is None or not code:
        return None
    for one in (code if code in ground.stored else parent, parent):
        seen: set[str] = set()
        while one is not None and one not in ground.stored and one not in seen:
            seen.add(one)
            one = parents.get(one)
        if one is not None and one in ground.stored and scope.holds(ground.stored[one]["path"]):
            continue
        if code in ground.stored and one == parent and ground.stored[code]["path"] in scope.paths:
            continue  # the top of what the account holds hangs where it hung
        where = ground.stored[one]["name"] if one is not None and one in ground.stored else "最上级"
        return out_of_scope("网格编码", code, f"你管“{scope.name}”，这一行在“{where}”")
    return None


def _names(stored: Mapping[str, Stored], rows: Sequence[TakenRow], options: Options) -> dict[str, str | None]:
    """What each standing grid is called once the file is taken in."""
    today = date.today()
    names = {
        code: row["name"]
        for code, row in stored.items()
        if row["valid_to"] is None or row["valid_to"] >= today
    }
    for row in rows:
        if code := row.values.get("code"):
            names[code] = options.rule("name").of(names.get(code), row.values.get("name"))
    return names


HELD = (Outcome.ERROR, Outcome.SKIPPED)


def _without_parents_in_error(planned: list[Planned]) -> list[Planned]:
    """A new grid whose parent's own row is wrong cannot be written either, and so on down."""
    wrong = {row.values.get("code") for row in planned if row.outcome in HELD and row.record is None}
    while True:
        held = [row for row in planned if row.outcome is Outcome.NEW and row.resolved["parent"] in wrong]
        if not held:
            return planned
        keys = {row.key for row in held}
        wrong |= {row.values.get("code") for row in held}
        planned = [_held(row) if row.key in keys else row for row in planned]


def _held(row: Planned) -> Planned:
    problem = Problem(
        "上级那一行写不进去，先处理上级。",
        row=row.number,
        sheet=row.sheet or None,
        field="上级网格",
        value=row.resolved["parent"],
    )
    return replace(row, outcome=Outcome.ERROR, problems=(*row.problems, problem))


def _kind_of(
    code: str | None, kinds: Mapping[str, GridKind], stored: Mapping[str, Any], kind: Any
) -> GridKind | None:
    if code is None:
        return None
    if code in kinds:
        return kinds[code]
    return kind(stored[code]["kind"]) if code in stored else None


def _changes(
    options: Options,
    old: Stored,
    said: Mapping[str, Any],
    kind: GridKind | None,
    parent_code: str | None,
    codes: Mapping[int, str],
) -> dict[str, tuple[Any, Any]]:
    changes = differences(options, old, said, PLAIN)
    if kind is not None and kind.key != old["kind"]:
        changes["kind"] = (old["kind"], kind.key)
    if said.get("parent") and parent_code is not None:
        now = codes.get(old["parent_id"])
        if parent_code != now:
            changes["parent"] = (now, parent_code)
    return changes
