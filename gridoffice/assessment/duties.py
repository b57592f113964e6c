"""Who may do what to a month beside what his rights say: nobody judges himself, a scorer delivers his own
indicators, and where a pack keeps management and supervision apart, who manages a grid does not score it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import MonthState, Right, Target
from db.tables import Account, Grid, Month, Post, Sheet
from gridoffice.accounts.rules import may
from gridoffice.accounts.service import Who, data_scope
from gridoffice.errors import Refused
from gridoffice.grids.listing import office_pack
from gridoffice.grids.pack import Axis
from gridoffice.grids.service import root_id, serving
from gridoffice.listing import chunked
from gridoffice.scoring.columns import column_keys
from gridoffice.scoring.scheme import Scheme

ALONE = "（一人办理）"
"""Added to the journal's words where nobody else could have taken the step."""

JUDGED = {
    MonthState.PUBLIC: (Right.REVIEW_MONTH, "复核"),
    MonthState.APPROVED: (Right.LOCK_MONTH, "审定"),
}
"""The steps that somebody else must take than who submitted the month."""


def refuse_own_step(session: Session, month: Month, to: MonthState) -> str:
    """Raises `Refused` when somebody would review or approve what he submitted himself, though another
    account could. Answers what the journal adds: that there was nobody else."""
    return _refuse_own(session, month, *JUDGED[to]) if to in JUDGED else ""


def refuse_own_answer(session: Session, month: Month) -> str:
    """Raises `Refused` when somebody would answer an appeal against the month that he submitted himself,
    though another account could. Answers what the journal adds: that there was nobody else."""
    return _refuse_own(session, month, Right.REVIEW_MONTH, "答复申诉")


def _refuse_own(session: Session, month: Month, right: Right, word: str) -> str:
    who: Who = session.info["who"]
    if month.submitted_by != who.name:
        return ""
    able = _able(session, right, who)
    if able:
        raise Refused(f"这个月是你提交的，要由别人{word}：{able}。")
    return ALONE


def refuse_without_right(session: Session) -> None:
    """Raises `Refused` when the account at work does not answer appeals, naming who does."""
    who: Who = session.info["who"]
    if not may(who.role, Right.REVIEW_MONTH):
        able = _able(session, Right.REVIEW_MONTH, who)
        raise Refused(
            f"申诉由复核的账号答复：{able}。" if able else "申诉由复核的账号答复，现在还没有这样的账号。"
        )


def _able(session: Session, right: Right, but: Who) -> str:
    """The first of the other accounts that have a right, by their names."""
    others = session.scalars(
        select(Account).where(Account.active, Account.name != but.name).order_by(Account.id)
    )
    return "、".join([one.display for one in others if may(one.role, right)][:5])


def part_seen(session: Session) -> str:
    """The part of those assessed that the account at work sees, empty when it sees all. On one machine whoever
    writes reads everything; a server shows each account its own alone."""
    scope = data_scope(session)
    if scope is None or session.get_bind().dialect.name == "sqlite":
        return ""
    top = session.scalar(select(Grid.path).where(Grid.id == root_id(session)))
    return "" if top is not None and scope.holds(top) else scope.name


def refuse_part(session: Session) -> None:
    """Raises `Refused` for an account that sees only part of those assessed: ranks, quotas and the seal are of
    all of them."""
    part = part_seen(session)
    if part:
        raise Refused(f"这一步要看到全部考核对象，你管“{part}”，由管全办的账号办。")


def _account(session: Session) -> Account | None:
    who: Who | None = session.info.get("who")
    if who is None:
        return None
    return session.scalar(select(Account).where(Account.name == who.name))


def refuse_own_sheets(session: Session, month: Month, sheet_ids: Collection[int]) -> None:
    """Raises `Refused` when the account at work would score itself, or, where the pack keeps management and
    supervision apart, a grid that it manages, somebody in it, or an area that it lies in."""
    account = refuse_oneself(session, month, sheet_ids)
    if account is None or account.person_id is None:
        return
    managed = _managed(session, account.person_id)
    for chunk in chunked(list(sheet_ids)) if managed else ():
        rows = session.execute(
            select(Sheet.name, Sheet.grid_name, Sheet.grid_path).where(Sheet.id.in_(chunk))
        )
        for name, grid, path in rows:
            own_area = month.target is Target.AREA and any(one.startswith(path) for one in managed)
            if path.startswith(managed) or own_area:
                where = "里有你管理的网格" if own_area else "由你管理"
                raise Refused(f"管理和监督分开：“{grid}”{where}，“{name}”的考核要由监督的人办。")


def refuse_oneself(session: Session, month: Month, sheet_ids: Collection[int]) -> Account | None:
    """Raises `Refused` when one of these sheets is that of the account at work, which is answered."""
    account = _account(session)
    if account is not None and account.person_id is not None:
        of_month = select(Sheet.id, Sheet.name).where(Sheet.month_id == month.id)
        own = session.execute(of_month.where(Sheet.person_id == account.person_id)).first()
        if own is not None and own.id in sheet_ids:
            raise Refused(f"“{own.name}”是你本人，自己的考核要由别人办。")
    return account


def _managed(session: Session, person_id: int) -> tuple[str, ...]:
    """The paths of the grids that somebody manages today, where managing excludes supervising."""
    pack = office_pack(session)
    if not pack.options.separate:
        return ()
    managing = [post.label for post in pack.posts if post.axis is Axis.MANAGE]
    query = select(Post.grid_path).where(
        Post.person_id == person_id, Post.title.in_(managing), serving(date.today())
    )
    return tuple(session.scalars(query))


def own_columns(session: Session, scheme: Scheme) -> frozenset[str] | None:
    """The columns that the account at work delivers; None: all of them, nobody bound it to a scorer."""
    account = _account(session)
    return None if account is None or not account.scorer else columns_of(scheme, account.scorer)


def columns_of(scheme: Scheme, scorer: str) -> frozenset[str]:
    """The columns that a scorer delivers."""
    return frozenset(
        key for indicator in scheme.indicators if indicator.scorer == scorer for key in column_keys(indicator)
    )


def refuse_others_columns(session: Session, scheme: Scheme, keys: Collection[str]) -> None:
    """Raises `Refused` when the account at work is a scorer and some of these columns are another's."""
    own = own_columns(session, scheme)
    if own is None or own.issuperset(keys):
        return
    names = [one.name for one in scheme.indicators if not own.issuperset({*keys} & {*column_keys(one)})]
    raise Refused(f"{'、'.join(dict.fromkeys(names))}不由你这里评分。")
