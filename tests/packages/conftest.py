"""A street office and one of its communities, each with keys, that know each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gridoffice.establish import establish
from gridoffice.office import Office
from gridoffice.packages import keys
from gridoffice.packages.partners import add_partner, partner_called
from gridoffice.packages.preparing import Sending
from gridoffice.packages.receiving import Arrived, Taken, receive, take_in
from gridoffice.packages.sending import Sent, send
from tests.offices import grid_id

PASSWORD = "青禾2026上报"
STREET, COMMUNITY = "青禾街道办事处", "梧桐社区"


@dataclass
class Two:
    """Both offices, and short ways between them."""

    street: Office
    community: Office
    folder: Path
    written: int = 0

    def down(self, **wish: object) -> Path:
        return self._send(self.street, COMMUNITY, wish).file

    def up(self, **wish: object) -> Path:
        return self._send(self.community, STREET, wish).file

    def _send(self, office: Office, to: str, wish: dict[str, object]) -> Sent:
        self.written += 1
        whom = office.read(partner_called, to).id
        return send(office, Sending(whom, **wish), PASSWORD, self.folder / f"{self.written}.gridpack")  # type: ignore[arg-type]

    def take(self, office: Office, file: Path, good_rows_only: bool = False) -> tuple[Arrived, list[Taken]]:
        arrived = receive(office, file, PASSWORD)
        return arrived, list(take_in(office, arrived, good_rows_only))


def introduce(one: Office, other: Office, grid: int | None = None) -> None:
    """`one` takes the card of `other`, its fingerprint compared."""
    one.write(add_partner, other.read(keys.own_card), True, grid)


@pytest.fixture
def two(small_office: Office, tmp_path: Path, office_at: Callable[..., Office]) -> Iterator[Two]:
    file = tmp_path / "社区.db"
    establish(file, name=COMMUNITY, organisation=COMMUNITY).close()
    community = office_at(str(file))
    for office in (small_office, community):
        office.write(keys.make_keys, PASSWORD)
    introduce(small_office, community, grid_id(small_office, "519921001001"))
    introduce(community, small_office)
    yield Two(small_office, community, tmp_path)
