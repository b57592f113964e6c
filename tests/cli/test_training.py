"""Papers of one training from the command line; a training is meant by its name, and day where needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from gridoffice.history import touched
from gridoffice.office import Office
from gridoffice.overview.questions import changes
from gridoffice.training.completions import certify
from gridoffice.training.service import save_training
from gridoffice.training.sheet import SignIn, enter_attendance, invite
from tests.offices import worker

Call = Callable[..., tuple[int, Any, str]]
FIRST, SECOND = date(2026, 3, 5), date(2026, 4, 9)


def test_papers_of_a_training(on: Call, small_office: Office, tmp_path: Path) -> None:
    made = [
        small_office.write(
            save_training, None, {"name": "消防安全培训", "day": day, "hours": Decimal(4)}
        ).result
        for day in (FIRST, SECOND)
    ]
    person = worker(small_office, "李䶮").person_id
    small_office.write(invite, made[0], [person])
    file = tmp_path / "签到.pdf"
    status, said, _ = on("report", "sign-in", file, "--training", "消防安全培训")
    assert (status, "办过 2 次（2026-03-05、2026-04-09）" in said["error"]) == (1, True)
    status, said, _ = on(
        "report", "sign-in", file, "--training", "消防安全培训 2026-03-05", "--layout", "two"
    )
    assert (status, said["pages"]) == (0, 1)
    assert file.read_bytes().startswith(b"%PDF")
    book = tmp_path / "签到.xlsx"
    assert on("report", "sign-in", book, "--training", str(made[0]))[1]["rows"] == 1
    opened = openpyxl.load_workbook(book)
    assert "消防安全培训签到表" in [cell.value for row in opened.worksheets[0].iter_rows() for cell in row]
    opened.close()
    assert on("report", "invitation", tmp_path / "通知.pdf", "--training", str(made[0]))[0] == 0
    assert "没有培训“电梯”" in on("report", "sign-in", file, "--training", "电梯")[1]["error"]
    assert "没说是哪一场" in on("report", "completion", file)[1]["error"]
    small_office.write(enter_attendance, made[0], [SignIn(person)])
    small_office.write(certify, made[0], SECOND)
    done = on("report", "completion", tmp_path / "证.pdf", "--training", str(made[0]), "--layout", "form")
    assert done[1]["pages"] == 1


def test_the_journal_calls_what_was_done_by_name(small_office: Office) -> None:
    made = small_office.write(save_training, None, {"name": "消防安全培训", "day": FIRST}).result
    person = worker(small_office, "李䶮").person_id
    asked = small_office.write(invite, made, [person])
    small_office.write(enter_attendance, made, [SignIn(person)])
    given = small_office.write(certify, made, SECOND)
    assert [one.name for one in small_office.read(changes, asked.action or 0, 10)] == ["李䶮"]
    (line,) = small_office.read(changes, given.action or 0, 10)
    assert (line.noun, line.name[:8]) == ("结业证书", "结训〔2026〕")
    assert len(small_office.read(touched, given.action or 0)) == 1
