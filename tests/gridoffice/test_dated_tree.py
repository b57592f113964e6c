"""Dated changes of the tree: what each does, what it refuses, and undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.enums import Role
from db.tables import Account, Grid, OrgSeat, PartyLink, PartyMember, PartyOrg, Post
from gridoffice import history
from gridoffice.accounts.keeping import add_account
from gridoffice.assessment.service import open_month
from gridoffice.errors import Conflict, OfficeError, RuleBroken
from gridoffice.grids.changing import preview
from gridoffice.grids.history import as_of, given_up, story
from gridoffice.grids.operations import (
    Basis,
    Close,
    Convert,
    Establish,
    Facts,
    Merge,
    Move,
    Recode,
    Rename,
    Revise,
    Share,
    Split,
)
from gridoffice.grids.service import save_grid
from gridoffice.grids.surroundings import surroundings
from gridoffice.office import Office
from gridoffice.overview.questions import changes
from gridoffice.safekeeping import verify
from gridoffice.workers.service import save_worker
from tests.gridoffice.tree_changes import (
    AUGUST,
    FIRST,
    JULY,
    JUNE,
    LIU_FIRST,
    LIU_SECOND,
    LIUYIN,
    MAY,
    MICRO_1,
    MICRO_2,
    SECOND,
    STREET,
    WUTONG,
    change,
    households,
    posts,
    refused,
    split_of,
    tree,
    undone,
)
from tests.offices import Opening, come, errors, grid_id, records, workbook, worker


def test_a_new_grid_gets_the_next_code_and_was_not_there_before(small_office: Office) -> None:
    before = records(small_office)
    done = change(
        small_office,
        JUNE,
        Establish("第三网格", "一般网格", grid_id(small_office, WUTONG), facts=Facts(households=320)),
        reason="新建小区入住",
        approval="青街发〔2026〕12号",
    )
    assert done.title == "设立“第三网格”（2026-06-01 起）"
    code = "519921001001003"
    assert tree(small_office)[code] == ("青禾街道", "梧桐社区", "第三网格")
    assert code not in tree(small_office, JUNE - timedelta(days=1))
    assert code in tree(small_office, JUNE)
    (event,) = small_office.read(story, done.result.established[0])
    assert (event.kind.label, event.day, event.reason, event.approval) == (
        "设立",
        JUNE,
        "新建小区入住",
        "青街发〔2026〕12号",
    )
    undone(small_office, before, done)


def test_a_renamed_grid_keeps_its_old_name_on_old_days(small_office: Office) -> None:
    before = records(small_office)
    done = change(small_office, JUNE, Rename(grid_id(small_office, WUTONG), "梧桐里社区"))
    assert tree(small_office)[FIRST] == ("青禾街道", "梧桐里社区", "第一网格")
    assert tree(small_office, MAY)[FIRST] == ("青禾街道", "梧桐社区", "第一网格")
    (event,) = small_office.read(story, grid_id(small_office, WUTONG))
    assert event.before is not None
    assert event.before.name == "梧桐社区"
    undone(small_office, before, done)


def test_a_code_once_given_up_is_never_given_again(small_office: Office) -> None:
    before = records(small_office)
    first = grid_id(small_office, FIRST)
    done = change(small_office, JUNE, Recode(first, "519921001001088"), reason="编码规则调整")
    assert tree(small_office)["519921001001088"][-1] == "第一网格"
    assert tree(small_office, MAY)[FIRST][-1] == "第一网格"
    (code,) = small_office.read(given_up)
    assert (code.code, code.grid_id, code.day, code.reason) == (FIRST, first, JUNE, "编码规则调整")
    undone(small_office, before, done)
    said = refused(small_office, JULY, Recode(grid_id(small_office, SECOND), FIRST))
    assert said == f"编码“{FIRST}”2026-06-01 已作废，不再使用。"
    with pytest.raises(RuleBroken, match="已作废"):
        small_office.write(
            save_grid,
            None,
            {"code": FIRST, "name": "新", "kind": "一般网格", "parent_id": grid_id(small_office, WUTONG)},
        )
    # nor does the next free code come back to it
    made = change(small_office, JULY, Recode(first)).result
    assert made.established == ()
    assert FIRST not in tree(small_office)


def test_a_moved_grid_takes_all_along_and_old_days_stay(small_office: Office) -> None:
    before = records(small_office)
    done = change(
        small_office,
        JUNE,
        Rename(grid_id(small_office, FIRST), "河畔网格"),
        Move(grid_id(small_office, FIRST), grid_id(small_office, LIUYIN)),
    )
    assert tree(small_office)[MICRO_1] == ("青禾街道", "柳荫社区", "河畔网格", "微网格01")
    assert tree(small_office, MAY)[MICRO_1] == ("青禾街道", "梧桐社区", "第一网格", "微网格01")
    undone(small_office, before, done)


def test_several_moves_are_saved_all_or_none(small_office: Office) -> None:
    first, liu = grid_id(small_office, FIRST), grid_id(small_office, LIUYIN)
    moves = [
        Move(grid_id(small_office, MICRO_1), grid_id(small_office, SECOND)),
        Move(first, liu),
        Rename(first, "第五网格"),
    ]
    said = refused(small_office, JUNE, *moves, Move(liu, first))
    assert said == "网格不能挂在自己或自己的下级下面。"
    before = records(small_office)
    undone(small_office, before, change(small_office, JUNE, *moves))
    assert tree(small_office)[MICRO_1][-2:] == ("第二网格", "微网格01")


def test_two_that_change_places_may(small_office: Office) -> None:
    """Each name and place is taken at the moment, but not once all is done."""
    one, two = grid_id(small_office, FIRST), grid_id(small_office, SECOND)
    change(small_office, JUNE, Rename(one, "第二网格"), Rename(two, "第一网格"))
    assert tree(small_office)[FIRST][-1] == "第二网格"
    change(
        small_office,
        JULY,
        Move(one, grid_id(small_office, LIUYIN)),
        Move(grid_id(small_office, LIU_SECOND), grid_id(small_office, WUTONG)),
    )
    assert tree(small_office)[FIRST][1] == "柳荫社区"
    assert tree(small_office, JUNE)[FIRST] == ("青禾街道", "梧桐社区", "第二网格")
    assert tree(small_office, MAY)[FIRST] == ("青禾街道", "梧桐社区", "第一网格")


def test_a_split_shares_out_everything(small_office: Office) -> None:
    before = records(small_office)
    old = grid_id(small_office, FIRST)
    told = small_office.read(preview, Basis(JUNE), [split_of(small_office)])
    assert records(small_office) == before
    assert told.allowed
    assert [(one.name, one.says) for one in told.grids if one.id is None or one.id == old] == [
        ("第一网格", "关闭"),
        ("第一网格", "设立"),
        ("第三网格", "设立"),
    ]
    assert {(one.person, one.grid, one.to, one.from_day) for one in told.posts} == {
        ("王𠮷𬭎", "第一网格", "第一网格", JUNE),
        ("李䶮", "第一网格", "第三网格", JUNE),
    }
    done = change(small_office, JUNE, split_of(small_office))
    one, two = done.result.established
    codes = ["519921001001003", "519921001001004"]
    assert households(small_office, codes) == [250, 150]
    assert households(small_office, [FIRST], MAY) == [400]
    assert FIRST not in tree(small_office, JUNE)
    assert tree(small_office)[MICRO_2] == ("青禾街道", "梧桐社区", "第三网格", "微网格02")
    assert tree(small_office, MAY)[MICRO_2] == ("青禾街道", "梧桐社区", "第一网格", "微网格02")
    assert posts(small_office, "李䶮") == [
        (old, date(2024, 3, 1), JUNE - timedelta(days=1)),
        (two, JUNE, None),
    ]
    (event,) = small_office.read(story, old)
    assert [(kin.part.label, kin.id) for kin in event.kin] == [("后继", one), ("后继", two)]
    (event,) = small_office.read(story, two)
    assert [(kin.part.label, kin.name) for kin in event.kin] == [("前身", "第一网格"), ("后继", "第一网格")]
    undone(small_office, before, done)


def test_one_share_may_keep_the_number_and_whoever_is_not_named(small_office: Office) -> None:
    old = grid_id(small_office, FIRST)
    li = worker(small_office, "李䶮")
    change(
        small_office,
        JUNE,
        Split(
            old,
            (
                Share("第一网格", Facts(households=300), keeps=True),
                Share("第三网格", Facts(households=100), workers=(li.id,)),
            ),
        ),
    )
    assert households(small_office, [FIRST, "519921001001003"]) == [300, 100]
    assert households(small_office, [FIRST], MAY) == [400]
    assert posts(small_office, "王𠮷𬭎") == [(old, date(2024, 1, 1), None)]
    assert tree(small_office)[MICRO_1][-2] == "第一网格"


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ((Share("甲", Facts(400)),), "拆分至少要分成两个网格。"),
        ((Share("甲", Facts(400)), Share("乙")), "每个新网格都要写上户数"),
        (
            (Share("甲", Facts(200)), Share("乙", Facts(199))),
            "各网格户数合计 399，“第一网格”原有 400，还差 1。",
        ),
        ((Share("甲", Facts(200)), Share("乙", Facts(200))), "先给它们换个上级"),
        ((Share("甲", Facts(200)), Share("甲", Facts(200), keeps=True)), "这里已有一个“甲”"),
        ((Share("甲", Facts(200), keeps=True), Share("第二网格", Facts(200))), "这里已有一个“第二网格”"),
        ((Share("甲", Facts(200), workers=(99999,)), Share("乙", Facts(200))), "不在“第一网格”里"),
        ((Share("", Facts(200), keeps=True), Share("乙", Facts(200))), "没写网格名称。"),
    ],
)
def test_a_split_that_does_not_come_out_even(
    small_office: Office, shares: tuple[Share, ...], said: str
) -> None:
    assert said in refused(small_office, JUNE, Split(grid_id(small_office, FIRST), shares))


def test_merged_grids_become_one_with_everybody(small_office: Office) -> None:
    change(
        small_office,
        JUNE,
        Establish("微网格01", "微网格", grid_id(small_office, SECOND), "51992100100100201"),
    )
    before = records(small_office)
    old, into = grid_id(small_office, FIRST), grid_id(small_office, SECOND)
    done = change(small_office, JULY, Merge((old, into), into=into))
    assert households(small_office, [SECOND]) == [1020]
    assert households(small_office, [FIRST, SECOND], JUNE) == [400, 620]
    assert FIRST not in tree(small_office)
    # three micro grids, two of one name, stand side by side now
    assert {names[-1] for code, names in tree(small_office).items() if names[-2:-1] == ("第二网格",)} >= {
        "微网格01",
        "微网格02",
        "微网格03",
    }
    assert posts(small_office, "王𠮷𬭎")[-1] == (into, JULY, None)
    assert posts(small_office, "单晓琴") == [(into, date(2024, 6, 1), None)]
    (code,) = small_office.read(given_up, [old])
    assert code.code == FIRST
    undone(small_office, before, done)


def test_a_merge_into_a_new_one_closes_all(small_office: Office) -> None:
    before = records(small_office)
    done = change(
        small_office,
        JUNE,
        Merge((grid_id(small_office, FIRST), grid_id(small_office, SECOND)), name="中心网格"),
    )
    assert tree(small_office)["519921001001003"][-1] == "中心网格"
    assert households(small_office, ["519921001001003"]) == [1020]
    assert not {FIRST, SECOND} & tree(small_office).keys()
    undone(small_office, before, done)


def test_somebody_at_work_in_both_has_one_post_afterwards(small_office: Office) -> None:
    old, into = grid_id(small_office, FIRST), grid_id(small_office, SECOND)
    person = worker(small_office, "王𠮷𬭎")
    with small_office.store.writing("兼任", "test", service="test") as session:
        post, grid = session.get(Post, person.id), session.get(Grid, into)
        assert post is not None
        assert grid is not None
        session.add(
            Post(
                person_id=post.person_id,
                grid_id=into,
                grid_path=grid.path,
                title=post.title,
                employment=post.employment,
                concurrent=True,
                from_day=date(2025, 1, 1),
            )
        )
    change(small_office, JUNE, Merge((old,), into=into))
    assert [day for _, _, day in posts(small_office, "王𠮷𬭎")] == [JUNE - timedelta(days=1), None]


def test_a_post_that_begins_later_simply_is_in_the_new_grid(small_office: Office) -> None:
    old, into = grid_id(small_office, FIRST), grid_id(small_office, SECOND)
    small_office.write(save_worker, None, {"name": "刘慧", "grid_id": old, "from_day": JULY})
    change(small_office, JUNE, Merge((old,), into=into))
    assert posts(small_office, "刘慧") == [(into, JULY, None)]


def test_a_grid_of_another_kind(small_office: Office) -> None:
    before = records(small_office)
    done = change(small_office, JUNE, Convert(grid_id(small_office, LIU_SECOND), "专属网格"))
    kinds = {state.code: state.kind for state, _ in small_office.read(as_of).values()}
    then = {state.code: state.kind for state, _ in small_office.read(as_of, MAY).values()}
    assert (kinds[LIU_SECOND], then[LIU_SECOND]) == ("special", "general")
    undone(small_office, before, done)
    assert "下面不能再有一般网格" in refused(
        small_office, JUNE, Convert(grid_id(small_office, WUTONG), "专属网格")
    )
    assert "上级应是" in refused(small_office, JUNE, Convert(grid_id(small_office, FIRST), "微网格"))


def test_new_figures_from_a_day_on(small_office: Office) -> None:
    before = records(small_office)
    done = change(small_office, JUNE, Revise(grid_id(small_office, FIRST), {"households": 430}))
    assert households(small_office, [FIRST]) == [430]
    assert households(small_office, [FIRST], MAY) == [400]
    undone(small_office, before, done)


def test_a_grid_closes_only_when_nobody_is_left(small_office: Office) -> None:
    first, second = grid_id(small_office, FIRST), grid_id(small_office, SECOND)
    assert "下面还有“微网格01”、“微网格02”" in refused(small_office, JUNE, Close(first))
    assert "里还有“王𠮷𬭎”、“李䶮”" in refused(small_office, JUNE, Close(first, children_to=second))
    before = records(small_office)
    li = worker(small_office, "李䶮")
    done = change(
        small_office,
        JUNE,
        Close(first, children_to=second, workers_to=second, leaving=(li.id,)),
        reason="拆迁",
    )
    assert FIRST not in tree(small_office)
    assert tree(small_office, MAY)[MICRO_1][-2] == "第一网格"
    assert posts(small_office, "李䶮") == [(first, date(2024, 3, 1), JUNE - timedelta(days=1))]
    assert posts(small_office, "王𠮷𬭎")[-1] == (second, JUNE, None)
    undone(small_office, before, done)
    assert "到 2026-05-31 为止" in refused(small_office, JULY, Rename(first, "又开"))
    micro = Establish("微网格09", "微网格", first, "51992100100100109")
    assert "到 2026-05-31 为止，不能再有下级" in refused(small_office, JULY, micro)


def test_days_that_do_not_fit(small_office: Office) -> None:
    first = grid_id(small_office, FIRST)
    change(small_office, JULY, Rename(first, "七月网格"))
    assert refused(small_office, JUNE, Rename(first, "六月网格")) == (
        "“七月网格”2026-07-01 已有变动，生效日期要在那天或以后。"
    )
    # the same day once more: the day before still shows what was before both
    change(small_office, JULY, Rename(first, "七一网格"))
    assert tree(small_office, JUNE)[FIRST][-1] == "第一网格"
    assert tree(small_office, JULY)[FIRST][-1] == "七一网格"
    made = change(small_office, JULY, Establish("新网格", "一般网格", grid_id(small_office, WUTONG))).result
    (fresh,) = made.established
    assert "才设立" in refused(small_office, JUNE, Rename(fresh, "早了"))
    assert "当天以后" not in refused(small_office, JULY, Close(fresh))


def test_what_changed_later_keeps_an_earlier_day_from_being_filled(small_office: Office) -> None:
    """A grid that hung somewhere in June cannot be closed from under it in May."""
    first, liu = grid_id(small_office, FIRST), grid_id(small_office, LIUYIN)
    change(small_office, JULY, Rename(first, "第九网格"), Move(first, liu))
    said = refused(small_office, JUNE, Close(grid_id(small_office, WUTONG), children_to=liu, workers_to=liu))
    assert "下面直到 2026-06-30 还有“第一网格”" in said or "同一" in said or "已有" in said
    # nor can its name of June be taken for June
    twin = Establish("第一网格", "一般网格", grid_id(small_office, WUTONG))
    assert "这里已有一个“第一网格”" in refused(small_office, JUNE, twin)
    change(small_office, JULY, twin)


def test_a_ring_on_a_day_in_between_is_refused(small_office: Office) -> None:
    """Today it would be a tree; in June it would have been a ring."""
    street = grid_id(small_office, STREET)
    made = change(
        small_office,
        MAY,
        Establish("甲专属", "专属网格", street, "519921001900011"),
        Establish("乙专属", "专属网格", grid_id(small_office, WUTONG), "519921001900012"),
        Establish("微网格88", "微网格", grid_id(small_office, FIRST), "51992100100100188"),
    ).result
    micro = made.established[2]
    change(small_office, JULY, Move(micro, made.established[0]))
    first = grid_id(small_office, FIRST)
    said = refused(small_office, JUNE, Move(first, micro))
    assert said == "网格不能挂在自己或自己的下级下面。"


def test_undo_is_whole_or_not_at_all(small_office: Office) -> None:
    done = change(small_office, JUNE, split_of(small_office))
    one, _ = done.result.established
    small_office.write(save_grid, one, {"households": 260})
    before = records(small_office)
    with pytest.raises(Conflict, match="后来又改过"):
        small_office.write(history.undo, done.action)
    assert records(small_office) == before


def test_an_undo_that_would_break_the_tree_is_refused(small_office: Office) -> None:
    """Back to its old parent, which by now hangs below it."""
    street = grid_id(small_office, STREET)
    county = change(small_office, JUNE, Establish("青禾县", "区县", None, "519921")).result.established[0]
    moved = change(small_office, JUNE, Move(street, county))
    first = change(small_office, JULY, Rename(grid_id(small_office, FIRST), "旧名网格"))
    change(small_office, AUGUST, Establish("第一网格", "一般网格", grid_id(small_office, WUTONG)))
    with pytest.raises(OfficeError, match="这里已有一个“第一网格”"):
        small_office.write(history.undo, first.action)
    small_office.write(history.undo, moved.action)
    assert tree(small_office)[WUTONG] == ("青禾街道", "梧桐社区")
    assert verify(small_office).findings == ()


def test_the_preview_names_whoever_goes_along(small_office: Office) -> None:
    told = small_office.read(
        preview, Basis(JUNE), [Move(grid_id(small_office, LIUYIN), grid_id(small_office, STREET))]
    )
    assert told.grids == ()
    told = small_office.read(
        preview,
        Basis(JUNE),
        [
            Rename(grid_id(small_office, FIRST), "河畔网格"),
            Move(grid_id(small_office, FIRST), grid_id(small_office, LIUYIN)),
        ],
    )
    assert told.steps == ("“第一网格”更名为“河畔网格”", "“河畔网格”移到“柳荫社区”")
    assert [one.says for one in told.grids] == ["更名为“河畔网格”；上级改为“柳荫社区”"]
    assert (told.grids_along, [one.name for one in told.grids_along_named]) == (2, ["微网格01", "微网格02"])
    assert told.posts_along == 3
    assert {one.name for one in told.posts_along_named} == {"王𠮷𬭎", "李䶮", "阿依古丽·买买提"}


def test_whoever_stays_as_called_does_not_go_along(small_office: Office) -> None:
    """The grid that others come to only counts more; those that come are told one by one."""
    into = grid_id(small_office, SECOND)
    told = small_office.read(preview, Basis(JUNE), [Merge((grid_id(small_office, FIRST),), into=into)])
    assert (told.grids_along, told.grids_along_named) == (0, ())
    # the micro grids change themselves; who serves there goes along
    assert [one.name for one in told.posts_along_named] == ["阿依古丽·买买提"]
    assert told.posts_along == 1
    kept = Share("第一网格", Facts(households=300), keeps=True)
    li = worker(small_office, "李䶮")
    new = Share("第三网格", Facts(households=100), workers=(li.id,))
    told = small_office.read(preview, Basis(JUNE), [Split(grid_id(small_office, FIRST), (kept, new))])
    assert (told.grids_along, told.posts_along) == (0, 0)


def test_a_locked_month_keeps_its_paths(locked_office: Office) -> None:
    before = records(locked_office)
    change(
        locked_office,
        JULY,
        Rename(grid_id(locked_office, WUTONG), "梧桐里社区"),
        Merge((grid_id(locked_office, FIRST),), into=grid_id(locked_office, SECOND)),
    )
    after = records(locked_office)
    assert (after["sheet"], after["month"]) == (before["sheet"], before["month"])
    assert verify(locked_office).findings == ()


def care(office: Office, person: str, grid: int, since: date) -> int:
    """A party member answers for a grid."""
    with office.store.writing("入格", "test", service="test") as session:
        link = PartyLink(
            person_id=worker(office, person).person_id, grid_id=grid, kind="联系党员", from_day=since
        )
        session.add(link)
        session.flush()
        return link.id


def links(office: Office) -> list[tuple[int, date | None, date | None]]:
    return [(row["grid_id"], row["from_day"], row["to_day"]) for row in records(office)["party_link"]]


def test_party_members_follow_the_grid_they_answer_for(small_office: Office) -> None:
    old, into = grid_id(small_office, FIRST), grid_id(small_office, SECOND)
    care(small_office, "单晓琴", old, MAY)
    before = records(small_office)
    told = small_office.read(preview, Basis(JULY), [Merge((old,), into=into)])
    assert [(one.person, one.grid, one.to, one.from_day) for one in told.links] == [
        ("单晓琴", "第一网格", "第二网格", JULY)
    ]
    done = change(small_office, JULY, Merge((old,), into=into))
    assert links(small_office) == [(old, MAY, JULY - timedelta(days=1)), (into, JULY, None)]
    undone(small_office, before, done)


def test_a_link_is_shared_out_or_ends_with_its_grid(small_office: Office) -> None:
    old = grid_id(small_office, FIRST)
    shared, ending = care(small_office, "单晓琴", old, MAY), care(small_office, "赵𫍯", old, MAY)
    split = split_of(small_office)
    one, two = split.shares
    done = change(small_office, JUNE, Split(old, (replace(one, links=(shared,)), two)))
    assert sorted(links(small_office), key=str) == sorted(
        [
            (old, MAY, JUNE - timedelta(days=1)),
            (old, MAY, JUNE - timedelta(days=1)),
            (done.result.established[0], JUNE, None),
        ],
        key=str,
    )
    assert ending != shared


def test_the_preview_names_organisations_and_accounts_without_a_grid(small_office: Office) -> None:
    old, into = grid_id(small_office, FIRST), grid_id(small_office, SECOND)
    with small_office.store.writing("支部", "test", service="test") as session:
        org = PartyOrg(name="第一网格党小组", kind="group")
        session.add(org)
        session.flush()
        session.add(OrgSeat(org_id=org.id, grid_id=old))
        account = session.get(Account, 2)
        assert account is not None
        account.grid_id = old
        display = account.display
    told = small_office.read(preview, Basis(JULY), [Merge((old,), into=into)])
    assert [(one.name, one.grid, one.to) for one in told.organisations] == [
        ("第一网格党小组", "第一网格", ("第二网格",))
    ]
    assert told.accounts == (display,)
    told = small_office.read(preview, Basis(JULY), [Rename(old, "新名")])
    assert (told.organisations, told.accounts) == ((), ())


def seated(office: Office, name: str, *grids: int, kind: str = "branch") -> int:
    """An organisation that serves some grids since nobody knows when."""
    with office.store.writing("支部", "test", service="test") as session:
        org = PartyOrg(name=name, kind=kind)
        session.add(org)
        session.flush()
        session.add_all(OrgSeat(org_id=org.id, grid_id=grid) for grid in grids)
        session.flush()
        return org.id


def seats(office: Office) -> list[tuple[int, date | None, date | None]]:
    return sorted(
        ((row["grid_id"], row["from_day"], row["to_day"]) for row in records(office)["org_seat"]), key=str
    )


def test_organisations_follow_their_grids(small_office: Office) -> None:
    """Merged into a grid that one of them serves already, split in two, moved: on every day the
    organisation serves the place that it served."""
    old, into = grid_id(small_office, FIRST), grid_id(small_office, SECOND)
    seated(small_office, "第一网格党支部", old)
    seated(small_office, "联合党支部", old, into)
    before = records(small_office)
    last = JULY - timedelta(days=1)
    done = change(small_office, JULY, Merge((old,), into=into))
    assert seats(small_office) == sorted(
        [(old, None, last), (into, JULY, None), (old, None, last), (into, None, None)], key=str
    )
    small_office.write(history.undo, done.action)
    assert records(small_office) == before
    done = change(small_office, JUNE, split_of(small_office))
    one, two = done.result.established
    assert [grid for grid, start, _ in seats(small_office) if start == JUNE] == sorted([one, one, two, two])
    small_office.write(history.undo, done.action)
    assert records(small_office) == before
    change(small_office, JUNE, Move(grid_id(small_office, "51992100100100101"), into))
    assert records(small_office)["org_seat"] == before["org_seat"]


def test_a_grid_with_an_organisation_closes_only_when_that_goes_elsewhere(small_office: Office) -> None:
    first, second = grid_id(small_office, FIRST), grid_id(small_office, SECOND)
    special = grid_id(small_office, "519921001900001")
    org = seated(small_office, "商圈党支部", special)
    leaving = tuple(held.id for held in small_office.read(surroundings, [special], JULY)[0].posts)
    before = records(small_office)
    said = refused(small_office, JULY, Close(special, leaving=leaving))
    assert said == "“商圈专属网格”还有“商圈党支部”，先说明它改在哪个网格，或者一起撤销。"
    moving = Close(special, leaving=leaving, seats_to=second)
    told = small_office.read(preview, Basis(JULY), [moving])
    assert [(one.name, one.grid, one.to) for one in told.organisations] == [
        ("商圈党支部", "商圈专属网格", ("第二网格",))
    ]
    done = change(small_office, JULY, moving)
    assert seats(small_office) == sorted(
        [(special, None, JULY - timedelta(days=1)), (second, JULY, None)], key=str
    )
    small_office.write(history.undo, done.action)
    assert records(small_office) == before
    done = change(small_office, JULY, Close(special, leaving=leaving, dissolving=(org,)))
    assert records(small_office)["party_org"][0]["to_day"] == JULY - timedelta(days=1)
    assert seats(small_office) == [(special, None, JULY - timedelta(days=1))]
    small_office.write(history.undo, done.action)
    assert records(small_office) == before
    with small_office.store.writing("党员", "test", service="test") as session:
        session.add(PartyMember(person_id=1, org_id=org, kind="01", flow="normal"))
    said = refused(small_office, JULY, Close(special, leaving=leaving, dissolving=(org,)))
    assert said == "“商圈党支部”还有党员 1 人，先把组织关系转到别的支部。"
    assert first != second


def test_an_open_month_is_named(locked_office: Office) -> None:
    locked_office.write(open_month, "2026-07")
    told = locked_office.read(
        preview,
        Basis(JULY),
        [Merge((grid_id(locked_office, FIRST),), into=grid_id(locked_office, SECOND))],
    )
    assert {(one.month, one.person) for one in told.sheets} >= {("2026-07", "王𠮷𬭎"), ("2026-07", "李䶮")}
    assert all(one.month != "2026-06" for one in told.sheets)


# ---- the same rules for forms and imports


def test_a_form_refuses_what_an_operation_refuses(small_office: Office) -> None:
    first, second = grid_id(small_office, FIRST), grid_id(small_office, SECOND)
    with pytest.raises(RuleBroken, match="下面不能再有一般网格"):
        small_office.write(save_grid, grid_id(small_office, WUTONG), {"kind": "专属网格"})
    with pytest.raises(RuleBroken, match="下面还有"):
        small_office.write(save_grid, first, {"valid_to": JUNE})
    with pytest.raises(RuleBroken, match="里还有“单晓琴”"):
        small_office.write(save_grid, second, {"valid_to": JUNE})
    change(small_office, JUNE, Merge((second,), into=first))
    with pytest.raises(RuleBroken, match="到 2026-05-31 为止，不能再有下级"):
        small_office.write(save_grid, grid_id(small_office, MICRO_1), {"parent_id": second})
    change(small_office, JULY, Rename(first, "七月网格"))
    with pytest.raises(RuleBroken, match="启用日期要在那以前"):
        small_office.write(save_grid, first, {"valid_from": AUGUST})


HEADINGS = ("网格编码", "网格名称", "网格类型", "上级网格")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("51992100100100209", "微网格09", "微网格", SECOND), "到 2026-05-31 为止，不能再有下级"),
        ((MICRO_1, "微网格01", "微网格", SECOND), "到 2026-05-31 为止，不能再有下级"),
        ((LIU_FIRST, "第三网格", "一般网格", WUTONG), "已作废"),
        ((WUTONG, "梧桐社区", "专属网格", STREET), "下面不能再有一般网格"),
    ],
)
def test_an_import_refuses_what_an_operation_refuses(
    small_office: Office, tmp_path: Path, row: tuple[str, ...], said: str
) -> None:
    change(
        small_office,
        JUNE,
        Merge((grid_id(small_office, SECOND),), into=grid_id(small_office, FIRST)),
        Recode(grid_id(small_office, LIU_FIRST), "519921001002077"),
    )
    before = records(small_office)
    try:
        done = come(small_office, "grids", workbook(tmp_path / "网格.xlsx", HEADINGS, [row]))
        told = [message for _, _, message in errors(done)]
    except RuleBroken as error:
        told = [error.message]
    assert any(said in one for one in told), told
    assert records(small_office) == before


def test_the_journal_tells_grids_and_people_and_no_bookkeeping(small_office: Office) -> None:
    done = change(small_office, JUNE, split_of(small_office))
    assert done.action is not None
    told = small_office.read(changes, done.action, 100)
    assert {one.noun for one in told} == {"网格", "任职", "作废编码"}
    assert not any("号" in one.name for one in told)
    assert [one.name for one in told if one.noun == "作废编码"] == [FIRST]


def test_an_account_of_one_community_changes_nothing_elsewhere(
    small_office: Office, office_at: Opening
) -> None:
    first, second, wutong = (grid_id(small_office, code) for code in (FIRST, SECOND, WUTONG))
    liu_first = grid_id(small_office, LIU_FIRST)
    small_office.write(add_account, "梧桐", "梧桐社区", Role.CLERK, wutong)
    own = office_at(small_office.store.address, "梧桐")
    for operation in (
        Rename(liu_first, "外面"),
        Move(first, grid_id(small_office, LIUYIN)),
        Establish("新网格", "一般网格", grid_id(small_office, LIUYIN)),
        Merge((first,), into=liu_first),
        Close(first, children_to=second, workers_to=liu_first),
        Establish("另一个", "街道", None, "519921002"),
    ):
        assert "超出权限范围" in refused(own, JUNE, operation)
    change(own, JUNE, Rename(wutong, "梧桐里社区"), Merge((first,), into=second))
    change(own, JULY, split_into_two(second))


def split_into_two(number: int) -> Split:
    one, two = Share("甲网格", Facts(households=1000), keeps=True), Share("乙网格", Facts(households=20))
    return Split(number, (one, two))
