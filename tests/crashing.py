"""A private PostgreSQL whose disk is to be trusted, that is killed and started again while programs use it.

Unlike the cluster of the other tests (`tests.postgresql`) it commits as an office's server does: what was
answered is in the log on disk.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.postgresql import (
    LINUX,
    OWNER,
    PATIENCE,
    PREFIX,
    Server,
    as_root,
    call,
    free_port,
    guarded,
    programs,
    sweep,
    wait_for,
)

SETTINGS: Mapping[str, object] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": 120,
    "shared_buffers": "128MB",
    "timezone": "Asia/Shanghai",
}


class Mortal:
    """A cluster that can be killed at any moment, as a power cut would, and started again."""

    def __init__(self, server: Server, folder: Path):
        self.server, self._folder = server, folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers; a killed one first takes up what its log says."""
        log = self._folder / "server.log"
        deadline = time.monotonic() + PATIENCE
        while True:
            with log.open("ab") as output:
                process = subprocess.Popen(
                    guarded([self.server.programs / "postgres", "-D", self._folder / "data"]),
                    cwd=self._folder,
                    stdout=output,
                    stderr=output,
                )
            try:
                wait_for(self.server, process, log)
            except RuntimeError:
                # processes of the killed one may still be leaving
                if time.monotonic() > deadline:
                    raise
                process.wait()
                time.sleep(0.2)
                continue
            self._process = process
            return

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it in the middle of whatever it does."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait()


@contextmanager
def mortal() -> Iterator[Mortal]:
    """A cluster of its own, started; stopped and removed on the way out."""
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    cluster = Mortal(Server(free_port(), programs()), folder)
    try:
        if as_root():
            shutil.chown(folder, "postgres", "postgres")
        words = [cluster.server.programs / "initdb", "-D", folder / "data", "-U", OWNER, "--auth=trust"]
        locale = ["--lc-collate=C", "--lc-ctype=C.UTF-8" if LINUX else "--lc-ctype=C"]
        call(folder, [*words, "--encoding=UTF8", *locale])
        settings = {**SETTINGS, "port": cluster.server.port}
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        cluster.start()
        yield cluster
    finally:
        with suppress(ProcessLookupError):
            cluster.kill(signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)
