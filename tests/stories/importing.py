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

from sqlalchemy.orm import Session

from db import bulk, journal
from gridoffice.intake import Options
from gridoffice.office import Office
from gridoffice.progress import Step, watched
from gridoffice.workers import ledger


def say(*words: object) -> None:
    # one write, so that a kill never leaves half a line
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def import_there(address: str, come: Any) -> None:
    me = os.getpid()
    store = journal.store

    def telling_insert(session: Session, record: Any, rows: Any) -> None:
        say(me, "inside", record.__tablename__)
        bulk.bulk_insert(session, record, rows)

    def telling_store(session: Session) -> int | None:
        say(me, "inside", "journal")
        found = store(session)
        say(me, "inside", "commit")
        return found

    ledger.bulk_insert = telling_insert
    journal.store = telling_store

    def watch(step: Step) -> bool:
        say(me, "inside" if step.doing == "写入资料库" else "before", step.doing)
        return True

    say(me, "before", "start")
    office = Office.open(address)
    with watched(watch):
        office.write(ledger.import_workers, come, Options())
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
