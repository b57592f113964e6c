"""Newer versions: only what was signed is taken, whole or not at all, and nothing else changes."""

from __future__ import annotations

import base64
import errno
import functools
import http.server
import subprocess
import sys
import threading
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

import gridoffice
from gridoffice import settings
from gridoffice.errors import OfficeError
from gridoffice.updating import fetching, installing, places, release
from gridoffice.updating.places import NoPlace
from gridoffice.updating.release import Untrusted
from tests.cli.conftest import Call
from tests.updating.conftest import BODY, Publish


def test_a_newer_version_is_found_with_its_news_and_copied_whole(share: Path, publish: Publish) -> None:
    made = publish()
    found = places.newest(str(share))
    assert found == made
    file = fetching.fetch(str(share), made)
    assert file.read_bytes() == BODY
    assert [one.name for one in fetching.folder().iterdir()] == [file.name]


def test_the_same_or_an_older_version_is_none(share: Path, publish: Publish) -> None:
    for version in (gridoffice.__version__, "0.0.9"):
        publish(version)
        assert places.newest(str(share)) is None


@pytest.mark.parametrize(("one", "other"), [("1.10.0", "1.9.9"), ("2.0.0", "1.99.99"), ("0.1.10", "0.1.9")])
def test_versions_are_compared_as_numbers(publish: Publish, one: str, other: str) -> None:
    assert publish(one).newer_than(other)
    assert not publish(other).newer_than(one)


@pytest.mark.parametrize("place", ["version", "sha256", "news", "name"])
def test_tampered_facts_are_refused(share: Path, publish: Publish, place: str) -> None:
    made = publish()
    file = share / release.NAME
    old = {
        "version": "9.0.0",
        "sha256": next(iter(made.packages.values())).sha256,
        "news": made.news,
        "name": "-setup.exe",
    }[place]
    changed = file.read_bytes().replace(old.encode(), old[::-1].encode())
    assert changed != file.read_bytes()
    file.write_bytes(changed)
    with pytest.raises(Untrusted, match="签名对不上"):
        places.newest(str(share))


def test_somebody_elses_signature_is_refused(share: Path, publish: Publish) -> None:
    made = publish()
    (share / release.NAME).write_bytes(release.signed(made, SigningKey.generate()))
    with pytest.raises(Untrusted, match="签名对不上"):
        places.newest(str(share))


@pytest.mark.parametrize("body", [b"", b"{}", b"gridoffice-release 1\n", b"gridoffice-release 1\n!!\n{}"])
def test_any_other_file_is_refused(share: Path, publish: Publish, body: bytes) -> None:
    publish()
    (share / release.NAME).write_bytes(body)
    with pytest.raises(Untrusted):
        places.newest(str(share))


def test_a_signed_name_that_leads_elsewhere_is_refused(
    share: Path, publish: Publish, key: SigningKey
) -> None:
    publish()
    body = release.signed(publish(), key).partition(b"\n")[2].partition(b"\n")[2]
    body = body.replace(b"GridOffice-9.0.0-setup.exe", b"../GridOffice-setup.exe")
    signature = base64.b64encode(key.sign(body).signature)
    (share / release.NAME).write_bytes(release.KIND + signature + b"\n" + body)
    with pytest.raises(Untrusted, match="读不出来"):
        places.newest(str(share))


def test_a_package_with_other_bytes_is_refused_and_not_kept(share: Path, publish: Publish) -> None:
    made = publish()
    (package,) = made.packages.values()
    (share / package.name).write_bytes(BODY[:-1] + b"X")
    with pytest.raises(Untrusted, match="对不上"):
        fetching.fetch(str(share), made)
    (share / package.name).write_bytes(BODY + b"more")
    with pytest.raises(Untrusted, match="对不上"):
        fetching.fetch(str(share), made)
    assert list(fetching.folder().iterdir()) == []


class Endless:
    """A server that never stops sending; whoever goes on listening fails."""

    def __init__(self) -> None:
        self.sent = 0

    def read(self, size: int) -> bytes:
        self.sent += size
        if self.sent > 50 * fetching.PORTION:
            raise AssertionError("more is taken than the package is long")
        return bytes(size)


def test_of_a_package_that_never_ends_no_more_is_taken_than_was_signed(
    share: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = publish()
    monkeypatch.setattr(fetching, "opened", lambda where, name: nullcontext(Endless()))
    with pytest.raises(Untrusted, match="对不上"):
        fetching.fetch(str(share), made)
    assert list(fetching.folder().iterdir()) == []


def test_facts_that_are_too_long_are_none_of_ours(share: Path, publish: Publish, key: SigningKey) -> None:
    made = replace(publish(), news="长" * release.LARGEST)
    (share / release.NAME).write_bytes(release.signed(made, key))
    with pytest.raises(Untrusted, match="不是网格办的更新说明"):
        places.newest(str(share))


def test_an_interrupted_copy_leaves_nothing_and_can_be_done_again(share: Path, publish: Publish) -> None:
    made = publish()
    (package,) = made.packages.values()
    (share / package.name).write_bytes(BODY[: len(BODY) // 2])
    with pytest.raises(OfficeError, match="复制到一半断了"):
        fetching.fetch(str(share), made)
    assert list(fetching.folder().iterdir()) == []
    (share / package.name).write_bytes(BODY)
    assert fetching.fetch(str(share), made).read_bytes() == BODY


def test_what_a_killed_copy_left_is_cleared_away(share: Path, publish: Publish) -> None:
    made = publish()
    (fetching.folder() / "GridOffice-8.0.0-setup.exe.part").write_bytes(b"half")
    file = fetching.fetch(str(share), made)
    assert [one.name for one in fetching.folder().iterdir()] == [file.name]


def test_a_full_disk_is_said_before_and_while_copying(
    share: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = publish()

    class Full:
        free = 10

    with monkeypatch.context() as patch:
        patch.setattr(fetching.shutil, "disk_usage", lambda _: Full)
        with pytest.raises(OfficeError, match="还差 4 MB"):
            fetching.fetch(str(share), made)

    def refuse(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fetching.os, "fsync", refuse)
    with pytest.raises(OfficeError, match="磁盘满了"):
        fetching.fetch(str(share), made)
    assert list(fetching.folder().iterdir()) == []


FETCH = """
import resource, signal, sys
from datetime import date
from pathlib import Path
from gridoffice import settings
from gridoffice.updating import fetching
from gridoffice.updating.release import Package, Release
where, own, kind, name, size, sha256 = sys.argv[1:]
settings.data_folder = lambda: Path(own)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
release = Release("9.0.0", date(2026, 11, 30), "", {kind: Package(name, int(size), sha256)})
try:
    fetching.fetch(where, release)
except fetching.OfficeError as error:
    sys.stdout.buffer.write(error.message.encode())
"""


def test_a_disk_that_takes_no_more_while_copying_leaves_nothing(
    share: Path, own_folder: Path, publish: Publish
) -> None:
    made = publish()
    ((kind, package),) = made.packages.items()
    words = [str(share), str(own_folder), kind, package.name, str(package.size), package.sha256]
    told = subprocess.run(
        [sys.executable, "-c", FETCH, *words], capture_output=True, check=True
    ).stdout.decode()
    assert "磁盘满了，更新没有复制完" in told
    assert list((own_folder / "updates").iterdir()) == []


def test_a_package_changed_after_it_was_copied_is_not_started(
    share: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = publish()
    file = fetching.fetch(str(share), made)
    file.write_bytes(BODY[:-1] + b"X")
    started: list[Any] = []
    monkeypatch.setattr(installing.subprocess, "Popen", lambda *words, **more: started.append(words))
    with pytest.raises(Untrusted):
        installing.begin(file, made)
    assert started == []


def test_a_setup_that_windows_does_not_start_is_no_update_that_was_begun(
    share: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = publish()
    file = fetching.fetch(str(share), made)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "blocked")

    monkeypatch.setattr(installing.subprocess, "Popen", refuse)
    with pytest.raises(OfficeError, match="安装程序没有启动"):
        installing.begin(file, made)
    assert installing.outcome() is None


def test_the_folder_comes_last_and_bare_as_the_setup_wants_it(
    share: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = publish()
    file = fetching.fetch(str(share), made)
    started: list[str] = []
    monkeypatch.setattr(installing.subprocess, "Popen", lambda words, **more: started.append(words))
    said_before = fetching.folder() / installing.SAID
    said_before.write_text("7")
    installing.begin(file, made)
    assert not said_before.exists(), "what an earlier update came to is none of this one's"
    assert started == [installing.command(file)]
    assert started[0].startswith(f'"{file}" /S /RESTART /OUTCOME="')
    assert started[0].endswith(f" /D={installing.HOME}")


def test_what_came_of_an_update_is_told_once(
    share: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installing.outcome() is None
    made = publish()
    file = fetching.fetch(str(share), made)
    settings.remember(installing.BEGUN, made.version)
    (fetching.folder() / installing.SAID).write_text("7")
    said = installing.outcome()
    assert said is not None
    assert not said.well
    assert said.words == f"没有更新到 9.0.0：新版本自检没有通过。还是 {gridoffice.__version__}，资料没有变。"
    assert installing.outcome() is None

    settings.remember(installing.BEGUN, made.version)
    monkeypatch.setattr(installing, "__version__", "9.0.0")
    said = installing.outcome()
    assert said is not None
    assert said.well
    assert not file.exists()


def test_nothing_is_looked_for_where_nobody_said(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert places.place() == ""
    with pytest.raises(NoPlace, match="还没有选"):
        places.newest("")
    preset = own_folder / "updates.txt"
    monkeypatch.setattr(places, "PRESET", preset)
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):  # the last as setup.exe writes it
        preset.write_text("\\\\服务器\\软件\r\n", encoding)
        assert places.place() == "\\\\服务器\\软件"
    places.choose(" D:/更新 ")
    assert places.place() == "D:/更新"


def test_a_missing_folder_and_an_empty_one_are_told_in_words(share: Path, own_folder: Path) -> None:
    for where in (str(share), str(share / "没有")):
        with pytest.raises(NoPlace, match="里没有“GridOffice"):
            places.newest(where)


def test_a_computer_the_release_has_nothing_for(
    share: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = publish()
    monkeypatch.setattr(fetching, "kind_of_computer", lambda: "amiga")
    with pytest.raises(NoPlace, match="没有这种电脑用的安装包"):
        fetching.fetch(str(share), made)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def test_an_address_is_read_when_somebody_wrote_one_down(share: Path, publish: Publish) -> None:
    made = publish()
    serve = functools.partial(Quiet, directory=str(share))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            where = f"http://127.0.0.1:{server.server_address[1]}/"
            assert places.newest(where) == made
            assert fetching.fetch(where, made).read_bytes() == BODY
            (share / release.NAME).unlink()
            with pytest.raises(NoPlace, match="里没有"):
                places.newest(where)
        finally:
            server.shutdown()
            thread.join()
    with pytest.raises(NoPlace, match="连不上"):
        places.newest(where)


def test_the_shipped_keys_are_keys() -> None:
    assert len(release.known_keys()) >= 1


def test_the_command_line_finds_and_fetches(share: Path, publish: Publish, call: Call) -> None:
    status, said, _ = call("--json", "updates")
    assert (status, said["version"]) == (0, None)
    status, said, _ = call("--json", "updates", "--from", str(share))
    assert status == 1
    assert "里没有“GridOffice.release”" in said["error"]
    publish()
    status, said, _ = call("--json", "updates", "--fetch")
    assert (status, said["version"], Path(said["file"]).read_bytes()) == (0, "9.0.0", BODY)
