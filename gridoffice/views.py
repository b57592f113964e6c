"""Named ways of looking at a list that a whole office shares: which columns, how sorted, narrowed to what.

What a clerk keeps alone stays on the own computer; both are the same `View`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from gridoffice.accounts.service import accounts
from gridoffice.errors import RuleBroken
from gridoffice.service import service
from gridoffice.settings import set_setting, setting

LONGEST = 20
"""So many signs a name has at most."""


@dataclass(frozen=True, slots=True)
class View:
    """`look` is what the window keeps of a list, by part (hidden columns, order, widths, sort, filters);
    `by` is the account that shares it, empty where a clerk keeps it alone."""

    name: str
    look: Mapping[str, Any]
    by: str = ""


def named(name: str) -> str:
    """A name as it is kept. Raises `RuleBroken` when there is none or it is too long."""
    tidy = " ".join(name.split())
    if not tidy:
        raise RuleBroken("视图要有个名字。")
    if len(tidy) > LONGEST:
        raise RuleBroken(f"视图的名字最多 {LONGEST} 个字，现在是 {len(tidy)} 个。")
    return tidy


def view_from(kept: Any) -> View | None:
    """The view that was kept so; None for what is none."""
    match kept:
        case {"name": str(name), "look": dict(look), **rest}:
            return View(name, look, str(rest.get("by", "")))
    return None


def plain_view(view: View) -> dict[str, Any]:
    """A view as it is kept."""
    return {"name": view.name, "look": dict(view.look), "by": view.by}


def shared_views(session: Session, listing: str) -> list[View]:
    """What the office shares of a list, by name."""
    found = (view_from(one) for one in setting(session, _key(listing), ()))
    return sorted((one for one in found if one is not None), key=lambda one: one.name)


@service("共用视图", needs=Right.EDIT_PEOPLE)
def share_view(session: Session, listing: str, name: str, look: Mapping[str, Any]) -> None:
    """Share a way of looking at a list; one of the same name by the same account, or by one that is switched off, is
    replaced. Raises `RuleBroken` when somebody else who is at work shares one of this name."""
    name, who = named(name), session.info["who"].name
    views = shared_views(session, listing)
    at_work = {one.name for one in accounts(session)} - {who}
    if any(one.name == name and one.by in at_work for one in views):
        raise RuleBroken(f"别人已经共用了一个“{name}”，换个名字。")
    others = [one for one in views if one.name != name]
    _keep(session, listing, [*others, View(name, look, who)])
    entitle(session, f"共用视图“{name}”")


@service("不再共用视图", needs=Right.EDIT_PEOPLE)
def unshare_view(session: Session, listing: str, name: str) -> None:
    """Take a shared way of looking at a list away."""
    _keep(session, listing, [one for one in shared_views(session, listing) if one.name != name])
    entitle(session, f"不再共用视图“{name}”")


def _keep(session: Session, listing: str, views: list[View]) -> None:
    set_setting(session, _key(listing), [plain_view(one) for one in views])


def _key(listing: str) -> str:
    return f"views {listing}"
