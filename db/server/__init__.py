"""A shared office as PostgreSQL itself keeps it: who owns it, who may sign in, what each sees and changes.

Nothing of this is a migration: `enforce` says all of it anew, from the spec of scope and the rights of the
roles as they are in this program, when an office is set up and after each upgrade.

Decided:

- On a server numbers are masked by views and opened by a logged function; a trigger on accounts makes the
  logins; not sealed tokens in the tables: moved journals and locked sheets could not stay proved. Services
  that make logins: undo and moved offices would forget it
- Whole numbers open by a ticket whose note is committed apart; not the note in the same transaction: rolled
  back, nobody would know. A journal line for each look: readers would queue behind imports
- A server's lockout is read from its own log by a function that programs call; it gives one salt an account,
  so that it knows old passwords itself; not a daemon: one more thing to run. History checked by the client: a
  hostile one skips it
- A closed table is refused when a statement is planned, by a function that says it is immutable and asks all
  the same; not by its policy alone: what an index finds and a policy takes away is counted by EXPLAIN ANALYZE,
  which told any number sign by sign. Nor by rights given for a transaction: two of one account would wait
- Which rows a line is of is told plainly beside it, and kept by the server as its triggers saw it; not a
  column of the journal: who lies there would lie here too, and a local office needs none
- Whoever is in the way is cut off by `watch`; not by limits of his login: he sets them back
- Who maintains reads everything only after a line in the journal; not standing membership: the system
  administrator would see business unnoticed
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from db.server.guarding import executable, guards
from db.server.heirs import heirs
from db.server.limits import by_superuser, relieving, sequences
from db.server.log import log_reader
from db.server.logins import door, rows
from db.server.names import Names, names_of, quoted
from db.server.naming import naming
from db.server.numbers import closed, forgotten, opening, searched, unmasked, views
from db.server.policies import policies, released
from db.server.reach import functions
from db.server.roles import Rights, grants, ownership, roles
from db.server.taking import tables, taking
from db.server.watching import hidden, opened, watching


def prepare(connection: Connection, rights: Rights) -> Names:
    """Make the roles of the office in this database, and give the owner all that is in it. The login of
    `connection` must be able to make roles (a superuser, or CREATEROLE and the owner of the database)."""
    names = names_of(connection)
    for one in (*roles(names, rights), *ownership(names)):
        connection.execute(text(one))
    return names


def enforce(connection: Connection, rights: Rights) -> None:
    """Put all that the server enforces in force, in the transaction of `connection`. Can be said any number
    of times. Accounts that are there get their logins."""
    names = prepare(connection, rights)
    said = (
        *grants(names),
        *sequences(names),
        *released(),
        *relieving(),
        *watching(names),
        *tables(names),
        *heirs(names),
        *functions(),
        *naming(names),
        *guards(names),
        *opening(names),
        *taking(names),
        *policies(names),
        *searched(),
        *unmasked(),
        *closed(names),
        *views(names),
        *executable(names),
        *hidden(names),
    )
    for role, several in (
        (names.owner, said),
        (names.doorkeeper, door(names)),
        (names.owner, (*rows(names), *opened())),
    ):
        connection.execute(text(f"SET LOCAL ROLE {quoted(role)}"))
        for one in several:
            connection.execute(text(one))
    connection.execute(text("RESET ROLE"))
    if connection.execute(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).scalar():
        for one in (*log_reader(names), *forgotten(), *by_superuser(names)):
            connection.execute(text(one))


def release(connection: Connection) -> None:
    """Take the rules off before the schema is altered; `enforce` says them again. Meanwhile accounts are
    shut out."""
    if enforced(connection):
        connection.execute(text(f"SET LOCAL ROLE {quoted(names_of(connection).owner)}"))
        for one in released():
            connection.execute(text(one))
        connection.execute(text("RESET ROLE"))


def enforced(connection: Connection) -> bool:
    """Does the server enforce, or is this a database that somebody only put the tables into?"""
    return connection.execute(text("SELECT to_regnamespace('gridoffice') IS NOT NULL")).scalar_one()
