"""The server's own log, for the one function of ours that reads it."""

from __future__ import annotations

from collections.abc import Iterator

from db.server.names import Names, literal, quoted
from db.server.roles import SCHEMA
from db.server.watching import PORTION


def log_reader(names: Names) -> Iterator[str]:
    """Reading the server's own log: said as a superuser, who alone can give it to somebody. The reader sees
    nothing else of the server, and gives what it reads to the owner's functions only."""
    reader = quoted(names.of("reader_of_log"))
    yield (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {literal(names.of('reader_of_log'))}) "
        f"THEN CREATE ROLE {reader} NOLOGIN; END IF; END $$"
    )
    yield f"GRANT pg_read_all_settings TO {reader}"
    yield f"GRANT pg_read_all_stats TO {quoted(names.owner)}"
    for one in (
        "pg_current_logfile(text)",
        "pg_ls_logdir()",
        "pg_read_binary_file(text, bigint, bigint, boolean)",
    ):
        yield f"GRANT EXECUTE ON FUNCTION {one} TO {reader}"
    function = f"{SCHEMA}.log_portion(text, bigint, timestamptz)"
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.log_portion(read text, up_to bigint, since timestamptz,
            OUT file text, OUT at bigint, OUT bytes bytea, OUT latest boolean) LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp AS $$
        -- what follows in the log after `up_to` of the file that was read last, or in the next file
        DECLARE current text := pg_current_logfile('csvlog'); folder text; here record; BEGIN
        IF current IS NULL THEN RAISE undefined_file USING MESSAGE = 'no csv log'; END IF;
        folder := regexp_replace(current, '[^/]*$', '');
        SELECT folder || name AS name, size, modification INTO here FROM pg_ls_logdir() WHERE folder || name = read;
        IF FOUND AND here.size > up_to THEN file := read; at := up_to;
        ELSIF FOUND AND here.size < up_to THEN file := read; at := 0;
        ELSIF read IS NULL THEN file := current; at := 0;
        ELSE
            SELECT folder || name INTO file FROM pg_ls_logdir() WHERE name LIKE '%.csv' AND size > 0
                AND (modification, folder || name) > (coalesce(here.modification, since), read)
            ORDER BY modification, name LIMIT 1;
            at := 0;
        END IF;
        latest := file = current;
        IF file IS NOT NULL THEN
            bytes := nullif(pg_read_binary_file(file, at, {PORTION}, true), ''); END IF; END $$""".replace(
        ":", "\\:"
    )
    yield f"ALTER FUNCTION {function} OWNER TO {reader}"
    yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {function} TO {quoted(names.owner)}"
    yield f"GRANT USAGE ON SCHEMA {SCHEMA} TO {reader}"
    # the verifiers of passwords, which a superuser alone can have anybody read
    yield f"GRANT SELECT (rolname, rolpassword) ON pg_authid TO {reader}"
    yield f"""
        CREATE OR REPLACE FUNCTION {SCHEMA}.verifier(who text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp AS $$ SELECT rolpassword FROM pg_authid WHERE rolname = who $$"""
    yield f"ALTER FUNCTION {SCHEMA}.verifier(text) OWNER TO {reader}"
    yield f"REVOKE ALL ON FUNCTION {SCHEMA}.verifier(text) FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {SCHEMA}.verifier(text) TO {quoted(names.doorkeeper)}"
