"""A folder with a signed release, and a computer of its own to fetch it to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from gridoffice import settings
from gridoffice.updating import places, release
from gridoffice.updating.release import Package, Release
from tests.cli.conftest import call  # noqa: F401 - a fixture

BODY = b"a new program" * 100_000


@pytest.fixture
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "本机 𠮷"
    folder.mkdir()
    monkeypatch.setattr(settings, "data_folder", lambda: folder)
    return folder


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> SigningKey:
    made = SigningKey.generate()
    monkeypatch.setattr(release, "known_keys", lambda: (made.verify_key,))
    return made


Publish = Callable[..., Release]


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "更新 文件夹"
    folder.mkdir()
    return folder


@pytest.fixture
def publish(share: Path, key: SigningKey, own_folder: Path) -> Publish:
    def publish(version: str = "9.0.0", body: bytes = BODY, **other: object) -> Release:
        name = f"GridOffice-{version}-setup.exe"
        package = Package(name, len(body), hashlib.sha256(body).hexdigest())
        made = Release(
            version, date(2026, 11, 30), "考核可以退回重评。", {places.kind_of_computer(): package}
        )
        (share / name).write_bytes(body)
        (share / release.NAME).write_bytes(release.signed(made, key))
        return made

    return publish
