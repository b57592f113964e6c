"""Norms and words of one kind of grid, as a clerk writes them into the office's own pack."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy.orm import Session

from db.enums import Right
from db.journal import entitle
from gridoffice.errors import NotFound, Problem, RuleBroken
from gridoffice.fields import Field, Kind, columns
from gridoffice.grids import pack_text
from gridoffice.grids.own_packs import dump, pack_called, save_pack, text_of
from gridoffice.grids.pack import GridKind, Span
from gridoffice.service import service
from gridoffice.written import tables

SPANS = ("households", "merchants", "population", "area")
_BETWEEN = re.compile(r"\s*(?:[-–—~～至到]+)\s*")
_LISTED = re.compile(r"[、，,；;\s]+")


@dataclass(frozen=True, slots=True)
class KindNorms:
    """One kind of grid as the form shows it. A norm is written 300–500; empty is not checked."""

    id: str
    label: Annotated[str, Field("叫法", required=True)]
    words: Annotated[str | None, Field("别的叫法", hint="用顿号隔开")]
    households: Annotated[str | None, Field("户数", hint="例如：300–500")]
    merchants: Annotated[str | None, Field("商户数", hint="例如：30–100")]
    population: Annotated[str | None, Field("人口", hint="例如：1000–2000")]
    area: Annotated[str | None, Field("面积", hint="平方米，例如：8000–12000")]
    each: Annotated[int | None, Field("每格人数", Kind.INTEGER, hint="至少几人")]
    per: Annotated[int | None, Field("每人户数", Kind.INTEGER, hint="每多少户配一人")]
    limit: Annotated[Decimal | None, Field("走完小时", Kind.DECIMAL, hint="走完一遍最多几小时")]
    minutes: Annotated[Decimal | None, Field("每户分钟", Kind.DECIMAL, hint="一户几分钟")]


KIND_COLUMNS = columns(KindNorms)


def kind_norms(session: Session, pack_key: str) -> list[KindNorms]:
    """Every kind of a pack as the form shows it. Raises `NotFound`."""
    return [_norms(kind) for kind in pack_called(session, pack_key).kinds]


def asked_of(kind: KindNorms) -> list[str]:
    """The columns that make sense for a kind: who serves there is counted only where a formula says whom."""
    staffed = kind.each is not None or kind.per is not None
    return [one.name for one in KIND_COLUMNS if staffed or one.name not in ("each", "per")]


def _norms(kind: GridKind) -> KindNorms:
    staff, hours = kind.staff, kind.hours
    return KindNorms(
        kind.key,
        kind.label,
        "、".join(kind.words) or None,
        *(_written(getattr(kind, name)) for name in SPANS),
        each=staff.each if staff else None,
        per=staff.households if staff else None,
        limit=hours.limit if hours else None,
        minutes=hours.minutes if hours else None,
    )


def _written(span: Span | None) -> str | None:
    return None if span is None else f"{span[0]}–{span[1]}"


@service("改治理模式的标准", needs=Right.ADMINISTER)
def revise_kind(session: Session, pack_key: str, kind_key: str, values: Mapping[str, Any]) -> str:
    """Write other words and norms of one kind into a pack of the office's own; `values` holds columns of
    `KindNorms` by name. Answers the pack's key.

    Raises `RuleBroken` with a sentence for each column that cannot be, for a pack that ships, and with
    whatever the whole pack then lacks; `NotFound` for a kind there is not.
    """
    pack = pack_called(session, pack_key)
    if pack_key in pack_text.names():
        raise RuleBroken(f"“{pack.name}”是随程序带的，另存一份再改。")
    said = tables(text_of(session, pack_key), pack_key)
    kind = next((one for one in said["kinds"] if one["key"] == kind_key), None)
    if kind is None:
        raise NotFound(f"“{pack.name}”里没有“{kind_key}”这种网格类型。")
    problems: list[Problem] = []
    changed = _revised(kind, values, problems)
    if problems:
        raise RuleBroken(problems[0].message, tuple(problems))
    kinds = [changed if one is kind else one for one in said["kinds"]]
    save_pack(session, dump({**said, "kinds": kinds}))
    entitle(session, f"改“{pack.name}”里{changed['label']}的标准")
    return pack_key


def _revised(kind: Mapping[str, Any], values: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """A written kind with other values; what is empty is taken out."""
    found = dict(kind)
    for name, value in values.items():
        if name in SPANS:
            _put(found, name, _span(name, value, problems))
        elif name == "words":
            _put(found, name, [word for word in _LISTED.split(value or "") if word])
        elif name == "label":
            found[name] = value
    inside = {"each": ("staff", "each"), "per": ("staff", "households")}
    inside |= {"limit": ("hours", "limit"), "minutes": ("hours", "minutes")}
    for name, (table, key) in inside.items():
        if name in values:
            part = dict(found.get(table, {}))
            _put(part, key, values[name])
            _put(found, table, part)
    hours = found.get("hours", {})
    if hours and len(hours) < 2:
        lacking = "每户分钟" if "limit" in hours else "走完小时"
        message = f"工作量要两个数：走完一遍几小时、每户几分钟。没写{lacking}。"
        problems.append(Problem(message, field=lacking))
    return found


def _put(said: dict[str, Any], key: str, value: Any) -> None:
    if value is None or value == [] or value == {}:
        said.pop(key, None)
    else:
        said[key] = value


def _span(name: str, text: str | None, problems: list[Problem]) -> list[int] | None:
    """`300–500`, however the dash is written; nothing is no norm."""
    if not text or not text.strip():
        return None
    label = next(one.field.label for one in KIND_COLUMNS if one.name == name)
    parts = _BETWEEN.split(text.strip().replace(",", ""))
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
        message = f"{label}写的是“{text.strip()}”，应为下限和上限，写成 300–500 这样。"
        problems.append(Problem(message, field=label, value=text))
        return None
    low, high = map(int, parts)
    if low > high:
        problems.append(
            Problem(f"{label}的下限 {low} 大于上限 {high}，两个数换过来。", field=label, value=text)
        )
        return None
    return [low, high]
