"""From one way to run grids to another and back; packs that an office writes itself."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from db import proof
from gridoffice.errors import Conflict, NotFound, Refused, RuleBroken
from gridoffice.grids.duties import duties
from gridoffice.grids.listing import GRIDS, office_pack
from gridoffice.grids.own_packs import (
    copy_pack,
    dump,
    option_names,
    pack_called,
    packs,
    remove_pack,
    save_pack,
    switched_on,
    text_of,
)
from gridoffice.grids.pack_text import names, read, shipped
from gridoffice.grids.service import save_grid
from gridoffice.grids.switching import preview_switch, switch_pack
from gridoffice.history import redo, undo
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.findings import Topic, check
from gridoffice.workers.service import save_worker
from gridoffice.written import tables
from tests.offices import grid_id, journal_lines, records, roster, worker

TO_ZHOUSHAN = {"总网格长": "社区干部", "微网格员": "微网格长", "兼职网格员": "兼职网格员"}


def kinds(office: Office) -> Counter[str]:
    rows: list[Any] = office.read(lambda session: GRIDS.rows(session, GRIDS.ids(session, Ask())))
    return Counter(row.kind for row in rows)


def test_kinds_of_the_same_meaning_go_over_by_themselves(small_office: Office) -> None:
    seen = small_office.read(preview_switch, "dayi")
    assert seen.ready
    assert {one.label: one.becomes for one in seen.kinds} == {
        "街道": "街道",
        "总网格": "总网格",
        "一般网格": "一般网格",
        "微网格": "微网格",
        "专属网格": "专属网格",
    }
    assert {one.label: one.count for one in seen.kinds}["一般网格"] == 4
    assert (seen.name, seen.scheme) == ("大邑微网实格 2.0", "dayi")


def test_what_has_no_counterpart_is_told_and_nothing_is_written(small_office: Office) -> None:
    before, lines = records(small_office), journal_lines(small_office)
    with pytest.raises(RuleBroken) as refused:
        small_office.write(switch_pack, "national")
    said = [problem.message for problem in refused.value.problems]
    assert any(
        line.startswith("微网格（2 个）在“全国通行（300–500 户一格）”里没有对应的类型") for line in said
    )
    assert any(line.startswith("微网格员（1 人）") for line in said)
    assert (records(small_office), journal_lines(small_office)) == (before, lines)


def test_a_grid_that_would_hang_wrong_is_refused(small_office: Office) -> None:
    chosen = {"微网格": "网格", "专属网格": "网格"}
    posts = {"微网格员": "微网格员", "总网格长": "总网格长"}
    seen = small_office.read(preview_switch, "national", chosen, posts)
    assert {problem.message.split("，")[0] for problem in seen.problems} == {
        "2 个网格会挂在网格下面",
        "1 个网格会挂在街道下面",
    }


@pytest.mark.parametrize(
    ("chosen", "said"), [({"微格子": "微网格"}, "微格子"), ({"微网格": "大网格"}, "大网格")]
)
def test_a_word_that_neither_pack_knows(small_office: Office, chosen: dict[str, str], said: str) -> None:
    seen = small_office.read(preview_switch, "dayi", chosen)
    assert said in seen.problems[0].message


def test_over_back_and_over_again(small_office: Office) -> None:
    before = records(small_office)
    done = small_office.write(switch_pack, "zhoushan", None, TO_ZHOUSHAN)
    assert "换成“舟山组团式服务" in done.title
    assert small_office.read(office_pack).key == "zhoushan"
    assert kinds(small_office) == {"街道": 1, "社区": 2, "网格": 4, "微网格": 2, "海上网格": 1}
    titles = Counter(row.title for row in roster(small_office))
    # a title may be kept that the other pack does not have
    assert titles == {"网格长": 2, "专职网格员": 2, "微网格长": 1, "兼职网格员": 1, "社区干部": 1}
    assert Topic.TEAM in {one.topic for one in small_office.read(check)}
    after = records(small_office)
    small_office.write(undo)
    assert small_office.read(office_pack).key == "chengdu-3+1"
    assert records(small_office) == before
    small_office.write(redo)
    assert records(small_office) == after
    assert small_office.read(proof.verify) == []


def test_taken_back_whole_or_not_at_all(small_office: Office) -> None:
    done = small_office.write(switch_pack, "zhoushan", None, TO_ZHOUSHAN)
    small_office.write(save_worker, worker(small_office, "赵𫍯").id, {"title": "网格长"})
    with pytest.raises(Conflict, match="先撤销后来的变动"):
        small_office.write(undo, done.action)
    assert small_office.read(office_pack).key == "zhoushan"


def test_not_taken_back_while_grids_are_of_a_new_kind(small_office: Office) -> None:
    small_office.write(copy_pack, "chengdu-3+1", "qinghe", "青禾办法", ["finer"])
    done = small_office.write(switch_pack, "qinghe")
    small_office.write(
        save_grid,
        None,
        {
            "code": "5199210010010010101",
            "name": "一号楼",
            "kind": "楼栋",
            "parent_id": grid_id(small_office, "51992100100100101"),
        },
    )
    with pytest.raises(RuleBroken, match="没有楼栋这种类型"):
        small_office.write(undo, done.action)
    assert small_office.read(office_pack).key == "qinghe"


def test_twice_the_same_is_refused(small_office: Office) -> None:
    with pytest.raises(RuleBroken, match="已经按"):
        small_office.write(switch_pack, "chengdu-3+1")
    with pytest.raises(NotFound, match="dongcheng"):
        small_office.write(switch_pack, "蓬莱")


def test_only_an_administrator_changes_how_grids_are_run(small_office: Office, office_at: Any) -> None:
    clerk = office_at(small_office.store.address, "clerk")
    for service, said in ((switch_pack, ("dayi",)), (copy_pack, ("dayi", "own", "青禾"))):
        with pytest.raises(Refused):
            clerk.write(service, *said)


# Packs of one's own


@pytest.mark.parametrize("key", names())
def test_a_pack_written_out_reads_back_the_same(key: str) -> None:
    said = tables(shipped(key), key)
    again = read(dump(said), f"{key}.toml")
    assert again == read(shipped(key), f"{key}.toml")


@pytest.mark.parametrize("key", names())
@pytest.mark.parametrize("option", option_names())
def test_any_pack_takes_any_option(key: str, option: str) -> None:
    said = switched_on(tables(shipped(key), key), option)
    pack = read(dump({**said, "key": "own"}), "own.toml")
    options = pack.options
    assert {
        "all-round": options.all_round,
        "committee": options.committee is not None,
        "control": options.control is not None,
        "finer": any(kind.label == "楼栋" for kind in pack.kinds),
        "fixed": options.fixed is not None,
        "mixed": options.mixed is not None,
    }[option]


def test_a_copy_with_options_is_worked_by_and_found_fault_with(small_office: Office) -> None:
    small_office.write(copy_pack, "chengdu-3+1", "qinghe", "青禾办法", ["committee", "control", "fixed"])
    assert [pack.key for pack in small_office.read(packs)] == [*names(), "qinghe"]
    assert "台儿庄" not in small_office.read(text_of, "qinghe")
    small_office.write(switch_pack, "qinghe")
    found = {(one.topic, one.grid): one.message for one in small_office.read(check)}
    assert found[Topic.COMMITTEE, "梧桐·第一网格"] == "网格自管会应有 3 人以上，现有 2 人。"
    assert found[Topic.FIXED, "柳荫·第一网格"] == "四定还差定格（没写四至）。"
    with pytest.raises(RuleBroken, match="正按“青禾办法”运行"):
        small_office.write(remove_pack, "qinghe")
    small_office.write(switch_pack, "chengdu-3+1")
    small_office.write(remove_pack, "qinghe")
    with pytest.raises(NotFound):
        small_office.read(pack_called, "qinghe")


def test_a_leader_of_too_many_is_found(small_office: Office) -> None:
    small_office.write(copy_pack, "chengdu-3+1", "qinghe", "青禾办法", ["control"])
    text = small_office.read(text_of, "qinghe").replace("most = 11", "most = 1")
    text = text.replace('leaders = ["网格长"]', 'leaders = ["总网格长"]')
    small_office.write(save_pack, text)
    small_office.write(switch_pack, "qinghe")
    found = {one.grid: one.message for one in small_office.read(check) if one.topic is Topic.CONTROL}
    # 柳荫: a leader and a full-time worker both count as workers, and nobody leads the community
    assert found["柳荫社区"].startswith("0 名总网格长带 2 名")


def test_all_round_workers_answer_for_everything(small_office: Office) -> None:
    small_office.write(copy_pack, "national", "whole", "全科", ["all-round"])
    pack = small_office.read(pack_called, "whole")
    own = {line.text for line in duties(pack) if line.whose == "专职网格员"}
    assert own == {line.text for line in duties(pack) if line.section == "岗位职责"}
    assert pack.duties_of("网格长") == ("统筹网格内的服务和管理",)


def test_an_edited_pack_keeps_the_kinds_that_grids_are_of(small_office: Office) -> None:
    small_office.write(copy_pack, "chengdu-3+1", "qinghe", "青禾办法")
    small_office.write(switch_pack, "qinghe")
    said = tables(small_office.read(text_of, "qinghe"), "qinghe")
    smaller = {
        **said,
        "kinds": [kind for kind in said["kinds"] if kind["key"] != "micro"],
        "party": [tier for tier in said["party"] if tier["kind"] != "micro"],
    }
    with pytest.raises(RuleBroken, match="没有微网格这种类型"):
        small_office.write(save_pack, dump(smaller))
    wider = small_office.read(text_of, "qinghe").replace("households = [300, 500]", "households = [300, 700]")
    small_office.write(save_pack, wider)
    assert Topic.SIZE not in {one.topic for one in small_office.read(check)}
    with pytest.raises(RuleBroken, match="随程序带的"):
        small_office.write(save_pack, shipped("dayi"))
    with pytest.raises(RuleBroken, match="qinghe 的 root"):
        small_office.write(save_pack, wider.replace('"street"]', '"stret"]', 1))


def test_the_pack_worked_by_is_not_undone_away(small_office: Office) -> None:
    copied = small_office.write(copy_pack, "chengdu-3+1", "qinghe", "青禾办法")
    small_office.write(switch_pack, "qinghe")
    with pytest.raises(NotFound, match="没有治理模式“qinghe”"):
        small_office.write(undo, copied.action)
    assert small_office.read(office_pack).name == "青禾办法"
