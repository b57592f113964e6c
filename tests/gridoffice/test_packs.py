"""Governance packs as text: those that ship are sound, and each mistake is named by file and key."""

from __future__ import annotations

from decimal import Decimal

import pytest

from db.enums import Employment, Zone
from gridoffice.assessment.schemes import scheme_keys
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.grids.pack import Hours, Side, TeamRule
from gridoffice.grids.pack_text import load, names, read, shipped

PACKS = (
    "chengdu-3+1",
    "dayi",
    "dongcheng",
    "jiashan-1+3+N",
    "kcity-5-level",
    "national",
    "xqu-2+3",
    "yichang",
    "zhoushan",
)


def test_every_system_of_the_papers_ships() -> None:
    assert names() == PACKS


@pytest.mark.parametrize("key", PACKS)
def test_a_shipped_pack_is_sound_and_says_where_it_comes_from(key: str) -> None:
    pack = load(key)
    assert pack.key == key
    assert "《" in pack.source
    assert pack.scheme in scheme_keys()
    assert any(kind.unit for kind in pack.kinds)
    assert any(kind.staffed for kind in pack.kinds)
    assert all(post.duties for post in pack.posts)


def test_norms_stand_as_the_papers_say_them() -> None:
    chengdu, dayi = load("chengdu-3+1"), load("dayi")
    assert chengdu.kind("general").households == (300, 500)
    assert chengdu.kind("micro").households == (30, 100)
    assert chengdu.kind("micro").hours == Hours(Decimal(5), Decimal(3))
    assert dayi.kind("micro").team == (TeamRule(("微网格员",), 1, 1),)
    assert [care.colour for care in dayi.registers.care] == ["红", "黄", "蓝"]
    assert dayi.registers.points is not None
    assert [rule.label for rule in dayi.registers.points.earn] == [
        "上报有效信息",
        "参与治理服务",
        "完成专项任务",
    ]
    assert load("zhoushan").kind("general").team[0] == TeamRule((), 6, 8)
    assert {post.side for post in load("zhoushan").posts} == set(Side)
    assert len(load("yichang").post_called("网格员").duties) == 7  # type: ignore[union-attr]
    assert [rule.posts for rule in load("jiashan-1+3+N").kind("general").team] == [
        ("网格长",),
        ("专职网格员",),
        ("兼职网格员",),
        ("网格指导员",),
    ]
    assert [target.percent for target in load("kcity-5-level").registers.targets] == [60, 30]
    unit = load("kcity-5-level").kind("unit")
    assert (unit.norm(Zone.CORE).area, unit.norm(Zone.PLAIN).area) == ((5000, 20000), (5000, 80000))
    assert load("kcity-5-level").counted() == {"general", "unit"}
    assert load("chengdu-3+1").counted() == {"general", "micro", "special"}
    assert load("xqu-2+3").options.fixed is not None
    assert load("dongcheng").options.separate


def test_an_unknown_pack_is_answered_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="yichang"):
        load("蓬莱")


SMALL = """
key = "qinghe"
name = "青禾"
source = "《青禾街道网格办法》"
scheme = "street-default"
root = ["street"]

[[kinds]]
key = "street"
label = "街道"
parents = []
code = '\\d{9}'

[[kinds]]
key = "general"
label = "网格"
parents = ["street"]
code = '\\d{15}'
households = [300, 500]
posts = ["网格员"]
team = [{ posts = ["网格员"] }]

[[posts]]
label = "网格员"
employment = "full"
"""


def test_a_small_pack_needs_no_more_than_this() -> None:
    pack = read(SMALL, "qinghe.toml")
    assert pack.post_for("general", None) == "网格员"
    assert pack.post_for("street", Employment.PART_TIME) == "网格员"
    assert pack.kind("general").norm(Zone.CORE).households == (300, 500)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('source = "《青禾街道网格办法》"\n', "", "qinghe.toml 缺少“source”。"),
        ("households = [300, 500]", "households = [500, 300]", "households 写的是“[500, 300]”，下限不能大于上限"),
        ("households = [300, 500]", 'households = "300"', "households 写的是“300”，应为两个整数 [下限, 上限]。"),
        ("households = [300, 500]", "doors = 3", "kinds 第 2 项“网格”里没有“doors”这个条目。"),
        ("code = '\\d{15}'", "code = '['", "code 写的是“[”，应为编码的正则式"),
        ('parents = ["street"]', 'parents = ["town"]', "parents 写的是“town”，kinds 里没有这个类型。"),
        ('parents = ["street"]', "parents = []", "kinds“网格”的 parents 连不到 root 里的类型。"),
        ('root = ["street"]', 'root = ["stret"]', "root 写的是“stret”，kinds 里没有这个类型。"),
        ('key = "general"', 'key = "street"', "kinds 里两个类型的 key 都是“street”，只能留一个。"),
        ('label = "网格"', 'label = "街道"', "kinds 里两个类型都叫“街道”，只能留一个。"),
        ('posts = ["网格员"]\nteam', 'posts = ["网管员"]\nteam', "posts 写的是“网管员”，posts 里没有这个岗位。"),
        ("team = [{ posts", "team = [{ most = 0, posts", "至多不能少于至少。"),
        ("team = [{ posts", 'staff = { posts = ["楼长"] }\nteam = [{ posts', "staff 写的是“楼长”"),
        ('employment = "full"', 'employment = "half"', "employment 写的是“half”，应为 full / part / volunteer。"),
        ('scheme = "street-default"', 'scheme = "x"', "scheme 写的是“x”，没有这个考核方案。"),
        ("posts]]", "posts]", "治理模式 qinghe.toml 读不出来"),
        ('employment = "full"\n', 'employment = "full"\n[options.mixed]\nkinds = ["general"]\n', "side"),
        ('employment = "full"\n', 'employment = "full"\n[options]\nseparate = true\n', "axis"),
    ],
)  # fmt: skip
def test_each_mistake_is_one_sentence_with_file_and_key(old: str, new: str, said: str) -> None:
    assert old in SMALL
    with pytest.raises(RuleBroken) as refused:
        read(SMALL.replace(old, new, 1), "qinghe.toml")
    assert said in refused.value.message + "".join(p.message for p in refused.value.problems)
    assert "qinghe.toml" in refused.value.message
    assert not any("\n" in problem.message for problem in refused.value.problems)


def test_every_mistake_is_named_at_once() -> None:
    text = SMALL.replace("code = '\\d{15}'", "").replace('scheme = "street-default"', "scheme = 3")
    with pytest.raises(RuleBroken) as refused:
        read(text, "qinghe.toml")
    assert len(refused.value.problems) == 2
    assert shipped("national") != text
