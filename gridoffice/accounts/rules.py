"""The rights of each role."""

from __future__ import annotations

from db.enums import Right, Role

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


def may(role: Role, right: Right) -> bool:
    return right in RIGHTS[role]
