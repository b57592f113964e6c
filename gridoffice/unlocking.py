"""The password of a local file, said or chosen: of an office, or of a backup that was made under another one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from db import keyed
from db.keyed import Key, NoKey
from gridoffice import passwords
from gridoffice.errors import NeedsFilePassword, RuleBroken

if TYPE_CHECKING:
    from gridoffice.office import Office

WANTED = "这个文件有密码。"
WRONG = "密码不对。肯定没输错的话，是文件坏了。"
OTHER = "“{}”用的是另外一个密码，多半是以前的。"

LEAST = 8
"""So many characters a file's password has at least: whoever has the file may guess as often as he likes."""


def unlock(file: Path, password: str) -> None:
    """Open the file from now on, in this process. Raises `NeedsFilePassword` when it is not its password."""
    salt = keyed.salt_of(file)
    if salt is None:
        return
    key = Key.of(password, salt)
    if not keyed.opens(key, file):
        raise NeedsFilePassword(WRONG, str(file))
    keyed.know(key)


def unlock_backup(_office: Office, file: str, password: str) -> None:
    """The same for a backup, in the process that works on it."""
    unlock(Path(file), password)


def know(key: Key) -> None:
    """Open what this key opens from now on, in this process: another one of this program was told it."""
    keyed.know(key)


def ready(file: Path, words: str = WANTED) -> None:
    """See to it that the file can be opened, by the password that the system's keyring remembers, if it has to
    be. Raises `NeedsFilePassword` with these words."""
    try:
        keyed.key_of(file)
    except NoKey:
        password = passwords.recall(keyed.salt_of(file) or b"")
        if password is not None:
            try:
                return unlock(file, password)
            except NeedsFilePassword:
                pass  # remembered of a file that began alike: asked for
        raise NeedsFilePassword(words.format(file.name), str(file)) from None


def checked(password: str, again: str | None = None) -> str:
    """A password that may be put on a file. Raises `RuleBroken`."""
    if again is not None and again != password:
        raise RuleBroken("两次输的密码不一样。")
    if len(password) < LEAST:
        raise RuleBroken(
            f"密码至少 {LEAST} 个字：拿到文件的人可以一直试下去。几个不相干的词连起来，好记又难猜。"
        )
    if len(set(password)) < 4:
        raise RuleBroken("密码太简单，换一个。")
    return password


def remember(file: Path, password: str) -> bool:
    """Put the password of a file into the system's keyring; answers whether it is there now."""
    salt = keyed.salt_of(file)
    return salt is not None and passwords.keep(salt, password)
