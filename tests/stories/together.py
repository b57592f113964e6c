"""Several clerks on one shared office for a while, its server killed in the middle: played and looked at
afterwards, by the story test for seconds and by the bench for minutes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, text

from db import backup, migrate, server
from db.enums import Role
from db.session import Store
from gridoffice import safekeeping
from gridoffice.accounts.keeping import add_account
from gridoffice.accounts.rules import RIGHTS
from gridoffice.assessment.month import month_record, scheme_of, sheet_rows, values_reader
from gridoffice.office import Office
from gridoffice.workers.service import worker_row
from tests.crashing import Mortal
from tests.offices import PERIOD

ROOT = Path(__file__).parents[2]


SETTLED = 2.0
"""Seconds after which a server that was started again is as fast as before."""


@dataclass(slots=True)
class Day:
    """What came of it. `faults` are the sentences nobody may ever read here: a lost or doubled write, a
    broken journal, an error shown to a clerk."""

    faults: list[str] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)
    """Seconds that each save by hand took, those that waited for the killed server left out."""
    waited: list[float] = field(default_factory=list)
    """Those that waited for it."""
    lags: list[float] = field(default_factory=list)
    """Seconds until another clerk heard of a line."""
    lines: int = 0
    conflicts: int = 0
    busy: int = 0
    away: list[tuple[float, float]] = field(default_factory=list)
    """From when to when the server was away."""

    def apart(self, begun: float, ended: float) -> bool:
        """Whether the server was away, or just back, in the meantime."""
        return any(begun <= back + SETTLED and ended >= gone for gone, back in self.away)


def shared_office(cluster: Mortal, file: Path, kinds: Sequence[str] = ()) -> str:
    """A local office as a shared one whose server enforces, on a cluster of its own, with an account for each
    clerk; answers its address."""
    address = cluster.server.create("office")
    store = Store(address)
    migrate.upgrade(store.engine)
    backup.restore(file, store)
    office = Office.open(address)
    for place, kind in enumerate(kinds):
        role = Role.REVIEWER if "s" in kind else Role.CLERK
        office.write(add_account, _name(place), f"{place + 1} 号", role)
    office.close()
    with store.engine.begin() as connection:
        server.enforce(connection, RIGHTS)
    store.close()
    cluster.server.execute("VACUUM ANALYZE")
    return address


def _name(place: int) -> str:
    return f"clerk{place}"


def play(
    cluster: Mortal, address: str, kinds: Sequence[str], seconds: float, pause: float, kills: Sequence[float]
) -> Day:
    """Let clerks work, each at what its word of `kinds` says, and kill the server after so many seconds
    each time."""
    office = Office.open(address)
    before = _head(office)
    office.close()
    clerks = [_clerk(address, place, len(kinds), kind, seconds, pause) for place, kind in enumerate(kinds)]
    day = Day()
    try:
        for clerk in clerks:
            assert clerk.stdout is not None
            said = clerk.stdout.readline()
            if said.strip() != "ready":
                raise RuntimeError(f"a clerk did not begin: {clerk.communicate()[1]}")
        for clerk in clerks:
            assert clerk.stdin is not None
            clerk.stdin.write("go\n")
            clerk.stdin.flush()
        begun = time.monotonic()
        for at in kills:
            time.sleep(max(0.0, begun + at - time.monotonic()))
            gone = time.time()
            cluster.kill()
            time.sleep(1.5)
            cluster.start()
            day.away.append((gone, time.time()))
        told = [clerk.communicate(timeout=seconds + 180) for clerk in clerks]
    finally:
        for clerk in clerks:
            clerk.kill()
            clerk.wait()
    office = Office.open(address)
    found = []
    for place, (said, wrong) in enumerate(told):
        if clerks[place].returncode:
            day.faults.append(f"clerk {place} ended: {wrong[-2000:]}")
        else:
            found.append(json.loads(said.splitlines()[-1]))
    _judge(office, before, found, day)
    office.close()
    return day


def _clerk(
    address: str, place: int, of: int, kinds: str, seconds: float, pause: float
) -> subprocess.Popen[str]:
    own = make_url(address).set(username=_name(place)).render_as_string(hide_password=False)
    words = [own, str(place), str(of), kinds, str(seconds), str(pause)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.stories.together_client", *words],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _head(office: Office) -> int:
    return office.read(lambda session: session.execute(text("SELECT count FROM journal_head")).scalar_one())


def _judge(office: Office, before: int, found: list[dict[str, Any]], day: Day) -> None:
    # the journal: every answered line is there once, and no other
    answered = Counter(line for one in found for line in one["lines"])
    there = set(range(before + 1, _head(office) + 1))
    day.lines = len(there)
    for line in answered.keys() - there:
        day.faults.append(f"line {line} was answered and is gone")
    for line in there - answered.keys():
        day.faults.append(f"line {line} stands, and nobody was told")
    day.faults += [f"line {line} was answered twice" for line, times in answered.items() if times > 1]
    day.faults += [f"journal: {one}" for one in safekeeping.verify(office).findings]
    # the records
    counted: Counter[int] = Counter()
    for one in found:
        counted.update({int(post): times for post, times in one["counted"].items()})
    for post, times in counted.items():
        note = office.read(worker_row, post).note
        if note != str(times):
            day.faults.append(f"post {post} was counted up {times} times and stands at {note}")
    day.faults += _cells(office, {cell: value for one in found for cell, value in one["values"].items()})
    phones = {number: phone for one in found for number, phone in one["phones"].items()}
    stands = dict(
        office.read(lambda session: session.execute(text("SELECT id_number, phone FROM person")).all())
    )
    for number, phone in phones.items():
        if stands.get(number) != phone:
            day.faults.append(f"{number} was imported with {phone} and stands with {stands.get(number)}")
    # what the clerks saw
    for place, one in enumerate(found):
        day.faults += [f"clerk {place}: {trouble}" for trouble in one["troubles"]]
        day.conflicts += one["conflicts"]
        day.busy += one["busy"]
        for begun, took in one["saves"]:
            (day.waited if day.apart(begun, begun + took) else day.saves).append(took)
        if day.away and not one["found"]:
            day.faults.append(f"clerk {place} did not find the server again by itself")
    written = dict(
        office.read(
            lambda session: session.execute(
                text("SELECT id, at FROM action WHERE id > :before"), {"before": before}
            ).all()
        )
    )
    for place, one in enumerate(found):
        heard = {int(line): at for line, at in one["heard"].items()}
        until = one["listened_until"] - 2  # two seconds are what a line may take to be heard of
        missed = [
            line
            for line in there - heard.keys()
            if line > one["caught_up"] and _seconds(written[line]) < until
        ]
        if missed:
            day.faults.append(f"clerk {place} never heard of {len(missed)} of {len(there)} lines")
        for line, at in heard.items():
            if line in written and not day.apart(_seconds(written[line]), at):
                day.lags.append(at - _seconds(written[line]))


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()


def _cells(office: Office, wanted: dict[str, int]) -> list[str]:
    def stands(session: Any) -> dict[str, Any]:
        month = month_record(session, PERIOD)
        read = values_reader(scheme_of(session, month))
        return {
            f"{sheet['id']} {key}": value
            for sheet in sheet_rows(session, month.id)
            for key, value in read(sheet).items()
        }

    found = office.read(stands)
    return [
        f"cell {cell} was set to {value} and stands at {found.get(cell)}"
        for cell, value in wanted.items()
        if found.get(cell) is None or int(found[cell]) != value
    ]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of them lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
