"""The command line, every command of it: one JSON object, the right exit status, sentences, nothing half done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gridoffice.__main__ import main
from gridoffice.cli.main import parser
from gridoffice.demo import Size, make
from gridoffice.demo.broken import write_broken_roster
from gridoffice.demo.build import Built
from gridoffice.documents.render import page_text, pages
from gridoffice.office import Office
from tests.offices import journal_lines, number, records, workbook, worker

Call = Callable[..., tuple[int, Any, str]]


# Founding


def test_init_makes_an_office_once(call: Call, database_url: str) -> None:
    words = ("--database", database_url, "--json", "init", "--name", "试办", "--organisation", "试办事处")
    status, said, _ = call(*words)
    assert (status, said["model"]) == (0, "chengdu-3+1")
    status, said, err = call(*words)
    assert status == 1
    assert "已经有资料库了" in said["error"]
    assert "已经有资料库了" in err
    status, said, _ = call("--database", database_url, "--json", "grid", "list")
    assert (status, said) == (0, {"grids": []})


def test_init_of_an_unknown_model_names_those_there_are(call: Call, tmp_path: Path) -> None:
    status, said, _ = call("--database", tmp_path / "x.db", "--json", "init", "--model", "没有")
    assert status == 1
    assert "chengdu-3+1" in said["error"]
    assert not (tmp_path / "x.db").exists()


def test_models_reports_and_schemes_are_listed(call: Call) -> None:
    assert "chengdu-3+1" in [one["key"] for one in call("--json", "models")[1]["models"]]
    assert {"assessment", "roster"} <= {one["name"] for one in call("--json", "reports")[1]["reports"]}
    schemes = call("--json", "assess", "schemes")[1]["schemes"]
    assert "street-default" in [one["key"] for one in schemes]
    assert all(one["indicators"] for one in schemes)


# Import


def test_an_import_says_what_the_contract_says(on: Call, small_office: Office, tmp_path: Path) -> None:
    one = worker(small_office, "李䶮")
    file = workbook(
        tmp_path / "花名册.xlsx",
        ("姓名", "身份证号", "手机号", "网格名称", "备注2"),
        [
            ("陈建国", number(50), "13812345650", "梧桐·第二网格", "x"),
            ("李䶮", one.id_number, "13911112222", "梧桐·第一网格", None),
            ("单晓琴", worker(small_office, "单晓琴").id_number, None, "梧桐·第二网格", None),
        ],
        above=1,
    )
    status, said, _ = on("import", "workers", file)
    assert status == 0
    assert {
        "ledger": "workers",
        "file": str(file),
        "sheet": "Sheet",
        "header_rows": [2],
        "written": True,
        "action": journal_lines(small_office),
        "rows": 3,
        "new": 1,
        "updated": 1,
        "unchanged": 1,
        "conflicts": 0,
        "unmapped": ["备注2"],
    }.items() <= said.items()
    assert {"column": "B", "heading": "身份证号", "field": "身份证号码", "how": "alias"} in said["mapping"]
    assert [p for p in said["problems"] if p["severity"] == "error"] == []
    lines = journal_lines(small_office)
    status, said, _ = on("import", "workers", file)
    assert (status, said["written"], said["action"], said["unchanged"]) == (0, False, None, 3)
    assert journal_lines(small_office) == lines


def test_planted_errors_are_named_by_row_column_and_field(
    street: Call, street_office: Office, tmp_path: Path
) -> None:
    made = make(Size.STREET, date.today())
    file = tmp_path / "有错的花名册.xlsx"
    planted = write_broken_roster(file, made, made.grids[0])
    before, lines = records(street_office), journal_lines(street_office)
    status, said, _ = street("import", "workers", file)
    assert (status, said["written"], said["action"]) == (1, False, None)
    fields = {"身份证号": "身份证号码", "手机号": "联系电话", "网格名称": "所属网格", "任职时间": "任职日期"}
    expected = {(one.row, one.column, fields.get(one.heading, one.heading)) for one in planted}
    errors = [p for p in said["problems"] if p["severity"] == "error"]
    found = {(p["row"], p["column"], p["field"]) for p in errors}
    assert expected <= found, expected - found
    # nothing but what was planted, and the row above whose number was taken
    assert {row for row, _, _ in found} == {one.row for one in planted}
    assert all(p["message"] and not p["message"].isascii() for p in errors)
    assert said["rows"] == sum(said[key] for key in ("new", "updated", "unchanged", "conflicts", "errors"))
    assert (records(street_office), journal_lines(street_office)) == (before, lines)
    # the good rows alone: all of them are there already
    status, said, _ = street("import", "workers", file, "--good-rows-only")
    assert (status, said["errors"] + said["conflicts"]) == (0, len({one.row for one in planted}))


def test_a_dry_run_writes_nothing(on: Call, small_office: Office, tmp_path: Path) -> None:
    file = workbook(tmp_path / "一.xlsx", ("姓名", "所属网格"), [("周敏", "梧桐社区")])
    before = records(small_office)
    status, said, _ = on("import", "workers", file, "--dry-run")
    assert (status, said["new"], said["written"], said["action"]) == (0, 1, False, None)
    assert records(small_office) == before


@pytest.mark.parametrize(
    ("make_file", "said"),
    [
        (lambda path: path / "没有.xlsx", "没有.xlsx"),
        (lambda path: _text(path / "文字.xlsx", "不是工作簿"), "文字.xlsx"),
        (lambda path: workbook(path / "别的.xlsx", ("日期", "温度"), [("2026-01-01", 3)]), "姓名"),
        (lambda path: workbook(path / "空.xlsx", (), []), "空.xlsx"),
        (lambda path: path, ""),
        (lambda path: _text(path / "奇怪.pdf", "%PDF"), "奇怪.pdf"),
    ],
)
def test_a_wrong_file_is_refused_before_anything(
    on: Call, small_office: Office, tmp_path: Path, make_file: Callable[[Path], Path], said: str
) -> None:
    before = records(small_office)
    status, answer, err = on("import", "workers", make_file(tmp_path))
    assert status == 1
    assert said in answer["error"]
    assert "Traceback" not in err
    assert records(small_office) == before


def _text(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def test_the_right_sheet_is_found_among_others(on: Call, tmp_path: Path) -> None:
    file = tmp_path / "多表.xlsx"
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.append(("说明",))
    sheet = book.create_sheet("花名册")
    sheet.append(("姓名", "身份证号码", "所属网格"))
    sheet.append(("周敏", number(60), "梧桐社区"))
    book.save(file)
    status, said, _ = on("import", "workers", file)
    assert (status, said["sheet"], said["new"]) == (0, "花名册", 1)


def test_a_ledger_nobody_keeps(on: Call, tmp_path: Path) -> None:
    status, said, _ = on("import", "weather", tmp_path / "x.xlsx")
    assert status == 1
    assert "workers（网格员花名册）" in said["error"]


# Out


def test_export_template_and_round_trip(on: Call, small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "花名册.xlsx"
    status, said, _ = on("export", "workers", file, "--grid", "519921001001", "--as-of", "2026-06-30")
    assert (status, said["rows"], said["revealed"]) == (0, 5, False)
    full = tmp_path / "全.xlsx"
    assert on("export", "workers", full, "--reveal")[0] == 1
    assert not full.exists()
    status, said, _ = on("export", "workers", full, "--reveal", "--reason", "核对")
    assert (status, said["rows"]) == (0, 7)
    status, said, _ = on("import", "workers", full)
    assert (status, said["unchanged"], said["written"]) == (0, 7, False)
    for ledger in ("grids", "workers"):
        assert on("template", ledger, tmp_path / f"{ledger}.xlsx")[0] == 0
        assert (tmp_path / f"{ledger}.xlsx").stat().st_size > 3000


@pytest.mark.parametrize(
    "words",
    [
        ("export", "workers", "{0}/没有的文件夹/x.xlsx"),
        ("export", "workers", "{0}"),
        ("template", "workers", "{0}/没有的文件夹/x.xlsx"),
        ("report", "roster", "{0}/没有的文件夹/x.pdf"),
        ("report", "roster", "{0}"),
        ("backup", "{0}"),
        ("restore", "{0}"),
        ("restore", "{0}/没有.backup"),
        ("export", "workers", "{0}/x.xlsx", "--grid", "没有"),
        ("export", "workers", "{0}/x.xlsx", "--as-of", "昨天"),
        ("export", "indicators", "{0}/x.xlsx"),
        ("export", "weather", "{0}/x.xlsx"),
        ("template", "indicators", "{0}/x.xlsx"),
        ("template", "indicators", "{0}/x.xlsx", "--month", "2026-06"),
        ("report", "weather", "{0}/x.pdf"),
        ("report", "assessment", "{0}/x.pdf"),
        ("report", "assessment", "{0}/x.pdf", "--month", "2026-06"),
        ("report", "roster", "{0}/x.pdf", "--reveal"),
        ("check", "--grid", "没有"),
        ("check", "--as-of", "2026-02-30"),
        ("grid", "list", "--as-of", "x"),
        ("undo", "99999"),
        ("redo",),
        ("redo", "1"),
        ("undo", "1"),
        ("assess", "show", "2026-06"),
        ("assess", "show", "六月"),
        ("assess", "compute", "2026-06"),
        ("assess", "lock", "2026-06"),
        ("assess", "verify", "2026-06"),
        ("assess", "open", "2026-06", "--scheme", "没有"),
        ("assess", "open", "1900-13"),
        ("assess", "import", "2026-06", "{0}/没有.xlsx"),
        ("assess", "export", "2026-06", "{0}/x.xlsx"),
        ("assess", "move", "2026-06", "review"),
        ("import", "workers", "{0}/没有.xlsx"),
        ("import", "indicators", "{0}/没有.xlsx"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    on: Call, small_office: Office, tmp_path: Path, words: tuple[str, ...]
) -> None:
    before, lines = records(small_office), journal_lines(small_office)
    place = tmp_path / "放文件的"
    place.mkdir()
    status, said, err = on(*(word.format(place) for word in words))
    assert status == 1, said
    assert said["error"].rstrip().endswith("。"), said["error"]
    assert "\n" not in said["error"].strip()
    assert "Traceback" not in err
    assert list(place.iterdir()) == []
    assert (records(small_office), journal_lines(small_office)) == (before, lines)


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("import",),
        ("import", "workers"),
        ("import", "workers", "x", "--merge", "sideways"),
        ("undo", "abc"),
        ("undo", "99999999999999999999"),
        ("undo", "0"),
        ("journal", "--limit", "many"),
        ("journal", "--limit", "-1"),
        ("journal", "--limit", "0"),
        ("grid",),
        ("assess",),
        ("assess", "move", "2026-06", "locked"),
        ("assess", "move", "2026-06"),
        ("demo",),
        ("demo", "x", "--size", "village"),
        ("--as",),
        ("--nonsense", "verify"),
    ],
)
def test_words_that_are_off_are_status_two(call: Call, words: tuple[str, ...]) -> None:
    status, said, err = call("--json", *words)
    assert status == 2
    assert "命令写得不对" in said["error"]
    assert "Traceback" not in err
    status, out, err = call(*words)
    assert (status, out) == (2, "")
    assert err


def test_help_and_version_are_status_zero(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["--version"], ["import", "--help"]):
        try:
            status = main(words)
        except SystemExit as end:
            status = end.code
        assert status == 0
        assert capsys.readouterr().out


@pytest.mark.parametrize("database", ["{0}/没有.db", "{0}/文字.db", "{0}", "nonsense://x", "mysql://u@h/x"])
def test_what_is_no_office_is_said(call: Call, tmp_path: Path, database: str) -> None:
    _text(tmp_path / "文字.db", "不是资料库" * 999)
    for words in (("verify",), ("journal",), ("grid", "list")):
        status, said, err = call("--database", database.format(tmp_path), "--json", *words)
        assert status == 1, (database, said)
        assert "Traceback" not in err
    status, said, _ = call("--database", "nonsense://x", "--json", "init")
    assert status == 1


# Journal, undo, check, grids


def test_undo_redo_and_journal(on: Call, small_office: Office, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "一.xlsx", ("姓名", "身份证号", "所属网格"), [("周敏", number(60), "梧桐社区")]
    )
    before = records(small_office)
    action = on("import", "workers", file)[1]["action"]
    after = records(small_office)
    status, said, _ = on("undo")
    assert (status, said["action"], said["records"], said["kept"]) == (0, action, 2, [])
    assert records(small_office) == before
    status, said, _ = on("redo")
    assert (status, said["action"]) == (0, action)
    assert records(small_office) == after
    status, said, _ = on("undo", action)
    assert status == 0
    assert on("undo", action)[0] == 1
    lines = on("journal", "--limit", "3")[1]["actions"]
    assert [line["deed"] for line in lines] == ["undo", "redo", "undo"]
    assert on("journal", "--limit", "1")[1]["actions"][0]["who"] == "office"


def test_who_is_at_work_signs(on: Call, small_office: Office, call: Call) -> None:
    words = ("--database", small_office.store.address, "--json", "--as")
    status, said, _ = call(*words, "reader", "assess", "open", "2026-06")
    assert status == 1
    assert "不能考核采集" in said["error"]
    assert call(*words, "clerk", "assess", "open", "2026-06")[0] == 0
    assert on("journal")[1]["actions"][0]["who"] == "clerk"
    assert call(*words, "没有的人", "journal")[0] == 1


def test_check_and_grid_list(on: Call) -> None:
    status, said, _ = on("check")
    assert status == 0
    assert sum(said["counts"].values()) == len(said["findings"])
    assert {one["topic"] for one in said["findings"]} == {
        "vacant",
        "part_time",
        "size",
        "unknown_size",
        "no_number",
    }
    assert all(one["fix"] and one["code"] for one in said["findings"])
    below = on("check", "--grid", "519921001002")[1]["findings"]
    assert {one["code"] for one in below} <= {"519921001002001", "519921001002002", "519921001002"}
    assert len(on("grid", "list")[1]["grids"]) == 10
    assert len(on("grid", "list", "--grid", "519921001001")[1]["grids"]) == 5


# A month


def test_a_month_from_opening_to_lock_and_paper(on: Call, small_office: Office, tmp_path: Path) -> None:
    status, said, _ = on("assess", "open", "2026-06")
    assert (status, said["people"]) == (0, 7)
    status, said, _ = on("template", "indicators", tmp_path / "空.xlsx", "--month", "2026-06")
    assert status == 0
    labels = [one["name"] for one in on("assess", "schemes")[1]["schemes"] if one["key"] == "street-default"]
    assert labels
    columns = [
        c["field"]
        for c in on("import", "indicators", tmp_path / "空.xlsx", "--month", "2026-06", "--dry-run")[1][
            "mapping"
        ]
    ]
    from tests.assessment.test_month import workbook_of

    file = workbook_of(small_office, tmp_path)
    assert set(columns) >= {"姓名", "身份证号码"}
    status, said, _ = on("assess", "import", "2026-06", file)
    assert (status, said["updated"], said["written"]) == (0, 7, True)
    assert on("assess", "move", "2026-06", "review")[0] == 1
    status, said, _ = on("assess", "compute", "2026-06")
    assert (status, said["people"], said["scored"]) == (0, 7, 7)
    assert sum(said["grades"].values()) == 7
    for state in ("scoring", "review"):
        assert on("assess", "move", "2026-06", state)[1]["state"] == state
    come_in = on("assess", "progress", "2026-06")[1]
    assert come_in["progress"] and all(one["filled"] == one["wanted"] for one in come_in["progress"])
    assert [(one["stage"], one["given"], len(one["missing"])) for one in come_in["opinions"]] == [
        ("self", 0, 7),
        ("first", 0, 7),
    ]
    assert (
        on("assess", "calibrate", "2026-06", "李䶮", "--points", "-1", "--reason", "迟报")[1]["sheets"] == 1
    )
    assert on("assess", "move", "2026-06", "public")[0] == 1  # nobody reviews what he submitted
    reviewer = ("--as", "reviewer", "assess")
    assert on(*reviewer, "move", "2026-06", "public")[1]["state"] == "public"
    assert on("assess", "appeal", "2026-06", "李䶮", "迟报有原因")[1]["number"] == 1
    assert on(*reviewer, "move", "2026-06", "public")[0] == 1
    assert on("--as", "leader", "assess", "lock", "2026-06")[0] == 1  # an appeal is open
    decided = on(*reviewer, "decide", "2026-06", "1", "changed", "属实", "--points", "1")
    assert (decided[0], decided[1]["decision"]) == (0, "changed")
    assert on("assess", "appeals", "2026-06")[1]["appeals"][0]["state"] == "更改"
    show = on("assess", "show", "2026-06")[1]
    assert [sheet["rank"] for sheet in show["sheets"]] == list(range(1, 8))
    trace = on("assess", "show", "2026-06", "--trace", "李䶮")[1]["sheets"]
    assert [sheet["name"] for sheet in trace] == ["李䶮"]
    assert trace[0]["trace"]["lines"]
    assert on("assess", "show", "2026-06", "--trace", "没有的人")[0] == 1
    assert on("assess", "verify", "2026-06")[0] == 1  # nothing to compare with yet
    assert on("--as", "leader", "assess", "approve", "2026-06")[1]["state"] == "approved"
    status, said, _ = on("--as", "leader", "assess", "lock", "2026-06")
    assert (status, len(said["digest"])) == (0, 64)
    assert on("assess", "lock", "2026-06")[0] == 1
    assert on("assess", "compute", "2026-06")[0] == 1
    assert on("assess", "import", "2026-06", file)[0] in (0, 1)
    assert on("assess", "verify", "2026-06")[:2] == (
        0,
        {"month": "2026-06", "ok": True, "findings": [], "since": []},
    )
    assert on("assess", "export", "2026-06", tmp_path / "成绩.xlsx")[1]["rows"] == 7
    again = on("--as", "leader", "assess", "reopen", "2026-06", "--reason", "漏报")[1]
    assert (again["version"], again["state"]) == (2, "review")
    assert on("assess", "diff", "2026-06")[1]["moved"] == []
    assert on("assess", "verify", "2026-06", "--version", "1")[0] == 0
    assert on("undo")[0] == 0
    assert on("assess", "months")[1]["months"] == [
        {
            "month": "2026-06",
            "scheme": "street-default",
            "target": "post",
            "version": 1,
            "state": "locked",
        }
    ]
    status, said, _ = on("report", "assessment", tmp_path / "通报.pdf", "--month", "2026-06")
    assert status == 0
    pdf = (tmp_path / "通报.pdf").read_bytes()
    assert pages(pdf) == said["pages"]
    text = "".join(page_text(pdf, index) for index in range(said["pages"]))
    for sheet in show["sheets"]:
        assert sheet["name"] in text
        assert sheet["total"].rstrip("0").rstrip(".") in text
    for name in ("roster", "grids", "results"):
        status, said, _ = on("report", name, tmp_path / f"{name}.pdf", "--month", "2026-06")
        assert (status, said["pages"] > 0) == (0, True)


# Keeping


def test_backup_restore_and_verify(on: Call, small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "一.backup"
    status, said, _ = on("backup", file)
    assert (status, said["people"]) == (0, 7)
    saved = records(small_office)
    on("assess", "open", "2026-06")
    status, said, _ = on("restore", file)
    assert (status, Path(said["before"]).is_file()) == (0, True)
    assert records(small_office) == saved
    status, said, _ = on("verify")
    assert (status, said["ok"], said["findings"], said["locked_months"]) == (0, True, [], [])


def test_a_fault_is_status_three_with_its_number(
    on: Call, monkeypatch: pytest.MonkeyPatch, nobodys_home: Path, small_office: Office
) -> None:
    from gridoffice.cli import commands

    def broken(*_: object) -> None:
        raise ZeroDivisionError("geheim")

    monkeypatch.setattr(commands.history, "journal", broken)
    lines = journal_lines(small_office)
    status, said, err = on("journal")
    assert status == 3
    assert "故障编号" in said["error"]
    assert "Traceback" not in err
    number_said = said["error"].split("故障编号 ")[1][:6]
    (log,) = nobodys_home.rglob("faults.log")
    assert number_said in log.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    assert journal_lines(small_office) == lines


def test_an_interruption_is_status_130_and_writes_nothing(
    on: Call, small_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gridoffice.cli.output import Voice

    file = workbook(
        tmp_path / "一.xlsx", ("姓名", "身份证号", "所属网格"), [("周敏", number(60), "梧桐社区")]
    )
    before, lines = records(small_office), journal_lines(small_office)

    def stop(self: Voice, step: Any) -> bool:
        if step.doing == "写入资料库":
            raise KeyboardInterrupt
        return True

    monkeypatch.setattr(Voice, "watch", stop)
    status, said, _ = on("import", "workers", file)
    assert (status, said["error"]) == (130, "已中断，什么也没有写入。")
    assert (records(small_office), journal_lines(small_office)) == (before, lines)


def test_without_any_stream_nothing_breaks(
    small_office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a windowed program on Windows there is neither stdout nor stderr."""
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    database = ["--database", small_office.store.address]
    assert main([*database, "verify"]) == 0
    assert main([*database, "--json", "verify"]) == 0
    assert main([*database, "import", "workers", str(tmp_path / "没有.xlsx")]) == 1
    assert main(["nonsense"]) == 2


def test_plain_words_are_chinese_sentences(call: Call, small_office: Office, tmp_path: Path) -> None:
    words = ("--database", small_office.store.address)
    status, out, err = call(*words, "verify")
    assert (status, err) == (0, "")
    assert out.startswith("核验无误：")
    status, out, err = call(*words, "undo", "99999")
    assert (status, out, err) == (1, "", "没有第 99999 条变动。\n")
    file = workbook(tmp_path / "坏.xlsx", ("姓名", "身份证号", "所属网格"), [("周敏", "123", "梧桐社区")])
    status, out, err = call(*words, "import", "workers", file)
    assert status == 1
    assert "第 2 行 B 列 身份证号码“123”" in out
    assert "一行也没有写入" in out
    for command in (
        ("journal",),
        ("grid", "list"),
        ("check",),
        ("models",),
        ("reports",),
        ("assess", "schemes"),
    ):
        status, out, err = call(*words, *command)
        assert (status, err) == (0, "")
        assert out.strip()


def test_nobody_opens_numbers_where_no_server_keeps_them(on: Call) -> None:
    assert on("openings")[:2] == (0, {"openings": []})


def test_every_command_is_tried() -> None:
    """A new command needs a test, here or beside its subject."""
    import argparse

    tested = "".join(
        file.read_text(encoding="utf-8") for file in Path(__file__).parents[1].rglob("test_*.py")
    )

    def names(some: argparse.ArgumentParser) -> list[str]:
        return [
            name
            for action in some._actions
            if isinstance(action, argparse._SubParsersAction)
            for child, below in action.choices.items()
            for name in [child, *names(below)]
        ]

    assert [name for name in names(parser()) if f'"{name}"' not in tested] == []


def test_the_demo_is_what_it_says(demo_street: Built, call: Call) -> None:
    words = ("--database", demo_street.database, "--json")
    status, said, _ = call(*words, "verify")
    assert (status, said["ok"]) == (0, True)
    assert [one for one in said["locked_months"] if one.startswith(demo_street.month)]
    status, said, _ = call("--json", "demo", demo_street.database.parent)
    assert status == 1
    assert "已经有" in said["error"]
