"""Logins that a server has already under the names of an office's accounts.

Logins belong to a whole server, not to one database: when a database was dropped and made again, those of its
accounts are still there, with their old passwords. Whose they are is not guessed: whoever looks after the
server says so, and only one that has nothing but the groups of this office's name is taken.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from db.server.logins import Stranger, adopt, strangers
from db.server.names import Names
from gridoffice.errors import Refused


def take_in(connection: Connection, names: Names, accounts: Collection[str], take: bool) -> tuple[str, ...]:
    """Make logins of these names that stand there already the office's own, where that was said (`take`);
    answers which. Their passwords are gone. Raises `Refused` when there are any and it was not said, or one
    of them is somebody else's."""
    found = strangers(connection, names, accounts)
    others = [one for one in found if one.why]
    if others:
        raise Refused(
            f"服务器上已有登录{_told(others)}，不能给这个资料库用：{'；'.join(one.why for one in others[:3])}。"
            "换账号名（--system-admin、--security-admin、--auditor、--administrator）。"
        )
    if found and not take:
        raise Refused(
            f"服务器上已有登录{_told(found)}，像是以前同名的资料库留下的。是的话加 --take-logins 接过来"
            "（要超级用户，原来的密码作废，重新给）；不是就换账号名。"
        )
    for one in found:
        adopt(connection, names, one.name)
    return tuple(one.name for one in found)


def _told(found: Collection[Stranger]) -> str:
    return "、".join(f"“{one.name}”" for one in found)
