"""The rights of each role, which roles one person may not hold together, and what a password must be."""

from __future__ import annotations

from collections.abc import Iterable

from db.enums import Right, Role
from gridoffice.accounts.policy import Policy

_DAILY = frozenset({Right.READ, Right.EDIT_GRIDS, Right.EDIT_PEOPLE, Right.ASSESS, Right.REVEAL, Right.UNDO})

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: frozenset(Right),
    Role.CLERK: _DAILY,
    Role.REVIEWER: _DAILY | {Right.REVIEW_MONTH},
    Role.LEADER: frozenset({Right.READ, Right.REVIEW_MONTH, Right.LOCK_MONTH, Right.REVEAL}),
    Role.READER: frozenset({Right.READ}),
    Role.SYSTEM_ADMIN: frozenset({Right.READ, Right.KEEP_ACCOUNTS, Right.MAINTAIN}),
    Role.SECURITY_ADMIN: frozenset({Right.READ, Right.APPROVE_ACCOUNTS, Right.AUDIT}),
    Role.AUDITOR: frozenset({Right.READ, Right.AUDIT}),
}

KEEPERS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
"""三员: they keep the accounts, let them in and look over their shoulders. None of them sees business, and
no person is two of them (the rule of systems with secrets, widely copied to those that are only sensitive)."""

OFFICE_DUTIES = frozenset({Right.KEEP_ACCOUNTS, Right.APPROVE_ACCOUNTS, Right.MAINTAIN})
"""Rights whose actions concern the whole office, however far the account sees its business."""

CLASSES = (
    ("小写字母", str.islower),
    ("大写字母", str.isupper),
    ("数字", str.isdigit),
    ("符号", lambda sign: not sign.isalnum()),
)


def may(role: Role, right: Right) -> bool:
    return right in RIGHTS[role]


def password_faults(password: str, names: Iterable[str], policy: Policy) -> list[str]:
    """What is wrong with a new password, in sentences (MLPS, GB/T 22239-2019 identity: length, classes, and
    nothing that anyone would try first). `names` are those of the account."""
    found = []
    if len(password) < policy.length:
        found.append(f"密码只有 {len(password)} 位，至少要 {policy.length} 位。")
    there = [word for word, is_one in CLASSES if any(map(is_one, password))]
    if len(there) < policy.classes:
        words = "、".join(word for word, _ in CLASSES)
        found.append(f"密码里只有{'、'.join(there) or '汉字'}，{words}至少要有 {policy.classes} 种。")
    plain = password.casefold()
    for name in names:
        one = name.strip().casefold()
        if len(one) > 1 and (one in plain or one[::-1] in plain):
            found.append(f"密码里不能有账号的名字“{name}”。")
            break
    return found
