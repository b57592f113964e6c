"""Whose unfinished papers somebody goes on with: who keeps accounts hands over what he does not see himself.

The drafts stay in the name of who wrote them until his heir saves them; nothing of them is touched here, and
their number is all that is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.enums import Right
from db.server.names import Names, literal, quoted
from db.server.roles import SCHEMA


def heirs(names: Names) -> Iterator[str]:
    """`names()`: the account's own and those it goes on for, while they are switched off; `hand_over(who, heir)`
    answers how many papers are open."""
    yield f"CREATE TABLE IF NOT EXISTS {SCHEMA}.heir (name text PRIMARY KEY, heir text NOT NULL)"
    yield f"REVOKE ALL ON {SCHEMA}.heir FROM PUBLIC"
    yield f"GRANT SELECT ON {SCHEMA}.heir TO {quoted(names.keeper)}"
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.names() RETURNS SETOF text LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = public, pg_temp ROWS 1 AS $$ #variable_conflict use_column
        BEGIN RETURN QUERY WITH RECURSIVE mine(name) AS (
            SELECT session_user\\:\\:text UNION SELECT heir.name FROM {SCHEMA}.heir JOIN mine ON heir.heir = mine.name
            JOIN account ON account.name = heir.name AND NOT account.active) SELECT name FROM mine; END $$"""
    keeps = f"pg_has_role(session_user, {literal(names.of(Right.KEEP_ACCOUNTS.value))}, 'MEMBER')"
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.hand_over(who text, heir text) RETURNS bigint LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
        IF NOT ({keeps} AND {SCHEMA}.here()) THEN RAISE EXCEPTION 'gridoffice\\: not yours to hand over'; END IF;
        INSERT INTO {SCHEMA}.heir AS held VALUES (who, hand_over.heir)
        ON CONFLICT (name) DO UPDATE SET heir = excluded.heir;
        PERFORM {SCHEMA}.owes_line();
        RETURN (SELECT count(*) FROM draft WHERE writer = who AND number_id IS NULL); END $$"""


def hand_over(session: Session, who: str, heir: str) -> int:
    """What is open in the name of `who` is his heir's from now on; answers how many papers."""
    query = text(f"SELECT {SCHEMA}.hand_over(:who, :heir)")
    return session.execute(query, {"who": who, "heir": heir}).scalar_one()
