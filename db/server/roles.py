"""The groups of a shared office, who owns it, and which group may write which table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from db.enums import Right, Role
from db.scoping import PLACING
from db.server.names import Names, literal, quoted

Rights = Mapping[Role, frozenset[Right]]

SCHEMA = "gridoffice"
"""Where the functions lie that the server's rules are made of; the tables lie in `public`."""

JOURNAL = ("action", "action_part")


def groups(names: Names) -> list[str]:
    """Every group that accounts are members of."""
    codes = [role.value for role in Role] + [right.value for right in Right]
    return [names.member, names.whole, names.scoped, names.keeper, *map(names.of, codes)]


def every_role(names: Names) -> list[str]:
    """All that an office has besides its accounts."""
    return [names.owner, names.doorkeeper, names.glass, names.clear_glass, *groups(names)]


def roles(names: Names, rights: Rights) -> Iterator[str]:
    """Make the roles that are not there yet. A group of a role is a member of the groups of its rights."""
    for name in every_role(names):
        yield (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {literal(name)}) THEN "
            f"CREATE ROLE {quoted(name)} NOLOGIN; END IF; END $$"
        )
    yield f"ALTER ROLE {quoted(names.doorkeeper)} CREATEROLE"
    # pg_dump will not read through policies, not even through one that is plainly true
    yield (
        "DO $$ BEGIN IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN "
        f"ALTER ROLE {quoted(names.keeper)} BYPASSRLS; END IF; END $$"
    )
    for role in Role:
        group = quoted(names.of(role.value))
        for right in Right:
            held = quoted(names.of(right.value))
            if right in rights[role]:
                yield f"GRANT {held} TO {group}"
            else:
                yield f"REVOKE {held} FROM {group}"
    for name in groups(names):
        yield f"GRANT {quoted(name)} TO {quoted(names.doorkeeper)} WITH ADMIN OPTION"
    # a view is handed over by who will own it
    yield f"GRANT {quoted(names.glass)}, {quoted(names.clear_glass)} TO {quoted(names.owner)}"
    # whoever sets up need not be a superuser, but must be able to act as the owner; to have made a role is,
    # from 16 on, to be a member of it that may not
    yield (
        "DO $$ BEGIN IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN "
        f"GRANT {quoted(names.owner)}, {quoted(names.doorkeeper)} TO CURRENT_USER; END IF; END $$"
    )


def ownership(names: Names) -> Iterator[str]:
    """Everything belongs to the owner, nothing to everybody, and no table of one's own hides one of ours."""
    owner = quoted(names.owner)
    database = quoted(names.database)
    yield f"ALTER DATABASE {database} OWNER TO {owner}"
    yield f"REVOKE ALL ON DATABASE {database} FROM PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {database} TO {quoted(names.member)}, {quoted(names.keeper)}"
    yield f"ALTER DATABASE {database} SET search_path = public"
    yield f"ALTER SCHEMA public OWNER TO {owner}"
    yield "REVOKE ALL ON SCHEMA public FROM PUBLIC"
    yield f"CREATE SCHEMA IF NOT EXISTS {SCHEMA} AUTHORIZATION {owner}"
    yield f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC"
    yield f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}_secret AUTHORIZATION {quoted(names.doorkeeper)}"
    yield f"GRANT CREATE, USAGE ON SCHEMA {SCHEMA} TO {quoted(names.doorkeeper)}"
    for schema in ("public", SCHEMA):
        yield f"GRANT USAGE ON SCHEMA {schema} TO {quoted(names.member)}, {quoted(names.keeper)}"
    yield f"GRANT USAGE ON SCHEMA public TO {quoted(names.doorkeeper)}"
    yield f"""
        DO $$ DECLARE one record; BEGIN
        FOR one IN SELECT oid\\:\\:regclass AS name, relkind FROM pg_class
            WHERE relnamespace = 'public'\\:\\:regnamespace AND relkind IN ('r', 'p') LOOP
            EXECUTE format('ALTER TABLE %s OWNER TO {owner}', one.name);
        END LOOP;
        FOR one IN SELECT oid\\:\\:regprocedure AS name FROM pg_proc
            WHERE pronamespace = 'public'\\:\\:regnamespace LOOP
            EXECUTE format('ALTER FUNCTION %s OWNER TO {owner}', one.name);
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', one.name);
            -- a guard looks at whole tables, and at the right ones, whoever writes
            EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = public, pg_temp', one.name);
        END LOOP; END $$"""


def grants(names: Names) -> Iterator[str]:
    """Reading is for every account (the policies say which rows), writing by right; the journal only grows."""
    everyone = ", ".join(map(quoted, groups(names)))
    member = quoted(names.member)
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {everyone}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {everyone}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {member}, {quoted(names.keeper)}"
    yield f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted(names.keeper)}"
    for table, placing in PLACING.items():
        able = ", ".join(quoted(names.of(right.value)) for right in sorted(placing.writes))
        if table in JOURNAL:
            yield f"GRANT INSERT ON {table} TO {able}"
        elif table == "credential":
            # who signs in is written down by functions
            continue
        elif table == "journal_head":
            # enough to wait for one's turn; a trigger refuses to move it by hand
            yield f"GRANT UPDATE (id) ON {table} TO {able}"
        else:
            yield f"GRANT INSERT, UPDATE, DELETE ON {table} TO {able}"
