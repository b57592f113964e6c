"""Rules that the office above gives down: packs, tables of rules, assessment schemes. Each is text; beside the own
one and the one that was last taken over it shows what changes, and where both offices changed the same lines."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from gridoffice.assessment.schemes import save_scheme
from gridoffice.assessment.working_days import HOLIDAYS
from gridoffice.both_changed import Joined, LinesClash, join
from gridoffice.errors import OfficeError, RuleBroken
from gridoffice.grids import pack_text
from gridoffice.grids.own_packs import dump, pack_called, save_pack
from gridoffice.own_tables import OwnTable, save_own_table
from gridoffice.party.reporting import SERVICE
from gridoffice.planned import Outcome
from gridoffice.qualifications.service import SKILLS
from gridoffice.service import service
from gridoffice.settings import MODEL, PACKS, SCHEMES, set_setting, setting
from gridoffice.training.service import HOURS
from gridoffice.written import tables

TABLES: dict[str, OwnTable[Any]] = {one.key: one for one in (SKILLS, HOURS, SERVICE, HOLIDAYS)}
"""Tables of rules that the office above may give down."""
TAKEN = "rules of the office above"
"""The setting that keeps each text as it was taken over."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the office above gives down: texts of its own packs, assessment schemes and tables of rules, by their
    keys, and the key and name of the pack it works by."""

    packs: Mapping[str, str] = field(default_factory=dict)
    schemes: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    model: str = ""
    model_name: str = ""

    def __bool__(self) -> bool:
        return bool(self.packs or self.schemes or self.tables)

    def __len__(self) -> int:
        return len(self.packs) + len(self.schemes) + len(self.tables)


class GivenClash(LinesClash):
    """This office changed the same lines of a rule as the office above."""

    owners = ("上级的", "本办的", "原来的")
    overwrite = ("都用上级的", "盖过本办改的")

    def __init__(self, title: str, joined: Joined, now: str, rule: str = ""):
        super().__init__(title, joined, now)
        self.rule = rule
        self.message = f"{title}有 {len(joined.clashes)} 处上级和本办都改了。还没有采用，逐处选留哪个。"
        self.args = (self.message,)

    def __reduce__(self):  # pyright: ignore[reportIncompatibleMethodOverride]
        return type(self), (self.title, self.joined, self.now, self.rule)


@dataclass(frozen=True, slots=True)
class RuleSeen:
    """One rule and what would become of it here: `lines` are the places that change."""

    id: str
    title: str
    outcome: Outcome
    words: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule beside the own one: as it is given, as it is here, as it was taken over last."""

    kind: str
    key: str
    title: str
    given: str
    now: str | None
    base: str | None

    @property
    def id(self) -> str:
        return f"{self.kind} {self.key}"

    def joined(self) -> Joined:
        """Both together; what neither of them had before is no clash."""
        assert self.now is not None
        best = _joined(self.base, self.given, self.now)
        if best.clashes:
            try:
                plain = [None if one is None else _plain(one) for one in (self.base, self.given, self.now)]
            except RuleBroken:
                return best
            anew = _joined(plain[0], plain[1] or "", plain[2] or "")
            best = min(best, anew, key=lambda one: len(one.clashes))
        return best


def _joined(base: str | None, given: str, now: str) -> Joined:
    if base is None:
        one, other = given.split("\n"), now.split("\n")
        blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
        base = "\n".join(line for block in blocks for line in one[block.a : block.a + block.size])
    return join(base, given, now)


def _plain(text: str) -> str:
    return dump(tables(text, "规定"))


def rules_of(session: Session) -> Rules:
    """What this office wrote itself in place of what ships with the program."""
    own = {key: text for key, one in TABLES.items() if (text := one.text(session)) != one.shipped()}
    model = setting(session, MODEL, "")
    name = pack_called(session, model).name if model else ""
    packs, schemes = dict(setting(session, PACKS, {})), dict(setting(session, SCHEMES, {}))
    return Rules(packs, schemes, own, model, name)


def _rules(session: Session, rules: Rules) -> Iterator[_Rule]:
    """Each with its name, in the order in which they are taken over: schemes may name posts of a pack."""
    taken = setting(session, TAKEN, {})
    known = {"packs": setting(session, PACKS, {}), "schemes": setting(session, SCHEMES, {})}
    for kind, word, texts in (("packs", "治理模式", rules.packs), ("schemes", "考核方案", rules.schemes)):
        for key, text in texts.items():
            title = f"{word}“{_name(text, key)}”"
            yield _Rule(kind, key, title, text, known[kind].get(key), taken.get(f"{kind} {key}"))
        if kind == "packs":
            for one, text in rules.tables.items():
                if one not in TABLES:
                    raise RuleBroken(f"本机还不认识规定“{one}”。先升级程序，再收。")
                table = TABLES[one]
                base = taken.get(f"tables {one}") or table.shipped()
                yield _Rule("tables", one, table.title, text, table.text(session), base)


def _name(text: str, key: str) -> str:
    try:
        return str(tables(text, "规定").get("name", key))
    except RuleBroken:
        return key


def look_rules(session: Session, rules: Rules) -> tuple[RuleSeen, ...]:
    """What each rule would change here."""
    return tuple(_seen(session, one) for one in _rules(session, rules))


def other_model(session: Session, rules: Rules) -> str:
    """A sentence when the office above works by another pack; empty when not, or when it does not say."""
    own = setting(session, MODEL, "")
    if not rules.model or rules.model == own:
        return ""
    mine = pack_called(session, own).name
    return f"上级按“{rules.model_name}”运行，本办按“{mine}”。要换，到“治理模式”里换。"


def _seen(session: Session, one: _Rule) -> RuleSeen:
    wrong = _wrong(one)
    if wrong:
        return RuleSeen(one.id, one.title, Outcome.ERROR, wrong)
    if one.now is None:
        return RuleSeen(one.id, one.title, Outcome.NEW, "这里还没有")
    if one.given == one.now:
        return RuleSeen(one.id, one.title, Outcome.UNCHANGED, "和这里一样")
    joined = one.joined()
    if joined.clashes:
        words = f"有 {len(joined.clashes)} 处两边都改了，采用时逐处选"
        return RuleSeen(one.id, one.title, Outcome.CONFLICT, words, _clashing(joined))
    lines = _changing(one.now, joined.text())
    if not lines:
        return RuleSeen(one.id, one.title, Outcome.UNCHANGED, "这里改过，上级没有新的变化")
    return RuleSeen(one.id, one.title, Outcome.UPDATED, f"改 {len(lines)} 处", lines)


def _wrong(one: _Rule) -> str:
    """What this program does not understand in a rule."""
    try:
        if one.kind != "tables" and tables(one.given, "规定").get("key") != one.key:
            return "里面写的 key 和名称对不上。"
        if one.kind == "packs":
            pack_text.read(one.given, one.key)
        elif one.kind == "tables":
            TABLES[one.key].read(one.given)
        else:
            tables(one.given, "方案")
    except OfficeError as error:
        return f"本机读不懂：{error.message}"
    return ""


def _changing(now: str, then: str) -> tuple[str, ...]:
    """The places that change, each as it is and as it would be."""
    old, new = now.split("\n"), then.split("\n")
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return tuple(f"{_line(old[a:b])} → {_line(new[c:d])}" for tag, a, b, c, d in found if tag != "equal")


def _clashing(joined: Joined) -> tuple[str, ...]:
    return tuple(f"本办 {_line(one.theirs)}，上级 {_line(one.mine)}" for one in joined.clashes)


def _line(lines: Collection[str]) -> str:
    said = [one.strip() for one in lines if one.strip()]
    return (said[0] + ("……" if len(said) > 1 else "")) if said else "（没有）"


@service("采用上级的规定", needs=Right.ADMINISTER)
def take_rules(
    session: Session,
    rules: Rules,
    name: str,
    only: Collection[str] = (),
    chosen: Mapping[str, tuple[str, str]] | None = None,
) -> int:
    """Take over the rules of the office above, of all or `only` some by their ids; what this office changed in other
    lines is kept. `chosen` are texts put together by somebody where both had changed the same, each with what stood here then.
    Answers how many changed; raises `GivenClash` for one that nobody chose for, `RuleBroken` with what is wrong with a text."""
    taken, changed = dict(setting(session, TAKEN, {})), []
    for one in _rules(session, rules):
        if only and one.id not in only:
            continue
        text, seen = (chosen or {}).get(one.id, ("", None))
        text = text if text and seen == one.now else _together(one)
        if text != one.now:
            _save(session, one, text)
            changed.append(one.title)
        taken[one.id] = one.given
    if taken != setting(session, TAKEN, {}):
        set_setting(session, TAKEN, taken)
    what = changed[0] if len(changed) == 1 else f"规定 {len(changed)} 份"
    entitle(session, f"采用“{name}”的{what}" if changed else f"“{name}”的规定和这里一样")
    return len(changed)


def _together(one: _Rule) -> str:
    if one.now is None or one.now == one.given:
        return one.given
    joined = one.joined()
    if joined.clashes:
        raise GivenClash(one.title, joined, one.now, one.id)
    return joined.text()


def _save(session: Session, one: _Rule, text: str) -> None:
    if one.kind == "packs":
        save_pack(session, text)
    elif one.kind == "schemes":
        save_scheme(session, text)
    else:
        save_own_table(session, TABLES[one.key], text)
