"""Accounts as logins of the server.

Whoever writes a row of `account` makes, changes or closes the login of that name: a trigger does it, so that
services, undo and a moved office say it once. Only the password is apart: the client makes its SCRAM verifier
and the server never hears it.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from db.enums import Reach, Right, Role
from db.server.limits import own
from db.server.names import LONGEST, Names, literal, quoted
from db.server.numbers import SEEN_PART, SEEN_WHOLE
from db.server.roles import SCHEMA, every_role
from db.server.verifier import verifier_of

BAD_NAME = "too long for a login"
SECRET = "gridoffice_secret"
"""Where the doorkeeper keeps what nobody else reads."""
MOST_FORMER = 25
"""So many passwords of an account are known again, whatever the rules ask for (they ask for 20 at most)."""
ROUNDS = 4096
"""What the server itself takes: another number would tell which accounts there are."""
LENGTH = len(f"SCRAM-SHA-256${ROUNDS}:$:") + 24 + 2 * 44


def set_password(session: Session, name: str, password: str) -> None:
    """Give an account its password. Raises what the server refuses: nobody but the account itself changes
    the password of who approves or audits, once it has one; none that it had before.

    All passwords of an account are mixed with the same salt, which the server gives: so the server can tell an
    old one again, whatever program sends it, and never hears it."""
    salt = session.execute(text(f"SELECT {SCHEMA}.salt(:name)"), {"name": name}).scalar_one()
    verifier = verifier_of(password, b64decode(salt))
    session.execute(
        text(f"SELECT {SCHEMA}.set_password(:name, :verifier)"), {"name": name, "verifier": verifier}
    )


def create(session: Session, name: str, password: str) -> None:
    """The password of a new account; its login was made with its row."""
    session.flush()
    set_password(session, name, password)


def own_password(session: Session, password: str) -> None:
    """Change the password of the account that signed in."""
    set_password(session, session.execute(text("SELECT session_user")).scalar_one(), password)


_TABLE = (
    f"CREATE TABLE IF NOT EXISTS {SCHEMA}.login "
    "(name text PRIMARY KEY, password_since timestamptz, password_by text)"
)


@dataclass(frozen=True, slots=True)
class Stranger:
    """A login that stands there under the name of an account and is not known as this office's. `why` it
    cannot have been; empty where it has nothing but the groups of this office's name."""

    name: str
    why: str


def strangers(connection: Connection, names: Names, accounts: Collection[str]) -> list[Stranger]:
    """The logins of these names that are not known as this office's."""
    known: set[str] = set()
    if connection.execute(text(f"SELECT to_regclass('{SCHEMA}.login') IS NOT NULL")).scalar_one():
        known = set(connection.scalars(text(f"SELECT name FROM {SCHEMA}.login")))
    query = text(
        "SELECT one.rolname, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS able, "
        "array_remove(array_agg(held.rolname\\:\\:text), NULL) AS groups, EXISTS (SELECT FROM pg_shdepend "
        "WHERE refclassid = 'pg_authid'\\:\\:regclass AND refobjid = one.oid AND deptype = 'o') AS owns "
        "FROM pg_roles AS one LEFT JOIN pg_auth_members ON member = one.oid "
        "LEFT JOIN (SELECT oid AS group_id, rolname FROM pg_roles) AS held ON group_id = roleid "
        "WHERE one.rolname = ANY(:wanted) GROUP BY one.oid, one.rolname, able ORDER BY 1"
    ).bindparams(wanted=sorted(set(accounts) - known))
    found = []
    for name, able, groups, owns in connection.execute(query):
        foreign = [group for group in groups if not group.startswith(names.of(""))]
        why = (
            f"“{name}”是这个资料库分权限用的名字"
            if name in every_role(names)
            else f"“{name}”有管理服务器的权限"
            if able
            else f"“{name}”拥有别的资料"
            if owns
            else f"“{name}”在用别的资料库（{foreign[0]}）"
            if foreign
            else ""
        )
        found.append(Stranger(name, why))
    return found


def adopt(connection: Connection, names: Names, name: str) -> None:
    """Make a login that stands there this office's: without its password. Said by a superuser, or by who may
    alter it."""
    doorkeeper = quoted(names.doorkeeper)
    connection.execute(text(f"ALTER ROLE {quoted(name)} PASSWORD NULL VALID UNTIL 'infinity'"))
    connection.execute(text(f"GRANT {quoted(name)} TO {doorkeeper} WITH ADMIN OPTION"))
    connection.execute(text(f"SET LOCAL ROLE {doorkeeper}"))
    connection.execute(text(_TABLE))
    connection.execute(text(f"INSERT INTO {SCHEMA}.login (name) VALUES (:name)"), {"name": name})
    connection.execute(text("RESET ROLE"))


def door(names: Names) -> Iterator[str]:
    """The table of whom a login belongs to, and what makes and changes logins: said as the doorkeeper."""
    yield _TABLE
    # since when the login may read everything for a backup
    yield f"ALTER TABLE {SCHEMA}.login ADD COLUMN IF NOT EXISTS keeps_since timestamptz"
    # apart, so that no backup takes it along
    yield f"CREATE TABLE IF NOT EXISTS {SECRET}.salt (name text PRIMARY KEY, salt text NOT NULL)"
    yield (
        f"CREATE TABLE IF NOT EXISTS {SECRET}.former "
        "(name text, verifier text, at timestamptz NOT NULL DEFAULT clock_timestamp())"
    )
    yield f"REVOKE ALL ON {SCHEMA}.login FROM PUBLIC"
    yield f"GRANT SELECT ON {SCHEMA}.login TO {quoted(names.keeper)}"
    yield _admitted(names)
    yield from (_salt(), _password(names), _shut(names), _keep(names), _strange(), _unlent())
    ours = f"{SCHEMA}.admit(text, text, text, boolean), {SCHEMA}.shut(text, boolean), "
    ours += f"{SCHEMA}.strange(), {SCHEMA}.unlend()"
    all_s = f"{SCHEMA}.set_password(text, text), {SCHEMA}.salt(text), {SCHEMA}.keep(boolean)"
    yield f"REVOKE ALL ON FUNCTION {ours}, {all_s} FROM PUBLIC, {quoted(names.member)}"
    yield f"GRANT EXECUTE ON FUNCTION {ours} TO {quoted(names.owner)}"
    yield f"GRANT EXECUTE ON FUNCTION {all_s} TO {quoted(names.member)}, {quoted(names.owner)}"


def rows(names: Names) -> Iterator[str]:
    """What may be written of accounts, and the login that follows: said as the owner."""
    yield f"GRANT SELECT ON account TO {quoted(names.doorkeeper)}"
    yield f"CREATE POLICY gridoffice_door ON account FOR SELECT TO {quoted(names.doorkeeper)} USING (true)"
    yield from _rows(names)
    # an office that was moved here brings its accounts along; what they signed in with before is forgotten
    yield f"SELECT {SCHEMA}.admit(name, role, reach, active) FROM account"
    yield "UPDATE credential SET secret = NULL, former = NULL WHERE secret IS NOT NULL OR former IS NOT NULL"


def _admitted(names: Names) -> str:
    """`admit(name, role, reach, active)`: the login of an account is there, open or closed, and in the groups
    of its role and reach, and in no others. A login that is not one of ours is left alone and refused."""
    every = ", ".join(literal(names.of(role.value)) for role in Role)
    member, whole, scoped, keeper = (
        literal(name) for name in (names.member, names.whole, names.scoped, names.keeper)
    )
    return f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.admit(who text, of_role text, of_reach text, opened boolean)
        RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE wanted text[]; one text; BEGIN
        IF octet_length(who) > {LONGEST} THEN RAISE EXCEPTION 'gridoffice: {BAD_NAME}'; END IF;
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = who) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', who);
        ELSIF NOT EXISTS (SELECT FROM {SCHEMA}.login WHERE name = who) THEN
            RAISE EXCEPTION 'gridoffice: login of somebody else: %', who;
        END IF;
        INSERT INTO {SCHEMA}.login (name) VALUES (who) ON CONFLICT DO NOTHING;
        IF opened THEN
            wanted := ARRAY[{member}, {literal(names.database + "_")} || of_role];
            IF of_reach = {literal(Reach.ALL.value)} THEN wanted := wanted || {whole}\\:\\:text;
            ELSIF of_reach <> {literal(Reach.NONE.value)} THEN wanted := wanted || {scoped}\\:\\:text; END IF;
        ELSE wanted := ARRAY[]\\:\\:text[]; END IF;
        FOREACH one IN ARRAY ARRAY[{member}, {whole}, {scoped}, {keeper}, {every}] LOOP
            IF one = ANY (wanted) AND NOT pg_has_role(who, one, 'MEMBER') THEN
                EXECUTE format('GRANT %I TO %I', one, who);
            ELSIF NOT one = ANY (wanted) AND pg_has_role(who, one, 'MEMBER') THEN
                EXECUTE format('REVOKE %I FROM %I', one, who);
            END IF;
        END LOOP;
        -- names of tables lead to the views with masked numbers
        EXECUTE format('ALTER ROLE %I IN DATABASE {quoted(names.database)} SET search_path = %s', who,
            CASE of_reach WHEN {literal(Reach.ALL.value)} THEN '{SEEN_WHOLE}, public' ELSE '{SEEN_PART}, public' END);
        {" ".join(own("who"))}
        EXECUTE format(CASE WHEN opened THEN 'ALTER ROLE %I LOGIN' ELSE 'ALTER ROLE %I NOLOGIN' END, who);
        END $$"""


def _password(names: Names) -> str:
    """One's own, or that of an account one keeps. Whoever keeps accounts must not be able to sign in as those
    who watch over him: once they have a password, only who approves accounts gives them another."""
    keeps, approves = (
        f"pg_has_role(session_user, {literal(names.of(right.value))}, 'MEMBER')"
        for right in (Right.KEEP_ACCOUNTS, Right.APPROVE_ACCOUNTS)
    )
    watching = ", ".join(literal(role.value) for role in (Role.SYSTEM_ADMIN, Role.AUDITOR))
    return f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.set_password(who text, verifier text)
        RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE had timestamptz; watched boolean; signed boolean; BEGIN
        signed := EXISTS (SELECT FROM account WHERE account.name = session_user);
        SELECT password_since INTO had FROM {SCHEMA}.login WHERE login.name = who;
        IF NOT FOUND THEN RAISE EXCEPTION 'gridoffice: no such login'; END IF;
        watched := EXISTS (SELECT FROM account WHERE account.name = who AND role IN ({watching}));
        IF signed AND who <> session_user AND NOT (
            CASE WHEN watched AND had IS NOT NULL THEN {approves} ELSE {keeps} END AND {SCHEMA}.here()) THEN
            RAISE EXCEPTION 'gridoffice: password of somebody else'; END IF;
        -- whoever guessed a password must not make it his own
        IF signed AND NOT {SCHEMA}.let_in() THEN RAISE EXCEPTION 'gridoffice: account is barred'; END IF;
        IF verifier NOT LIKE 'SCRAM-SHA-256${ROUNDS}\\:%' OR length(verifier) <> {LENGTH} OR NOT EXISTS (
            SELECT FROM {SECRET}.salt WHERE name = who AND split_part(split_part(verifier, '$', 2), '\\:', 2) = salt)
            THEN RAISE EXCEPTION 'gridoffice: a password is sent as its verifier'; END IF;
        IF EXISTS (SELECT FROM (SELECT former.verifier AS was FROM {SECRET}.former WHERE name = who
            ORDER BY at DESC LIMIT {SCHEMA}.rule('former', 5)) AS known
            WHERE split_part(was, '$', 3) = split_part(set_password.verifier, '$', 3)) THEN
            RAISE EXCEPTION 'gridoffice: password was had'; END IF;
        INSERT INTO {SECRET}.former (name, verifier) VALUES (who, verifier);
        DELETE FROM {SECRET}.former WHERE name = who AND at NOT IN (SELECT at FROM {SECRET}.former
            WHERE name = who ORDER BY at DESC LIMIT {MOST_FORMER});
        PERFORM {SCHEMA}.new_password(who, who <> session_user);
        EXECUTE format('ALTER ROLE %I PASSWORD %L', who, verifier);
        UPDATE {SCHEMA}.login SET password_since = clock_timestamp(), password_by = session_user
        WHERE login.name = who;
        END $$"""


def _salt() -> str:
    return f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.salt(who text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$ DECLARE found text; BEGIN
        -- it is no secret: the server tells it to everybody who begins to sign in
        INSERT INTO {SECRET}.salt SELECT name, encode(decode(replace(gen_random_uuid()\\:\\:text, '-', ''), 'hex'),
            'base64') FROM {SCHEMA}.login WHERE name = who ON CONFLICT DO NOTHING;
        SELECT salt.salt INTO found FROM {SECRET}.salt WHERE name = who;
        IF found IS NULL THEN RAISE EXCEPTION 'gridoffice: no such login'; END IF;
        RETURN found; END $$"""


def _shut(names: Names) -> str:
    """Close a login so that a right password is answered as a wrong one, or open it again."""
    keeper = literal(names.keeper)
    return f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.shut(who text, closed boolean) RETURNS void LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
        IF NOT EXISTS (SELECT FROM {SCHEMA}.login WHERE name = who) THEN RETURN; END IF;
        EXECUTE format('ALTER ROLE %I VALID UNTIL %L', who, CASE WHEN closed THEN '-infinity' ELSE 'infinity' END);
        IF closed AND pg_has_role(who, {keeper}, 'MEMBER') THEN
            EXECUTE format('REVOKE %I FROM %I', {keeper}, who); END IF; END $$"""


def _strange() -> str:
    """`strange()`: whose password is another than the last that was set here. PostgreSQL lets every login change
    its own by `ALTER ROLE`, past all rules."""
    return f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.strange() RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$ BEGIN
        IF to_regprocedure('{SCHEMA}.verifier(text)') IS NULL THEN RETURN; END IF;
        RETURN QUERY SELECT last.name FROM (SELECT DISTINCT ON (former.name) former.name, former.verifier
            FROM {SECRET}.former ORDER BY former.name, at DESC) AS last JOIN {SCHEMA}.login USING (name)
            WHERE {SCHEMA}.verifier(last.name) <> last.verifier; END $$"""


def _unlent() -> str:
    """`unlend()`: no login is a member of another. Before 15 PostgreSQL lets every login give itself to others,
    with all rights."""
    return f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.unlend() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = public, pg_temp AS $$ DECLARE one record; BEGIN
        FOR one IN SELECT lent.rolname AS lent, taker.rolname AS taker FROM pg_auth_members
            JOIN pg_roles AS lent ON lent.oid = roleid JOIN {SCHEMA}.login AS a ON a.name = lent.rolname
            JOIN pg_roles AS taker ON taker.oid = member JOIN {SCHEMA}.login AS b ON b.name = taker.rolname LOOP
            RAISE LOG 'gridoffice\\: % gave his login to %', one.lent, one.taker;
            EXECUTE format('REVOKE %I FROM %I', one.lent, one.taker);
        END LOOP; END $$"""


def _keep(names: Names) -> str:
    """`keep(true)`: whoever maintains the office reads all of it from now on, to back it up or to prove it,
    and the transaction leaves a line; `keep(false)`: no longer. What somebody forgot to give back is taken
    from him by the next one."""
    keeper, maintains = literal(names.keeper), literal(names.of(Right.MAINTAIN.value))
    return f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.keep(opened boolean) RETURNS void LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$ DECLARE one record; BEGIN
        FOR one IN SELECT name FROM {SCHEMA}.login WHERE pg_has_role(name, {keeper}, 'MEMBER')
            AND (name = session_user OR keeps_since IS NULL OR keeps_since < now() - interval '12 hours') LOOP
            EXECUTE format('REVOKE %I FROM %I', {keeper}, one.name);
        END LOOP;
        IF NOT opened THEN RETURN; END IF;
        IF NOT ({SCHEMA}.here() AND pg_has_role(session_user, {maintains}, 'MEMBER')
            AND EXISTS (SELECT FROM account WHERE name = session_user
                AND (reach = {literal(Reach.ALL.value)} OR role = {literal(Role.SYSTEM_ADMIN.value)}))) THEN
            RAISE EXCEPTION 'gridoffice: no keeper'; END IF;
        EXECUTE format('GRANT %I TO %I', {keeper}, session_user);
        UPDATE {SCHEMA}.login SET keeps_since = now() WHERE name = session_user;
        PERFORM {SCHEMA}.owes_line(); END $$"""


def _rows(names: Names) -> Iterator[str]:
    """What may be written of accounts, and the login that follows."""
    approves = f"pg_has_role(session_user, {literal(names.of(Right.APPROVE_ACCOUNTS.value))}, 'MEMBER')"
    keeps = f"pg_has_role(session_user, {literal(names.of(Right.KEEP_ACCOUNTS.value))}, 'MEMBER')"
    raised = " OR ".join(
        f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in ("role", "reach", "grid_id")
    )
    raised += f" OR (NEW.person_id IS DISTINCT FROM OLD.person_id AND NEW.reach = {literal(Reach.OWN.value)})"
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.account_comes() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
        IF EXISTS (SELECT FROM account WHERE name = session_user) THEN
            IF TG_OP = 'UPDATE' AND NEW.name <> OLD.name THEN
                RAISE EXCEPTION 'gridoffice: an account keeps its name'; END IF;
            -- where somebody approves, whoever keeps accounts only asks
            IF NOT {approves} AND EXISTS (SELECT FROM account WHERE active
                AND role = {literal(Role.SECURITY_ADMIN.value)}) AND (CASE TG_OP
                WHEN 'INSERT' THEN NEW.active ELSE NEW.active AND ({raised} OR NOT OLD.active) END) THEN
                RAISE EXCEPTION 'gridoffice: waits for approval'; END IF;
            IF {approves} AND NOT {keeps} AND (TG_OP = 'INSERT' OR NEW.name = session_user) THEN
                RAISE EXCEPTION 'gridoffice: nobody approves himself'; END IF;
        END IF; RETURN NEW; END $$"""
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.account_came() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN PERFORM {SCHEMA}.admit(OLD.name, OLD.role, OLD.reach, false);
        ELSE PERFORM {SCHEMA}.admit(NEW.name, NEW.role, NEW.reach, NEW.active); END IF;
        RETURN NULL; END $$"""
    for called, when in (
        ("account_comes", "BEFORE INSERT OR UPDATE"),
        ("account_came", "AFTER INSERT OR UPDATE OF role, reach, active, name OR DELETE"),
    ):
        yield f"DROP TRIGGER IF EXISTS gridoffice_{called} ON account"
        yield (
            f"CREATE TRIGGER gridoffice_{called} {when} ON account FOR EACH ROW "
            f"EXECUTE FUNCTION {SCHEMA}.{called}()"
        )
