"""What a pack says in words: duties by post, service lists, who supervises whom, the bodies beside the
tree. One list for screen, paper and workbook."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy.orm import Session

from gridoffice.fields import Field, columns
from gridoffice.grids.listing import office_pack
from gridoffice.grids.pack import Pack
from gridoffice.listing import Ask, Listing


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One line: what kind of rule it is, whom or which level it is about, what it says."""

    id: int
    section: Annotated[str, Field("类别", width=12, computed=True)]
    whose: Annotated[str, Field("岗位、层级", width=18, computed=True)]
    text: Annotated[str, Field("内容", width=50, computed=True)]


def duties(pack: Pack) -> list[DutyRow]:
    """All that a pack says in words, in the order in which it is printed."""
    return [DutyRow(number, *line) for number, line in enumerate(_lines(pack))]


def _lines(pack: Pack) -> Iterator[tuple[str, str, str]]:
    labels = {kind.key: kind.label for kind in pack.kinds}
    if pack.lead:
        yield "牵头单位", "", pack.lead
    for post in pack.posts:
        for duty in pack.duties_of(post.label):
            yield "岗位职责", post.label, duty
    for kind in pack.kinds:
        for rule in kind.team:
            most = "" if rule.most is None else f"，至多 {rule.most} 名"
            yield "队伍构成", kind.label, f"{'或'.join(rule.posts) or '团队'}至少 {rule.least} 名{most}"
    for listed in pack.services:
        for item in listed.items:
            yield f"服务清单（{listed.mode.label}）", labels.get(listed.level or "", listed.label), item
    for tier in pack.party:
        if tier.organisation:
            yield "党组织", labels[tier.kind], tier.organisation
        if tier.supervisor:
            yield "一根红线", labels[tier.kind], f"由{tier.supervisor}监督"
    for body in pack.bodies:
        said = "，".join(part for part in (body.label, body.note) if part)
        yield body.group or "队伍和机构", labels[body.at], said


def _ids(session: Session, ask: Ask) -> array[int]:
    return array("q", range(len(duties(office_pack(session)))))


def _rows(session: Session, wanted: Sequence[int]) -> list[DutyRow]:
    found = duties(office_pack(session))
    return [found[number] for number in wanted]


def _choices(session: Session, ask: Ask, column: str) -> list[tuple[Any, str, int]]:
    return []


DUTIES = Listing("duties", "岗位职责和服务清单", "条", columns(DutyRow), _ids, _rows, _choices)
