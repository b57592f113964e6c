"""From a finding about the party to where it is put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gridoffice.overview.topics import Topic

if TYPE_CHECKING:
    from ui.main_window import MainWindow

FOR_PARTY = frozenset({Topic.PARTY, Topic.SUPERVISED, Topic.BRANCH, Topic.PROBATION})


def to_party(desk: MainWindow, topic: Topic, grid_id: int, person: str | None = None) -> None:
    """Go where a grid gets its organisation or its member, a branch more members, somebody is confirmed."""
    if topic is Topic.PARTY:
        desk.go("redline", establish=grid_id)
    elif topic is Topic.SUPERVISED:
        desk.go("redline", enter=grid_id)
    elif topic is Topic.BRANCH:
        desk.scope.choose(grid_id)
        desk.go("party-orgs")
    else:
        desk.go("party-members", probation=True, search=person or "")
