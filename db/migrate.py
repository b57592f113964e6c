"""Bringing a database to the schema of this program."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from db import reshaping
from db.tables import Base

FOLDER = Path(__file__).resolve().parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config


@cache
def head() -> str:
    """The revision this program works with."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


@cache
def known() -> frozenset[str]:
    """Every revision this program has ever worked with; others belong to a newer program."""
    return frozenset(step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions())


def current(engine: Engine) -> str | None:
    """The revision of a database; None when there is no office in it yet."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def readable(engine: Engine) -> bool:
    """Whether a database of a newer program still has every table and column that this one reads."""
    looked = inspect(engine)
    there = set(looked.get_table_names())
    return all(
        table.name in there
        and {column.name for column in table.columns}
        <= {column["name"] for column in looked.get_columns(table.name)}
        for table in Base.metadata.tables.values()
    )


def upgrade(engine: Engine) -> None:
    """Create the schema, or bring an older one up to date, in one transaction; what that does to records
    stands in the journal."""
    config = _config()
    writer = engine.execution_options(office_writes=True)
    with writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            # one administrator at a time
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7220151)")
        config.attributes["connection"] = connection
        before = reshaping.stood(connection, MigrationContext.configure(connection).get_current_revision())
        command.upgrade(config, "head")
        reshaping.restate(connection, before)
