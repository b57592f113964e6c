"""What an office asks of passwords, of who stays away from his desk, and of its journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from sqlalchemy.orm import Session

from gridoffice.settings import setting

SECURITY = "security"
"""The key of the office's settings."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of the door. The defaults are what GB/T 22239-2019 (身份鉴别, 安全审计) is usually held to.

    `length` of a password, `classes` of signs in it (small and large letters, digits, others), `days` it
    holds (0: for ever), `former` ones that may not come again, `attempts` that may fail before the account
    is locked for `locked` minutes, `idle` minutes after which the window locks (0: never), `alarm` failed
    attempts within a day that the home page tells of, `megabytes` of journal from which on it is told
    that room is needed.
    """

    length: int = 8
    classes: int = 3
    days: int = 90
    former: int = 5
    attempts: int = 5
    locked: int = 20
    idle: int = 10
    alarm: int = 5
    megabytes: int = 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number of the policy in words, and between what it may lie."""

    label: str
    unit: str
    least: int
    most: int


BOUNDS: Mapping[str, Bounds] = {
    "length": Bounds("密码最短", "位", 8, 32),
    "classes": Bounds("大写、小写、数字、符号至少", "种", 2, 4),
    "days": Bounds("密码多久一换（0 为不换）", "天", 0, 365),
    "former": Bounds("不能和最近用过的重复", "个", 0, 20),
    "attempts": Bounds("连着输错多少次就锁住", "次", 3, 10),
    "locked": Bounds("锁住多久", "分钟", 5, 1440),
    "idle": Bounds("多久没人动就锁屏（0 为不锁）", "分钟", 0, 120),
    "alarm": Bounds("一天输错多少次就提醒", "次", 3, 100),
    "megabytes": Bounds("变动记录超过多大就提醒", "MB", 64, 65536),
}


def policy_of(session: Session) -> Policy:
    """The office's own rules; what it has not set is as usual."""
    said = setting(session, SECURITY, {})
    return Policy(**{one.name: said[one.name] for one in fields(Policy) if one.name in said})
