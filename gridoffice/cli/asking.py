"""What many commands ask for: the office, a grid, a day, a reason."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from datetime import date
from pathlib import Path

from gridoffice import settings
from gridoffice.entering import Entered, enter
from gridoffice.errors import BadSheet, ChangeNeeded, NeedsFilePassword, RuleBroken, SignInNeeded
from gridoffice.grids import service as grids
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.spreadsheet.replacing import put
from gridoffice.unlocking import ready, unlock

PASSWORD = "GRIDOFFICE_PASSWORD"
"""Where the password of `--as` is read from."""
FILE_PASSWORD = "GRIDOFFICE_FILE_PASSWORD"
BACKUP_PASSWORD = "GRIDOFFICE_BACKUP_PASSWORD"
NEW_FILE_PASSWORD = "GRIDOFFICE_NEW_FILE_PASSWORD"
"""Where the password of a local office is read from, of a backup that has another, and the one either shall have."""


def add_scope(command: argparse.ArgumentParser) -> None:
    command.add_argument("--grid", metavar="编码", help="只看这个网格和它的下级")
    command.add_argument("--as-of", metavar="日期", help="按哪一天，如 2026-06-30")


def add_purpose(command: argparse.ArgumentParser) -> None:
    said = "用途，记入变动并印在纸边；不写就用上次的。带完整身份证号和电话时一定要写"
    command.add_argument("--purpose", "--reason", dest="reason", metavar="用途", help=said)


def add_reveal(command: argparse.ArgumentParser) -> None:
    command.add_argument("--reveal", action="store_true", help="带完整身份证号和电话")
    add_purpose(command)


def add_map(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="表头=列名",
        help="这个表头是哪一列（空着表示不要），可多次；写入后记住",
    )


def opened(asked: argparse.Namespace) -> Office:
    """The office that the command line names; opened once, closed when the command has run."""
    return asked.office if asked.office is not None else come_in(asked)[0].office


def come_in(asked: argparse.Namespace, fresh: str | None = None) -> tuple[Entered, str | None]:
    """Open the office as the account named, with its password where one is asked for: from the environment,
    else from the terminal. `fresh` is a new one, for who has to change his. Answers the password too."""
    database, password = asked.database or settings.default_database(), os.environ.get(PASSWORD)
    if "://" not in database:
        unlocked(Path(database))
    try:
        entered = enter(database, asked.account, password, fresh)
    except SignInNeeded:
        if asked.account is None or password is not None or not sys.stdin.isatty():
            raise SignInNeeded(
                f"这个资料库要登录：用 --as 写账号，密码写在环境变量 {PASSWORD} 里。"
            ) from None
        password = getpass.getpass(f"{asked.account} 的密码：")
        entered = enter(database, asked.account, password, fresh)
    except ChangeNeeded as error:
        raise ChangeNeeded(f"{error.message}先用 users password 换。") from None
    asked.office = entered.office
    return entered, password


def unlocked(file: Path, variable: str = FILE_PASSWORD) -> None:
    """See to it that a local file can be opened: by the keyring, the environment, else the terminal."""
    try:
        ready(file)
    except NeedsFilePassword:
        said = os.environ.get(variable)
        if said is None and not sys.stdin.isatty():
            raise NeedsFilePassword(f"“{file.name}”有密码：写在环境变量 {variable} 里。", str(file)) from None
        unlock(file, getpass.getpass(f"“{file.name}”的密码：") if said is None else said)


def fresh_password() -> str:
    """A new password for a local file: from the environment, else typed twice. Raises `RuleBroken`."""
    said = os.environ.get(NEW_FILE_PASSWORD)
    if said is None:
        if not sys.stdin.isatty():
            raise RuleBroken(f"新密码写在环境变量 {NEW_FILE_PASSWORD} 里。")
        said = getpass.getpass("新密码：")
        if getpass.getpass("再输一次：") != said:
            raise RuleBroken("两次输的新密码不一样。")
    return said


def day_of(text: str | None) -> date | None:
    """A day from the command line. Raises `RuleBroken`."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RuleBroken(f"“{text}”不是日期，写成 2026-06-30 这样。") from None


def ask_of(office: Office, asked: argparse.Namespace) -> Ask:
    scope = office.read(grids.find, asked.grid) if asked.grid else None
    return Ask(scope=scope, day=day_of(asked.as_of))


def meant(names: dict[str, str], said: str) -> tuple[str, str | None]:
    """`岗位类别=职务` as the heading and the name of its column; nothing behind the sign: left out."""
    heading, sign, label = said.partition("=")
    if not sign or (label and label not in names):
        known = "、".join(names)
        raise RuleBroken(f"“{said}”看不懂，写成“表头=列名”。列名有：{known}。")
    return heading, names[label] if label else None


def text_in(file: Path) -> str:
    """What stands in a file of text. Raises `BadSheet`."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSheet(f"“{file}”读不出来，应为 UTF-8 的文字文件。") from error


def put_text(file: Path, text: str) -> None:
    """Write a file of text. Raises `OfficeError` as `replacing` does."""
    put(file, text.encode())
