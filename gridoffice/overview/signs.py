"""网格公示牌: what hangs in public of a grid, and the phones of the office that stand on it.

A sign shows names, posts and phones of the office. ID numbers, addresses and anybody's own phone never
come near it: they are not even read, and a number somebody recorded as his own is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from db.tables import Person, Post
from gridoffice.documents.model import PublicSign
from gridoffice.errors import NotFound, Problem, RuleBroken, has_error
from gridoffice.fields import Field, Kind
from gridoffice.grids.history import Tree, tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.pack import Pack
from gridoffice.grids.rules import path_ids
from gridoffice.grids.service import serving
from gridoffice.listing import chunked
from gridoffice.service import service
from gridoffice.settings import ORGANISATION, SIGN_PHONES, set_setting, setting
from gridoffice.values import parse, show

OFFICE, SUPERVISION = "办公电话", "监督电话"
MOST = 300
"""Signs in one file: a whole street."""
DUTIES = 8
_HOTLINE = re.compile(r"1\d{2}|1\d{4}|9\d{4}")
"""110, 12345, 96110: short, and nobody's own."""


@dataclass(frozen=True, slots=True)
class SignPhones:
    """The phones on the sign of a grid; None is not written down. `place_id` is where its office phone
    is kept: its community, or the grid itself where there is none."""

    place_id: int
    place: str
    office: str | None
    supervision: str | None

    @property
    def missing(self) -> tuple[str, ...]:
        said = ((OFFICE, self.office), (SUPERVISION, self.supervision))
        return tuple(words for words, number in said if not number)


def sign_phones(session: Session, grid_id: int, day: date | None = None) -> SignPhones:
    """The office phone nearest above a grid, and the one for complaints. Raises `NotFound`."""
    pack, tree = office_pack(session), tree_on(session, day)
    line = _line(session, tree, grid_id)
    return _phones(session, pack, line)


def _line(session: Session, tree: Tree, grid_id: int) -> list[tuple[int, str, str]]:
    """A grid and all above it on a day, from the top: number, name, kind. Raises `NotFound`."""
    try:
        ids = path_ids(tree.path(path_of(session, grid_id)))
    except LookupError:
        raise NotFound("这个网格已不在了。") from None
    query = select(tree.c.id, tree.c.name, tree.c.kind).where(tree.c.id.in_(ids))
    found = {number: (number, name, kind) for number, name, kind in session.execute(query)}
    return [found[number] for number in ids if number in found]


def _phones(session: Session, pack: Pack, line: Sequence[tuple[int, str, str]]) -> SignPhones:
    kept = setting(session, SIGN_PHONES, {})
    units = {kind.key for kind in pack.kinds if kind.unit}
    place = next((one for one in reversed(line) if one[2] in units), line[-1])
    offices = kept.get("office", {})
    office = next((offices[str(one[0])] for one in reversed(line) if str(one[0]) in offices), None)
    return SignPhones(place[0], place[1], office, kept.get("supervision"))


@service("登记公示电话", needs=Right.EDIT_GRIDS)
def save_sign_phones(
    session: Session, grid_id: int, office: str | None, supervision: str | None
) -> SignPhones:
    """Keep the phones for the signs of a grid's community (office) and of all (supervision); None leaves
    one as it is. Raises `RuleBroken` when one is no phone, or is somebody's own in the roster."""
    now = sign_phones(session, grid_id)
    kept = setting(session, SIGN_PHONES, {})
    said: dict[str, object] = {**kept}
    if office is not None:
        number = _public(session, OFFICE, office)
        said["office"] = {**kept.get("office", {}), str(now.place_id): number}
    if supervision is not None:
        said["supervision"] = _public(session, SUPERVISION, supervision)
    if said != kept:
        set_setting(session, SIGN_PHONES, said)
        entitle(session, f"登记“{now.place}”的公示电话")
    return sign_phones(session, grid_id)


def _public(session: Session, words: str, said: str) -> str:
    """A phone as it is kept. Raises `RuleBroken` when it cannot be one, or is a private one."""
    if _HOTLINE.fullmatch(said.strip()):
        return said.strip()
    number, problems = parse(Field(words, Kind.PHONE, required=True), said.strip() or None)
    if has_error(problems) or not isinstance(number, str):
        message = problems[0].message if problems else f"没写{words}。"
        raise RuleBroken(message, (Problem(message, field=words, value=said),))
    own = [
        condition
        for one in number.split()
        for condition in (Person.phone == one, Person.phone.like(f"{one} %"), Person.phone.like(f"% {one}"))
    ]
    owner = session.scalar(select(Person.name).where(or_(*own)).limit(1))
    if owner is not None:
        message = f"这是“{owner}”自己的电话，公示牌上写单位的{words}。"
        raise RuleBroken(message, (Problem(message, field=words, value=said),))
    return number


def signs(session: Session, scope: int | None, day: date | None = None) -> list[PublicSign]:
    """The sign of a grid; of a place with grids below it, the signs of all that somebody serves in.

    Raises `RuleBroken` when nobody serves there, when a phone is still to be written down, and for more
    than a street at once.
    """
    if scope is None:
        raise RuleBroken("没说印哪个网格的公示牌。")
    pack, tree = office_pack(session), tree_on(session, day)
    line = _line(session, tree, scope)
    wanted = _signed(session, pack, tree, scope, line[-1][2])
    people = _people(session, pack, wanted, tree.day)
    wanted = [number for number in wanted if people.get(number)]
    name = line[-1][1]
    if not wanted:
        raise RuleBroken(f"“{name}”还没有人，配了人再印公示牌。")
    if len(wanted) > MOST:
        raise RuleBroken(f"“{name}”有 {len(wanted)} 个网格，一次最多印 {MOST} 块，选小一点的范围。")
    organisation = setting(session, ORGANISATION, "")
    return [_sign(session, pack, tree, number, people[number], organisation) for number in wanted]


def _signed(session: Session, pack: Pack, tree: Tree, scope: int, kind: str) -> list[int]:
    """A grid alone; of what is not counted as one, the grids below it that must be staffed."""
    if kind in pack.counted():
        return [scope]
    staffed = [one.key for one in pack.kinds if one.staffed]
    inside = tree.within(tree.c.path, path_of(session, scope))
    query = select(tree.c.id).where(tree.standing(), inside, tree.c.kind.in_(staffed))
    return list(session.scalars(query.order_by(tree.c.path))) or [scope]


def _people(
    session: Session, pack: Pack, grids: Sequence[int], day: date
) -> dict[int, list[tuple[str, str]]]:
    """Name and post of everybody who serves in some grids, in the order of the pack's posts."""
    order = {post.label: place for place, post in enumerate(pack.posts)}
    found: dict[int, list[tuple[str, str]]] = {}
    for chunk in chunked(grids):
        query = select(Post.grid_id, Person.name, Post.title).join(Person, Person.id == Post.person_id)
        query = query.where(Post.grid_id.in_(chunk), serving(day)).order_by(Post.id)
        for grid_id, name, title in session.execute(query):
            found.setdefault(grid_id, []).append((name, title))
    for people in found.values():
        people.sort(key=lambda one: order.get(one[1], len(order)))
    return found


def _sign(
    session: Session, pack: Pack, tree: Tree, grid_id: int, people: list[tuple[str, str]], organisation: str
) -> PublicSign:
    line = _line(session, tree, grid_id)
    phones = _phones(session, pack, line)
    if phones.missing:
        raise RuleBroken(f"还没有登记“{phones.place}”的{'和'.join(phones.missing)}，公示牌上要印。")
    facts = session.execute(
        select(tree.c.extent, tree.c.households, tree.c.merchants).where(tree.c.id == grid_id)
    ).one()
    counts = [
        f"{show(Field('', Kind.INTEGER), count)} {unit}"
        for count, unit in ((facts.households, "户"), (facts.merchants, "家商户"))
        if count
    ]
    extent = tuple(part.strip() for part in (facts.extent or "").splitlines() if part.strip())
    scope = (*extent, "，".join(counts)) if counts else extent
    above = [name for _, name, _ in line[:-1]]
    return PublicSign(
        title="网格公示牌",
        name=line[-1][1],
        place="　".join(above[-3:]),
        scope=scope,
        people=tuple(people),
        duties=_duties(pack, [title for _, title in people]),
        phones=((OFFICE, phones.office or ""), (SUPERVISION, phones.supervision or "")),
        organisation=organisation,
        made=f"{tree.day.year}年{tree.day.month}月制",
    )


def _duties(pack: Pack, titles: Sequence[str]) -> tuple[str, ...]:
    """What those who serve here answer for, each thing said once, in one sentence; where the pack has
    none, its list of services."""
    found = dict.fromkeys(duty for title in dict.fromkeys(titles) for duty in pack.duties_of(title))
    if not found:
        found = dict.fromkeys(item for one in pack.services for item in one.items)
    said = [one for one in found if not any(one != other and one in other for other in found)]
    return (f"{'；'.join(said[:DUTIES])}。",) if said else ()
