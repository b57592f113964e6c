"""The migrations lead to exactly the tables that the program works with, in both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from db import migrate
from db.session import Store
from db.tables import Base
from tests.guards.sources import ROOMS, imports, modules


def test_head_equals_the_models(office_url: str) -> None:
    store = Store(office_url)
    try:
        with store.engine.connect() as connection:
            here = connection.dialect.name
            context = MigrationContext.configure(
                connection,
                opts={
                    "compare_type": True,
                    "compare_server_default": True,
                    "include_object": lambda one, *_: getattr(one, "info", {}).get("only", here) == here,
                },
            )
            assert compare_metadata(context, Base.metadata) == []
        assert migrate.current(store.engine) == migrate.head()
    finally:
        store.close()


def test_revisions_are_one_line() -> None:
    """Two heads mean that two changes were made beside each other and never joined."""
    assert migrate.head() in migrate.known()


def test_a_migration_stands_by_itself() -> None:
    """The program goes on changing; what a migration did once, it does for ever."""
    steps = [path for path in modules() if path.parts[:3] == ("db", "migrations", "versions")]
    assert steps
    own = {path: [name for name in imports(path) if name.split(".")[0] in ROOMS] for path in steps}
    assert {path: names for path, names in own.items() if names} == {}
