"""Every table says where its rows stand, by columns that are there."""

from __future__ import annotations

import pytest

from db.scoping import PLACING, Words, bringing, condition
from db.tables import Base

TABLES = Base.metadata.tables

PLAIN = Words(
    path=lambda c: f"path({c})",
    grid=lambda c: f"grid({c})",
    person=lambda c: f"person({c})",
    parent=lambda c, t: f"{t}({c})",
    through=lambda t, c, i: f"{t}.{c}={i}",
    own=lambda c: f"own({c})",
    writer=lambda c: f"writer({c})",
    unplaced=lambda t, i: f"unplaced_{t}({i})",
)


def test_every_table_is_named_and_nothing_else() -> None:
    assert set(PLACING) == set(TABLES)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_what_places_a_row_is_a_column_of_its_table(table: str) -> None:
    placing = PLACING[table]
    columns = TABLES[table].columns
    named = [placing.path, placing.own, placing.writer, *placing.grids, *placing.people, *placing.brings]
    named += [column for column, _ in placing.parents]
    assert {name for name in named if name} <= set(columns.keys())
    refers = {key.parent.name: key.column.table.name for key in TABLES[table].foreign_keys}
    assert all(refers[column] == "grid" for column in placing.grids)
    assert all(refers.get(column, table) == "person" for column in (*placing.people, *placing.brings))
    assert all(refers[column] == parent for column, parent in placing.parents)
    for other, column in placing.through:
        assert {k.parent.name: k.column.table.name for k in TABLES[other].foreign_keys}[column] == table


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_table_is_open_closed_or_placed(table: str) -> None:
    placing = PLACING[table]
    placed = bool(placing.path or placing.grids or placing.people or placing.parents or placing.through)
    assert [placing.everybody, placing.closed, placed].count(True) == 1
    assert placing.writes


@pytest.mark.parametrize("table", sorted(TABLES))
def test_whoever_is_named_by_a_placed_row_counts(table: str) -> None:
    """A column that names a person brings that person along, or follows them, or is said not to."""
    placing = PLACING[table]
    of_people = {k.parent.name for k in TABLES[table].foreign_keys if k.column.table.name == "person"}
    left = of_people - {*placing.people, *placing.brings}
    said = {"party_org": {"secretary_id"}, "sheet": {"person_id"}, "account": {"person_id"}}
    assert left == said.get(table, set())


def test_conditions_say_what_the_placing_says() -> None:
    assert condition("month", PLAIN) == "TRUE"
    assert condition("action", PLAIN) == "FALSE"
    assert condition("post", PLAIN, "post.") == "path(post.grid_path) OR own(post.person_id)"
    assert condition("person", PLAIN) == "person(id) OR unplaced_person(id)"
    assert condition("training", PLAIN) == "grid(grid_id) OR (grid_id IS NULL)"
    assert condition("draft", PLAIN) == "grid(grid_id) OR writer(writer)"
    assert condition("completion", PLAIN) == "attendance(attendance_id)"
    assert condition("grid_change", PLAIN) == "grid_link.change_id=id OR unplaced_grid_change(id)"


def test_a_post_brings_its_holder_into_scope() -> None:
    assert ("post", "person_id") in set(bringing())
    assert ("certificate", "person_id") not in set(bringing())
