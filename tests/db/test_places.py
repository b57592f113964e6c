"""Where a local office may lie: paths and mounts as Windows and Linux spell them."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import places
from gridoffice.errors import Unreachable
from gridoffice.establish import establish
from gridoffice.office import Office

MOUNTS = r"""22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:26 / /dev/shm rw,nosuid - tmpfs tmpfs rw
41 22 0:40 / /mnt/公共\040盘 rw,relatime shared:20 - cifs //server/share rw,vers=3.0
42 22 0:41 / /srv/li/网盘 rw,relatime - fuse.sshfs li@host:/srv rw
43 22 0:42 /export /srv/office rw,relatime master:3 shared:9 - nfs4 10.0.0.7:/export rw
44 43 8:2 / /srv/office/local rw,relatime - ext4 /dev/sdb1 rw
nonsense
"""


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (r"\\server\share\网格办\office.db", r"共享文件夹“\\server\share”"),
        ("//server/share/office.db", r"共享文件夹“\\server\share”"),
        (r"\\?\UNC\server\share\office.db", r"共享文件夹“\\server\share”"),
        (r"\\?\C:\office.db", None),
        (r"\\.\C:\office.db", None),
        (r"C:\网格办\office.db", None),
        (r"Z:\网格办\office.db", "网络盘“Z:”"),
        (r"\\?\Z:\office.db", "网络盘“Z:”"),
        (r"z:office.db", "网络盘“z:”"),
        ("office.db", None),
    ],
)
def test_windows(path: str, said: str | None) -> None:
    def kind_of(root: str) -> int:
        assert root.endswith(":\\")
        return places.REMOTE if root.upper() == "Z:\\" else 3

    assert places.windows_reason(path, kind_of) == said


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/li/office.db", None),
        ("/mnt/公共 盘/office.db", "cifs"),
        ("/mnt/公共 盘2/office.db", None),
        ("/srv/li/网盘/一/office.db", "fuse.sshfs"),
        ("/srv/office/office.db", "nfs4"),
        ("/srv/office/local/office.db", None),
    ],
)
def test_linux(path: str, kind: str | None) -> None:
    said = places.linux_reason(Path(path), MOUNTS)
    assert (said is None) if kind is None else (kind in (said or ""))


def test_this_computers_own_disk_is_no_network(tmp_path: Path) -> None:
    assert places.network_reason(tmp_path / "office.db") is None


def test_an_office_on_a_share_is_neither_founded_nor_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why, and both ways out: the own disk, or a shared office."""
    file = tmp_path / "office.db"
    establish(file).close()
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"41 22 0:40 / {tmp_path} rw - cifs //server/share rw\n", encoding="utf-8")
    monkeypatch.setattr(places, "MOUNTS", mounts)
    for attempt in (lambda: Office.open(file), lambda: establish(tmp_path / "another.db")):
        with pytest.raises(Unreachable, match=r"cifs.*会损坏.*本机硬盘.*共享资料库"):
            attempt()
    assert not (tmp_path / "another.db").exists()
