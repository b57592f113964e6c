"""Names, telephone numbers, pinyin keys and masking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gridoffice import masking, names, phones, pinyin
from gridoffice.errors import Severity
from gridoffice.fields import Sensitive


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("张　三", "张三"),
        (" 欧阳 修\n", "欧阳修"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽 ・ 买买提", "阿依古丽·买买提"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("王\u200b䶮", "王䶮"),
        ("𬭎　𠮷", "𬭎𠮷"),
        ("㐂𫍯", "㐂𫍯"),
        ("\ufa11田", "\ufa11田"),
        ("\U0002f804", "\U0002f804"),
        ("Anna  Li", "Anna Li"),
        ("王\ue854", "王龺"),
    ],
)
def test_a_name_has_one_form_and_keeps_its_characters(raw, name):
    assert names.normalise(raw) == name


def test_doubtful_names_are_named():
    def doubt(raw: str) -> str:
        return names.doubt(raw, names.normalise(raw)) or ""

    assert "打不出的字" in doubt("张?")
    assert "显示不出来" in doubt("张\ue123")
    assert "数字" in doubt("张三2")
    assert "（已离职）" in doubt("张三（已离职）")
    for two in ("张三、李四", "张三/李四", "张三\n李四", "张小三 李小四"):
        assert "像是两个人" in doubt(two)
    for one in ("王𠮷𬭎", "阿依古丽·买买提", "张 三", "欧阳 小㐂", "张\n三丰", "吉克阿衣莫", "Anna  Li"):
        assert doubt(one) == ""


@given(some.text(max_size=12))
def test_normalising_twice_changes_nothing(raw):
    once = names.normalise(raw)
    assert names.normalise(once) == once


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("13812345678", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("+86 13812345678", "13812345678"),
        ("+8613812345678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("13812345678/13912345678", "13812345678 13912345678"),
        ("13812345678、0577-88123456", "13812345678 0577-88123456"),
        ("13812345678\n13912345678", "13812345678 13912345678"),
        ("13812345678 13912345678", "13812345678 13912345678"),
        ("13812345678；13812345678", "13812345678"),
        ("0577-88123456-802", "0577-88123456-802"),
        ("(0577)88123456转802", "0577-88123456-802"),
        ("0577 88123456", "0577-88123456"),
        ("057788123456", "0577-88123456"),
        ("88123456", "88123456"),
        ("13812345678(661234)", "13812345678 661234"),
        ("手机：13812345678", "13812345678"),
        ("13812345678（家）", "13812345678"),
        ("13812345678(微信同号)", "13812345678"),
    ],
)
def test_phones_in_every_style(raw, number):
    assert phones.normalise(raw) == (number, None)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("1381234567", "手机号只有 10 位，应为 11 位。"),
        ("138123456789", "手机号有 12 位，应为 11 位。"),
        ("12012345678", "手机号不对：没有 120 开头的号段。"),
        ("138****5678", "电话是遮住的，不能写入。换成完整的号码。"),
        ("66123", "电话“66123”太短。手机号 11 位，座机 7 或 8 位。"),
        ("1.38E+10", "电话在 Excel 里被存成数字，后几位可能已丢失。把这一格设成文本重新填。"),
        ("找张三", "电话里有“找”。只填号码，两个号码之间用空格隔开。"),
    ],
)
def test_what_is_no_phone_says_why(raw, message):
    number, problem = phones.normalise(raw)
    assert number is None
    assert problem is not None
    assert problem.message == message


def test_two_phones_without_anything_between_are_parted_with_a_warning():
    number, problem = phones.normalise("1381234567813912345678")
    assert number == "13812345678 13912345678"
    assert problem is not None
    assert problem.severity is Severity.WARNING


@given(some.text("0123456789-/ ()+、a转", max_size=25))
def test_a_phone_that_is_read_is_read_again_the_same(raw):
    number, problem = phones.normalise(raw)
    if number is not None:
        assert problem is None
        assert phones.normalise(number) == (number, None)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("单晓琴", ("shanxiaoqin", "sxq")),
        ("解放", ("xiefang", "xf")),
        ("仇英", ("qiuying", "qy")),
        ("曾国", ("zengguo", "zg")),
        ("区伟", ("ouwei", "ow")),
        ("翟让", ("zhairang", "zr")),
        ("查良", ("zhaliang", "zl")),
        ("尉迟恭", ("yuchigong", "ycg")),
        ("欧阳修", ("ouyangxiu", "oyx")),
        ("阿依古丽·买买提", ("ayigulimaimaiti", "ayglmmt")),
        ("王䶮", ("wangyan", "wy")),
        ("Anna Li", ("annali", "al")),
        ("", ("", "")),
    ],
)
def test_pinyin_keys(name, keys):
    assert pinyin.keys(name) == keys


@given(some.text(max_size=8))
def test_no_name_breaks_the_keys(name):
    full, initials = pinyin.keys(name)
    assert len(initials) <= len(full)


@given(
    some.lists(
        some.text(max_size=4) | some.sampled_from(["单晓琴", "万俟明", "万明", "陈䶮", "陈\n李", "A李", ""])
    )
)
def test_many_names_are_read_as_each_alone(names):
    assert pinyin.all_keys(set(names)) == {name: pinyin.keys(name) for name in names}


def test_a_rare_character_does_not_hide_the_rest():
    full, initials = pinyin.keys("王\U000323af强")
    assert full.startswith("wang")
    assert full.endswith("qiang")
    assert initials[0] == "w"


def test_masking():
    assert masking.mask_id("519921199003070013") == "519***********0013"
    assert masking.mask_phone("13800136721") == "138****6721"
    assert masking.mask_phone("13800136721 0577-88123456") == "138****6721 057******3456"
    assert masking.mask_phone("661234") == "******"
    assert masking.mask(None, "519921199003070013") == "519921199003070013"
    assert masking.mask(Sensitive.ID_NUMBER, "519921199003070013") == "519***********0013"
    assert masking.mask(Sensitive.ADDRESS, "梧桐社区青禾路12号3幢501") == "梧桐社区青禾****"
    assert masking.mask(Sensitive.ADDRESS, "青禾路3号") == "青禾****"
    assert masking.is_masked("138****6721")
    assert not masking.is_masked("13800136721")
