"""Somebody whom another unit knows, found by his whole ID number: who holds him, or that he may be taken over.

An account of a part sees nobody of other parts, and a number that is there already must not be written a second
time. Asked with the whole number and the name, in a transaction that was noted (`numbers.opening`), the server
tells of somebody who serves elsewhere what he is called, masked, and by which unit he is held; somebody who
serves nowhere any more comes into scope for this transaction, and with the post he gets in it for good.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.enums import Right
from db.server.names import Names, literal, quoted
from db.server.roles import SCHEMA

TAKEN = f"SELECT person_id FROM {SCHEMA}.taken WHERE txid = txid_current_if_assigned()"
"""Whoever was taken over in this transaction."""


def tables(names: Names) -> Iterator[str]:
    """Said before the views of scope."""
    yield f"CREATE TABLE IF NOT EXISTS {SCHEMA}.taken (txid bigint, person_id bigint, PRIMARY KEY (txid, person_id))"
    yield f"REVOKE ALL ON {SCHEMA}.taken FROM PUBLIC"
    yield f"GRANT SELECT ON {SCHEMA}.taken TO {quoted(names.keeper)}"


def taking(names: Names) -> Iterator[str]:
    """`take_over(numbers, names)`: those of them that somebody else holds, with a masked name and a unit."""
    able = f"pg_has_role(session_user, {literal(names.of(Right.EDIT_PEOPLE.value))}, 'MEMBER')"
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.take_over(numbers text[], called text[])
        RETURNS TABLE (number text, name text, unit text) LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$ #variable_conflict use_column
        DECLARE one record; far integer := length({SCHEMA}.low()); BEGIN
        IF NOT ({able} AND {SCHEMA}.here() AND {SCHEMA}.stands() AND {SCHEMA}.opened()) THEN RETURN; END IF;
        DELETE FROM {SCHEMA}.taken WHERE txid <> txid_current();
        FOR one IN SELECT person.id, person.id_number, person.name, said.called,
            (SELECT max(post.grid_path) FROM post WHERE post.person_id = person.id
                AND (post.to_day IS NULL OR post.to_day >= current_date)) AS serves
            FROM unnest(numbers, called) AS said(number, called)
            JOIN person ON person.id_number = said.number
            WHERE EXISTS (SELECT FROM {SCHEMA}.placed WHERE placed.person_id = person.id)
            AND NOT EXISTS (SELECT FROM {SCHEMA}.brought WHERE brought.person_id = person.id) LOOP
            RAISE LOG 'gridoffice: % asks for somebody of another unit: %', session_user, one.id;
            IF one.name IS DISTINCT FROM one.called THEN
                RETURN QUERY SELECT one.id_number::text, NULL::text, NULL::text;
            ELSIF one.serves IS NULL THEN
                INSERT INTO {SCHEMA}.taken VALUES (txid_current(), one.id) ON CONFLICT DO NOTHING;
            ELSE
                -- of the unit as much as stands beside the account's own
                RETURN QUERY SELECT one.id_number::text, left(one.name, 1) || repeat('*', length(one.name) - 1),
                    coalesce((SELECT grid.name::text FROM grid
                        WHERE grid.path = left(one.serves, greatest(far, 5))), '');
            END IF;
        END LOOP; END $$""".replace(":", "\\:")


def held_elsewhere(
    session: Session, numbers: Sequence[str], called: Sequence[str]
) -> Mapping[str, tuple[str, str] | None]:
    """Of those ID numbers (with the names that are said of them) the ones that another unit holds: a masked name
    and the unit, None where the name is another. Who is free comes into scope by this. Nothing where the
    account sees the whole office, where nothing was opened, and in a local office."""
    who = session.info.get("who")
    if not numbers or not session.info.get("opened") or who is None or who.whole:
        return {}
    query = text(f"SELECT number, name, unit FROM {SCHEMA}.take_over(:numbers, :called)")
    found = session.execute(query, {"numbers": list(numbers), "called": list(called)})
    return {number: (name, unit) if name is not None else None for number, name, unit in found}
