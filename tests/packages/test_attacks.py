"""A package that is not as it should be: one clear sentence, and nothing written."""

from __future__ import annotations

import json
import random
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from nacl.public import PrivateKey
from nacl.signing import SigningKey
from sqlalchemy import func, select

from db.tables import Action, Package
from gridoffice.errors import OfficeError
from gridoffice.office import Office
from gridoffice.packages import attached, contents, keys, told
from gridoffice.packages.contents import SAID, digest_of
from gridoffice.packages.receiving import receive, take_in
from gridoffice.packages.sealing import FORMAT, BadPackage, opened, sealed
from gridoffice.workers.service import save_worker
from tests.offices import grid_id, number, worker
from tests.packages.conftest import PASSWORD, Two


def standing(office: Office) -> tuple[int, int]:
    """Lines of the journal and packages in the register."""
    return office.read(
        lambda session: (
            session.scalar(select(func.count()).select_from(Action)) or 0,
            session.scalar(select(func.count()).select_from(Package)) or 0,
        )
    )


def refused(two: Two, data: bytes, sentence: str) -> None:
    """Refused with a sentence in Chinese; the office is as it was."""
    file, before = two.folder / "attack.gridpack", standing(two.street)
    file.write_bytes(data)
    with pytest.raises(OfficeError, match=sentence) as told_:
        receive(two.street, file, PASSWORD)
    assert told_.value.message.endswith("。") and "Error" not in told_.value.message
    assert standing(two.street) == before


@pytest.fixture
def ready(two: Two) -> Two:
    """The community has the street's ledgers, and has changed something."""
    two.take(two.community, two.down())
    two.community.write(save_worker, worker(two.community, "李䶮").id, {"phone": "13800000002"})
    return two


def rebuilt(two: Two, file: Path, change) -> bytes:  # type: ignore[no-untyped-def]
    """A package with other contents, signed by the community all the same: what a trusted office might make."""
    own = two.community.read(keys.unlocked, PASSWORD)
    theirs = two.street.read(keys.own_card).seal_key
    inside = opened(file.read_bytes(), two.street.read(keys.unlocked, PASSWORD)).contents
    with zipfile.ZipFile(BytesIO(inside)) as box:
        said = json.loads(box.read(SAID))
        files = {name: box.read(name) for name in box.namelist() if name != SAID}
    change(said, files)
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr(SAID, json.dumps(said, ensure_ascii=False))
        for name, content in files.items():
            box.writestr(name, content)
    return sealed(target.getvalue(), own, theirs)


def test_a_stranger_signs_for_the_street(ready: Two) -> None:
    theirs = ready.street.read(keys.own_card).seal_key
    inside = opened(ready.up().read_bytes(), ready.street.read(keys.unlocked, PASSWORD)).contents
    stranger = keys.Keys(SigningKey.generate(), PrivateKey.generate())
    refused(ready, sealed(inside, stranger, theirs), "不认识发这个包的单位")


def test_any_changed_byte_and_any_cut(ready: Two) -> None:
    data = ready.up().read_bytes()
    dice = random.Random(20261122)
    places = [0, 7, 8, 9, 24, 25, 26, len(data) - 1, *(dice.randrange(len(data)) for _ in range(12))]
    for place in places:
        altered = bytearray(data)
        altered[place] ^= 1 << dice.randrange(8)
        refused(ready, bytes(altered), "。$")
    for cut in (0, 5, 25, 60, len(data) // 2, len(data) - 1):
        refused(ready, data[:cut], "不是上报包|被改动或损坏")
    refused(ready, data + b"x", "被改动或损坏")


def test_twice_the_same_and_an_old_one_after_a_newer_one(ready: Two) -> None:
    first = ready.up()
    ready.community.write(save_worker, worker(ready.community, "李䶮").id, {"phone": "13800000003"})
    whole = ready.up(whole=True)
    ready.take(ready.street, whole)
    refused(ready, whole.read_bytes(), r"第 2 号上报包.*已经收过")
    refused(ready, first.read_bytes(), "比它新，没有收")
    assert worker(ready.street, "李䶮").phone == "13800000003"


def test_the_same_package_signed_again_under_another_number(ready: Two) -> None:
    file = ready.up()
    ready.take(ready.street, file)

    def other(said: dict[str, Any], _files: dict[str, bytes]) -> None:
        said["number"] = 9

    refused(ready, rebuilt(ready, file, other), "已经收过")


def test_one_of_a_newer_program(ready: Two) -> None:
    def newer(said: dict[str, Any], _files: dict[str, bytes]) -> None:
        said["format"] = contents.FORMAT + 1

    def unknown(said: dict[str, Any], _files: dict[str, bytes]) -> None:
        said["parts"][0]["key"] = "drones"

    file = ready.up()
    refused(ready, rebuilt(ready, file, newer), "更新的程序做的。先把本机的程序升级")
    refused(ready, rebuilt(ready, file, unknown), "本机还不认识的台账")
    data = bytearray(file.read_bytes())
    data[8] = FORMAT + 1
    refused(ready, bytes(data), "更新的程序做的")


def test_parts_that_are_not_what_is_said(ready: Two) -> None:
    def other_bytes(said: dict[str, Any], files: dict[str, bytes]) -> None:
        files[said["parts"][0]["file"]] = b"something else"

    def away(said: dict[str, Any], files: dict[str, bytes]) -> None:
        del files[said["parts"][0]["file"]]

    def twice(said: dict[str, Any], _files: dict[str, bytes]) -> None:
        said["parts"].append(said["parts"][0])

    def up_the_tree(said: dict[str, Any], files: dict[str, bytes]) -> None:
        files["../evil.xlsx"] = files[said["parts"][0]["file"]]
        said["parts"][0]["file"] = "../evil.xlsx"

    file = ready.up()
    for change in (other_bytes, away, twice, up_the_tree):
        refused(ready, rebuilt(ready, file, change), "内容不完整，一点也没有收")
    assert not (ready.folder.parent / "evil.xlsx").exists()


def test_no_workbook_and_no_past_behind_a_right_digest(ready: Two) -> None:
    def noise(said: dict[str, Any], files: dict[str, bytes]) -> None:
        part = next(one for one in said["parts"] if one["file"].endswith(".xlsx"))
        files[part["file"]] = random.Random(1).randbytes(5000)
        part["digest"] = digest_of(files[part["file"]])

    refused(ready, rebuilt(ready, ready.up(), noise), "。$")

    for content in (
        b"{}",
        b"[]",
        b"null",
        b'{"changes": 1}',
        b"\xff\xfe",
        b'{"grids": [{"now": {}}]}',
        b"[" * 99_999,
    ):
        for key, name in (("tree", "tree.json"), ("tenures", "tenures.json")):
            if content == b"{}":
                continue  # nothing is told: that is a past too

            def past(
                said: dict[str, Any],
                files: dict[str, bytes],
                key: str = key,
                name: str = name,
                content: bytes = content,
            ) -> None:
                files[name] = content
                said["parts"].append(
                    {"key": key, "title": key, "file": name, "rows": 1, "digest": digest_of(content)}
                )

            file = ready.folder / f"{ready.written}.gridpack"
            refused(ready, rebuilt(ready, file, past), "包里的旧档")


def test_a_bomb(ready: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    def bomb(said: dict[str, Any], files: dict[str, bytes]) -> None:
        files["bomb.bin"] = bytes(3_000_000)

    monkeypatch.setattr(contents, "LARGEST", 2_000_000)
    file = ready.up()
    data = rebuilt(ready, file, bomb)
    assert len(data) < 200_000
    refused(ready, data, "解开后太大")

    def many(said: dict[str, Any], files: dict[str, bytes]) -> None:
        files.update({f"{number}.bin": b"" for number in range(300)})

    refused(ready, rebuilt(ready, file, many), "解开后太大")


def test_a_bomb_among_the_photographs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "attachments.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("index.json", "[]")
        box.writestr("0", bytes(3_000_000))
    monkeypatch.setattr(attached, "LARGEST", 2_000_000)
    with pytest.raises(BadPackage, match="解开后太大"):
        attached.read_files(file)


def test_rows_of_another_community_inside(ready: Two) -> None:
    """A new worker in a grid of the neighbours, and the neighbours' grid under another name."""
    there = ready.community
    ready.take(there, ready.down(scope=grid_id(ready.street, "519921001"), whole=True))
    values = {"name": "混进来的", "id_number": number(77), "title": "兼职网格员"}
    there.write(save_worker, None, values | {"grid_id": grid_id(there, "519921001002001")})
    refused(
        ready,
        ready.up().read_bytes(),
        "“梧桐社区”管“梧桐社区”，包里的网格员花名册有不在那里的：“混进来的”。没有收",
    )


def test_noise_from_a_trusted_office_ends_in_a_sentence(ready: Two) -> None:
    """Random bytes flipped inside, before it is signed: whatever comes of it, no other fault than a sentence."""
    dice = random.Random(7)
    file = ready.up()
    own, theirs = ready.community.read(keys.unlocked, PASSWORD), ready.street.read(keys.own_card).seal_key
    inside = opened(file.read_bytes(), ready.street.read(keys.unlocked, PASSWORD)).contents
    for _ in range(25):
        altered = bytearray(inside)
        for _ in range(dice.randrange(1, 6)):
            altered[dice.randrange(len(altered))] = dice.randrange(256)
        target, before = ready.folder / "fuzz.gridpack", standing(ready.street)
        target.write_bytes(sealed(bytes(altered), own, theirs))
        try:
            arrived = receive(ready.street, target, PASSWORD)
        except OfficeError as error:
            assert error.message.endswith("。")
            assert standing(ready.street) == before
        else:
            assert list(take_in(ready.street, arrived)) is not None  # a byte that nobody reads
            break


def test_a_part_cannot_take_the_name_of_another(ready: Two) -> None:
    def named(said: dict[str, Any], _files: dict[str, bytes]) -> None:
        said["parts"][0]["title"] = "..\\..\\启动\\好东西"

    file = ready.folder / "named.gridpack"
    file.write_bytes(rebuilt(ready, ready.up(), named))
    arrived = receive(ready.street, file, PASSWORD)
    assert arrived.said.parts[0].title == "网格台账"


def test_what_is_told_of_the_past_is_read_back_as_written() -> None:
    facts = told.Facts("1", "甲", "网格")
    tree = told.Tree(grids=(told.Line(facts),), places=(replace(facts, code="2"),))
    assert json.loads(told.write(tree)) == {
        "grids": [{"now": {"code": "1", "name": "甲", "kind": "网格"}}],
        "places": [{"code": "2", "name": "甲", "kind": "网格"}],
        "ended": {},
    }
    with pytest.raises(BadPackage):
        told.read(told.Tree, Path("/nowhere.json"))
