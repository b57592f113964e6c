"""The office: the one door through which the window and the command line read and write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from db import migrate, turns
from db.attempts import Attempt, Landed, lost
from db.backup import back_up
from db.enums import Right
from db.places import network_reason
from db.server.numbers import whole_numbers
from db.session import Store, url_of
from db.turns import Taken, Turn
from gridoffice import passwords
from gridoffice.accounts.narrowed import looking, stay_within, still_at_work
from gridoffice.accounts.service import Who, require, sign_in
from gridoffice.errors import (
    Busy,
    Conflict,
    Locked,
    Lost,
    NeedsPassword,
    NotFound,
    OfficeError,
    Refused,
    RuleBroken,
    Unreachable,
)
from gridoffice.patience import Patience, carried_out, for_seconds
from gridoffice.server_words import Answer, answer_in
from gridoffice.service import declared
from gridoffice.undisturbed import undisturbed
from gridoffice.unlocking import ready

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Done:
    """What a write came to: the service's answer, the journal line's number (None: nothing had
    changed), its final words, the ids it touched, by table, and whether undo can take it back."""

    result: Any
    action: int | None
    title: str
    changes: Mapping[str, frozenset[int]]
    undoable: bool = True


class Office:
    """An open office: a store, and the account at work."""

    def __init__(self, store: Store, who: Who):
        self.store = store
        self.who = who
        self.patience: Patience = for_seconds(10)
        """How long a write waits for a server that went away in the middle of it."""
        self.read_only = ""
        """Why nothing can be written here, whoever asks; empty where it can."""

    @classmethod
    def open(cls, database: str | Path, account: str | None = None) -> Self:
        """Open an office that exists; a local one of an older program is backed up and upgraded, one of a
        newer program is opened to be looked at.

        Raises `Unreachable` when there is none, or a newer program's that this one cannot read.
        """
        store = store_at(database)
        if store.file is not None and not store.file.is_file():
            raise NotFound(f"没有找到资料库“{store.file}”。用 init 新建，或用 demo 做一个示范。")
        try:
            with sentences(store), _readable(store):
                read_only = _bring_up_to_date(store)
                with store.reading() as session:
                    who = sign_in(session, account)
        except BaseException:
            store.close()
            raise
        office = cls(store, who)
        office.read_only = read_only
        return office

    def read(self, question: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Ask a question of one state of the database, as far as the account sees it."""
        self.require(Right.READ)
        with undisturbed(), sentences(self.store), looking(self.store, self.who) as session:
            session.info["who"] = self.who
            return question(session, *args, **kwargs)

    def weigh(self, question: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Ask what only the whole office can answer (whether an ID number is there already), as a write
        would: the question itself tells no more than concerns the account."""
        self.require(Right.READ)
        with undisturbed(), sentences(self.store), self.store.reading() as session:
            session.info["who"] = self.who
            whole_numbers(session, "核对号码")
            return question(session, *args, **kwargs)

    def write(
        self, service: Callable[Concatenate[Session, P], Any], *args: P.args, **kwargs: P.kwargs
    ) -> Done:
        """Carry out a service as one transaction with one journal line."""
        said = declared(service)
        self.require(said.needs)
        if self.read_only:
            raise Refused(self.read_only)
        name = f"{service.__module__}.{service.__qualname__}"
        result, title, undoable = None, said.title, said.undoable

        def once(attempt: Attempt) -> Done:
            nonlocal result, title, undoable
            try:
                with (
                    undisturbed(),
                    sentences(self.store),
                    self.store.writing(
                        said.title,
                        self.who.name,
                        service=name,
                        undoable=said.undoable,
                        called=self.who.display,
                        turn=said.turn,
                        attempt=attempt,
                    ) as session,
                ):
                    session.info["who"] = self.who
                    still_at_work(session, self.who)
                    recorder = session.info["recorder"]
                    # whoever takes this back needs the same right
                    recorder.detail["needs"] = said.needs.value
                    result = service(session, *args, **kwargs)
                    stay_within(session, self.who, said.needs)
                    title, undoable = recorder.title, recorder.undoable
            except Landed:
                return Done(result, attempt.line, title, attempt.changes, undoable)
            return Done(result, session.info["action"], title, session.info["changes"], undoable)

        return carried_out(once, self.patience)

    def require(self, right: Right) -> None:
        """Raises `Refused` when the account may not do this, or nobody may here."""
        require(self.who, right)
        if self.read_only and right is not Right.READ:
            raise Refused(self.read_only)

    def close(self) -> None:
        self.store.close()


def store_at(database: str | Path) -> Store:
    """The store of that name. Raises `Unreachable` when it is no file and no address we know, or a file on
    another computer's disk (SQLite loses data there: sqlite.org, “SQLite Over a Network”), `NeedsFilePassword`
    for a file with a password that nobody has said."""
    try:
        url = url_of(database)
        if url.get_backend_name() == "sqlite":
            _near(Path(url.database or ""))
            if not url.password:
                ready(Path(url.database or ""))
        elif url.username and not url.password:
            url = url.set(password=passwords.recall(url))
        return Store(url)
    except (ArgumentError, ImportError) as error:
        raise Unreachable(
            f"“{database}”不是资料库的文件，也不是能连的网址（postgresql://用户@主机/资料库）。"
        ) from error


def _near(file: Path) -> None:
    """Raises `Unreachable` for a file on another computer's disk."""
    shared = network_reason(file)
    if shared is not None:
        raise Unreachable(
            f"“{file}”在{shared}上，本机资料库放在那里会损坏。连同旁边的同名文件拷到本机硬盘再打开；"
            "几台电脑一起用的，换成共享资料库（PostgreSQL）。"
        )


@contextmanager
def _readable(store: Store) -> Iterator[None]:
    """An office whose first pages make no sense is damaged, whatever the reader stumbles over."""
    try:
        yield
    except (ValueError, LookupError) as error:
        where = store.file or store.url.database
        raise Unreachable(f"“{where}”里有读不出来的内容，已损坏。用备份恢复。") from error


NEWER = "这个资料库是更新版本的程序做的，只能看，不能改。先升级本程序。"


def _bring_up_to_date(store: Store) -> str:
    """Why the office can only be looked at; empty when it is of this version, or is now."""
    at = migrate.current(store.engine)
    if at is None:
        raise NotFound(f"“{store.file or store.url.database}”里没有网格办的资料。")
    if at == migrate.head():
        return ""
    if at not in migrate.known():
        if store.local and migrate.readable(store.engine):
            return NEWER
        raise Unreachable("这个资料库是更新版本的程序做的，先升级本程序再打开。")
    if not store.local:
        raise Unreachable("共享资料库的版本比本程序旧，要由管理员先升级资料库。")
    with store.alone(Turn.UPGRADE, ""):
        if migrate.current(store.engine) == at:  # else another program here was quicker
            back_up(store, store.file.with_suffix(f".{at}.backup"))  # type: ignore[union-attr]
            migrate.upgrade(store.engine)
    return ""


@contextmanager
def sentences(store: Store) -> Iterator[None]:
    """Turn what a database says into what a clerk can act on."""
    try:
        yield
    except OfficeError:
        raise
    except StaleDataError as error:
        raise Conflict("别人刚改过同一行，这次没有写入。看过新的内容再改。") from error
    except Taken as error:
        raise Busy(f"{error.holder.in_words()}，等这一步做完再来。") from error
    except DBAPIError as error:
        said = str(error.orig)
        if answer_in(said) is Answer.PASSWORD:
            raise NeedsPassword(Answer.PASSWORD.value) from error
        if lost(error):
            raise Lost(_unreachable(store, said)) from error
        if "locked month" in said:
            raise Locked("这个月的考核已锁定，不能再改。") from error
        if "append-only" in said:
            raise Locked("变动记录只能增加，不能改也不能删。") from error
        if getattr(error.orig, "sqlstate", None) == "42501":
            raise Refused(
                "服务器没有同意：这个账号没有这项权限，或内容不在你管的范围里。没有写入。"
            ) from error
        if "gridoffice: waits for approval" in said:
            raise Refused("账号的权限要由安全保密管理员批准。") from error
        if "a month is of the whole office" in said:
            raise Refused("月度考核的开始、计算、流转和锁定，要由看得到全办的账号来办。") from error
        if "gridoffice: login of somebody else" in said:
            name = said.split("login of somebody else: ")[1].splitlines()[0]
            raise RuleBroken(
                f"服务器上已有登录“{name}”，不是这个资料库的，换一个账号名。是以前同名的资料库留下的，"
                "由信息技术人员做一次 server-setup --take-logins。"
            ) from error
        if "gridoffice: password was had" in said:
            raise RuleBroken("这个密码最近用过，换一个。") from error
        if "gridoffice: no keeper" in said:
            raise Refused(
                "这个账号不能读全部资料：备份、核验、搬家由系统管理员或管全办的管理员做。"
            ) from error
        if "gridoffice: account is barred" in said:
            raise Refused("这个账号正锁着，到时再试，或由管理员解锁。") from error
        if "too long for a login" in said:
            raise RuleBroken("账号名太长，共享资料库里最多 63 个字节（一个汉字 3 个）。") from error
        if "gridoffice: " in said:
            raise Refused("服务器没有同意这一步，没有写入。") from error
        if isinstance(error, IntegrityError):
            raise Conflict("与资料库里已有的内容冲突，这次没有写入。") from error
        if isinstance(error, DataError):
            raise RuleBroken("有内容太长或太大，资料库放不下，这次没有写入。") from error
        if isinstance(error, OperationalError) or "not a database" in said or "malformed" in said:
            raise Unreachable(_unreachable(store, said)) from error
        raise


def _unreachable(store: Store, said: str) -> str:
    if "lock timeout" in said:
        return "别人正在写入，稍后再试。"
    if not store.local:
        answer = answer_in(said)
        return f"连不上共享资料库：{answer.value}" if answer else "连不上共享资料库，检查网络后再试。"
    if "database is locked" in said:
        held = turns.holder_beside(store.file) if store.file is not None else None
        return f"{held.in_words()}，稍后再试。" if held else "资料库正被别的程序占用，稍后再试。"
    if "malformed" in said or "not a database" in said:
        return f"“{store.file}”已损坏或不是网格办的资料库。用备份恢复。"
    if "readonly" in said or "read-only" in said:
        return f"“{store.file}”是只读的，不能写入。"
    if "full" in said:
        return "磁盘满了，这次没有写入。"
    if "disk I/O error" in said:
        return f"“{store.file}”写不进去，这次没有写入。看看盘满没满，优盘松没松。"
    return f"打不开资料库“{store.file}”。"
