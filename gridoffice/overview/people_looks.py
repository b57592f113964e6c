"""People: contracts that run out, several posts, no ID number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from db.tables import Person, Post
from gridoffice.errors import Severity
from gridoffice.grids.norms import both_hands
from gridoffice.grids.service import serving
from gridoffice.overview.topics import Asked, Sighting, Topic

NOTICE_DAYS = 60
"""How long before its end a contract is spoken of."""


def contracts(asked: Asked) -> Iterator[Sighting]:
    soon = Post.contract_end <= asked.day + timedelta(days=NOTICE_DAYS)
    for post_id, grid_id, person_id, name, end in asked.posts(soon):
        left = (end - asked.day).days
        if left < 0:
            severity, message = Severity.ERROR, f"{name}的合同 {end} 已到期 {-left} 天。"
        else:
            rest = f"还有 {left} 天" if left else "就是今天"
            severity, message = Severity.WARNING, f"{name}的合同{end.month}月{end.day}日到期，{rest}。"
        yield Sighting(
            Topic.CONTRACT, severity, message, grid_id, name, person_id, post_id, "续签，或移到离岗"
        )


def several_posts(asked: Asked) -> Iterator[Sighting]:
    """People with more than one post on the day, wherever the others are; each is named once. Whoever
    manages and supervises at once is named for that, where the pack keeps the two apart."""
    several = select(Post.person_id).where(serving(asked.day)).group_by(Post.person_id)
    several = several.having(func.count() > 1)
    titles: dict[int, list[str]] = defaultdict(list)
    query = select(Post.person_id, Post.title).where(serving(asked.day), Post.person_id.in_(several))
    for person_id, title in asked.session.execute(query):
        titles[person_id].append(title)
    if not titles:
        return
    seen: set[int] = set()
    for post_id, grid_id, person_id, name, _ in asked.posts(Post.person_id.in_(several)):
        if person_id in seen:
            continue
        seen.add(person_id)
        if asked.pack.options.separate and both_hands(asked.pack, titles[person_id]):
            topic, severity = Topic.BOTH_HANDS, Severity.WARNING
            message, fix = f"{name}又管理又监督，两者应分开。", "换一个人监督"
        else:
            topic, severity = Topic.SEVERAL_POSTS, Severity.NOTE
            message, fix = (
                f"{name}同时在 {len(titles[person_id])} 个岗位，看看是不是兼任。",
                "记为兼任，或移到离岗",
            )
        yield Sighting(topic, severity, message, grid_id, name, person_id, post_id, fix)


def no_number(asked: Asked) -> Iterator[Sighting]:
    for post_id, grid_id, person_id, name, _ in asked.posts(Person.id_number.is_(None)):
        message = f"{name}没有身份证号，同名时认不准人。"
        yield Sighting(
            Topic.NO_NUMBER, Severity.NOTE, message, grid_id, name, person_id, post_id, "补填身份证号"
        )
