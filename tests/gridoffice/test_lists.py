"""Lists: below which grid, on which day, matching what, in which order; the same of both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db.enums import Sex
from gridoffice import exports
from gridoffice.assessment.rows import results
from gridoffice.errors import Refused, RuleBroken
from gridoffice.grids.listing import GRIDS
from gridoffice.grids.service import root_id, save_grid
from gridoffice.grids.tree import children, count_workers
from gridoffice.listing import Ask, Filter, Listing
from gridoffice.office import Office
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.service import end_posts, save_worker
from tests.offices import Opening, come, errors, grid_id, journal_lines, number, roster, worker

LISTS = {"grids": GRIDS, "workers": WORKERS}


def listing_of(office: Office, name: str, month: str) -> Listing:
    return office.read(results, month) if name == "results" else LISTS[name]


def shown(office: Office, listing: Listing, ask: Ask) -> list[Any]:
    return office.read(lambda session: listing.rows(session, listing.ids(session, ask)))


@pytest.mark.parametrize("name", ["grids", "workers", "results"])
def test_every_sort_and_filter_says_the_same_on_both(
    both_streets: tuple[Office, Office], name: str, demo_street: Any
) -> None:
    sqlite, shared = both_streets
    for office in both_streets:
        # empty values, to see where they are put
        office.write(save_grid, grid_id(office, "519921001001002"), {"households": None, "valid_from": None})
        for row in roster(office)[5:9]:
            office.write(save_worker, row.id, {"phone": None, "contract_end": None, "education": None})
    one, two = (listing_of(office, name, demo_street.month) for office in both_streets)
    for sort in sorted(one.sorts):
        for descending in (False, True):
            ask = Ask(sort=sort, descending=descending)
            ids = list(sqlite.read(one.ids, ask))
            assert ids == list(shared.read(two.ids, ask)), (sort, descending)
            values = (
                [getattr(row, sort) for row in shown(sqlite, one, ask)]
                if sort not in ("name", "grid")
                else []
            )
            missing = [index for index, value in enumerate(values) if value is None]
            assert missing == list(range(len(ids) - len(missing), len(ids))) or not values, sort
    for column in sorted(one.filters):
        choices = sqlite.read(one.choices, Ask(), column)
        assert choices == shared.read(two.choices, Ask(), column), column
        everyone = len(sqlite.read(one.ids, Ask()))
        assert sum(count for _, _, count in choices) == everyone, column
        for value, label, count in choices:
            ask = Ask(filters=(Filter(column, (value,)),))
            ids = list(sqlite.read(one.ids, ask))
            assert ids == list(shared.read(two.ids, ask)), (column, label)
            assert len(ids) == count, (column, label)
    for text in ("梧桐", "zhang", "LI", "0007", "139", "%", "_", "微网格01", "\\", "'", "第一网格"):
        ask = Ask(search=text)
        assert list(sqlite.read(one.ids, ask)) == list(shared.read(two.ids, ask)), text
    assert shown(sqlite, one, Ask()) == shown(shared, two, Ask())


def test_a_filter_of_several_values_and_of_none(small_office: Office) -> None:
    post = worker(small_office, "李䶮").id
    small_office.write(save_worker, post, {"education": None})
    everyone = len(roster(small_office))
    assert len(roster(small_office, Ask(filters=(Filter("education", (None,)),)))) == everyone
    two = Ask(filters=(Filter("title", ("网格长", "总网格长")), Filter("sex", ("1",))))
    assert {row.name for row in roster(small_office, two)} == {"王𠮷𬭎", "张三", "赵𫍯"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("李䶮", ["李䶮"]),
        ("䶮", ["李䶮"]),
        ("𠮷", ["王𠮷𬭎"]),
        ("shanxiaoqin", ["单晓琴"]),
        ("SXQ", ["单晓琴"]),
        ("sxq", ["单晓琴"]),
        ("zhangsan", ["张三", "张三"]),
        ("13800000016", ["张三"]),
        ("0016", ["张三"]),
        ("古丽", ["阿依古丽·买买提"]),
        ("agl", []),
        ("ayglmmt", ["阿依古丽·买买提"]),
        (" 单晓琴 ", ["单晓琴"]),
        ("%", []),
        ("_", []),
        ("没有的人", []),
    ],
)
def test_a_search_finds_by_name_pinyin_initials_number_and_phone(
    small_office: Office, text: str, names: list[str]
) -> None:
    assert [row.name for row in roster(small_office, Ask(search=text))] == names


def test_a_search_finds_by_the_end_of_an_id_number(small_office: Office) -> None:
    one = worker(small_office, "李䶮")
    for tail in (one.id_number[-4:], one.id_number[-4:].lower(), one.id_number):
        assert one.name in [row.name for row in roster(small_office, Ask(search=tail))]


def test_a_search_of_grids_takes_signs_as_they_are(small_office: Office) -> None:
    small_office.write(
        save_grid, grid_id(small_office, "519921001001002"), {"name": "100%_网格", "code": "AB-7"}
    )
    for text, count in (
        ("%", 1),
        ("_", 1),
        ("100%", 1),
        ("ab-7", 1),
        ("AB-7", 1),
        ("第一网格", 2),
        ("51992100100100", 3),
    ):
        assert len(small_office.read(GRIDS.ids, Ask(search=text))) == count, text


def test_a_scope_holds_all_below_and_nothing_beside(small_office: Office) -> None:
    scope = grid_id(small_office, "519921001001")
    assert {row.name for row in roster(small_office, Ask(scope=scope))} == {
        "王𠮷𬭎",
        "李䶮",
        "阿依古丽·买买提",
        "单晓琴",
        "赵𫍯",
    }
    assert len(small_office.read(GRIDS.ids, Ask(scope=scope))) == 5
    micro = grid_id(small_office, "51992100100100102")
    assert roster(small_office, Ask(scope=micro)) == []
    assert len(small_office.read(GRIDS.ids, Ask(scope=micro))) == 1


def test_the_tree_counts_what_the_lists_hold(street_office: Office) -> None:
    """Every node's number of workers is the length of the list it leads to."""
    todo = list(street_office.read(children, None))
    seen = 0
    while todo:
        node = todo.pop()
        assert node.workers == len(street_office.read(WORKERS.ids, Ask(scope=node.id))), node
        below = street_office.read(children, node.id)
        assert node.children == len(below)
        if not node.kind_label.startswith("一般"):
            todo += below
        seen += 1
    assert seen > 80


def test_a_list_as_of_a_day(small_office: Office) -> None:
    one = worker(small_office, "李䶮")
    small_office.write(end_posts, [one.id], date(2026, 6, 30), "辞职")
    grid = grid_id(small_office, "51992100100100102")
    small_office.write(save_grid, grid, {"valid_from": date(2025, 7, 1), "valid_to": date(2026, 3, 31)})
    for day, there in (
        (date(2024, 2, 29), False),
        (date(2024, 3, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ):
        assert ("李䶮" in [row.name for row in roster(small_office, Ask(day=day))]) is there, day
        path = small_office.read(lambda session: session.execute(_path(one)).scalar_one())
        listed = len(roster(small_office, Ask(day=day, scope=grid_id(small_office, "519921001001001"))))
        assert small_office.read(count_workers, path, day) == listed
    for day, there in (
        (date(2025, 6, 30), False),
        (date(2025, 7, 1), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
    ):
        assert (grid in small_office.read(GRIDS.ids, Ask(day=day))) is there, day
        below = small_office.read(children, grid_id(small_office, "519921001001001"), day)
        assert (grid in [node.id for node in below]) is there


def _path(row: Any) -> Any:
    from sqlalchemy import select

    from db.tables import Post

    return select(Post.grid_path).where(Post.id == row.id)


def test_rows_come_in_the_order_asked_and_lost_ones_are_left_out(small_office: Office) -> None:
    ids = list(small_office.read(WORKERS.ids, Ask()))
    wanted = [ids[3], 999999, ids[0]]
    assert [row.id for row in small_office.read(WORKERS.rows, wanted)] == [ids[3], ids[0]]


# Out and in again


@pytest.mark.parametrize("key", ["grids", "workers"])
def test_what_is_exported_and_taken_in_again_changes_nothing(
    street_office: Office, tmp_path: Path, key: str
) -> None:
    file = tmp_path / "往返.xlsx"
    listing = LISTS[key]
    count = exports.export(street_office, listing, file, Ask(), reveal=True, reason="核对")
    lines = journal_lines(street_office)
    done = come(street_office, key, file)
    assert done.preview.in_words() == f"无变化 {count}"
    assert journal_lines(street_office) == lines
    assert count == len(street_office.read(listing.ids, Ask()))


@pytest.mark.parametrize("merge", ["overwrite", "blanks"])
def test_that_holds_for_every_way_of_merging(small_office: Office, tmp_path: Path, merge: str) -> None:
    from gridoffice.intake import Merge

    for key, listing in LISTS.items():
        file = tmp_path / f"{key}.xlsx"
        count = exports.export(small_office, listing, file, Ask(), reveal=True, reason="核对")
        assert come(small_office, key, file, merge=Merge(merge)).preview.in_words() == f"无变化 {count}"


def test_a_masked_ledger_is_not_taken_in(small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "遮住.xlsx"
    exports.export(small_office, WORKERS, file, Ask())
    done = come(small_office, "workers", file)
    assert not done.preview.written
    masked = [field for _, field, message in errors(done) if "遮" in message]
    assert (masked.count("身份证号码"), masked.count("联系电话")) == (6, 7)


def cells(file: Path) -> str:
    book = openpyxl.load_workbook(file)
    texts = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    book.close()
    return "\n".join(texts)


def test_full_numbers_leave_only_with_a_reason_that_is_written_down(
    small_office: Office, tmp_path: Path, office_at: Opening
) -> None:
    one = worker(small_office, "李䶮")
    file = tmp_path / "花名册.xlsx"
    exports.export(small_office, WORKERS, file, Ask())
    assert one.id_number not in cells(file)
    assert one.phone not in cells(file)
    file.unlink()
    lines = journal_lines(small_office)
    with pytest.raises(RuleBroken, match="写明原因"):
        exports.export(small_office, WORKERS, file, Ask(), reveal=True)
    reader = office_at(small_office.store.address, "reader")
    with pytest.raises(Refused):
        exports.export(reader, WORKERS, file, Ask(), reveal=True, reason="想看")
    assert not file.exists()
    assert journal_lines(small_office) == lines
    exports.export(small_office, WORKERS, file, Ask(), reveal=True, reason="报区里")
    assert one.id_number in cells(file)
    assert one.phone in cells(file)
    from gridoffice import history

    line = small_office.read(history.journal, 1)[0]
    assert ("报区里" in line.title, line.undoable, line.deed.value) == (True, False, "note")


def test_an_export_is_what_was_asked_for(small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "一处.xlsx"
    ask = Ask(scope=grid_id(small_office, "519921001001"), sort="name", descending=True, search="1380000001")
    count = exports.export(small_office, WORKERS, file, ask)
    said = cells(file)
    assert count == len(roster(small_office, ask)) == 5
    assert "范围：梧桐社区" in said
    assert "张三" not in said
    order = [row.name for row in roster(small_office, ask)]
    assert sorted(order, key=said.index) == order


def test_nothing_to_list_is_an_empty_ledger(small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "空.xlsx"
    assert exports.export(small_office, WORKERS, file, Ask(search="没有的人")) == 0
    assert "姓名" in cells(file)


def test_an_empty_office_has_empty_lists(database_url: str) -> None:
    from gridoffice.establish import establish

    office = establish(database_url)
    try:
        assert office.read(root_id) is None
        assert office.read(children, None) == []
        for listing in LISTS.values():
            assert list(office.read(listing.ids, Ask())) == []
            assert office.read(listing.rows, []) == []
            for column in listing.filters:
                assert office.read(listing.choices, Ask(), column) == []
    finally:
        office.close()


@pytest.mark.parametrize("key", ["grids", "workers"])
def test_the_template_is_taken_in_as_it_is(
    small_office: Office, tmp_path: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from gridoffice.intake import Options

    file = tmp_path / "空表.xlsx"
    exports.template(small_office, key, file, Options())
    done = come(small_office, key, file)
    assert not done.preview.rows
    assert (done.preview.written, done.preview.incoming.layout.unmapped) == (False, ())


def fresh_day() -> date:
    return date.today() + timedelta(days=1)


def test_tomorrows_post_is_not_todays(small_office: Office) -> None:
    make: Callable[..., Any] = lambda name, **values: small_office.write(  # noqa: E731
        save_worker,
        None,
        {"name": name, "id_number": number(70), "grid_id": grid_id(small_office, "519921001001"), **values},
    )
    make("明天来", from_day=fresh_day())
    assert "明天来" not in [row.name for row in roster(small_office)]
    assert "明天来" in [row.name for row in roster(small_office, Ask(day=fresh_day()))]


def test_a_search_answers_the_first_rows_as_the_whole_begins(
    small_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are found: one by one, or in the order of the list."""
    for text in ("1380", "519921", "zhang", "三"):
        whole = list(small_office.read(WORKERS.ids, Ask(search=text)))
        assert whole
        for few in (0, 2_000):
            monkeypatch.setattr("gridoffice.workers.listing.FEW", few)
            for limit in (1, 3, 100):
                first = small_office.read(WORKERS.ids, Ask(search=text, limit=limit))
                assert list(first) == whole[:limit], (text, few, limit)
            female = (Filter("sex", (Sex.FEMALE,)),)
            some = list(small_office.read(WORKERS.ids, Ask(search=text, filters=female)))
            assert list(small_office.read(WORKERS.ids, Ask(search=text, filters=female, limit=9))) == some
