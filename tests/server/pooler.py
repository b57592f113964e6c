"""PgBouncer before a cluster, as an office would have it: each account by its own login and password."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests import postgresql

ASKING = "pooler"
"""The login that asks the server for the verifiers of the others."""

ASKED = (
    "DROP SCHEMA IF EXISTS pgbouncer CASCADE",
    f"DO $$ BEGIN CREATE ROLE {ASKING} LOGIN; EXCEPTION WHEN duplicate_object THEN END $$",
    f"GRANT CONNECT ON DATABASE {postgresql.SIGNED} TO {ASKING}",
    "CREATE SCHEMA pgbouncer",
    """CREATE FUNCTION pgbouncer.get_auth(asked text) RETURNS TABLE (name text, password text)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT rolname::text, CASE WHEN rolvaliduntil < now() THEN NULL ELSE rolpassword END
    FROM pg_authid WHERE rolname = asked AND rolcanlogin AND NOT rolsuper $$""",
    "REVOKE ALL ON FUNCTION pgbouncer.get_auth(text) FROM PUBLIC",
    f"GRANT USAGE ON SCHEMA pgbouncer TO {ASKING}",
    f"GRANT EXECUTE ON FUNCTION pgbouncer.get_auth(text) TO {ASKING}",
)
"""What the help for who looks after the server has him say, in the office's database."""

MISSING = "PgBouncer is not installed: run `python3 dev.py setup`, or install the package pgbouncer."


@contextmanager
def pooled(cluster: postgresql.Server, mode: str, at_once: int) -> Iterator[int]:
    """Answers the port it listens on; `mode` is `transaction` or `session`, `at_once` how many connections to
    the server each account has."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin")
    if program is None:
        raise RuntimeError(MISSING)
    with cluster.connect(postgresql.SIGNED) as owner:
        for statement in ASKED:
            owner.execute(statement.encode())
    port = postgresql.free_port()
    folder = Path(tempfile.mkdtemp(prefix="gridoffice-pgbouncer-"))
    try:
        (folder / "users.txt").write_text(f'"{ASKING}" ""\n')
        (folder / "pgbouncer.ini").write_text(
            f"""[databases]
* = host=127.0.0.1 port={cluster.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users.txt
auth_user = {ASKING}
auth_query = SELECT name, password FROM pgbouncer.get_auth($1)
client_tls_sslmode = require
client_tls_key_file = {folder}/server.key
client_tls_cert_file = {folder}/server.crt
pool_mode = {mode}
default_pool_size = {at_once}
"""
        )
        certificate = [
            "openssl",
            "req",
            "-new",
            "-x509",
            "-nodes",
            "-newkey",
            "rsa:2048",
            "-subj",
            "/CN=localhost",
        ]
        files = ["-keyout", str(folder / "server.key"), "-out", str(folder / "server.crt")]
        subprocess.run([*certificate, *files], check=True, capture_output=True)
        if postgresql.as_root():
            for one in (folder, *folder.iterdir()):
                shutil.chown(one, "postgres", "postgres")
        log = folder / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                postgresql.guarded([program, str(folder / "pgbouncer.ini")]),
                cwd=folder,
                stdout=output,
                stderr=output,
            )
        try:
            _wait(process, port, log)
            yield port
        finally:
            process.kill()
            process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + postgresql.PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"PgBouncer did not start:\n{log.read_text(errors='replace')}")
