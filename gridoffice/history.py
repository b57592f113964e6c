"""变动: the journal as the clerk reads it, and taking actions back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, aliased

from db.enums import Deed, Right
from db.images import shape, unpack
from db.journal import entitle, recorder_of
from db.server.numbers import whole_numbers
from db.tables import Action, ActionPart, Grid, Post, table_of
from db.undo import Kept, reverse
from gridoffice.accounts.service import Who, require
from gridoffice.assessment.results import restore_results
from gridoffice.errors import Conflict, NotFound, Refused
from gridoffice.grids.listing import office_pack
from gridoffice.grids.own_packs import refuse_lost_kinds
from gridoffice.grids.service import derive
from gridoffice.grids.tree_rules import uphold
from gridoffice.listing import chunked
from gridoffice.people.service import rekey
from gridoffice.service import service


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal. `undone` tells whether what it did is taken back at present."""

    id: int
    at: datetime
    who: str
    terminal: str
    deed: Deed
    title: str
    undoable: bool
    undone: bool
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Undone:
    """What undo (or redo) came to: how many records, and which stayed as they are."""

    action: int
    title: str
    records: int
    kept: tuple[Kept, ...]


def journal(session: Session, limit: int = 200, before: int | None = None) -> list[Line]:
    """The latest lines, the newest first; `before` pages on."""
    query = select(Action).order_by(Action.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Action.id < before)
    actions = session.scalars(query).all()
    undone = _undone(session, [action.id for action in actions])
    return [_line(action, action.id in undone) for action in actions]


def lines_of(session: Session, action_ids: Sequence[int]) -> list[Line]:
    """Some lines, in the order asked for."""
    actions = {one.id: one for one in session.scalars(select(Action).where(Action.id.in_(action_ids)))}
    undone = _undone(session, action_ids)
    return [_line(actions[number], number in undone) for number in action_ids if number in actions]


def _line(action: Action, undone: bool) -> Line:
    return Line(
        id=action.id,
        at=action.at,
        who=action.who,
        terminal=action.terminal,
        deed=action.deed,
        title=action.title,
        undoable=action.undoable and action.deed is Deed.DO,
        undone=undone,
        detail=action.detail or {},
    )


@dataclass(frozen=True, slots=True)
class Touched:
    """One record an action touched: the word for it, its number, and each changed column."""

    noun: str
    record: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def touched(session: Session, action_id: int, limit: int = 500) -> list[Touched]:
    """What an action did, record by record, in stored form."""
    found: list[Touched] = []
    whole_numbers(session, "看变动明细")
    parts = session.scalars(
        select(ActionPart).where(ActionPart.action_id == action_id).order_by(ActionPart.number)
    )
    for part in parts:
        noun = shape(part.of_table).record.noun
        for record, before, after, _ in unpack(part.body):
            found.append(Touched(noun, record, before, after))
            if len(found) == limit:
                return found
    return found


def _undone(session: Session, action_ids: Iterable[int]) -> set[int]:
    """Which of these actions are taken back at present: the last word on each counts."""
    query = select(Action.target, Action.deed).where(Action.target.in_(list(action_ids))).order_by(Action.id)
    last = {target: deed for target, deed in session.execute(query) if target is not None}
    return {target for target, deed in last.items() if deed is Deed.UNDO}


def last_undoable(session: Session, own: bool = False) -> Line | None:
    """What Ctrl+Z would take back, of everybody's or of one's `own`: the latest action that still stands;
    None when there is none, or the latest cannot be taken back. Read from the end: as far as what was taken back reaches."""
    later = aliased(Action)
    last_word = select(later.deed).where(later.target == Action.id).order_by(later.id.desc()).limit(1)
    stands = func.coalesce(last_word.scalar_subquery(), Deed.REDO) != Deed.UNDO
    query = select(Action).where(Action.deed == Deed.DO, stands).order_by(Action.id.desc()).limit(1)
    who: Who | None = session.info.get("who")
    if who is not None and (own or not who.whole):
        # an account of part of the office neither sees nor takes back what others did
        query = query.where(Action.who == who.name)
    action = session.scalar(query)
    return _line(action, undone=False) if action is not None and action.undoable else None


def last_redoable(session: Session, own: bool = False) -> Line | None:
    """What Ctrl+Y would do again: the action undone last (by anybody, or by oneself), unless something new
    was done since."""
    by = [Action.who == session.info["who"].name] if own else []
    newest = session.scalar(
        select(Action.id).where(Action.deed == Deed.DO, *by).order_by(Action.id.desc()).limit(1)
    )
    later = aliased(Action)
    redone = exists().where(later.target == Action.target, later.id > Action.id)
    query = (
        select(Action.target)
        .where(Action.deed == Deed.UNDO, Action.id > (newest or 0), ~redone, *by)
        .order_by(Action.id.desc())
        .limit(1)
    )
    target = session.scalar(query)
    action = session.get(Action, target) if target is not None else None
    return _line(action, undone=True) if action is not None else None


@service("撤销", needs=Right.UNDO)
def undo(session: Session, action_id: int | None = None, own: bool = False) -> Undone:
    """Take an action back, whole; records changed since are kept and named. Without a number, the
    latest that still stands, of everybody's or of one's `own`. Raises `NotFound`, `Refused`, or `Conflict`
    when nothing can be undone."""
    if action_id is None:
        latest = last_undoable(session, own)
        if latest is None:
            raise Refused("没有可以撤销的了。")
        action_id = latest.id
    action = session.get(Action, action_id)
    if action is None:
        raise NotFound(f"没有第 {action_id} 条变动。")
    if action.deed is not Deed.DO or not action.undoable:
        raise Refused(f"“{action.title}”不能撤销。")
    if _undone(session, [action_id]):
        raise Refused(f"“{action.title}”已经撤销过了。")
    return _reverse(session, action, Deed.UNDO, "撤销")


@service("恢复", needs=Right.UNDO)
def redo(session: Session, action_id: int | None = None, own: bool = False) -> Undone:
    """Do again what was undone; without a number, what was undone last, by anybody or by oneself."""
    if action_id is None:
        latest = last_redoable(session, own)
        if latest is None:
            raise Refused("没有可以恢复的了。")
        action_id = latest.id
    action = session.get(Action, action_id)
    if action is None:
        raise NotFound(f"没有第 {action_id} 条变动。")
    if not _undone(session, [action_id]):
        raise Refused(f"“{action.title}”没有撤销过，不用恢复。")
    return _reverse(session, action, Deed.REDO, "恢复")


def _reverse(session: Session, action: Action, deed: Deed, word: str) -> Undone:
    """Reverse the last word on an action: itself, or the undo or redo that came after it. Needs the
    right that the action itself needed."""
    require(session.info["who"], Right((action.detail or {}).get("needs", Right.ADMINISTER)))
    last = session.scalar(
        select(Action.id).where(Action.target == action.id).order_by(Action.id.desc()).limit(1)
    )
    recorder = recorder_of(session)
    recorder.deed, recorder.target, recorder.undoable = deed, action.id, False
    count, kept = reverse(session, last or action.id)
    if not count:
        names = "、".join(f"{one.noun}“{one.name}”{one.why}" for one in kept[:3])
        raise Conflict(f"“{action.title}”{word}不了：{names or '内容已不在'}。")
    said = action.detail or {}
    if kept and said.get("whole"):
        # half a split or merge would be no tree: what came later is taken back first
        names = "、".join(f"{one.noun}“{one.name}”{one.why}" for one in kept[:3])
        raise Conflict(f"“{action.title}”{word}不了：{names}。先{word}后来的变动。")
    changes = recorder.changes()
    if changes.get("setting"):
        refuse_lost_kinds(session, office_pack(session))
    if changes.get("grid"):
        day = date.fromisoformat(said["day"]) if said.get("whole") else None
        uphold(session, office_pack(session), changes["grid"], day)
    _derive(session, changes)
    entitle(
        session,
        f"{word}：{action.title}",
        kept=[[one.noun, one.name, one.why] for one in kept[:50]],
    )
    return Undone(action.id, action.title, count, tuple(kept))


def _derive(session: Session, changes: Mapping[str, frozenset[int]]) -> None:
    """Compute again what follows from the records that came back."""
    if changes.get("person"):
        rekey(session, changes["person"])
    if changes.get("grid"):
        derive(session, changes["grid"])
    if changes.get("post"):
        repost(session, changes["post"])
    if changes.keys() & {"month", "sheet"}:
        restore_results(session, changes)


def repost(session: Session, post_ids: Iterable[int]) -> None:
    """Posts that came back take their grid's path again."""
    session.flush()
    posts, grids = table_of(Post), table_of(Grid)
    for chunk in chunked(sorted(post_ids)):
        path = select(grids.c.path).where(grids.c.id == posts.c.grid_id).scalar_subquery()
        session.execute(update(posts).where(posts.c.id.in_(chunk)).values(grid_path=path))
    session.expire_all()
