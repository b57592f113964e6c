"""Which files came in before."""

from __future__ import annotations

from pathlib import Path

from gridoffice.earlier import files_taken_in
from gridoffice.history import undo
from gridoffice.intake import Options
from gridoffice.office import Office
from gridoffice.review import Review
from tests.offices import number, workbook

HEADINGS = ("姓名", "身份证号码", "所属网格")


def test_the_latest_files_stand_first_and_tell_whether_they_were_taken_back(
    small_office: Office, tmp_path: Path
) -> None:
    actions = []
    for place, name in enumerate(("王䶮", "李㐂")):
        row = (name, number(300 + place), "梧桐·第二网格")
        file = workbook(tmp_path / f"{name}.xlsx", HEADINGS, [row])
        actions.append(Review(small_office, "workers", file, Options()).write().action)
    small_office.write(undo, actions[0])
    found = small_office.read(files_taken_in)
    assert [(one.action, one.file, one.undone) for one in found] == [
        (actions[1], "李㐂.xlsx", False),
        (actions[0], "王䶮.xlsx", True),
    ]
    assert found[0].title == "导入网格员花名册：新增 1" and found[0].who == small_office.who.display
    assert len(small_office.read(files_taken_in, 1)) == 1
