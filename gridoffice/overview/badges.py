"""工作证: whose badge says what until when, and whether a scanned text is one that this office gave out.

The code on a badge is plain text that any telephone shows, and a mark over it made with a key that only the
office has (HMAC-SHA-256, RFC 2104, its first 80 bits): whoever has the office's database can tell without any
network whether a word of it was changed.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Right
from db.tables import Grid, Person, Post
from gridoffice.documents.model import Badge
from gridoffice.errors import RuleBroken
from gridoffice.grids.history import tree_on
from gridoffice.grids.listing import office_pack, path_of
from gridoffice.grids.naming import names_of
from gridoffice.grids.service import root_id, serving
from gridoffice.listing import chunked
from gridoffice.overview.signs import sign_phones
from gridoffice.people.attachments import photos
from gridoffice.people.lists import today_or
from gridoffice.service import service
from gridoffice.settings import BADGE_KEY, ORGANISATION, set_setting, setting

MOST = 1000
"""Badges in one file."""
HEADLINE = "网格员工作证"
_FIELDS = ("单位", "姓名", "职务", "编号", "有效期至")
_MARK = "验证码"
_SCANNED = re.compile(
    r"\s*".join([*(rf"{words}\s*[：:]\s*(.+?)" for words in _FIELDS), rf"{_MARK}\s*[：:]\s*([A-Z2-7-]+)"]),
    re.DOTALL,
)
"""A scanned text: some programs hand its lines over as one."""


@service("生成工作证密钥", needs=Right.EDIT_PEOPLE, undoable=False)
def make_badge_key(session: Session) -> None:
    """The key that marks this office's badges, once: with another one every badge given out would fail."""
    if setting(session, BADGE_KEY) is None:
        set_setting(session, BADGE_KEY, secrets.token_hex(32))


def has_badge_key(session: Session) -> bool:
    """Whether this office has given out badges, or may at once."""
    return setting(session, BADGE_KEY) is not None


def mark(key: str, said: Sequence[str]) -> str:
    """The mark over the values of a badge: 16 signs, in fours."""
    text = "\n".join(said).encode("utf-8")
    signs = b32encode(hmac.digest(bytes.fromhex(key), text, "sha256")[:10]).decode("ascii")
    return "-".join(signs[at : at + 4] for at in range(0, 16, 4))


def code_text(key: str, said: Sequence[str]) -> str:
    """What stands in the code: a line for each value, and the mark."""
    lines = [f"{words}：{value}" for words, value in zip(_FIELDS, said, strict=True)]
    return "\n".join([HEADLINE, *lines, f"{_MARK}：{mark(key, said)}"])


def valid_until(day: date, *ends: date | None) -> date:
    """The last day of a badge printed on a day: the first of the ends ahead (of post and contract), at the
    latest the end of the next year."""
    ahead = [end for end in ends if end is not None and end >= day]
    return min([*ahead, date(day.year + 1, 12, 31)])


def badge_number(root_code: str, person_id: int) -> str:
    """The number of somebody's badge: the office's code and the person's own number, for good."""
    return f"{root_code}-{person_id:05d}"


def badges(
    session: Session, scope: int | None = None, day: date | None = None, posts: Sequence[int] = ()
) -> list[Badge]:
    """The badges of some posts, else of everybody who serves below a grid, each person once, by the first
    post that is not a concurrent one, in the order of the tree.

    Raises `RuleBroken` where nobody serves, and for too many at once. The key must have been made.
    """
    day = today_or(day)
    tree = tree_on(session, day)
    query = select(
        Post.person_id, Person.name, Post.title, Post.grid_id, Post.grid_path, Post.to_day, Post.contract_end
    ).join(Person, Person.id == Post.person_id)
    query = query.where(serving(day)).order_by(Post.concurrent, Post.id)
    if posts:
        found = [
            line for chunk in chunked(posts) for line in session.execute(query.where(Post.id.in_(chunk)))
        ]
    else:
        inside = tree.within(Post.grid_path, path_of(session, scope)) if scope is not None else None
        found = list(session.execute(query if inside is None else query.where(inside)))
    people = {line[0]: line for line in reversed(found)}
    if not people:
        raise RuleBroken("这里没有人在岗，没有工作证可印。")
    if len(people) > MOST:
        raise RuleBroken(f"这里有 {len(people)} 人，一次最多印 {MOST} 张，选小一点的范围。")
    ordered = sorted(people.values(), key=lambda line: (tree.path(line[4]), line[0]))
    names = names_of(session, office_pack(session), {line[3] for line in ordered}, day)
    root = root_id(session)
    code = session.scalar(select(Grid.code).where(Grid.id == root)) or ""
    phone = sign_phones(session, root).supervision if root is not None else None
    faces = photos(session, [line[0] for line in ordered])
    organisation = setting(session, ORGANISATION, "")
    key = setting(session, BADGE_KEY)
    made = []
    for person_id, name, title, grid_id, _, to_day, contract_end in ordered:
        number, until = badge_number(code, person_id), valid_until(day, to_day, contract_end).isoformat()
        text = code_text(key, (organisation, name, title, number, until))
        made.append(
            Badge(
                name,
                title,
                names[grid_id][0],
                number,
                until,
                organisation,
                text,
                faces.get(person_id),
                phone or "",
            )
        )
    return made


@dataclass(frozen=True, slots=True)
class Checked:
    """What a scanned text is: `genuine` when this office made it and nobody changed it; `words` say the
    outcome in one sentence."""

    genuine: bool
    good: bool
    words: str
    name: str = ""
    title: str = ""
    number: str = ""
    until: str = ""


def is_scanned(text: str) -> bool:
    """Whether a text begins as those on badges do."""
    return text.lstrip().startswith(HEADLINE)


def check_badge(session: Session, text: str, day: date | None = None) -> Checked:
    """Whether a text scanned from a badge is genuine, has not ended, and is of somebody who serves now."""
    day = today_or(day)
    found = _SCANNED.search(text)
    if found is None:
        return Checked(False, False, "这段文字不是工作证上的。把扫到的文字全部粘进来。")
    *values, given = found.groups()
    said = tuple(values)
    shown = dict(zip(("name", "title", "number", "until"), said[1:], strict=True))
    key = setting(session, BADGE_KEY)
    if key is None or not hmac.compare_digest(mark(key, said).encode(), given.encode()):
        return Checked(False, False, "验证码对不上：不是本单位发的，或者内容改过。", **shown)
    _, name, title, number, until = said
    if until < day.isoformat():
        return Checked(True, False, f"是本单位发给{name}的，{until} 已过期。", **shown)
    person_id = int(number.rsplit("-", 1)[-1])
    now = session.scalars(
        select(Post.title).where(Post.person_id == person_id, serving(day)).order_by(Post.concurrent, Post.id)
    ).all()
    if not now:
        return Checked(True, False, f"是本单位发给{name}的，但{name}现在不在岗，证应收回。", **shown)
    if title not in now:
        return Checked(True, True, f"真的，{name}在岗，现在的职务是{now[0]}，证该换了。", **shown)
    return Checked(True, True, f"真的，{name}在岗，有效期至 {until}。", **shown)
