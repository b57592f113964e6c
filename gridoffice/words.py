"""The words that offices write for a code: 党员 for 中共党员, 大专 for 大学专科, 汉 for 汉族.

Short and colloquial forms as collected in GB/T 4762, GB/T 4658 and GB/T 3304 practice. A field may
add its own words; these are the ones that any office means the same way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from db.enums import Education, Employment, Ethnicity, Labelled, Political, Sex

NOT_KNOWN = frozenset({"不详", "未知", "待定", "不清楚", "不明", "待补", "待补充", "未说明"})
"""Words for "nobody knows": the cell is empty, and a note says so."""

_SIGNS = re.compile(r"[\s()\[\]{}.,;:、。·'\"“”‘’_/\\-]+")


def code_key(text: str) -> str:
    """A text without spaces, brackets and punctuation, upper case, half width."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text)).upper()


def _sorted_words(words: Mapping[Any, str]) -> dict[str, Labelled]:
    return {word: member for member, text in words.items() for word in text.split()}


_EDUCATION_LEVELS = {
    Education.DOCTOR: "博士 博士研究生 博研",
    Education.MASTER: "硕士 硕士研究生 硕研",
    Education.POSTGRADUATE: "研究生 研究生班 研究生教育",
    Education.BACHELOR: "本科 大学 大本 大学本科 学士 专升本 本科学士 大学本科学士",
    Education.COLLEGE: "大专 专科 大学专科 高职 高职高专 高专 大学大专 高等专科 高等职业",
    Education.SECONDARY: "中专 中职 职高 技校 中技 职业高中 中等专科 中等专业 中等职业 中等技术 职中 技工学校 中等师范 中师",
    Education.HIGH_SCHOOL: "高中 普高 普通高中",
    Education.JUNIOR_HIGH: "初中 普通初中",
    Education.PRIMARY: "小学",
    Education.OTHER: "其他 其它 文盲 半文盲 文盲半文盲 文盲或半文盲 未上学",
}
_EDUCATION_BEFORE = (
    "", "全日制", "在职", "函授", "自考", "成人", "成教", "国开", "电大", "党校", "中央党校", "省委党校", "网络",
    "网教", "夜大", "业余", "自学", "远程", "统招", "普通", "开放", "国家开放",
)  # fmt: skip
_EDUCATION_AFTER = ("", "毕业", "结业", "肄业", "学历", "教育", "文化", "程度", "文化程度", "毕业生")

_ETHNIC_SHORT = {
    Ethnicity.WEIWUER: "维 维族 维吾尔",
    Ethnicity.HASAKE: "哈族 哈萨克",
    Ethnicity.MENGGU: "蒙 蒙族",
    Ethnicity.CHAOXIAN: "朝族 朝鲜",
    Ethnicity.KEERKEZI: "柯族 柯尔克孜",
    Ethnicity.ELUNCHUN: "鄂伦春",
}

WORDS: dict[type[Labelled], dict[str, Labelled]] = {
    Sex: _sorted_words({Sex.MALE: "男性 M 男士 先生", Sex.FEMALE: "女性 F 女士"}),
    Political: _sorted_words(
        {
            Political.MEMBER: "党员 正式党员 中共正式党员 中国共产党党员 共产党员 中共 是 √ ✓ 1 中共党员保留团籍",
            Political.PROBATIONARY: "预备党员 中共预备 预备 中国共产党预备党员 共产党预备党员 中共党员预备 党员预备",
            Political.LEAGUE: "团员 共青团 中国共产主义青年团团员 共产主义青年团团员",
            Political.MINGE: "民革 民革会员 民革成员",
            Political.MINMENG: "民盟 民盟成员",
            Political.MINJIAN: "民建 民建成员",
            Political.MINJIN: "民进 民进成员",
            Political.NONGGONG: "农工党 农工党成员 农工民主党",
            Political.ZHIGONG: "致公党 致公党成员",
            Political.JIUSAN: "九三 九三学社 九三学社成员",
            Political.TAIMENG: "台盟 台盟成员",
            Political.NONPARTY: "无党派 无党派民主人士 无党派爱国人士",
            Political.MASSES: "普通群众 一般群众 普通公民 公民 无",
        }
    ),
    Education: {
        before + word + after: level
        for level, text in _EDUCATION_LEVELS.items()
        for word in text.split()
        for before in _EDUCATION_BEFORE
        for after in _EDUCATION_AFTER
    },
    Ethnicity: {member.label.removesuffix("族"): member for member in Ethnicity}
    | _sorted_words(_ETHNIC_SHORT),
    Employment: _sorted_words(
        {
            Employment.FULL_TIME: "专 全职 专职人员 专职网格员 专任 是 √ ✓ ☑ 1",
            Employment.PART_TIME: "兼 兼任 兼职人员 兼职网格员 否 × ☒ 0",
            Employment.VOLUNTEER: "志愿者 志愿服务 义务 志愿网格员",
        }
    ),
}

UNSURE: dict[type[Labelled], dict[str, Labelled]] = {
    # 是否党员: somebody who is not may be in the youth league all the same
    Political: _sorted_words({Political.MASSES: "否 不是 × 0 非党员 非中共党员"}),
}
"""Words that stand for a code most of the time: taken with a warning."""

_STUDY = re.compile("|".join(sorted(filter(None, _EDUCATION_BEFORE), key=len, reverse=True)))


def without_study(key: str) -> str:
    """A level of education without the way it was reached: 本科函授 is 本科."""
    return _STUDY.sub("", key)


def codes_of(codes: type[Labelled], own: tuple[tuple[str, Labelled], ...] = ()) -> dict[str, Labelled]:
    """Every text that stands for a member: code, label, the usual words, then the field's own words."""
    table: dict[str, Labelled] = {member.value.upper(): member for member in codes}
    table |= {code_key(word): member for word, member in WORDS.get(codes, {}).items()}
    table |= {code_key(member.label): member for member in codes}
    table |= {code_key(word): member for word, member in own}
    return table
