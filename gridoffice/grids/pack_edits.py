"""A pack of the office's own as a form: part by part shown, revised, added and taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

import resources
from db.enums import Right
from db.journal import entitle
from gridoffice.both_changed import meet_fields
from gridoffice.errors import Conflict, NotFound, Problem, RuleBroken
from gridoffice.fields import Column
from gridoffice.grids import pack_text
from gridoffice.grids.own_packs import dump, pack_called, save_pack, text_of
from gridoffice.grids.pack_groups import LINES, Group, Line
from gridoffice.grids.pack_notation import Book, Wrong, said_of
from gridoffice.service import service
from gridoffice.values import show
from gridoffice.written import tables

Written = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a pack as the form shows it: a kind, a post, a party tier …; `values` by column name,
    `hints` what some lines are chosen from. `place` counts those of one group."""

    group: Group
    place: int
    label: str
    columns: tuple[Column, ...]
    values: Mapping[str, Any]
    hints: Mapping[str, Sequence[str]]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None


def parts_of(session: Session, pack_key: str) -> list[Part]:
    """Every part of a pack, in the order in which it is written. Raises `NotFound`."""
    said = tables(text_of(session, pack_key), pack_key)
    return [_part(said, group, place) for group in Group for place in range(len(_those(said, group)))]


def blank(session: Session, pack_key: str, group: Group) -> Part:
    """A new part of a group, with nothing in it. Raises `NotFound`."""
    said = tables(text_of(session, pack_key), pack_key)
    return _part({**said, group.value: [*_those(said, group), {}]}, group, len(_those(said, group)))


def _those(said: Mapping[str, Any], group: Group) -> list[Written]:
    """The tables of a group; what there is only one of is there even when nothing is written of it."""
    if group is Group.WHOLE:
        return [dict(said)]
    found = said.get(group.value, [] if group.many else {})
    return found if group.many else [found]


def _part(said: Mapping[str, Any], group: Group, place: int) -> Part:
    table, book = _those(said, group)[place], _book(said)
    lines = LINES[group]
    hints: dict[str, Sequence[str]] = {
        line.column.name: list(book.kinds.values())
        for line in lines
        if line.path[-1] in ("kind", "level", "at", "within")
    }
    if group is Group.WHOLE:
        hints["scheme"] = sorted(file.stem for file in resources.path("schemes").glob("*.toml"))
    return Part(
        group,
        place,
        _name_of(table, group, book),
        tuple(line.column for line in lines),
        {line.column.name: line.notation.show(_entry(table, line.path), book) for line in lines},
        hints,
    )


def _book(said: Mapping[str, Any]) -> Book:
    return Book({kind.get("key", ""): kind.get("label", "") for kind in said.get("kinds", ()) if kind})


def _name_of(table: Mapping[str, Any], group: Group, book: Book) -> str:
    if not group.many:
        return group.label
    label = table.get("label") or (book.label(table["kind"]) if "kind" in table else "")
    more = table.get("organisation") or table.get("supervisor") or ""
    return f"{label}·{more}" if group is Group.PARTY and more else label


def _entry(table: Mapping[str, Any], path: Sequence[str]) -> Any:
    found: Any = table
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


@service("改治理模式", needs=Right.ADMINISTER)
def revise_part(
    session: Session,
    pack_key: str,
    group: Group,
    place: int,
    values: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
) -> int:
    """Write one part of a pack of the office's own anew, or (one place beyond the last) add it: `values`
    holds what changed, by column name. A post that gets another name has it wherever the pack names it.
    `seen` are the part's values before they were changed (of a new one nothing but blanks): it is found by them
    where others stand before it now, and what somebody else changed in it is kept. Answers its place.

    Raises `FieldsClash` where both changed the same, `RuleBroken` with a sentence for each line that cannot be,
    for a pack that ships, and with whatever the whole pack then lacks; `NotFound` for a part there is not.
    """
    said = _own(session, pack_key)
    those = _those(said, group)
    if seen is not None:
        place = _place_of(said, group, place, seen)
        values = _met(said, group, place, values, seen)
    if place > len(those) or (place == len(those) and not group.many):
        raise NotFound(f"“{said['name']}”里没有这一项了。")
    new = place == len(those)
    before = {} if new else those[place]
    table, problems = _written(before, LINES[group], values, _book(said))
    if problems:
        raise RuleBroken(problems[0].message, tuple(problems))
    if group is Group.KIND:
        table.setdefault("parents", [])
    if new and group is Group.KIND:
        table = {"key": _free_key(said), **table}
    changed = _with(said, group, [*those[:place], table, *those[place + 1 :]])
    was, now = before.get("label"), table.get("label")
    if group is Group.POST and was and now and was != now:
        changed = {
            key: _renamed(value, was, now) if key != "posts" else value for key, value in changed.items()
        }
    save_pack(session, dump(changed))
    what = _name_of(table, group, _book(changed))
    name = f"“{changed['name']}”"
    if group.many:
        entitle(session, f"{'添上' if new else '改'}{name}里的{group.label}“{what}”")
    else:
        entitle(session, f"改{name}：{group.label}")
    return place


@service("删去治理模式的一项", needs=Right.ADMINISTER)
def remove_part(
    session: Session, pack_key: str, group: Group, place: int, seen: Mapping[str, Any] | None = None
) -> None:
    """Take one part out of a pack of the office's own. Raises `Conflict` when it is not any more what was `seen`,
    `RuleBroken` with whatever the whole pack then lacks, and for a pack that ships; `NotFound` for a part there is
    not."""
    said = _own(session, pack_key)
    those = _those(said, group)
    if seen is not None:
        place = _place_of(said, group, place, seen)
        if _part(said, group, place).values != seen:
            raise Conflict("别人刚改过这一项，没有删。看过新的再删。")
    if not group.many or place >= len(those):
        raise NotFound(f"“{said['name']}”里没有这一项了。")
    what = _name_of(those[place], group, _book(said))
    save_pack(session, dump(_with(said, group, [*those[:place], *those[place + 1 :]])))
    entitle(session, f"删去“{said['name']}”里的{group.label}“{what}”")


def _place_of(said: Written, group: Group, place: int, seen: Mapping[str, Any]) -> int:
    """Where the part that was seen at a place stands now: that which has most of what it had. Raises `NotFound`
    when nothing has any of it."""
    if not any(seen.values()):
        return len(_those(said, group))
    alike = {
        at: sum(value == seen[name] for name, value in _part(said, group, at).values.items() if seen[name])
        for at in range(len(_those(said, group)))
    }
    found = max(alike, key=lambda at: (alike[at], at == place), default=None)
    if found is None or (group.many and not alike[found]):
        raise NotFound(f"“{said['name']}”里没有这一项了，别人刚删去。")
    return found


def _met(
    said: Written, group: Group, place: int, values: Mapping[str, Any], seen: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What is to be written of a part that was seen so; nobody else knows of a new one."""
    if place == len(_those(said, group)):
        return values
    part = _part(said, group, place)
    fields = {one.name: one.field for one in part.columns}
    labels = {name: field.label for name, field in fields.items()}
    return meet_fields(
        f"治理模式的“{part.label}”",
        labels,
        seen,
        values,
        part.values,
        lambda name, value: show(fields[name], value),
    )


def _own(session: Session, pack_key: str) -> Written:
    pack = pack_called(session, pack_key)
    if pack_key in pack_text.names():
        raise RuleBroken(f"“{pack.name}”是随程序带的，另存一份再改。")
    return tables(text_of(session, pack_key), pack_key)


def _with(said: Written, group: Group, those: list[Written]) -> Written:
    """The pack with other tables in one group; what is empty is taken out."""
    if group is Group.WHOLE:
        return those[0]
    value = those if group.many else those[0]
    found = {**said, group.value: value}
    if not value:
        del found[group.value]
    return found


def _written(
    before: Mapping[str, Any], lines: Sequence[Line], values: Mapping[str, Any], book: Book
) -> tuple[Written, list[Problem]]:
    """A table with other entries, and what is wrong with them."""
    table, problems = deepcopy(dict(before)), []
    for line in lines:
        name, label = line.column.name, line.column.field.label
        if name not in values:
            continue
        value = values[name]
        if line.column.field.required and value in (None, ""):
            problems.append(Problem(f"没写{label}。", field=label))
            continue
        try:
            entry = line.notation.read(None if value == "" else value, book)
        except Wrong as error:
            problems.append(said_of(label, error, value))
            continue
        _put(table, line.path, entry)
    table = {key: entry for key, entry in table.items() if entry != {}}
    hours = table.get("hours", {})
    if hours and len(hours) < 2:
        lacking = "每户分钟" if "limit" in hours else "走完小时"
        message = f"工作量要两个数：走完一遍几小时、每户几分钟。没写{lacking}。"
        problems.append(Problem(message, field=lacking))
    if set(table.get("staff", ())) == {"full_time"}:
        del table["staff"]
    elif "staff" in table and not table["staff"].get("posts"):
        problems.append(Problem("写了每格人数或每人户数，还要写应配岗位。", field="应配岗位"))
    return table, problems


def _put(table: Written, path: Sequence[str], entry: Any) -> None:
    *above, last = path
    for key in above:
        table = table.setdefault(key, {})
    if entry is None:
        table.pop(last, None)
    else:
        table[last] = entry


def _free_key(said: Mapping[str, Any]) -> str:
    taken = {kind.get("key") for kind in said.get("kinds", ())}
    return next(f"kind{number}" for number in range(1, len(taken) + 2) if f"kind{number}" not in taken)


_POSTS = ("posts", "leaders", "workers")


def _renamed(value: Any, was: str, now: str, named: bool = False) -> Any:
    """The same tables with another name for a post, wherever posts are named."""
    if isinstance(value, Mapping):
        return {key: _renamed(one, was, now, key in _POSTS) for key, one in value.items()}
    if isinstance(value, list):
        return [now if named and one == was else _renamed(one, was, now) for one in value]
    return value
