"""Accounts as logins of the server.

Whoever writes a row of `account` makes, changes or closes the login of that name: a trigger does it, so that
services, undo and a moved office say it once. Only the password is apart: the client makes its SCRAM verifier
and the server never hears it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.enums import Reach, Right, Role
from db.server.names import LONGEST, Names, literal, quoted
from db.server.numbers import SEEN_PART, SEEN_WHOLE
from db.server.roles import SCHEMA

BAD_NAME = "too long for a login"


def set_password(session: Session, name: str, password: str) -> None:
    """Give an account its password. Raises what the server refuses: nobody but the account itself changes
    the password of who approves or audits, once it has one."""
    driver: Any = session.connection().connection.driver_connection
    verifier = driver.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
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


def door(names: Names) -> Iterator[str]:
    """The table of whom a login belongs to, and what makes and changes logins: said as the doorkeeper."""
    yield (
        f"CREATE TABLE IF NOT EXISTS {SCHEMA}.login "
        "(name text PRIMARY KEY, password_since timestamptz, password_by text)"
    )
    yield f"REVOKE ALL ON {SCHEMA}.login FROM PUBLIC"
    yield f"GRANT SELECT ON {SCHEMA}.login TO {quoted(names.keeper)}"
    yield _admitted(names)
    yield _password(names)
    admit, password = f"{SCHEMA}.admit(text, text, text, boolean)", f"{SCHEMA}.set_password(text, text)"
    yield f"REVOKE ALL ON FUNCTION {admit}, {password} FROM PUBLIC, {quoted(names.member)}"
    yield f"GRANT EXECUTE ON FUNCTION {admit} TO {quoted(names.owner)}"
    yield f"GRANT EXECUTE ON FUNCTION {password} TO {quoted(names.member)}, {quoted(names.owner)}"


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
            RAISE EXCEPTION 'gridoffice: login of somebody else';
        END IF;
        INSERT INTO {SCHEMA}.login (name) VALUES (who) ON CONFLICT DO NOTHING;
        IF opened THEN
            wanted := ARRAY[{member}, {literal(names.database + "_")} || of_role];
            IF of_reach = {literal(Reach.ALL.value)} THEN wanted := wanted || {whole}\\:\\:text;
            ELSIF of_reach <> {literal(Reach.NONE.value)} THEN wanted := wanted || {scoped}\\:\\:text; END IF;
            IF of_role = {literal(Role.ADMINISTRATOR.value)} AND of_reach = {literal(Reach.ALL.value)}
            THEN wanted := wanted || {keeper}\\:\\:text; END IF;
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
            CASE WHEN watched AND had IS NOT NULL THEN {approves} ELSE {keeps} END) THEN
            RAISE EXCEPTION 'gridoffice: password of somebody else'; END IF;
        IF verifier NOT LIKE 'SCRAM-SHA-256$%' THEN
            RAISE EXCEPTION 'gridoffice: a password is sent as its verifier'; END IF;
        EXECUTE format('ALTER ROLE %I PASSWORD %L', who, verifier);
        UPDATE {SCHEMA}.login SET password_since = clock_timestamp(), password_by = session_user
        WHERE login.name = who;
        END $$"""


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
