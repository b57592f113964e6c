"""Packages between two offices from the command line alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gridoffice.establish import establish
from gridoffice.office import Office
from gridoffice.workers.service import save_worker
from tests.offices import worker

Call = Callable[..., tuple[int, Any, str]]


def test_a_package_goes_down_and_up(
    on: Call, call: Call, small_office: Office, tmp_path: Path, office_at: Callable[..., Office]
) -> None:
    file = tmp_path / "社区.db"
    establish(file, name="梧桐社区", organisation="梧桐社区居委会").close()

    def there(*words: object) -> tuple[int, Any, str]:
        return call("--database", file, "--json", *words)

    word = tmp_path / "密码.txt"
    word.write_text("短\n", encoding="utf-8")
    secret = ("--password-file", word)
    status, said, _ = on("package", "keys", *secret)
    assert status == 1 and "至少要 8 个字符" in said["error"]
    word.write_text("青禾2026上报\n", encoding="utf-8")
    for run, name in ((on, "街道"), (there, "社区")):
        assert run("package", "keys", *secret)[0] == 0
        assert run("package", "card", tmp_path / f"{name}.gridcard")[0] == 0

    status, said, _ = on("package", "partner", tmp_path / "社区.gridcard", "--grid", "519921001001")
    assert status == 0 and not said["confirmed"]
    status, said, _ = on("package", "send", "梧桐社区居委会", tmp_path / "1.gridpack", *secret)
    assert status == 1 and "核对过指纹" in said["error"]
    aloud = there("package", "card", tmp_path / "社区.gridcard")[1]["fingerprint"]
    status, said, _ = on(
        "package", "partner", tmp_path / "社区.gridcard", "--fingerprint", "0000" + aloud[4:]
    )
    assert status == 1 and "指纹不一致" in said["error"]
    words = ("--grid", "519921001001", "--fingerprint", aloud.replace(" ", ""))
    assert on("package", "partner", tmp_path / "社区.gridcard", *words)[1]["confirmed"]
    (known,) = on("package", "partners")[1]["partners"]
    assert (known["name"], known["fingerprint"], known["confirmed"]) == ("梧桐社区居委会", aloud, True)
    aloud = on("package", "card", tmp_path / "街道.gridcard")[1]["fingerprint"]
    assert there("package", "partner", tmp_path / "街道.gridcard", "--fingerprint", aloud)[0] == 0

    assert on("package", "send", "梧桐社区居委会", tmp_path / "1.gridpack", *secret)[0] == 0
    status, said, _ = there("package", "receive", tmp_path / "1.gridpack", "--dry-run", *secret)
    assert status == 0 and said["taken"] == [] and said["parts"][0]["ledger"] == "grids"
    status, said, _ = there("package", "receive", tmp_path / "1.gridpack", *secret)
    assert status == 0 and [one["ledger"] for one in said["taken"]][:2] == ["grids", "workers"], said
    status, said, _ = there("package", "receive", tmp_path / "1.gridpack", *secret)
    assert status == 1 and "已经收过" in said["error"]

    community = office_at(str(file))
    community.write(save_worker, worker(community, "李䶮").id, {"phone": "13800000099"})
    assert there("package", "send", "青禾街道办事处", tmp_path / "2.gridpack", *secret)[0] == 0
    status, said, _ = on("package", "receive", tmp_path / "2.gridpack", *secret)
    assert status == 0
    updated = {one["ledger"]: one["updated"] for one in said["taken"]}
    assert updated["workers"] == 1 and worker(small_office, "李䶮").phone == "13800000099"
    status, said, _ = on("package", "undo", "梧桐社区居委会", 1)
    assert status == 0 and said["undone"] >= 1 and worker(small_office, "李䶮").phone != "13800000099"
    assert on("package", "undo", "梧桐社区居委会", 1)[1]["undone"] == 0
    status, said, _ = on("package", "receive", tmp_path / "2.gridpack", *secret)
    assert status == 0 and worker(small_office, "李䶮").phone == "13800000099"
    found = on("package")[1]["packages"]
    assert {(one["way"], one["state"]) for one in found} == {("sent", "对方已收"), ("received", "已收完")}
    assert on("package", "remove-partner", "梧桐社区居委会")[0] == 1
    new = tmp_path / "新密码.txt"
    new.write_text("新的上报密码2026\n", encoding="utf-8")
    assert on("package", "keys", *secret, "--new-password-file", new)[0] == 0
    status, said, _ = on("package", "send", "梧桐社区居委会", tmp_path / "3.gridpack", *secret)
    assert status == 1 and "上报密码不对" in said["error"]
    assert on("package", "send", "梧桐社区居委会", tmp_path / "3.gridpack", "--password-file", new)[0] == 0
