"""Somebody leaves: what hangs on his account goes to another.

Where things go: drafts that are not out, the indicators he delivers, and, where that is wished, the grids he sees;
what he asked for and waits for approval still waits, for others to approve. What he signed (months, opinions, lines
of the journal) stays in his name. Views of lists that he shared stay shared: one of an account that is switched off
may be replaced by anybody (`views.share_view`).
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Reach, Right
from db.journal import entitle
from db.tables import Account, Draft, Grid
from gridoffice.accounts import logins
from gridoffice.accounts.keeping import ask_for, switch_off
from gridoffice.accounts.rights import Rights, rights_of
from gridoffice.accounts.rules import KEEPERS
from gridoffice.accounts.separation import require_keeper
from gridoffice.accounts.service import account_named, scope_of
from gridoffice.errors import Refused
from gridoffice.service import service


def unseen(session: Session, name: str, to: str) -> dict[int, str]:
    """The grids, number and name, that an account looks after with all below and that `to` does not see: empty
    where he sees them, and where what the account sees cannot be added to what he does (the whole office, a unit
    without what is below it, his own person)."""
    goes, heir = scope_of(session, name), scope_of(session, to)
    if goes is None or heir is None or not goes.paths or not (goes.below and heir.below):
        return {}
    lacking = [path for path in goes.paths if not heir.holds(path)]
    query = select(Grid.id, Grid.name).where(Grid.path.in_(lacking)).order_by(Grid.path)
    return {number: grid for number, grid in session.execute(query)}


@service("交接账号", needs=Right.KEEP_ACCOUNTS, undoable=False)
def hand_over(session: Session, name: str, to: str, grids: bool = False) -> str:
    """Somebody leaves: what is open in his name goes to another, and his account is switched off. Open are
    the drafts that did not go out, and the indicators that he delivers; with `grids` the heir sees from then on
    what the other looked after (where a security administrator works he is asked). Answers what was handed over, in
    words. Raises `Refused`."""
    require_keeper(session)
    account, heir = account_named(session, name), account_named(session, to)
    if account.id == heir.id or not heir.active or heir.role in KEEPERS:
        raise Refused("接手的要是另一个在用的业务账号。")
    drafts = _hand_over_drafts(session, account, heir)
    told = [f"草稿 {drafts} 份"] if drafts else []
    if account.scorer:
        if heir.scorer and heir.scorer != account.scorer:
            raise Refused(f"“{heir.display}”已经代表“{heir.scorer}”评分，换一个人接手“{account.scorer}”。")
        heir.scorer, account.scorer = account.scorer, None
        told.append(f"评分单位“{heir.scorer}”")
    more = unseen(session, name, to) if grids else {}
    if more:
        _widen(session, heir, more)
        waits = "（等批准）" if heir.pending else ""
        told.append(f"网格“{'、'.join(more.values())}”{waits}")
    switch_off(session, account)
    words = "、".join(told) or "名下没有没办完的"
    entitle(session, f"“{account.display}”交接给“{heir.display}”：{words}，账号停用")
    return words


def _widen(session: Session, heir: Account, more: dict[int, str]) -> None:
    """Let an account see these grids too. Raises `Refused` while something else waits for it."""
    if heir.pending:
        raise Refused(f"“{heir.display}”的权限还有申请没批准，先批了再加网格。")
    has = rights_of(session, heir)
    own = has.grids if has.reach is Reach.CUSTOM else (has.grid_id,)
    both = tuple(one for one in own if one is not None)
    ask_for(session, heir, Rights(has.role, Reach.CUSTOM, None, (*both, *more)).tidy())


def _hand_over_drafts(session: Session, account: Account, heir: Account) -> int:
    if logins.kept_by_server(session):
        # who keeps accounts there need not see what they wrote
        from db.server.heirs import hand_over

        return hand_over(session, account.name, heir.name)
    drafts = session.scalars(
        select(Draft).where(Draft.writer == account.name, Draft.number_id.is_(None))
    ).all()
    for one in drafts:
        one.writer = heir.name
    return len(drafts)
