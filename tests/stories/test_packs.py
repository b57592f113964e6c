"""Every way to run grids of the papers, from its demo office to a locked month."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from db import proof
from db.enums import Employment, MonthState, PartyOrgKind, Right
from db.tables import Grid, OrgSeat, PartyLink, PartyOrg, Post
from gridoffice.__main__ import main
from gridoffice.assessment.locking import verify_month
from gridoffice.assessment.month import month_facts, months
from gridoffice.demo.build import Built, build_pack
from gridoffice.demo.bulk import fill
from gridoffice.demo.pack_office import make_office
from gridoffice.establish import establish
from gridoffice.exports import export
from gridoffice.grids.listing import GRIDS, office_pack
from gridoffice.grids.own_packs import copy_pack, option_names
from gridoffice.grids.pack_text import load, names
from gridoffice.grids.switching import switch_pack
from gridoffice.history import undo
from gridoffice.intake import Options, Outcome
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.findings import Topic, check
from gridoffice.overview.staffing import staffing
from gridoffice.registers.listing import ISSUES, RESOURCES
from gridoffice.review import Review
from gridoffice.service import service
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.service import end_posts

BY_PACK = {
    "chengdu-3+1": {Topic.HOURS, Topic.SIZE, Topic.STAFF, Topic.PART_TIME},
    "dayi": {Topic.HOURS, Topic.SIZE, Topic.PART_TIME, Topic.TEAM, Topic.ISSUE},
    "dongcheng": {Topic.SIZE, Topic.PART_TIME, Topic.TEAM},
    "jiashan-1+3+N": {Topic.SIZE, Topic.STAFF, Topic.PART_TIME, Topic.TEAM},
    "kcity-5-level": {Topic.SIZE, Topic.STAFF, Topic.PART_TIME, Topic.TEAM, Topic.ISSUE},
    "national": {Topic.SIZE, Topic.STAFF, Topic.PART_TIME},
    "xqu-2+3": {Topic.TEAM, Topic.FIXED},
    "yichang": {Topic.SIZE, Topic.PART_TIME, Topic.TEAM},
    "zhoushan": {Topic.SIZE, Topic.PART_TIME, Topic.TEAM},
}
"""What each system is checked for, beside vacant grids and wrong codes."""


LEAVES = {
    "chengdu-3+1": ("一般网格", "专职网格员", Topic.STAFF),
    "dayi": ("总网格", "总网格长", Topic.TEAM),
    "dongcheng": ("万米网格", "网格管理员", Topic.VACANT),
    "jiashan-1+3+N": ("网格", "网格指导员", Topic.TEAM),
    "kcity-5-level": ("网格", "网格长", Topic.TEAM),
    "national": ("网格", "专职网格员", Topic.VACANT),
    "xqu-2+3": ("社区", "法律援助队员", Topic.TEAM),
    "yichang": ("网格", "专职网格员", Topic.VACANT),
    "zhoushan": ("网格", "居民代表", Topic.TEAM),
}
"""Of which kind of grid who leaves, and what is then found."""


@pytest.fixture(scope="module", params=names())
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A pack's key and the demo office that the command line made of it."""
    folder = tmp_path_factory.mktemp("pack")
    return request.param, build_pack(folder, request.param)


@pytest.fixture
def key(told: tuple[str, Built]) -> str:
    return told[0]


@pytest.fixture
def built(told: tuple[str, Built]) -> Built:
    return told[1]


@pytest.fixture
def office(built: Built) -> Any:
    opened = Office.open(built.database)
    yield opened
    opened.close()


def test_the_demo_office_speaks_the_packs_own_words(key: str, office: Office) -> None:
    pack = office.read(office_pack)
    assert pack.key == key
    grids = office.read(lambda session: GRIDS.rows(session, GRIDS.ids(session, Ask())))
    roster = office.read(lambda session: WORKERS.rows(session, WORKERS.ids(session, Ask())))
    shown = {kind.label for kind in pack.kinds}
    assert {row.kind for row in grids} <= shown
    # every kind that the pack staffs or asks a team of stands in the tree
    assert {kind.label for kind in pack.kinds if kind.staffed} <= {row.kind for row in grids}
    assert {row.title for row in roster} - {post.label for post in pack.posts} <= {"协管员"}
    assert office.read(proof.verify) == []


def test_the_norms_find_exactly_what_was_planted(key: str, built: Built, office: Office) -> None:
    found = office.read(check)
    assert Counter((one.topic, one.code) for one in found) == Counter(
        (one.topic, one.code) for one in built.planted
    )
    assert {one.topic for one in found} == BY_PACK[key] | {Topic.VACANT, Topic.CODE}
    assert all(one.fix and one.grid for one in found)


def test_staffing_counts_what_the_formula_asks(built: Built, office: Office) -> None:
    pack = office.read(office_pack)
    rows = office.read(staffing)
    assert len(rows) == 3

    def sizes(session: Any) -> list[tuple[str, int]]:
        return [tuple(row) for row in session.execute(select(Grid.kind, Grid.households))]

    wanted = 0
    for kind, households in office.read(sizes):
        staff = pack.kind(kind).staff
        if staff is not None:
            more = -(-households // staff.households) if staff.households else 0
            wanted += max(staff.each, more)
    assert sum(row.required for row in rows) == wanted
    short = {one.code for one in built.planted if one.topic in (Topic.STAFF, Topic.PART_TIME, Topic.VACANT)}
    assert 0 <= sum(row.gap for row in rows) <= len(short)
    assert all(0 < row.full_time <= row.serving for row in rows if row.full_rate)


def test_who_leaves_a_team_is_missed(key: str, built: Built, tmp_path: Path) -> None:
    file = tmp_path / "office.db"
    shutil.copyfile(built.database, file)
    office = Office.open(file)
    kind, title, topic = LEAVES[key]
    wrong = {one.code for one in built.planted}
    grids = office.read(lambda session: GRIDS.rows(session, GRIDS.ids(session, Ask())))
    grid = next(row for row in grids if row.kind == kind and row.code not in wrong)
    roster = office.read(lambda session: WORKERS.rows(session, WORKERS.ids(session, Ask(scope=grid.id))))
    (gone, *_) = (row.id for row in roster if row.title == title)
    office.write(end_posts, [gone], date.today() - timedelta(days=1))
    found = [(one.topic, one.code) for one in office.read(check)]
    fresh = Counter(found) - Counter((one.topic, one.code) for one in built.planted)
    assert list(fresh) == [(topic, grid.code)]
    office.write(undo)
    assert len(office.read(check)) == len(built.planted)
    office.close()


RED_LINES = {
    "chengdu-3+1": ("一般网格", "未建网格党支部（党小组）。", "没有社区党员干部入格。"),
    "dayi": ("微网格", "未建微网格党小组。", None),
    "jiashan-1+3+N": ("网格", "未建网格党支部（党小组）。", None),
    "zhoushan": ("网格", "未建网格党小组。", None),
}
"""The tiers of the packs that have a red line: a kind of grid, and what is said of one without."""


@service("登记一个网格的党组织和监督", needs=Right.EDIT_GRIDS)
def enter_tier(session: Any, grid_id: int, supervisor: str | None) -> None:
    """The first organisation and the first supervisor of a tier."""
    org = PartyOrg(name="第一网格党小组", kind=PartyOrgKind.GROUP)
    session.add(org)
    session.flush()
    session.add(OrgSeat(org_id=org.id, grid_id=grid_id))
    if supervisor is not None:
        person = session.scalar(select(Post.person_id).order_by(Post.id).limit(1))
        session.add(PartyLink(person_id=person, grid_id=grid_id, kind=supervisor))


def test_the_red_line_is_looked_at_once_it_is_kept(key: str, built: Built, tmp_path: Path) -> None:
    pack = load(key)
    assert {tier.kind for tier in pack.party} <= {kind.key for kind in pack.kinds}
    if key not in RED_LINES:
        assert pack.party == ()
        return
    file = tmp_path / "office.db"
    shutil.copyfile(built.database, file)
    office = Office.open(file)
    label, without, unwatched = RED_LINES[key]
    grids = office.read(lambda session: GRIDS.rows(session, GRIDS.ids(session, Ask())))
    first, *others = [row for row in grids if row.kind == label]
    supervisor = next((t.supervisor for t in pack.party if pack.kind(t.kind).label == label), None)
    office.write(enter_tier, first.id, supervisor or None)
    found = [one for one in office.read(check) if one.topic in (Topic.PARTY, Topic.SUPERVISED)]
    assert {one.message for one in found} == {said for said in (without, unwatched) if said is not None}
    for topic in {one.topic for one in found}:
        assert {one.code for one in found if one.topic is topic} == {row.code for row in others}
    office.close()


def test_the_packs_scheme_computes_and_locks_a_month(built: Built, office: Office) -> None:
    pack = office.read(office_pack)
    found = office.read(months)
    assert [one.state for one in found] == [MonthState.LOCKED] * 2
    assert found[0].period == built.month
    facts = office.read(month_facts, built.month)
    assert facts.scheme.key == pack.scheme
    assert facts.mean is not None
    assert 0 < facts.mean <= 110
    assert office.read(verify_month, built.month) == []
    assert built.pdf.read_bytes().startswith(b"%PDF")


def test_the_command_line_says_the_same(key: str, built: Built, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", "--database", str(built.database), "check"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert Counter((one["topic"], one["code"]) for one in said["findings"]) == Counter(
        (one.topic.value, one.code) for one in built.planted
    )
    assert main(["--json", "models"]) == 0
    listed = {one["key"]: one for one in json.loads(capsys.readouterr().out)["models"]}
    assert listed[key]["name"] == load(key).name


def test_an_empty_office_is_founded_on_each_pack(
    key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "office.db"
    assert main(["--json", "--database", str(file), "init", "--model", key]) == 0
    assert json.loads(capsys.readouterr().out)["model"] == key
    assert main(["--json", "--database", str(file), "check"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []


def test_out_into_excel_and_into_an_empty_office_of_the_pack(
    key: str, built: Built, office: Office, tmp_path: Path
) -> None:
    fresh = establish(tmp_path / "fresh.db", key)
    lists = [("grids", GRIDS), ("workers", WORKERS)]
    if load(key).registers.lists:
        lists += [("resources", RESOURCES), ("grid-issues", ISSUES)]
    for ledger, listing in lists:
        file = tmp_path / f"{ledger}.xlsx"
        rows = export(office, listing, file, Ask(), reveal=True, reason="核对")
        again = Review(office, ledger, file, Options()).plan
        assert Counter(row.outcome for row in again.rows) == {Outcome.UNCHANGED: rows}
        Review(fresh, ledger, file, Options()).write()
    assert Counter((one.topic, one.code, one.message) for one in fresh.read(check)) == Counter(
        (one.topic, one.code, one.message) for one in office.read(check)
    )
    fresh.close()


@pytest.mark.parametrize("option", option_names())
def test_every_option_is_worked_by_on_top_of_a_pack(option: str, tmp_path: Path) -> None:
    office = establish(tmp_path / "office.db", "national")
    office.write(copy_pack, "national", "own", "本办", [option])
    office.write(switch_pack, "own")
    pack = office.read(office_pack)
    made, planted = make_office(pack, date.today())
    fill(office, made)
    found = office.read(check)
    assert Counter((one.topic, one.code) for one in found) == Counter(
        (one.topic, one.code) for one in planted
    )
    topics = {"committee": {Topic.COMMITTEE}, "fixed": {Topic.FIXED}}.get(option, set())
    assert topics <= {one.topic for one in found}
    assert ("楼栋" in {grid.kind for grid in made.grids}) == (option == "finer")
    office.close()


def test_a_demo_by_its_pack_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", "demo", str(tmp_path / "demo"), "--model", "yichang"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["planted"]
    office = Office.open(said["database"])
    assert office.read(office_pack).key == "yichang"
    full = select(func.count()).where(Post.employment == Employment.FULL_TIME)
    assert (office.read(lambda session: session.scalar(full)) or 0) > 10
    office.close()
