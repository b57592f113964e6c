"""Row-level security: which rows an account sees and writes, from the one spec of scope.

Accounts of the whole office are in a group whose policy is plainly `true`, which the planner leaves out: they
pay nothing. All others are in another group; theirs are the conditions of `db.scoping`. Accounts without any
reach are in neither and see no business at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from db.enums import Right
from db.scoping import OTHER_SETTINGS, PLACING, SETTINGS, condition
from db.server.names import Names, literal, quoted
from db.server.numbers import GUARDED, OPENED, OPENED_ONLY, SEEN_PART, SEEN_WHOLE
from db.server.reach import SEEN, STANDS, among, of_person
from db.server.roles import SCHEMA
from db.server.watching import HERE

_WRITING = ("INSERT", "UPDATE", "DELETE")

_OF_THE_WHOLE = ("scheme",)
"""By what all are scored: no account of a part changes it."""

_ALSO = {
    # a path that follows from the grid must follow from one in scope
    ("post", "INSERT"): f" AND {among('grid_id', 'grids')}",
    ("post", "UPDATE"): f" AND {among('grid_id', 'grids')}",
    ("grid", "INSERT"): f" AND {among('parent_id', 'grids')}",
}


def _also(table: str, deed: str) -> str:
    """What a row must be besides in scope. Who brings somebody into scope must have had him there, or nobody:
    else a row with any number would show who that is."""
    brings = PLACING[table].brings if deed in ("INSERT", "UPDATE") else ()
    known = (f" AND ({table}.{one} IS NULL OR {of_person(f'{table}.{one}')})" for one in brings)
    return _ALSO.get((table, deed), "") + "".join(known)


def released() -> Iterator[str]:
    """Take the rules off: what depends on columns keeps them from being altered. Until they are said again
    accounts see and change nothing, since tables without policies are closed to them."""
    yield f"""
        DO $$ DECLARE one record; BEGIN
        FOR one IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP
            EXECUTE format('DROP POLICY %I ON public.%I', one.policyname, one.tablename);
        END LOOP;
        FOR one IN SELECT tgname, tgrelid\\:\\:regclass AS held FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
            WHERE NOT tgisinternal AND starts_with(tgname, 'gridoffice_') LOOP
            EXECUTE format('DROP TRIGGER %I ON %s', one.tgname, one.held);
        END LOOP;
        FOR one IN SELECT schemaname, viewname FROM pg_views
            WHERE schemaname IN ('{SCHEMA}', '{SEEN_WHOLE}', '{SEEN_PART}') LOOP
            EXECUTE format('DROP VIEW %I.%I CASCADE', one.schemaname, one.viewname);
        END LOOP;
        FOR one IN SELECT oid\\:\\:regprocedure AS called FROM pg_proc
            WHERE proname = 'kept' AND pronamespace = '{SCHEMA}'\\:\\:regnamespace LOOP
            EXECUTE format('DROP FUNCTION %s', one.called);
        END LOOP; END $$"""
    yield "ALTER TABLE IF EXISTS person DROP COLUMN IF EXISTS seen_search"
    for table in GUARDED:
        yield f"ALTER TABLE IF EXISTS {table} DROP CONSTRAINT IF EXISTS gridoffice_whole"


def policies(names: Names) -> Iterator[str]:
    """The policies of every table."""
    for table, placing in PLACING.items():
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        # who may act as the keeper has not its eyes all the time
        yield _policy(table, "kept", "SELECT", names.keeper, f"current_user = {literal(names.keeper)}")
        if not placing.closed and table != "setting":
            # rows with whole numbers in them are there only for a transaction that said why
            opened = f"{OPENED_ONLY} AND {HERE}" if table in GUARDED else HERE
            yield _policy(table, "whole", "ALL", names.whole, opened)
            seen = condition(table, SEEN, f"{table}.").replace("TRUE", "true")
            seen = f"({seen}) AND {STANDS}" + (f" AND {OPENED_ONLY}" if table in GUARDED else "")
            yield _policy(table, "seen", "SELECT", names.scoped, seen)
            for deed in _WRITING if table not in _OF_THE_WHOLE else ():
                yield _policy(table, deed.lower(), deed, names.scoped, seen, _also(table, deed))
    yield _policy("grid", "above", "SELECT", names.scoped, among("grid.id", "above"))
    # whoever keeps accounts says of which unit they are
    keeping = holds(names, Right.KEEP_ACCOUNTS, Right.APPROVE_ACCOUNTS)
    yield _policy("grid", "named", "SELECT", names.member, keeping)
    yield from _settings(names)
    yield from _accounts(names)
    yield from _journal(names)


def _policy(table: str, called: str, deed: str, group: str, seen: str, also: str = "") -> str:
    """`seen` says which rows there are for this deed, with `also` what they must be afterwards."""
    using = "" if deed == "INSERT" else f" USING ({seen})"
    check = f" WITH CHECK (({seen}){also})" if deed in ("INSERT", "UPDATE", "ALL") else ""
    return f"CREATE POLICY gridoffice_{called} ON {table} FOR {deed} TO {quoted(group)}{using}{check}"


def holds(names: Names, *rights: Right) -> str:
    """Whether the account has one of these rights, looked up once a statement."""
    said = (f"pg_has_role(session_user, {literal(names.of(right.value))}, 'MEMBER')" for right in rights)
    return f"(SELECT ({' OR '.join(said)}) AND {SCHEMA}.here())"


def _settings(names: Names) -> Iterator[str]:
    """The program cannot run without them: everybody reads them, and each is written by right. The keys of
    packages lie behind a password, at which nobody is to guess who sends none."""
    keys = f"setting.key <> 'package keys' OR {holds(names, Right.EDIT_PEOPLE, Right.ADMINISTER)}"
    yield _policy("setting", "seen", "SELECT", names.member, keys)
    cases = " ".join(
        f"WHEN {literal(key)} THEN {holds(names, right)}" for key, right in sorted(SETTINGS.items())
    )
    # the first line of an office is written before anybody has rights by it
    able = f"CASE setting.key {cases} ELSE {holds(names, OTHER_SETTINGS, Right.EDIT_GRIDS)} END"
    for deed in _WRITING:
        yield _policy("setting", deed.lower(), deed, names.member, able)


def _accounts(names: Names) -> Iterator[str]:
    """One's own account; those who keep, approve or audit accounts see all, and so does whoever sees the
    whole office: who delivers what is told by accounts. What is signed in with is told to nobody else."""
    keeping = (Right.KEEP_ACCOUNTS, Right.APPROVE_ACCOUNTS)
    every = holds(names, *keeping, Right.AUDIT)
    whole = f"(SELECT {SCHEMA}.reach() = 'all' AND {SCHEMA}.here())"
    own = {
        "account": "account.name = session_user\\:\\:text",
        "account_grid": f"account_grid.account_id = (SELECT {SCHEMA}.account())",
        "credential": f"credential.account_id = (SELECT {SCHEMA}.account())",
    }
    for table, mine in own.items():
        seen = f"{mine} OR {every}" + ("" if table == "credential" else f" OR {whole}")
        yield _policy(table, "seen", "SELECT", names.member, seen)
        for deed in _WRITING if table != "credential" else ():
            yield _policy(table, deed.lower(), deed, names.member, holds(names, *keeping))


def _journal(names: Names) -> Iterator[str]:
    """Lines: one's own, all for the whole office and for those who audit. What records were before and after
    is business: of others it is told to accounts of the whole office only; who audits reads what was done to
    accounts and settings."""
    mine = "action.who = session_user\\:\\:text"
    own_part = f"EXISTS (SELECT FROM action WHERE action.id = action_part.action_id AND {mine})"
    yield _policy("action", "seen", "SELECT", names.member, f"{mine} OR {holds(names, Right.AUDIT)}")
    yield _policy("action", "whole", "SELECT", names.whole, HERE)
    yield _policy("action", "insert", "INSERT", names.member, mine)
    audited = (
        f"action_part.of_table IN ('account', 'account_grid', 'setting') AND {holds(names, Right.AUDIT)}"
    )
    yield _policy("action_part", "seen", "SELECT", names.member, f"({own_part} AND {OPENED}) OR ({audited})")
    yield _policy("action_part", "whole", "SELECT", names.whole, f"{OPENED} AND {HERE}")
    yield _policy("action_part", "insert", "INSERT", names.member, own_part)
    yield _policy("journal_head", "seen", "SELECT", names.member, "true")
    yield _policy("journal_head", "turn", "UPDATE", names.member, "true")
