"""The registers of a street as the workbooks that its offices have on their disks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from db.enums import Presence
from gridoffice.demo.data import DemoOffice, paths
from gridoffice.demo.form import Form
from gridoffice.demo.ledgers import place_text
from gridoffice.demo.register_data import Register


@dataclass(frozen=True, slots=True)
class RegisterBooks:
    """The workbooks of one street's registers, by ledger; `sheet` is a sign-in sheet of the last training
    as it was signed, two people a row."""

    books: dict[str, Path]
    sheet: Path


def write_register(register: Register, office: DemoOffice, folder: Path) -> RegisterBooks:
    """Every register of a street as a workbook in `folder`."""
    name = register.street.name
    books = {
        "party-orgs": folder / f"{name}网格党组织一览表.xlsx",
        "party-members": folder / f"{name}党员信息汇总表.xlsx",
        "party-links": folder / f"{name}党员入格台账.xlsx",
        "party-reports": folder / f"{name}党员双报到登记表.xlsx",
        "party-services": folder / f"{name}党员服务记录.xlsx",
        "qualifications": folder / f"{name}持证人员台账.xlsx",
        "training-plans": folder / f"{name}培训计划.xlsx",
        "training": folder / f"{name}培训台账.xlsx",
        "attendance": folder / f"{name}培训签到与成绩.xlsx",
    }
    _orgs(books["party-orgs"], register, office)
    _members(books["party-members"], register, office)
    _links(books["party-links"], register, office)
    _reports(books["party-reports"], register, office)
    _services(books["party-services"], register, office)
    _certificates(books["qualifications"], register, office)
    _plans(books["training-plans"], register, office)
    _trainings(books["training"], register, office)
    _sign_ins(books["attendance"], register, office)
    sheet = folder / f"{name}培训签到表.xlsx"
    _sheet(sheet, register, office)
    return RegisterBooks(books, sheet)


def _day(office: DemoOffice) -> str:
    return f"{office.today.year}年{office.today.month}月{office.today.day}日"


def _orgs(path: Path, register: Register, office: DemoOffice) -> None:
    """网格党组织一览表, parents first."""
    places = paths(office.grids)
    with Form(path, "党组织", office.today) as form:
        form.title(f"{register.street.name}网格党组织一览表", 7)
        form.facts((f"填报单位：{register.street.name}党建办", f"填报时间：{_day(office)}"), 7)
        form.headings(
            tuple(
                ((heading,), width)
                for heading, width in (
                    ("序号", 6), ("党组织名称", 34), ("党组织类型", 12), ("上级党组织", 32), ("对应网格", 32),
                    ("书记", 12), ("联系电话", 14),
                )
            )
        )  # fmt: skip
        for number, org in enumerate(register.orgs, start=1):
            place = place_text(places[org.grid]) if org.grid else ""
            form.row((number, org.name, org.kind.label, org.parent, place, org.secretary, org.phone))


def _members(path: Path, register: Register, office: DemoOffice) -> None:
    """党员基本信息汇总表, as party offices lay it out."""
    headings = (
        ("序号", 6), ("姓名", 12), ("所在党支部", 30), ("公民身份证号", 21), ("性别", 6), ("民族", 9), ("出生日期", 12),
        ("学历", 12), ("人员类别", 10), ("加入党组织日期", 14), ("转为正式党员日期", 14), ("手机号", 14),
        ("党籍状态", 10), ("是否为流动党员", 10), ("备注", 12),
    )  # fmt: skip
    with Form(path, "党员", office.today) as form:
        form.title(f"{register.street.name}党员基本信息汇总表", len(headings))
        form.facts((f"填报单位：{register.street.name}党建办", f"填报时间：{_day(office)}"), len(headings))
        form.headings(tuple(((heading,), width) for heading, width in headings))
        for number, one in enumerate(register.members, start=1):
            person = one.person
            form.row(
                (
                    number,
                    person.name,
                    one.branch,
                    person.id_number,
                    person.sex.label,
                    person.ethnicity.label,
                    person.birth,
                    person.education.label,
                    one.kind.label,
                    one.joined,
                    one.confirmed,
                    person.phone,
                    "正常",
                    "是" if one.away else "否",
                    "",
                )
            )


def _links(path: Path, register: Register, office: DemoOffice) -> None:
    places = paths(office.grids)
    with Form(path, "入格", office.today) as form:
        form.title(f"{register.street.name}党员入格台账", 8)
        form.facts((f"填报单位：{register.street.name}党建办", f"填报时间：{_day(office)}"), 8)
        form.headings(
            tuple(
                ((heading,), width)
                for heading, width in (
                    ("序号", 6), ("党员姓名", 12), ("身份证号", 21), ("入格类别", 18), ("所入网格", 34),
                    ("认领岗位", 34), ("入格时间", 12), ("终止日期", 12),
                )
            )
        )  # fmt: skip
        for number, one in enumerate(register.links, start=1):
            form.row(
                (
                    number,
                    one.person.name,
                    one.person.id_number,
                    one.kind,
                    place_text(places[one.grid]),
                    one.duty,
                    one.from_day,
                    one.to_day,
                )
            )


def _reports(path: Path, register: Register, office: DemoOffice) -> None:
    places = paths(office.grids)
    with Form(path, "双报到", office.today) as form:
        form.title(f"{register.street.name}党员双报到登记表", 9)
        form.facts((f"填报单位：{register.street.name}党建办", f"填报时间：{_day(office)}"), 9)
        form.headings(
            tuple(
                ((heading,), width)
                for heading, width in (
                    ("序号", 6), ("姓名", 12), ("身份证号", 21), ("性别", 6), ("联系电话", 14), ("报到类别", 12),
                    ("工作单位", 24), ("报到社区", 24), ("报到时间", 12),
                )
            )
        )  # fmt: skip
        for number, one in enumerate(register.reports, start=1):
            who = one.person
            form.row(
                (
                    number,
                    who.name,
                    who.id_number,
                    who.sex.label,
                    who.phone,
                    one.side.label,
                    one.unit,
                    place_text(places[one.grid]),
                    one.from_day,
                )
            )


def _services(path: Path, register: Register, office: DemoOffice) -> None:
    """服务（活动）记录 of everybody who reported, as the communities keep it."""
    places = paths(office.grids)
    with Form(path, "服务记录", office.today) as form:
        form.title(f"{register.street.name}报到党员服务（活动）记录", 7)
        form.facts((f"填报单位：{register.street.name}党建办", f"填报时间：{_day(office)}"), 7)
        form.headings(
            tuple(
                ((heading,), width)
                for heading, width in (
                    ("序号", 6), ("姓名", 12), ("身份证号", 21), ("服务日期", 12), ("服务社区", 24),
                    ("服务（活动）内容", 28), ("时长（小时）", 12),
                )
            )
        )  # fmt: skip
        for number, one in enumerate(register.services, start=1):
            form.row(
                (
                    number,
                    one.person.name,
                    one.person.id_number,
                    one.day,
                    place_text(places[one.grid]),
                    one.what,
                    one.hours,
                )
            )


def _certificates(path: Path, register: Register, office: DemoOffice) -> None:
    with Form(path, "持证", office.today) as form:
        form.title(f"{register.street.name}网格员持证台账", 9)
        form.facts((f"填报单位：{register.street.name}网格办", f"填报时间：{_day(office)}"), 9)
        form.headings(
            tuple(
                ((heading,), width)
                for heading, width in (
                    ("序号", 6), ("姓名", 12), ("身份证号", 21), ("证书名称", 26), ("等级", 16), ("证书编号", 20),
                    ("发证机构", 26), ("发证日期", 12), ("有效期至", 12),
                )
            )
        )  # fmt: skip
        for number, one in enumerate(register.certificates, start=1):
            form.row(
                (
                    number,
                    one.person.name,
                    one.person.id_number,
                    one.name,
                    one.level,
                    one.number,
                    one.issuer,
                    one.issued,
                    one.expires,
                )
            )


def _plans(path: Path, register: Register, office: DemoOffice) -> None:
    with Form(path, "计划", office.today) as form:
        form.title(f"{register.street.name}培训计划", 8)
        form.facts((f"填报单位：{register.street.name}网格办", f"填报时间：{_day(office)}"), 8)
        form.headings(
            tuple(
                ((heading,), width)
                for heading, width in (
                    ("序号", 6), ("计划名称", 30), ("计划开始", 12), ("计划结束", 12), ("期数", 8), ("每期学时", 10),
                    ("主办单位", 24), ("参训岗位", 40),
                )
            )
        )  # fmt: skip
        for number, one in enumerate(register.plans, start=1):
            form.row(
                (
                    number,
                    one.name,
                    one.from_day,
                    one.to_day,
                    one.sessions,
                    one.hours,
                    one.organiser,
                    one.posts,
                )
            )


def _trainings(path: Path, register: Register, office: DemoOffice) -> None:
    places = paths(office.grids)
    with Form(path, "培训", office.today) as form:
        form.title(f"{register.street.name}网格员培训台账", 13)
        form.facts((f"填报单位：{register.street.name}网格办", f"填报时间：{_day(office)}"), 13)
        form.headings(
            tuple(
                ((heading,), width)
                for heading, width in (
                    ("序号", 6), ("培训名称", 30), ("培训时间", 12), ("培训形式", 12), ("培训内容", 28), ("培训地点", 22),
                    ("学时", 8), ("主办单位", 24), ("授课人", 12), ("开展情况", 10), ("参训范围", 24), ("参训岗位", 40),
                    ("所属计划", 26),
                )
            )
        )  # fmt: skip
        for number, one in enumerate(register.trainings, start=1):
            form.row(
                (
                    number,
                    one.name,
                    one.day,
                    one.form.label,
                    one.theme,
                    one.place,
                    one.hours,
                    one.organiser,
                    one.lecturer,
                    one.state.label,
                    place_text(places[one.area]) if one.area else "",
                    one.posts,
                    one.plan,
                )
            )


def _sign_ins(path: Path, register: Register, office: DemoOffice) -> None:
    with Form(path, "签到", office.today) as form:
        form.title(f"{register.street.name}培训签到与成绩", 8)
        form.facts((f"填报单位：{register.street.name}网格办", f"填报时间：{_day(office)}"), 8)
        form.headings(
            tuple(
                ((heading,), width)
                for heading, width in (
                    ("序号", 6), ("培训名称", 30), ("培训日期", 12), ("姓名", 12), ("身份证号", 21), ("联系电话", 14),
                    ("签到状态", 10), ("考核成绩", 10),
                )
            )
        )  # fmt: skip
        rows = sorted(register.sign_ins, key=lambda one: one.training.day)
        for number, one in enumerate(rows, start=1):
            training, person = one.training, one.person
            form.row(
                (
                    number,
                    training.name,
                    training.day,
                    person.name,
                    person.id_number,
                    person.phone,
                    one.presence.label,
                    one.score,
                )
            )


def _sheet(path: Path, register: Register, office: DemoOffice) -> None:
    """A sign-in sheet: the training in the title, two people a row, nothing but names and phones."""
    last = max(
        (one.training for one in register.sign_ins if one.training.area is None), key=lambda one: one.day
    )
    people = [
        one.person
        for one in register.sign_ins
        if one.training is last and one.presence not in (Presence.LEAVE, Presence.ABSENT)
    ]
    half = (len(people) + 1) // 2
    with Form(path, "签到表", office.today) as form:
        form.title(f"{last.name}签到表", 6)
        form.facts((f"培训地点：{last.place}", f"培训时间：{last.day}"), 6)
        form.headings(
            tuple(((heading,), width) for heading, width in (("序号", 6), ("姓名", 14), ("联系电话", 16)) * 2)
        )
        for row in range(half):
            cells: list[object] = [row + 1, people[row].name, people[row].phone]
            if row + half < len(people):
                cells += [row + half + 1, people[row + half].name, people[row + half].phone]
            form.row(cells)
