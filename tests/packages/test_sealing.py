"""What is done to a package on its way is noticed; whatever a file holds, it ends in a sentence."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from gridoffice.errors import BadSheet, OfficeError
from gridoffice.packages.contents import FORMAT, SAID, unpacked
from gridoffice.packages.keys import Card, Keys, card_text, read_card
from gridoffice.packages.sealing import BadPackage, opened, sealed


def new_keys() -> Keys:
    return Keys(SigningKey.generate(), PrivateKey.generate())


ONE, OTHER = new_keys(), new_keys()
WORDS = "青禾街道 王𠮷".encode()
PACKAGE = sealed(WORDS, ONE, bytes(OTHER.seal.public_key).hex())


def test_it_is_read_by_whom_it_is_meant_for() -> None:
    found = opened(PACKAGE, OTHER)
    assert found.contents == WORDS and found.sign_key == bytes(ONE.sign.verify_key).hex()
    assert WORDS not in PACKAGE
    with pytest.raises(BadPackage, match="不是给本办的"):
        opened(PACKAGE, ONE)


@given(place=st.integers(0, len(PACKAGE) - 1), bit=st.integers(0, 7))
def test_every_changed_bit_is_noticed(place: int, bit: int) -> None:
    altered = bytearray(PACKAGE)
    altered[place] ^= 1 << bit
    with pytest.raises(BadPackage) as told:
        opened(bytes(altered), OTHER)
    assert told.value.message.endswith("。")


@given(st.binary(max_size=300), st.integers(0, len(PACKAGE)))
def test_any_bytes_end_in_a_sentence(noise: bytes, cut: int) -> None:
    for data in (noise, PACKAGE[:cut], PACKAGE[: min(cut, 25)] + noise):
        if data != PACKAGE:
            with pytest.raises(BadPackage):
                opened(data, OTHER)


def test_a_newer_program_is_named() -> None:
    newer = PACKAGE[:8] + b"\x02" + PACKAGE[9:]
    with pytest.raises(BadPackage, match="更新的程序"):
        opened(newer, OTHER)


def packed(said: Any, **files: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as box:
        box.writestr(SAID, json.dumps(said))
        for name, content in files.items():
            box.writestr(name, content)
    return target.getvalue()


GOOD: dict[str, Any] = {
    "format": 1,
    "identity": "0" * 32,
    "number": 1,
    "previous": None,
    "made": "2026-06-30T08:00:00+00:00",
    "name": "永宁社区",
    "month": None,
    "whole": True,
    "parts": [],
    "rules": {"schemes": {}, "tables": {}},
    "answers": [],
}


def test_contents_of_another_program_are_refused_not_believed() -> None:
    assert unpacked(packed(GOOD)).said.name == "永宁社区"
    part = {"key": "workers", "title": "花名册", "file": "../workers.xlsx", "rows": 1, "digest": "0" * 64}
    for change in (
        {"format": FORMAT + 1},
        {"identity": "1"},
        {"number": 0},
        {"made": "昨天"},
        {"rules": {"schemes": {"a": 1}, "tables": {}}},
        {"parts": [part]},
        {"parts": [{**part, "file": "workers.xlsx"}]},
        {"parts": [{**part, "key": "future"}]},
        {"parts": [{**part, "file": "a.exe"}]},
        {"name": "../青禾"},
        {"rules": {"schemes": {}, "tables": {}, "laws": {}}},
        {"answers": [1]},
    ):
        with pytest.raises(BadPackage):
            unpacked(packed({**GOOD, **change}))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=6), inside, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from([*GOOD, "other"]), _JSON)
def test_whatever_is_said_inside_ends_in_a_sentence(name: str, value: Any) -> None:
    try:
        unpacked(packed({**GOOD, name: value}))
    except OfficeError as error:
        assert error.message.endswith("。")


@given(st.binary(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_a_card_or_a_sentence(tmp_path: Path, noise: bytes) -> None:
    file = tmp_path / "某.gridcard"
    file.write_bytes(noise)
    with pytest.raises(BadSheet, match="不是单位名片"):
        read_card(file)


def test_a_card_says_who_it_is_and_its_fingerprint_changes_with_its_keys(tmp_path: Path) -> None:
    card = Card("永宁社区", bytes(ONE.sign.verify_key).hex(), bytes(ONE.seal.public_key).hex())
    file = tmp_path / "永宁.gridcard"
    file.write_text(card_text(card), encoding="utf-8")
    assert read_card(file) == card
    assert len(card.fingerprint.replace(" ", "")) == 24 and card.fingerprint in file.read_text(
        encoding="utf-8"
    )
    other = Card("永宁社区", card.sign_key, bytes(OTHER.seal.public_key).hex())
    assert other.fingerprint != card.fingerprint
