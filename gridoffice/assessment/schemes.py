"""The assessment schemes of one office: those that ship, and those it wrote itself by copying one.

A month keeps the edition it was opened with; what is changed here holds from the next month on.
"""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

import resources
from db.enums import Right
from db.journal import entitle
from gridoffice.assessment.checking import check
from gridoffice.both_changed import meet
from gridoffice.errors import NotFound, Problem, RuleBroken, Severity, has_error
from gridoffice.grids.own_packs import dump
from gridoffice.scoring.notation import load
from gridoffice.scoring.scheme import Scheme
from gridoffice.service import service
from gridoffice.settings import SCHEMES, set_setting, setting
from gridoffice.written import tables


def scheme_keys() -> list[str]:
    """The schemes that ship, by key."""
    return sorted(file.stem for file in resources.path("schemes").glob("*.toml"))


def shipped_text(key: str) -> str:
    """The text of a scheme that ships. Raises `NotFound` naming those there are."""
    if key not in scheme_keys():
        raise NotFound(f"没有考核方案“{key}”。现有：{'、'.join(scheme_keys())}。")
    return resources.path("schemes", f"{key}.toml").read_text(encoding="utf-8")


def shipped_scheme(key: str) -> Scheme:
    """A scheme that ships. Raises `NotFound` naming those there are."""
    return load(shipped_text(key))


def text_of(session: Session, key: str) -> str:
    """The text of a scheme, to be edited. Raises `NotFound` naming those there are."""
    own = setting(session, SCHEMES, {})
    if key in own:
        return own[key]
    if key not in scheme_keys():
        known = [*scheme_keys(), *sorted(own)]
        raise NotFound(f"没有考核方案“{key}”。现有：{'、'.join(known)}。")
    return shipped_text(key)


def scheme_called(session: Session, key: str) -> Scheme:
    """The scheme of that key, as it ships or as the office wrote it. Raises `NotFound`."""
    return load(text_of(session, key))


def schemes(session: Session) -> list[Scheme]:
    """Every scheme that a month may be opened with: those that ship, then the office's own."""
    own = sorted(setting(session, SCHEMES, {}))
    return [scheme_called(session, key) for key in (*scheme_keys(), *own)]


def warnings(scheme: Scheme) -> list[Problem]:
    """What speaks against a scheme without forbidding it."""
    return [problem for problem in check(scheme) if problem.severity is Severity.WARNING]


def readable(text: str) -> Scheme:
    """The scheme that a text says. Raises `RuleBroken` with every mistake in it."""
    scheme = load(text)
    problems = check(scheme)
    if has_error(problems):
        raise RuleBroken(f"考核方案“{scheme.name}”有错：{problems[0].message}", problems)
    return scheme


@service("保存考核方案", needs=Right.ADMINISTER)
def save_scheme(session: Session, text: str, seen: str | None = None) -> str:
    """Keep a scheme that the office wrote itself, under the key it says. Months that are open go on with
    the edition they have. What somebody else changed since it was `seen` is kept too.

    Raises `BothChanged` where both changed the same lines,
    `RuleBroken` with every mistake in it, and when it bears the key of one that ships. Answers
    the key.
    """
    scheme = readable(text)
    if scheme.key in scheme_keys():
        raise RuleBroken(f"“{scheme.key}”是随程序带的考核方案，改 key 另存一份。")
    if not re.fullmatch(r"[\w+-]{1,40}", scheme.key):
        raise RuleBroken(f"key 写的是“{scheme.key}”，只能用字母、数字、汉字、+、-，最长 40 个字。")
    known = setting(session, SCHEMES, {})
    text = meet(f"考核方案“{scheme.name}”", seen, text, known.get(scheme.key, text), _plain)
    readable(text)  # two halves that are right each need not be right together
    set_setting(session, SCHEMES, {**known, scheme.key: text})
    entitle(session, f"保存考核方案“{scheme.name}”")
    return scheme.key


def _plain(text: str) -> str:
    return dump(tables(text, "方案"))


@service("另存考核方案", needs=Right.ADMINISTER)
def copy_scheme(session: Session, source: str, key: str, name: str) -> str:
    """Keep a copy of a scheme as the office's own. Answers the key; raises as `save_scheme` does."""
    if key in setting(session, SCHEMES, {}):
        raise RuleBroken(f"已有考核方案“{key}”，换一个 key。")
    said = tables(text_of(session, source), source)
    return save_scheme(session, dump({**said, "key": key, "name": name}))


@service("删除考核方案", needs=Right.ADMINISTER)
def remove_scheme(session: Session, key: str) -> None:
    """Give up a scheme that the office wrote itself; months that used it keep their edition."""
    own = dict(setting(session, SCHEMES, {}))
    scheme = scheme_called(session, key)
    if key not in own:
        raise RuleBroken(f"“{scheme.name}”是随程序带的，不能删除。")
    del own[key]
    set_setting(session, SCHEMES, own)
    entitle(session, f"删除考核方案“{scheme.name}”")
