"""The reference documents: one of every kind of page, with made-up people and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from gridoffice.documents import badge, completion, ledger, score_notices, sign, sign_in
from gridoffice.documents.model import (
    Badge,
    BadgeLayout,
    CertificateLayout,
    Chart,
    ChartKind,
    CompletionPaper,
    Figure,
    Form,
    HeadGroup,
    Heading,
    OfficialDocument,
    Paragraph,
    PublicSign,
    Series,
    SignInSheet,
    Sums,
    TableAnnex,
    TextAnnex,
)
from gridoffice.documents.official_layout import Writer
from gridoffice.documents.pdf_surface import PdfSurface
from gridoffice.documents.score_notice import ScoreLine, ScoreNotice
from gridoffice.documents.surface import Surface
from tests.documents.paper import FONTS, NAMES, notice

COMMUNITIES = ("永宁社区", "梧桐社区", "河湾社区", "金沙社区", "青杠树村", "石板滩社区")
AVERAGES = (93.42, 91.37, 90.06, 88.71, 86.95, 85.2)

COLUMNS = Chart(
    "图1　各社区（村）平均得分",
    COMMUNITIES,
    (Series("5月", (92.1, 91.9, 88.4, None, 87.3, 84.6)), Series("6月", AVERAGES)),
    unit="分",
    places=1,
)
LINE = Chart(
    "图2　走访完成率",
    ("1月", "2月", "3月", "4月", "5月", "6月"),
    (
        Series("全街道", (94.1, 92.6, 96.3, 97.0, 97.8, 98.2)),
        Series("永宁社区", (97.2, 95.0, 98.8, 98.1, 99.0, 99.4)),
    ),
    ChartKind.LINE,
    "%",
    1,
)
BARS = Chart(
    "图3　各类事件办结数",
    ("矛盾纠纷调解", "安全隐患整改", "环境卫生整治", "民生诉求代办", "政策宣传", "其他"),
    (Series("办结", (186, 143, 97, 264, 58, 12)),),
    ChartKind.BARS,
    "件",
)

LONG_BODY = (
    Paragraph(
        "根据《青禾街道网格员考核办法（试行）》（青街办〔2026〕3号），街道网格办对2026年6月份网格员履职情况"
        "进行了考核。考核坚持“日常与月度结合、数据与实绩并重”的原则，共涉及14项指标。现将结果通报如下。"
    ),
    Heading(1, "一、总体情况"),
    Paragraph(
        "应参加考核网格员189名，实际参加186名，病假、产假3名不定等次。平均得分91.37分，比上月提高0.84分；"
        "优秀28名，占15.1%；合格151名，占81.2%；不合格7名，占3.8%。王𠮷𬭎、李䶮、张堃等28名网格员予以通报表扬。"
    ),
    Heading(2, "（一）走访任务"),
    Paragraph(
        "全月共走访居民12,486户次，完成率98.2%；其中独居老人、残疾人等重点户走访1,072户次，完成率100%。"
        "金沙社区第3网格、石板滩社区第7网格连续两个月未完成走访任务。"
    ),
    Heading(2, "（二）事件处置"),
    Paragraph("上报事件760件，办结748件，办结率98.4%，平均办结时长1.6天——比上月缩短0.3天。"),
    Heading(3, "1. 矛盾纠纷。"),
    Paragraph("调解矛盾纠纷186件，调解成功率97.8%……没有一件转为上访。"),
    Heading(4, "（1）物业纠纷。"),
    Paragraph("占41.4%，集中在永宁社区和梧桐社区。"),
    Heading(1, "二、存在问题"),
    Paragraph("部分网格台账更新不及时，流动人口底数不清；个别网格员对“九小场所”巡查留痕不规范。"),
    Heading(1, "三、下步工作"),
    Paragraph(
        "各社区（村）要对照通报逐条整改，7月20日前将整改情况报街道网格办。对连续两个月排名末位的网格员，"
        "由社区党组织书记约谈。"
    ),
)

WIDE = TableAnnex(
    "2026年6月网格员考核得分表",
    ("名次", "姓名", "所在网格", HeadGroup("得分", ("总分", "走访", "事件", "台账", "评议")), "等次", "备注"),
    tuple(
        (
            str(place),
            NAMES[(place - 1) % len(NAMES)],
            f"{COMMUNITIES[place % 6]}第{place}网格",
            f"{99 - place * 0.61:.2f}",
            f"{30 - place * 0.2:.1f}",
            f"{25 - place * 0.15:.1f}",
            f"{20 - place * 0.1:.1f}",
            f"{24 - place * 0.12:.1f}",
            "优秀" if place < 6 else "合格",
            "迟报信息2次，已约谈" if place % 7 == 0 else "",
        )
        for place in range(1, 31)
    ),
    landscape=True,
    facts=("单位：青禾街道", "2026年6月"),
    notes=("注：满分100分；名次按总分排列，总分相同的按走访得分排列。",),
)

HEAD = {"red_head": "青禾街道办事处文件", "number": "青街办〔2026〕14号"}
IMPRINT = {
    "copies_to": "区委政法委，区民政局，区大数据中心，街道党工委、人大工委、办事处领导，各驻街单位",
    "issued_by": "青禾街道党政办公室",
    "issued_on": date(2026, 7, 5),
}


def _ledger(surface: Surface) -> None:
    rows = [
        (
            str(place),
            COMMUNITIES[place // 9 % 6],
            NAMES[place % len(NAMES)],
            "男" if place % 2 else "女",
            f"5199211990{place % 12 + 1:02d}{place % 28 + 1:02d}{place % 1000:03d}X",
            f"138{place:08d}",
            f"第{place % 40 + 1}网格",
            str(80 + place % 60),
            f"{3 + place % 4 * 0.5:g}",
            "" if place % 9 else "持有社会工作者证书（助理），兼任社区纪检委员和楼栋长联络员",
        )
        for place in range(1, 40)
    ]
    heads = ("序号", "社区", "姓名", "性别", "公民身份号码", "手机号", "网格", "户数", "学时", "备注")
    facts = ("单位：青禾街道网格办", "统计日期：2026-06-30")
    signed = ("制表人", "审核人", "单位负责人")
    notes = ("注：学时为2026年上半年累计。",)
    sums = Sums((7, 8), [row[1] for row in rows])
    ledger.write(
        surface, FONTS, "青禾街道网格员花名册", facts, heads, rows, None, None, signed, notes, sums=sums
    )


OFFICIAL: Mapping[str, OfficialDocument] = {
    "common": notice(**HEAD, body=LONG_BODY, attachments=(WIDE,), sealed=True, **IMPRINT),
    "superior": notice(
        red_head="青禾街道办事处文件",
        number="青街办〔2026〕15号",
        signers=("欧阳喆", "王芳", "李䶮"),
        copy_number="000012",
        secrecy="秘密★1年",
        urgency="特急",
        title="关于增设2026年下半年专职网格员岗位的请示",
        recipients="区人民政府",
        remark="联系人：王芳，联系电话：028—0000 0000",
    ),
    "joint": notice(
        red_head="青禾街道党工委\n青禾街道办事处\n文件",
        number="青街委〔2026〕6号",
        signature="青禾街道党工委\n青禾街道办事处\n青禾派出所",
        sealed=True,
    ),
    "preprinted": notice(
        preprinted=True,
        number="青街办〔2026〕14号",
        copy_number="000012",
        secrecy="内部",
        body=LONG_BODY[:4],
        sealed=True,
        **IMPRINT,
    ),
    "letter": notice(
        form=Form.LETTER,
        red_head="青禾街道办事处",
        number="青街函〔2026〕8号",
        secrecy="内部",
        title="关于商请支持网格员培训场地的函",
        recipients="区委党校",
        body=LONG_BODY,
        copies_to="区委组织部",
        sealed=True,
        signature="青禾街道办事处",
    ),
    "minutes": notice(
        form=Form.MINUTES,
        red_head="青禾街道网格化服务管理工作例会纪要",
        number="〔2026〕3号",
        title="研究2026年上半年网格员考核结果",
        recipients=None,
        attendance=(
            (
                "出席",
                "街道党工委副书记欧阳喆，街道网格办王芳、李䶮，永宁社区赵犇，梧桐社区钱頔，河湾社区孙𬘡",
            ),
            ("请假", "金沙社区周𫍯"),
            ("列席", "区网格中心吴㛃"),
        ),
    ),
    "charts": notice(
        title="青禾街道2026年第二季度网格化服务管理工作报告",
        body=(
            *LONG_BODY[:3],
            Figure(COLUMNS, 9),
            Heading(1, "二、走访任务"),
            Paragraph("走访完成率稳步上升，见图2。"),
            Figure(LINE, 8),
            Heading(1, "三、事件处置"),
            Figure(BARS, 8),
            Paragraph("民生诉求代办数量最多，占34.7%。"),
        ),
        compact=True,
        mirrored=True,
    ),
    "sheets": notice(
        attachments=(
            TextAnnex("网格员考核办法（试行）", LONG_BODY[:5]),
            WIDE,
        ),
        landscape_sheets=True,
        signature="永宁社区居民委员会网格站",
    ),
}


def _sign(surface: Surface) -> None:
    made = PublicSign(
        title="网格公示牌",
        name="梧桐新苑第十二商圈专属网格",
        place="青禾街道　梧桐社区",
        scope=("东至芙林大道、南至永桥东路、西至云河路、北至永岭大道", "487 户，25 家商户"),
        people=tuple(zip(NAMES[:6], ("网格长", *["专职网格员"] * 5), strict=True)),
        duties=("入户排查；宣传动员；居民服务；矛盾纠纷事前提示、事中指导、事后回访。",),
        phones=(("办公电话", "0999-87654321"), ("监督电话", "12345")),
        organisation="青禾街道办事处",
        made="2026年11月制",
    )
    sign.write(surface, FONTS, [made])


def _sign_in(surface: Surface) -> None:
    people = tuple((name, f"梧桐·第{place}网格", f"{place:04d}") for place, name in enumerate(NAMES, 1))
    facts = (("培训主题", "初期火灾扑救"), ("培训时间", "2026年3月5日"), ("培训地点", ""))
    sheet = SignInSheet("消防安全培训签到表", facts, people, "青禾街道网格办")
    sign_in.write(surface, FONTS, sheet)


def _certificate(surface: Surface) -> None:
    text = "于2026年3月1日至5日参加青禾街道网格员岗前培训，学习期满40学时，考核合格，准予结业。"
    paper = CompletionPaper("王𠮷𬭎", "青网培〔2026〕第0012号", text, "青禾街道网格办", "2026年3月5日")
    completion.write(surface, FONTS, [paper], CertificateLayout.SHEET)


def _badges(surface: Surface) -> None:
    cards = [
        Badge(
            name, "专职网格员", f"梧桐·第{place}网格", f"{place:05d}", "2027-06-30", "青禾街道", f"G{place}"
        )
        for place, name in enumerate(NAMES[:3], 1)
    ]
    badge.write(surface, FONTS, cards, BadgeLayout.CARD)


def _scores(surface: Surface) -> None:
    trend = Chart(
        "近六个月总分", ("2月", "3月", "4月", "5月", "6月"), (Series("总分", (91.2, None, 93.4, 92, 93.42)),),
        ChartKind.LINE, "分", 2,
    )  # fmt: skip
    lines = tuple(
        ScoreLine("基础工作" if place < 5 else "走访服务", f"第{place}项", "满15", said, f"{place}.25")
        for place, said in enumerate(("95.5% × 15 分 = 14.33 分", "迟报信息 2 次，每次扣 0.5 分") * 4, 1)
    )
    notices = [
        ScoreNotice(
            title="2026年6月考核结果通知单",
            organisation="青禾街道办事处",
            name=name,
            facts=(("姓名", name), ("岗位", "专职网格员"), ("所在网格", "梧桐社区·第一网格")),
            lines=lines,
            results=(("总分", "93.42"), ("等次", "合格"), ("排名", "第 120 名，共 609 人")),
            formula="基础 15 + 走访 14.33 = 93.42",
            trend=trend,
            ways_title="怎样到“优秀”",
            ways=("总分到 95.20 分，还差 1.78 分。",),
            appeal=("对结果有异议的，2026年7月12日前书面提出。",),
            made="2026年7月5日",
        )
        for name in NAMES[:2]
    ]
    score_notices.write(surface, FONTS, notices)


DRAWN: Mapping[str, Callable[[Surface], None]] = {
    "ledger": _ledger,
    "scores": _scores,
    "sign": _sign,
    "signin": _sign_in,
    "certificate": _certificate,
    "badge": _badges,
}
NAMES_OF_ALL = (*OFFICIAL, *DRAWN)


def draw(name: str, surface: Surface) -> None:
    """Draw a reference document on any surface."""
    if name in DRAWN:
        DRAWN[name](surface)
    else:
        Writer(surface, FONTS, OFFICIAL[name]).write()


def reference(name: str, part: int = 2) -> bytes:
    """A reference document as PDF/A-2b, or by the stricter rules of part 1."""
    if name in DRAWN:
        surface = PdfSurface(f"样张 {name}", "青禾街道网格办", date(2026, 6, 30), part)
    else:
        document = OFFICIAL[name]
        surface = PdfSurface(document.title, document.organisation, document.day, part)
    draw(name, surface)
    return surface.finish()
