"""Proof that nobody changed the past, or the present behind the journal's back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from db.images import marks, name_of, shape, texts, unpack
from db.journal import START, digest_of
from db.scoping import PLACING
from db.server import enforced
from db.server.guarding import MARK, expected
from db.server.naming import kept_by_server, whose
from db.tables import Action, ActionPart, Base, JournalHead, Record

AGAIN = "让信息技术人员重做一次 server-setup。"
SHOWN = 20
"""How many altered records are named one by one."""

_OF_MONTHS = ("sheet", "opinion", "appeal")

GUARDS: dict[str, frozenset[tuple[str, str]]] = {
    "sqlite": frozenset(
        (table, f"{table}_{name}")
        for tables, names in (
            (_OF_MONTHS, ("locked_insert", "locked_update", "locked_delete", "into_locked")),
            (("month", "scheme"), ("locked_update", "locked_delete")),
            (("action", "action_part"), ("update", "delete")),
            (("journal_head",), ("delete",)),
        )
        for table in tables
        for name in names
    ),
    "postgresql": frozenset(
        {
            *(("sheet", f"sheet_locked_{name}") for name in ("insert", "update", "delete", "moved")),
            *(
                (table, f"{table}_locked")
                for table in ("opinion", "appeal", "month", "scheme", "action", "action_part", "journal_head")
            ),
        }
    ),
}
"""The triggers, by name, that keep each table from being changed."""

Marks = dict[str, dict[int, str | None]]
"""The journal's last word on each record, by table and number; None: it was removed."""


def verify(session: Session) -> list[str]:
    """Walk the journal's chain and compare every record with the last word on it. Answers one sentence
    for each line that is missing or was altered and for each record that is not as it was left."""
    last: Marks = defaultdict(dict)
    found = looked(session, "变动记录", lambda: _chain(session, last))
    if not found:
        strays = [one for table in Base.metadata.sorted_tables for one in _strays(session, table, last)]
        more = [f"另有 {len(strays) - SHOWN} 处与变动记录不符。"] if len(strays) > SHOWN else []
        found = [*strays[:SHOWN], *more]
    return [*found, *looked(session, "资料库", lambda: _guards(session))]


def looked(session: Session, what: str, look: Callable[[], list[str]]) -> list[str]:
    """What a look finds. What it cannot read has been damaged: it was readable when it was written."""
    try:
        return look()
    except Exception:
        session.rollback()
        return [f"{what}里有读不出来的内容，已损坏。"]


def _chain(session: Session, last: Marks) -> list[str]:
    found = []
    previous, expected = START, 1
    for action in _in_portions(session):
        if action.id != expected:
            missing = (
                f"第 {expected} 条" if action.id == expected + 1 else f"第 {expected} 至 {action.id - 1} 条"
            )
            found.append(f"变动记录缺了{missing}。")
        elif action.previous != previous:
            found.append(f"变动记录第 {action.id} 条与上一条接不上，被改动过。")
        parts = session.scalars(
            select(ActionPart).where(ActionPart.action_id == action.id).order_by(ActionPart.number)
        ).all()
        if digest_of(action, parts) != action.digest:
            found.append(f"变动记录第 {action.id} 条“{action.title}”被改动过。")
        for part in parts:
            try:
                last[part.of_table].update((entry[0], entry[3]) for entry in unpack(part.body))
            except Exception:
                found.append(f"变动记录第 {action.id} 条的明细读不出来。")
        previous, expected = action.digest, action.id + 1
    head = session.execute(select(JournalHead)).scalar_one_or_none()
    if head is None:
        found.append("变动记录的末尾标记不见了。")
    elif head.count >= expected:
        found.append(f"变动记录缺了最后的第 {expected} 至 {head.count} 条。")
    elif head.count != expected - 1 or head.digest != previous:
        found.append("变动记录的末尾标记与最后一条对不上，被改动过。")
    orphans = session.scalar(
        select(func.count()).select_from(ActionPart).where(~ActionPart.action_id.in_(select(Action.id)))
    )
    if orphans:
        found.append(f"变动记录有 {orphans} 段明细找不到所属的那一条。")
    return found


def _in_portions(session: Session) -> Iterator[Action]:
    with session.scalars(select(Action).order_by(Action.id).execution_options(yield_per=500)) as actions:
        yield from actions


def _strays(session: Session, table: Table, last: Marks) -> list[str]:
    """The records of a table that are not as the journal's last word on them says."""
    form = shape(table.name)
    if not issubclass(form.record, Record):
        return []
    said = last.get(table.name, {})
    noun = form.record.noun
    tells = kept_by_server(session)

    def look() -> list[str]:
        altered: list[tuple[int, str]] = []
        looked_at = (table.c.id, *(table.c[name] for name in form.kept))
        query = select(*looked_at).order_by(table.c.id).execution_options(yield_per=2000)
        with session.execute(query) as rows:
            for portion in rows.partitions():
                ids, *values = zip(*portion, strict=True)
                plain = form.plain(dict(zip(form.kept, values, strict=True)))
                for place, (number, is_now) in enumerate(zip(ids, marks(texts(plain)), strict=True)):
                    mark = said.pop(number, None)
                    if is_now != mark:
                        how = "不是经本程序写入的" if mark is None else "被绕过本程序改动过"
                        image = {name: column[place] for name, column in plain.items()}
                        altered.append((number, f"{noun}“{name_of(session, form, image)}”{how}"))
        gone = sorted(number for number, mark in said.items() if mark is not None)
        asked = [*(number for number, _ in altered[:SHOWN]), *gone[:1]]
        writers = _writers(session, table.name, asked) if asked and tells else {}
        found = [f"{words}{writers.get(number, '')}。" for number, words in altered]
        if gone:
            which = f"第 {gone[0]} 号起{writers.get(gone[0], '')}"
            found.append(f"{noun}少了 {len(gone)} 条，没有经过本程序（{which}）。")
        return found

    return looked(session, noun, look)


def _writers(session: Session, table: str, numbers: list[int]) -> dict[int, str]:
    """The last account that wrote each of these records on a server that enforces, by its line of the journal,
    which does not say what became of them."""
    said = {}
    for number, line in whose(session, table, numbers).items():
        action = session.get(Action, line)
        if action is not None:
            at = f"{action.at.astimezone():%Y-%m-%d %H:%M}"
            said[number] = f"，最后由{action.who}在 {at} 写过（第 {line} 条“{action.title}”）"
    return said


def _guards(session: Session) -> list[str]:
    """The database's own refusals stand."""
    kind = session.connection().dialect.name
    missing = sorted({table for table, _ in GUARDS[kind] - _triggers(session, kind)})
    found = [f"资料库里保护{'、'.join(missing)}的锁不见了。"] if missing else []
    return found + (_server_guards(session) if kind == "postgresql" else [])


def _triggers(session: Session, kind: str) -> set[tuple[str, str]]:
    """The triggers that fire, with the tables they stand at."""
    query = (
        "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
        if kind == "sqlite"
        else (
            "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        )
    )
    return {(table, name) for table, name in session.execute(text(query))}


def _server_guards(session: Session) -> list[str]:
    """Where a server enforces, it does so for every table: who sees which rows, and that rows leave a line."""
    connection = session.connection()
    if not enforced(connection):
        return []
    bare = (
        "SELECT relname FROM pg_class WHERE relname = ANY(:tables) AND NOT relrowsecurity "
        "AND relnamespace = CAST('public' AS regnamespace)"
    )
    found = []
    missing = sorted(session.scalars(text(bare), {"tables": sorted(PLACING)}))
    if missing:
        found.append(f"服务器上的{'、'.join(missing)}没有按范围看行的规则，{AGAIN}")
    stood = {(table, name.removeprefix("gridoffice_")) for table, name in _triggers(session, "postgresql")}
    open_ = sorted(expected() - stood)
    if open_:
        named = "、".join(dict.fromkeys(table for table, _ in open_))
        what = "没有“改了要留变动记录”的锁" if all(name == MARK for _, name in open_) else "少了服务器的锁"
        found.append(f"服务器上的{named}{what}，{AGAIN}")
    return found
