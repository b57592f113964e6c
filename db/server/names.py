"""The roles of one shared office. They belong to a whole PostgreSQL server, so each office's begin with the
name of its database: what an account may do in one office is nothing to another."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

LONGEST = 63
"""Bytes of a PostgreSQL name."""

_LONGEST_ROLE = len("_approve_accounts")


@dataclass(frozen=True, slots=True)
class Names:
    """What the roles of the office in a database are called."""

    database: str

    def __post_init__(self) -> None:
        if len(self.database.encode()) + _LONGEST_ROLE > LONGEST:
            raise ValueError(f"the name of the database is too long: {self.database}")

    def of(self, what: str) -> str:
        """A group: the code of a role or of a right, or one of those below."""
        return f"{self.database}_{what}"

    @property
    def owner(self) -> str:
        """Owns every table; nobody signs in as it."""
        return self.of("owner")

    @property
    def doorkeeper(self) -> str:
        """Makes and closes the logins of accounts; nobody signs in as it."""
        return self.of("doorkeeper")

    @property
    def keeper(self) -> str:
        """Reads everything, for backups."""
        return self.of("keeper")

    @property
    def glass(self) -> str:
        """Owns the views through which accounts of a part look at tables with numbers."""
        return self.of("glass")

    @property
    def clear_glass(self) -> str:
        """The same of accounts of the whole office."""
        return self.of("clear_glass")

    @property
    def member(self) -> str:
        """Every account."""
        return self.of("member")

    @property
    def whole(self) -> str:
        """Accounts that see the whole office."""
        return self.of("whole")

    @property
    def scoped(self) -> str:
        """Accounts that see a part of it."""
        return self.of("scoped")


def names_of(connection: Connection) -> Names:
    """The names of the office behind a connection."""
    return Names(connection.execute(text("SELECT current_database()")).scalar_one())


def quoted(name: str) -> str:
    """A name as it stands in a statement."""
    return '"' + name.replace('"', '""') + '"'


def literal(said: str) -> str:
    """A text as it stands in a statement."""
    return "'" + said.replace("'", "''") + "'"
