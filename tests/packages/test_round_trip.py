"""Everything that a lifelike street has of a community goes down, and comes back without a difference."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from db.tables import Grid
from gridoffice.establish import establish
from gridoffice.intake import Outcome
from gridoffice.office import Office
from gridoffice.packages import keys
from gridoffice.packages.partners import partner_called
from gridoffice.packages.preparing import SENT, Sending
from gridoffice.packages.receiving import receive, take_in
from gridoffice.packages.sending import send
from tests.packages.conftest import PASSWORD, introduce


def test_fifteen_ledgers_down_and_up(street_office: Office, tmp_path: Path) -> None:
    establish(tmp_path / "c.db", name="柳荫社区", organisation="柳荫社区居委会").close()
    community = Office.open(tmp_path / "c.db")
    for office in (street_office, community):
        office.write(keys.make_keys, PASSWORD)
    place = street_office.read(lambda session: session.scalar(select(Grid.id).where(Grid.name == "柳荫社区")))
    introduce(street_office, community, place)
    introduce(community, street_office)
    down, up = tmp_path / "下.gridpack", tmp_path / "上.gridpack"
    to = street_office.read(partner_called, "柳荫社区居委会").id
    sent = send(street_office, Sending(to), PASSWORD, down)
    keys_sent = [part.key for part in sent.parts]
    ledgers = [key for key in SENT if key in keys_sent]
    assert len(ledgers) >= 15 and keys_sent == [*ledgers, "tenures"]
    for taken in take_in(community, receive(community, down, PASSWORD)):
        assert not taken.stopped, (taken.title, taken.problems[:3])
        known = (
            Outcome.UNCHANGED if taken.key == "tenures" else Outcome.NEW
        )  # present ones came with the ledgers
        assert taken.seen.counts[Outcome.NEW] + taken.seen.counts[known], taken.title
        assert not taken.seen.counts[Outcome.UPDATED], taken.title
    back = send(community, Sending(community.read(partners_id)), PASSWORD, up)
    # what was told of days past comes back with the seat of the organisation above
    ledgers = [(part.key, part.rows) for part in sent.parts if part.key != "tenures"]
    assert [(part.key, part.rows) for part in back.parts if part.key != "tenures"] == ledgers
    for taken in take_in(street_office, receive(street_office, up, PASSWORD)):
        assert taken.seen.counts[Outcome.UNCHANGED] == taken.seen.total, (taken.title, taken.problems[:3])
    community.close()


def partners_id(session) -> int:
    from gridoffice.packages.partners import partners

    (one,) = partners(session)
    return one.id
