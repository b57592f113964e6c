"""What is done to grids, and what is asked of the tree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, literal, select, update
from sqlalchemy.orm import Session

from db.bulk import bulk_insert, bulk_update, reserve
from db.enums import Right
from db.journal import entitle
from db.tables import Grid, Post, table_of
from gridoffice.errors import NotFound, RuleBroken, has_error
from gridoffice.fields import columns
from gridoffice.grids import rules, tree_rules
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.rows import GridRow
from gridoffice.limits import check_room
from gridoffice.listing import chunked, unchanged
from gridoffice.pinyin import place_keys
from gridoffice.service import service


def serving(day: date) -> Any:
    """Posts that are held on a day."""
    return (Post.from_day.is_(None) | (Post.from_day <= day)) & (Post.to_day.is_(None) | (Post.to_day >= day))


def find(session: Session, code: str) -> int:
    """The grid with this code. Raises `NotFound`."""
    found = session.scalar(select(Grid.id).where(Grid.code == code))
    if found is None:
        raise NotFound(f"没有编码为“{code}”的网格。")
    return found


def root_id(session: Session) -> int | None:
    """The top of the tree; None in an empty office."""
    return session.scalar(select(Grid.id).where(Grid.parent_id.is_(None)).order_by(Grid.path).limit(1))


GONE = "这个网格已不在了。"


@service("保存网格", needs=Right.EDIT_GRIDS)
def save_grid(
    session: Session, grid_id: int | None, values: Mapping[str, Any], seen: GridRow | None = None
) -> int:
    """Create one grid, or put right what is written of one; a change that is true only from some day on
    is an operation (`changing.change_grids`). `values` holds stored columns by name, `kind` as the pack's word,
    `parent_id` as a number; `seen` is the row that the form was filled from. Raises `RuleBroken` with
    every problem, and `Conflict` when somebody else changed the same value meanwhile; answers the
    grid's number."""
    pack = office_pack(session)
    grid = session.get(Grid, grid_id) if grid_id is not None else None
    if grid is None and grid_id is not None:
        raise NotFound(GONE)
    if grid is not None and seen is not None:
        changing = {"parent" if name == "parent_id" else name for name in values}
        unchanged(columns(GridRow), seen, grid_row(session, grid.id), changing)
    merged = {name: getattr(grid, name) for name in _EDITABLE} if grid else {}
    merged |= {name: value for name, value in values.items() if name in _EDITABLE}
    for column in columns(GridRow):
        if column.field.required and not merged.get(column.name):
            raise RuleBroken(f"没写{column.field.label}。")
    merged["area"] = rules.rounded(merged.get("area"))
    kind = pack.kind_called(str(merged["kind"]))
    if kind is None:
        raise RuleBroken(
            f"没有“{merged['kind']}”这种网格类型。现有：{'、'.join(k.label for k in pack.kinds)}。"
        )
    merged["kind"] = kind.key
    problems = check_room(Grid, columns(GridRow), merged)
    problems += tree_rules.corrected(session, pack, grid_id, merged)
    if has_error(problems):
        raise RuleBroken(next(one.message for one in problems if has_error([one])), problems)
    moved = grid is not None and grid.parent_id != merged.get("parent_id")
    if grid is None:
        fresh = reserve(session, Grid, 1)[0]
        above = path_of(session, merged["parent_id"]) if merged.get("parent_id") is not None else ""
        grid = Grid(id=fresh, path=above + rules.segment(fresh), **merged)
        session.add(grid)
        entitle(session, f"新增网格“{grid.name}”")
    else:
        for name, value in merged.items():
            setattr(grid, name, value)
        entitle(session, f"已改网格“{grid.name}”")
    grid.search = search_text(grid.code, grid.name)
    session.flush()
    if moved:
        repath(session, [grid.id])
    return grid.id


_EDITABLE = tuple(
    name
    for name in (
        "code",
        "name",
        "kind",
        "parent_id",
        "households",
        "merchants",
        "population",
        "area",
        "extent",
        "zone",
    )
) + ("valid_from", "valid_to", "note")


def insert_grids(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert many grids at once, parents before children; each row has every stored column but the
    path, which follows from the parent's."""
    paths: dict[int, str] = {}
    ready = []
    for row in rows:
        parent_id = row["parent_id"]
        if parent_id is not None and parent_id not in paths:
            paths[parent_id] = _open_path(session, parent_id)
        path = (paths[parent_id] if parent_id is not None else "") + rules.segment(row["id"])
        paths[row["id"]] = path
        search = search_text(row["code"], row["name"])
        ready.append({"since": None, "zone": None, **row, "path": path, "search": search})
    taken = tree_rules.taken_codes(session, [row["code"] for row in ready])
    if taken:
        raise RuleBroken(next(iter(taken.values())))
    bulk_insert(session, Grid, ready)


def _open_path(session: Session, grid_id: int) -> str:
    """The path of a grid that takes new ones below it. Raises `RuleBroken` when it is closed."""
    name, path, last = session.execute(
        select(Grid.name, Grid.path, Grid.valid_to).where(Grid.id == grid_id)
    ).one()
    if last is not None:
        raise RuleBroken(f"“{name}”到 {last} 为止，不能再有下级。")
    return path


def search_text(code: str, name: str) -> str:
    """What a search for a grid looks in: its name, the whole pinyin and first letters, its code."""
    return " ".join((name, *place_keys(name), code)).lower()


def derive(session: Session, grid_ids: Collection[int]) -> None:
    """Compute again what follows from these grids: paths below them, and what they are found by."""
    session.flush()
    table = table_of(Grid)
    statement = update(table).where(table.c.id == bindparam("grid")).values(search=bindparam("text"))
    for chunk in chunked(sorted(grid_ids)):
        query = select(Grid.id, Grid.code, Grid.name).where(Grid.id.in_(chunk))
        found = [
            {"grid": grid_id, "text": search_text(code, name)}
            for grid_id, code, name in session.execute(query)
        ]
        if found:
            session.connection().execute(statement, found)
    repath(session, grid_ids)


def update_grids(session: Session, updates: Mapping[int, Mapping[str, Any]]) -> None:
    """Change many grids at once; paths below a moved grid follow."""
    bulk_update(session, Grid, {grid_id: dict(values) for grid_id, values in updates.items()})
    changed = [i for i, values in updates.items() if values.keys() & {"parent_id", "name", "code", "kind"}]
    tree_rules.uphold(session, office_pack(session), changed)
    derive(session, [i for i, values in updates.items() if values.keys() & {"parent_id", "name", "code"}])


def repath(session: Session, grid_ids: Iterable[int]) -> None:
    """Compute paths again for these grids and all below them, and for the posts held there. It costs
    as much as what moved, not as much as the tree."""
    session.flush()
    wanted = _places(session, set(grid_ids))
    above = _places(session, {parent for parent, _ in wanted.values() if parent is not None} - wanted.keys())
    settled: dict[int, str] = {}

    def path_now(grid_id: int) -> str:
        if grid_id not in settled:
            parent_id, _ = wanted[grid_id]
            if parent_id is None:
                start = ""
            else:
                start = path_now(parent_id) if parent_id in wanted else carried(above[parent_id][1])
            settled[grid_id] = start + rules.segment(grid_id)
        return settled[grid_id]

    def carried(path: str) -> str:
        """Where a path leads now that the grids upon it have moved."""
        ids = rules.path_ids(path)
        for count in range(len(ids), 0, -1):
            if ids[count - 1] in wanted:
                return path_now(ids[count - 1]) + path[count * rules.SEGMENT :]
        return path

    changed = {grid_id: path_now(grid_id) for grid_id, (_, old) in wanted.items() if path_now(grid_id) != old}
    if changed:
        top, new = min(
            ((wanted[grid_id][1], path) for grid_id, path in changed.items()), key=lambda pair: pair[0]
        )
        if top and all(new + wanted[one][1].removeprefix(top) == path for one, path in changed.items()):
            _carry(session, top, new)
            return
    for old in [wanted[grid_id][1] for grid_id in changed]:
        if old:
            start, end = rules.below(old)
            inside = select(Grid.id, Grid.path).where(Grid.path >= start, Grid.path < end)
            for grid_id, path in session.execute(inside):
                if grid_id not in wanted:
                    changed[grid_id] = carried(path)
    if changed:
        moved = [{"grid": grid_id, "to": path} for grid_id, path in changed.items()]
        for table, key, column in ((table_of(Grid), "id", "path"), (table_of(Post), "grid_id", "grid_path")):
            statement = update(table).where(table.c[key] == bindparam("grid"))
            session.connection().execute(statement.values({column: bindparam("to")}), moved)
    session.expire_all()


def _carry(session: Session, old: str, new: str) -> None:
    """One grid moves with all below it: two statements, however many they are."""
    start, end = rules.below(old)
    for path in (table_of(Grid).c.path, table_of(Post).c.grid_path):
        statement = update(path.table).where(path >= start, path < end)
        session.execute(statement.values({path.name: literal(new).concat(func.substr(path, len(old) + 1))}))
    session.expire_all()


def _places(session: Session, grid_ids: Collection[int]) -> dict[int, tuple[int | None, str]]:
    """Parent and path of some grids."""
    found: dict[int, tuple[int | None, str]] = {}
    for chunk in chunked(sorted(grid_ids)):
        query = select(Grid.id, Grid.parent_id, Grid.path).where(Grid.id.in_(chunk))
        found |= {grid_id: (parent_id, path) for grid_id, parent_id, path in session.execute(query)}
    return found


def grid_row(session: Session, grid_id: int) -> GridRow:
    """One grid as the drawer shows it. Raises `NotFound`."""
    from gridoffice.grids.listing import rows

    found = rows(session, [grid_id])
    if not found:
        raise NotFound(GONE)
    return found[0]
