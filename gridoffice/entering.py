"""The door of an office: who comes in, by what password, and what is written down about it.

Whoever sits before the program comes in here. `Office.open` is for what works in somebody's name who is
in already (the worker process).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from db.enums import Deed
from db.journal import entitle
from db.server.watching import watch
from db.session import Store
from db.tables import Account, Credential
from gridoffice import passwords
from gridoffice.accounts.credentials import (
    FOR_GOOD,
    asks_for_passwords,
    credential_of,
    expires,
    fits,
    set_secret,
)
from gridoffice.accounts.logins import come_in, kept_by_server, lets_in, set_own_password
from gridoffice.accounts.policy import Policy, policy_of
from gridoffice.accounts.service import account_named, refuse_inactive, who_of
from gridoffice.errors import ChangeNeeded, NotFound, Refused, SignInNeeded
from gridoffice.office import Office, sentences
from gridoffice.settings import NAME, setting

IN, OUT, FAILED, CHANGED = "entering.in", "entering.out", "entering.failed", "entering.changed"
"""What the journal's lines of the door are of."""

SOON = timedelta(days=7)
"""So long before a password ends it is told."""

WRONG, NO_PASSWORD = "账号或密码不对。", "还没有密码"


@dataclass(frozen=True, slots=True)
class Door:
    """What is asked at the door: nothing where `asks` is false. `names` are the accounts to choose from,
    each with the name it goes by."""

    asks: bool
    office: str
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Before:
    """How it was the last time: when and where the account came in, how often somebody failed since, and
    when its password ends, where that is soon."""

    at: datetime | None
    terminal: str | None
    failures: int
    failed_at: datetime | None
    failed_from: str | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody is in. `before` is None where nobody is asked for a password; `changed`: the password was
    changed on the way."""

    office: Office
    before: Before | None
    changed: bool = False


def door(database: str | Path) -> Door:
    """What is asked of who comes to this office. Raises `OfficeError` when it cannot be opened."""
    office = Office.open(database)
    try:
        return _door(office)
    finally:
        office.close()


def _door(office: Office) -> Door:
    with sentences(office.store), office.store.reading() as session:
        named = session.execute(
            select(Account.name, Account.display).where(Account.active).order_by(Account.display)
        )
        names = tuple((name, display) for name, display in named)
        return Door(asks_for_passwords(session), setting(session, NAME, ""), names)


def enter(
    database: str | Path, account: str | None = None, password: str | None = None, fresh: str | None = None
) -> Entered:
    """Open an office as an account. Where anybody has a password it is asked for; `fresh` is the new one,
    where the account's has to be changed first.

    Raises `SignInNeeded` without a password where one is needed, `ChangeNeeded` when it has to be changed
    and none is given, `Refused` for one that is wrong or an account that is locked or not let in, and what
    `Office.open` raises.
    """
    office = Office.open(database)
    try:
        if account is not None:
            _take_the_seat(office, account)
        return _come_in(office, account, password, fresh)
    except BaseException:
        office.close()
        raise


def _take_the_seat(office: Office, account: str) -> None:
    """Make the office this account's, before anything is proved. Raises `NotFound` where nobody is asked for a
    password; else whether there is such an account is told to nobody who has none."""
    with sentences(office.store), office.store.reading() as session:
        found = session.scalar(select(Account).where(Account.name == account))
        known = who_of(found) if found is not None else None
        asks = asks_for_passwords(session) and not kept_by_server(session)
    if known is not None:
        office.who = known
    elif not asks:
        raise NotFound(f"没有账号“{account}”。")


def _come_in(office: Office, account: str | None, password: str | None, fresh: str | None) -> Entered:
    store = office.store
    with sentences(store), store.reading() as session:
        by_server = kept_by_server(session)
        asks = asks_for_passwords(session) and not by_server
    if by_server:
        return _in_by_server(office, fresh)
    if not asks:
        with sentences(store), store.reading() as session:
            refuse_inactive(account_named(session, office.who.name))
        return Entered(office, None)
    if password is None or account is None:
        raise SignInNeeded("这个资料库要登录，写上账号和密码。")
    if office.read_only:
        _look(store, account, password)
        return Entered(office, None)
    with sentences(store):
        changed = _prove(store, account, password, fresh)
        return Entered(office, _let_in(office, account), changed)


def _in_by_server(office: Office, fresh: str | None) -> Entered:
    """The server has asked for the password already, and knows whose it was."""
    store = office.store
    with sentences(store):
        with store.reading() as session:
            name = store.url.username or office.who.name
            account = account_named(session, name)
            one = _credential(session, account)
            policy = policy_of(session)
            refuse_inactive(account)
            if one is not None and one.locked_until is not None and one.locked_until > datetime.now(UTC):
                raise Refused(barred(one.locked_until))
            changed = one is not None and _changed_if_needed(store, account, one, policy, fresh)
        entered = Entered(office, _let_in(office, name), changed)
    if changed and fresh is not None:
        renew(office, fresh)
    return entered


def _prove(store: Store, name: str, password: str, fresh: str | None) -> bool:
    """Raises when the account does not come in by this password. Answers whether it was changed."""
    with store.reading() as session:
        policy = policy_of(session)
        account = session.scalar(select(Account).where(Account.name == name))
        one = _credential(session, account)
        if account is None or one is None or one.secret is None:
            words, count = "没有这个账号" if account is None else NO_PASSWORD, 0
        elif one.locked_until is not None and one.locked_until > datetime.now(UTC):
            words, count = "正锁着", one.failures
        elif not fits(one.secret, password):
            words, count = "密码不对", one.failures + 1
        else:
            refuse_inactive(account)
            return _changed_if_needed(store, account, one, policy, fresh)
    raise Refused(_failed(store, name, words, count, policy))


def _look(store: Store, name: str, password: str) -> None:
    """The same where nothing may be written, of an office that a newer program made. Raises `Refused`."""
    with sentences(store), store.reading() as session:
        account = session.scalar(select(Account).where(Account.name == name))
        one = _credential(session, account)
        if account is None or one is None or one.secret is None or not fits(one.secret, password):
            raise Refused(WRONG)
        refuse_inactive(account)


def _credential(session: Session, account: Account | None) -> Credential | None:
    if account is None:
        return None
    return session.scalar(select(Credential).where(Credential.account_id == account.id))


def _failed(store: Store, name: str, why: str, count: int, policy: Policy) -> str:
    """Write down that somebody failed at the door; answers what is said to him."""
    now = datetime.now(UTC)
    said, title = WRONG, f"登录没有成功：{why}"
    if why == NO_PASSWORD:
        said = f"账号“{name}”还没有密码，由管理员设一个再登录。"
    with store.writing(title, name[:64], service=FAILED, deed=Deed.NOTE, undoable=False) as session:
        account = session.scalar(select(Account).where(Account.name == name))
        one = _credential(session, account)
        if one is not None:
            one.failed_at, one.failed_from = now, session.info["recorder"].terminal
            if why == "密码不对":
                one.failures = count = one.failures + 1
                if count >= policy.attempts:
                    one.locked_until = now + timedelta(minutes=policy.locked)
                    entitle(session, f"{title}（连着第 {count} 次），账号锁 {policy.locked} 分钟")
                else:
                    said = f"{WRONG}再错 {policy.attempts - count} 次就锁 {policy.locked} 分钟。"
                    entitle(session, f"{title}（连着第 {count} 次）")
            if one.locked_until is not None and one.locked_until > now:
                said = barred(one.locked_until)
    return said


def barred(until: datetime) -> str:
    """What is told to whoever failed too often."""
    if until.year == FOR_GOOD.year:
        return "这个账号连着输错了很多次，像是有人在猜密码，已经锁住。由管理员重设密码后再登录。"
    return f"输错次数太多，账号锁到 {until.astimezone():%H:%M}。到时再试，或由管理员解锁。"


def _changed_if_needed(
    store: Store, account: Account, one: Credential, policy: Policy, fresh: str | None
) -> bool:
    """A password that somebody else gave, or that was held long enough, is changed at the door."""
    ends = expires(one, policy)
    late = ends is not None and ends <= datetime.now(UTC)
    if not one.must_change and not late:
        return False
    if fresh is None:
        why = "这个密码是别人设的" if one.must_change else f"密码用满 {policy.days} 天了"
        raise ChangeNeeded(f"{why}，换一个再进。")
    with store.writing(
        "登录时改自己的密码", account.name, service=CHANGED, deed=Deed.NOTE, undoable=False
    ) as session:
        mine = account_named(session, account.name)
        if kept_by_server(session):
            set_own_password(session, mine, fresh)
        else:
            set_secret(session, mine, fresh, policy, must_change=False)
    return True


def _let_in(office: Office, name: str) -> Before:
    """Write down that somebody came in; answers how it was the last time."""
    with office.store.writing("登录", name, service=IN, deed=Deed.NOTE, undoable=False) as session:
        account = account_named(session, name)
        refuse_inactive(account)
        by_server, policy = kept_by_server(session), policy_of(session)
        one = _credential(session, account) if by_server else credential_of(session, account.id)
        now = datetime.now(UTC)
        before = _before(one, policy, now)
        terminal = session.info["recorder"].terminal
        if one is None or by_server:
            come_in(session, terminal)
        else:
            one.seen_at, one.seen_from = now, terminal
            one.failures, one.locked_until = 0, None
        office.who = who_of(account)
    return before


def _before(one: Credential | None, policy: Policy, now: datetime) -> Before:
    if one is None:  # a server makes it when somebody comes in
        return Before(None, None, 0, None, None, None)
    ends = expires(one, policy)
    soon = ends if ends is not None and ends - now <= SOON else None
    return Before(one.seen_at, one.seen_from, one.failures, one.failed_at, one.failed_from, soon)


def unlock(office: Office, password: str) -> None:
    """Prove that who sits before a locked window is who locked it. Raises `Refused`."""
    store = office.store
    with sentences(store):
        with store.reading() as session:
            by_server, asks = kept_by_server(session), asks_for_passwords(session)
        if by_server:
            if not lets_in(store.url, password):
                raise Refused("密码不对，或者连不上共享资料库。")
        elif asks:
            _prove(store, office.who.name, password, None)
        else:
            return
        _note(office, "解锁窗口", IN)


def renew(office: Office, password: str) -> None:
    """After one's own password of a shared office was changed: connections yet to be made use it, and a
    keyring that held the old one holds it."""
    store = office.store
    if store.local:
        return
    held = passwords.recall(store.url) is not None
    store.url = store.url.set(password=password)
    event.listen(
        store.engine, "do_connect", lambda _dialect, _record, _args, said: said.update(password=password)
    )
    if held:
        passwords.keep(store.url, password)


def leave(office: Office, why: str = "退出登录") -> None:
    """Write down that somebody goes, where coming in was written down."""
    with sentences(office.store), office.store.reading() as session:
        by_server = kept_by_server(session)
        written = not office.read_only and (asks_for_passwords(session) or by_server)
    if written:
        _note(office, why, OUT)
    if by_server:
        with sentences(office.store), office.store.engine.begin() as connection:
            watch(connection, leaving=True)


def _note(office: Office, title: str, service: str) -> None:
    with (
        sentences(office.store),
        office.store.writing(title, office.who.name, service=service, deed=Deed.NOTE, undoable=False),
    ):
        pass


def in_words(before: Before) -> str:
    """What the status line tells who has just come in."""
    said = []
    if before.at is not None:
        said.append(f"上次登录 {before.at.astimezone():%m月%d日 %H:%M}，在 {before.terminal}")
    if before.failures and before.failed_at is not None:
        when = f"{before.failed_at.astimezone():%m月%d日 %H:%M}"
        said.append(f"之后输错 {before.failures} 次，最近 {when}，在 {before.failed_from}")
    if before.ends is not None:
        said.append(f"密码到 {before.ends.astimezone():%m月%d日} 要换")
    return "；".join(said) or "第一次登录"
