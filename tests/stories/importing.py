"""Imports a prepared roster again and again, each time in a process of its own that a test may kill.

`python importing.py INCOMING` reads the pickled roster once and then, for every line `ADDRESS` on
stdin, forks a child that imports it there. The child says where it stands, a line each, beginning
with its process number; the last line is `ended` and how.
"""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

from db import inserting
from gridoffice.intake import Incoming, Options
from gridoffice.ledgers import ledger_called
from gridoffice.office import Office
from gridoffice.progress import Step, watched


def say(*words: object) -> None:
    # one write, so that a kill never leaves half a line
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def import_there(address: str, come: Incoming) -> None:
    me = os.getpid()

    def watch(step: Step) -> bool:
        say(me, "inside" if step.doing == "写入资料库" else "before", step.doing)
        return True

    def statement(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        if sql.startswith("INSERT INTO "):
            say(me, "inside", sql.split()[2].strip('"'))

    def copy(connection: Any, table: Any, rows: Any) -> None:
        say(me, "inside", table.name)
        copied(connection, table, rows)

    # what goes to PostgreSQL by COPY is no statement that an engine tells of
    copied, inserting._copy = inserting._copy, copy  # pyright: ignore[reportPrivateUsage]
    say(me, "before", "start")
    office = Office.open(address)
    event.listen(office.store.engine, "before_cursor_execute", statement)
    event.listen(office.store.engine, "commit", lambda _: say(me, "inside", "commit"))
    with watched(watch):
        office.write(ledger_called(come.ledger).service, come, Options())
    say(me, "after", "committed")
    office.close()


def main() -> None:
    come = pickle.loads(Path(sys.argv[1]).read_bytes())
    say("0 ready")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            import_there(line.strip(), come)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        say(child, "ended", os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
