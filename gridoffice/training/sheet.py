"""The sign-in sheet of a training: who is asked to come, who came, what they scored."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from db.bulk import bulk_delete, bulk_insert, reserve
from db.enums import Presence, Right
from db.journal import entitle
from db.tables import Attendance, Completion, Invitation, Person, Post, Training
from gridoffice.errors import Conflict, NotFound, RuleBroken, has_error
from gridoffice.fields import columns
from gridoffice.grids.service import serving
from gridoffice.limits import check_room
from gridoffice.listing import Ask, Listing, chunked
from gridoffice.people.lists import belonging
from gridoffice.people.service import matching
from gridoffice.service import service
from gridoffice.training import rules
from gridoffice.training.authority import require_people
from gridoffice.training.listing import areas
from gridoffice.training.rows import AttendanceRow, SheetRow
from gridoffice.training.service import GONE, now_held
from gridoffice.values import show

OPEN = "未登记"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody at a training, as the form gives it."""

    person_id: int
    presence: Presence = Presence.PRESENT
    hours: Decimal | None = None
    score: Decimal | None = None


def _training(session: Session, training_id: int) -> Training:
    found = session.get(Training, training_id)
    if found is None:
        raise NotFound(GONE)
    return found


@service("登记培训签到", needs=Right.EDIT_PEOPLE)
def enter_attendance(session: Session, training_id: int, sign_ins: Sequence[SignIn]) -> int:
    """Write down who was at a training, and what they scored; those written down before are changed.
    Raises `RuleBroken` with every problem; answers how many."""
    training = _training(session, training_id)
    cells = {
        one.person_id: {"presence": one.presence, "hours": one.hours, "score": one.score} for one in sign_ins
    }
    _enter(session, training, cells)
    entitle(session, f"登记“{training.name}”签到 {len(sign_ins)} 人")
    return len(sign_ins)


@service("填写培训签到表", needs=Right.EDIT_PEOPLE)
def enter_cells(
    session: Session,
    training_id: int,
    cells: Mapping[int, Mapping[str, Any]],
    seen: Mapping[int, Mapping[str, Any]] | None = None,
) -> int:
    """Write cells of a sign-in sheet: by person the new values by column name. Whoever gets hours or a
    score was there; whose presence is emptied stays on the sheet as somebody asked to come. Raises
    `RuleBroken` with every problem, `Conflict` when somebody else changed one of them since it was `seen`; answers
    how many people."""
    training = _training(session, training_id)
    if seen:
        _refuse_changed(session, training, cells, seen)
    _enter(session, training, cells)
    count = sum(len(values) for values in cells.values())
    entitle(session, f"“{training.name}”签到表填了 {count} 格，{len(cells)} 人")
    return len(cells)


@service("没登记的都记为已签到", needs=Right.EDIT_PEOPLE)
def all_here(session: Session, training_id: int) -> int:
    """Everybody on the sheet of whom nobody has said anything was there; answers how many."""
    training = _training(session, training_id)
    there = set(session.scalars(select(Attendance.person_id).where(Attendance.training_id == training_id)))
    silent = [one for one in _asked(session, training_id) if one not in there]
    _enter(session, training, {one: {"presence": Presence.PRESENT} for one in silent})
    entitle(session, f"“{training.name}”没登记的 {len(silent)} 人都记为已签到")
    return len(silent)


def _refuse_changed(
    session: Session,
    training: Training,
    cells: Mapping[int, Mapping[str, Any]],
    seen: Mapping[int, Mapping[str, Any]],
) -> None:
    """Raises `Conflict` when a cell is neither what was seen nor what is wanted."""
    query = select(Attendance, Person.name).join(Person, Person.id == Attendance.person_id)
    query = query.where(Attendance.training_id == training.id, Attendance.person_id.in_(cells))
    held = {one.person_id: (one, name) for one, name in session.execute(query)}
    labels = {what.name: what.field for what in columns(SheetRow)}
    for person_id, values in cells.items():
        one, name = held.get(person_id, (None, ""))
        for key, wanted in values.items():
            now, was = getattr(one, key, None), seen.get(person_id, {}).get(key)
            if now not in (was, wanted) and key in labels:
                name = name or session.scalar(select(Person.name).where(Person.id == person_id)) or ""
                shown = show(labels[key], now) or "空"
                raise Conflict(f"别人刚改过“{name}”的{labels[key].label}：现在是 {shown}。看过新的再改。")


def _enter(session: Session, training: Training, cells: Mapping[int, Mapping[str, Any]]) -> None:
    require_people(session, list(cells))
    known = {
        one.person_id: one
        for one in session.scalars(select(Attendance).where(Attendance.training_id == training.id))
    }
    own = [column for column in columns(AttendanceRow) if column.name in ("hours", "score")]
    problems, emptied = [], []
    ready: dict[int, dict[str, Any]] = {}
    for person_id, values in cells.items():
        before = known.get(person_id)
        said = {name: getattr(before, name, None) for name in ("presence", "hours", "score")} | dict(values)
        if "presence" in values and values["presence"] is None:
            emptied.append(person_id)
            continue
        if said["presence"] is None:
            said["presence"] = Presence.PRESENT
        if "presence" in values and said["presence"] not in rules.THERE and "hours" not in values:
            said["hours"] = None  # hours of somebody who turns out not to have been there
        problems += check_room(Attendance, own, said)
        problems += rules.check_hours(said["hours"], said["presence"], training.hours)
        problems += rules.check_score(said["score"])
        ready[person_id] = said
    if has_error(problems):
        raise RuleBroken(problems[0].message, problems)
    for person_id, said in ready.items():
        record = known.get(person_id)
        if record is None:
            record = Attendance(training_id=training.id, person_id=person_id)
            session.add(record)
        record.presence, record.hours, record.score = said["presence"], said["hours"], said["score"]
    gone = [known[one] for one in emptied if one in known]
    _keep_certified(session, gone)
    asked = _asked(session, training.id)
    for record in gone:
        session.delete(record)
    _invite(session, training.id, [one.person_id for one in gone if one.person_id not in asked])
    session.flush()
    if ready:
        now_held(session, [training.id])
    session.flush()


def _keep_certified(session: Session, gone: Sequence[Attendance]) -> None:
    """Whoever has a certificate for it was there."""
    for chunk in chunked([one.id for one in gone]):
        number = session.scalar(select(Completion.number).where(Completion.attendance_id.in_(chunk)).limit(1))
        if number is not None:
            raise RuleBroken(f"结业证“{number}”已经发了，签到不能删。")


def _asked(session: Session, training_id: int) -> set[int]:
    return set(session.scalars(select(Invitation.person_id).where(Invitation.training_id == training_id)))


def _invite(session: Session, training_id: int, person_ids: Sequence[int]) -> None:
    if person_ids:
        bulk_insert(
            session,
            Invitation,
            [
                {"id": number, "training_id": training_id, "person_id": person_id}
                for number, person_id in zip(
                    reserve(session, Invitation, len(person_ids)), person_ids, strict=True
                )
            ],
        )


@service("通知参加培训", needs=Right.EDIT_PEOPLE)
def invite(session: Session, training_id: int, person_ids: Sequence[int]) -> int:
    """Put people on the sheet of a training; answers how many were not on it yet."""
    training = _training(session, training_id)
    there = select(Attendance.person_id).where(Attendance.training_id == training_id)
    on = _asked(session, training_id) | set(session.scalars(there))
    new = [one for one in dict.fromkeys(person_ids) if one not in on]
    require_people(session, new)
    _invite(session, training_id, new)
    entitle(session, f"“{training.name}”通知 {len(new)} 人")
    return len(new)


@service("从签到表去掉", needs=Right.EDIT_PEOPLE)
def take_off(session: Session, training_id: int, person_ids: Sequence[int]) -> int:
    """Take people off the sheet of a training, with what is written down of them there. Raises
    `RuleBroken` for whoever has a certificate for it; answers how many."""
    training = _training(session, training_id)
    wanted = set(person_ids)
    require_people(session, person_ids)
    query = select(Attendance).where(Attendance.training_id == training_id)
    gone = [one for one in session.scalars(query) if one.person_id in wanted]
    _keep_certified(session, gone)
    for record in gone:
        session.delete(record)
    asked = select(Invitation.id, Invitation.person_id).where(Invitation.training_id == training_id)
    bulk_delete(session, Invitation, [number for number, who in session.execute(asked) if who in wanted])
    entitle(session, f"从“{training.name}”签到表去掉 {len(wanted)} 人")
    session.flush()
    return len(wanted)


@service("删去培训签到", needs=Right.EDIT_PEOPLE)
def remove_attendance(session: Session, attendance_ids: Sequence[int]) -> int:
    """Take sign-ins out of the ledger; answers how many. Raises `RuleBroken` for whoever has a
    certificate for it."""
    found = session.scalars(select(Attendance).where(Attendance.id.in_(attendance_ids))).all()
    require_people(session, [one.person_id for one in found])
    _keep_certified(session, found)
    for one in found:
        session.delete(one)
    entitle(session, f"删去培训签到 {len(found)} 人次")
    return len(found)


# the sheet as a list


def sheet_listing(training_id: int) -> Listing:
    """The sheet of one training, in the order of the grids where people serve, then of their names."""

    def ids(session: Session, ask: Ask) -> array[int]:
        day = session.scalar(select(Training.day).where(Training.id == training_id))
        if day is None:
            return array("q")
        there = select(Attendance.person_id).where(Attendance.training_id == training_id)
        asked = select(Invitation.person_id).where(Invitation.training_id == training_id)
        path = (
            select(func.min(Post.grid_path))
            .where(Post.person_id == Person.id, serving(day))
            .correlate(Person)
            .scalar_subquery()
        )
        query = select(Person.id).where(or_(Person.id.in_(there), Person.id.in_(asked)))
        if ask.scope is not None:
            query = query.where(belonging(session, Person.id, ask.scope, day))
        if ask.search:
            query = query.where(matching(ask.search))
        found = session.scalars(query.order_by(path.asc().nulls_last(), Person.pinyin, Person.id))
        wanted = array("q", found)
        for one in ask.filters:
            kept = {row.id for row in rows(session, wanted) if getattr(row, one.column) in one.values}
            wanted = array("q", (number for number in wanted if number in kept))
        return wanted[: ask.limit]

    def rows(session: Session, wanted: Sequence[int]) -> list[SheetRow]:
        return sheet_rows(session, training_id, wanted)

    def choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
        counts: dict[Any, int] = {}
        for row in rows(session, ids(session, ask)):
            value = getattr(row, column)
            counts[value] = counts.get(value, 0) + 1
        return [
            (value, (value.label if isinstance(value, Presence) else value) or OPEN, count)
            for value, count in sorted(counts.items(), key=lambda one: -one[1])
        ]

    return Listing(
        f"sheet-{training_id}",
        "培训签到表",
        "人",
        columns(SheetRow),
        ids,
        rows,
        choices,
        frozenset(),
        frozenset({"presence", "grid", "title"}),
    )


def sheet_rows(session: Session, training_id: int, wanted: Sequence[int]) -> list[SheetRow]:
    """Some people as the sheet of a training shows them."""
    day = session.scalar(select(Training.day).where(Training.id == training_id))
    if day is None:
        return []
    people: dict[int, Any] = {}
    posts: dict[int, tuple[int, str]] = {}
    said: dict[int, Any] = {}
    for chunk in chunked(wanted):
        query = select(Person.id, Person.name, Person.phone).where(Person.id.in_(chunk))
        people.update({one.id: one for one in session.execute(query)})
        held = select(Post.person_id, Post.grid_id, Post.title).where(Post.person_id.in_(chunk), serving(day))
        for person_id, grid_id, title in session.execute(
            held.order_by(Post.concurrent, Post.grid_path, Post.id)
        ):
            posts.setdefault(person_id, (grid_id, title))
        came = select(
            Attendance.person_id, Attendance.presence, Attendance.hours, Attendance.score, Completion.number
        ).outerjoin(Completion, Completion.attendance_id == Attendance.id)
        came = came.where(Attendance.training_id == training_id, Attendance.person_id.in_(chunk))
        said.update({one.person_id: one for one in session.execute(came)})
    names = areas(session, (grid_id for grid_id, _ in posts.values()))
    found = []
    for person_id in wanted:
        if person_id in people:
            grid_id, title = posts.get(person_id, (0, ""))
            one = said.get(person_id)
            found.append(
                SheetRow(
                    person_id,
                    people[person_id].name,
                    names.get(grid_id, ""),
                    title,
                    people[person_id].phone,
                    one.presence if one else None,
                    one.hours if one else None,
                    one.score if one else None,
                    one.number if one else None,
                )
            )
    return found
