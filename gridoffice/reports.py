"""Every printed report by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from db.enums import Right, Target
from db.server.numbers import whole_numbers
from gridoffice.assessment.annexes import WHOM, fixed
from gridoffice.assessment.departments import DEPARTMENTS
from gridoffice.assessment.month import month_facts
from gridoffice.assessment.month_book import month_sheets
from gridoffice.assessment.report import notice
from gridoffice.assessment.rows import results
from gridoffice.assessment.rules import in_words, period_days
from gridoffice.documents.model import BadgeLayout, CertificateLayout, OfficialDocument, chinese_date
from gridoffice.documents.output import beginning
from gridoffice.documents.pdf import (
    badge_pdf,
    completion_pdf,
    ledger_pdf,
    official_pdf,
    sign_in_pdf,
    sign_pdf,
)
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.exports import SIGNATURE, export, facts, reveal_with_reason, texts
from gridoffice.fields import Kind, of_persons
from gridoffice.grids.duties import DUTIES
from gridoffice.grids.listing import GRIDS, office_pack
from gridoffice.grids.naming import names_of
from gridoffice.grids.service import root_id
from gridoffice.households.listing import HOUSEHOLDS
from gridoffice.leaving import Leaving, Out, Paper, for_purpose, leave, mark_of, of_list, paper
from gridoffice.listing import Ask, Listing, listed
from gridoffice.month_reports import MONTH_REPORTS
from gridoffice.office import Office
from gridoffice.overview.badges import badges, has_badge_key, make_badge_key
from gridoffice.overview.contacts import contacts_listing
from gridoffice.overview.handover import SIGNED_BY, WIDTHS, hand_over_sheet
from gridoffice.overview.party_year import year_listing
from gridoffice.overview.red_list import red_listing
from gridoffice.overview.redivision import findings_listing
from gridoffice.overview.signs import signs
from gridoffice.overview.skills import skills_listing
from gridoffice.overview.staffing import staffing_listing
from gridoffice.overview.team_lists import due_listing, movements_listing, serving_listing
from gridoffice.overview.turnover import turnover_listing
from gridoffice.overview.vacancies import vacancies_listing
from gridoffice.packages.listing import PACKAGES
from gridoffice.papers.drafts import DRAFTS, begin, compose
from gridoffice.papers.register import NUMBERS
from gridoffice.papers.templates import shipped
from gridoffice.party.listing import LINKS, MEMBERS, ORGS
from gridoffice.party.report_listing import REPORTED, SERVICES
from gridoffice.progress import report as say
from gridoffice.qualifications.listing import CERTIFICATES
from gridoffice.registers.listing import ISSUES, RESOURCES
from gridoffice.report_kinds import Report, Wish, month_of
from gridoffice.report_sums import BY_UNIT, LAYOUTS, PARTED, added, sums_of
from gridoffice.settings import ORGANISATION, setting
from gridoffice.spreadsheet.paper_book import write_book
from gridoffice.spreadsheet.writing import write_ledger
from gridoffice.training.completions import COMPLETIONS
from gridoffice.training.hours import TRAINING_HOURS
from gridoffice.training.invitations import notice_listing
from gridoffice.training.listing import ATTENDANCE, TRAININGS
from gridoffice.training.papers import completion_papers, sheet_table, sign_in_sheet
from gridoffice.training.plans import PLANS
from gridoffice.training.rows import TrainingRow
from gridoffice.training.service import training_called, training_row
from gridoffice.training.shortage import SHORTAGE
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.reserve_listing import RESERVES

LONG, FIRST_PAGE = 400, 40
"""Of a list with more rows the first page, which has fewer, is shown before the others are asked for."""


def _official(
    key: str, title: str, document: Callable[[Office, Wish], OfficialDocument], *, monthly: bool = False
) -> Report:
    """The report that is an official document."""
    return Report(
        key,
        title,
        monthly,
        lambda office, wish: official_pdf(document(office, wish)),
        paper="A4 竖排",
        document=document,
    )


def _written(key: str, of: str) -> Report:
    """The report that a template of documents makes with the numbers of the day."""

    def document(office: Office, wish: Wish) -> OfficialDocument:
        writing = office.read(begin, of, None, wish.scope)
        return office.read(compose, writing, wish.day).document

    return _official(key, shipped()[of].title, document)


def _notice(office: Office, wish: Wish) -> OfficialDocument:
    return office.read(notice, month_of(wish), wish.scope)


def _results(office: Office, wish: Wish) -> bytes:
    found = office.read(month_facts, month_of(wish))
    listing = office.read(results, found.id)
    listing = replace(listing, title=f"{in_words(found.period)}{WHOM[found.target]}考核成绩单")
    day = period_days(found.period)[1]
    return _ledger(office, listing, replace(wish, day=day), found.scheme.places)


def _results_book(office: Office, wish: Wish, target: Path) -> int:
    found = office.read(month_facts, month_of(wish))
    sheets = office.read(month_sheets, month_of(wish), wish.scope)
    rows = sum(len(sheet.rows) for sheet in sheets)
    out = Leaving(Out.EXPORT, f"{in_words(found.period)}考核成绩单", rows, reason=wish.reason)
    out = for_purpose(office, replace(out, persons=found.target is Target.POST))
    leave(office, out, target)
    return write_book(target, sheets, mark_of(office.who, out))


def _sign(office: Office, wish: Wish) -> bytes:
    found = office.read(signs, wish.scope, wish.day)
    return sign_pdf(found, wish.day or date.today())


def _hand_over(office: Office, wish: Wish) -> bytes:
    sheet = office.read(hand_over_sheet, wish.person, wish.scope, wish.day)
    day = wish.day or date.today()
    organisation = office.read(setting, ORGANISATION, "")
    widths = [WIDTHS[heading] for heading in sheet.headings]
    return ledger_pdf(
        sheet.title,
        sheet.facts,
        sheet.headings,
        sheet.rows,
        widths,
        SIGNED_BY,
        organisation=organisation,
        day=day,
    )


def _training(wish: Wish) -> int:
    if wish.training is None:
        raise RuleBroken("没说是哪一场培训。到“培训”里打开那一场，从那里打印。")
    return wish.training


def _sign_in(office: Office, wish: Wish) -> bytes:
    sheet = office.read(partial(sign_in_sheet, two=wish.layout == "two"), _training(wish))
    return sign_in_pdf(sheet, wish.day or date.today())


def _sign_in_book(office: Office, wish: Wish, target: Path) -> int:
    sheet = office.read(sheet_table, _training(wish))
    rows = list(sheet.rows)
    out = of_list(sheet.title, sheet.columns, len(rows), "人", reveal=False, reason=wish.reason)
    out = for_purpose(office, out)
    leave(office, out, target)
    return write_ledger(target, replace(sheet, rows=rows, mark=mark_of(office.who, out)))


def _notice_of(office: Office, wish: Wish) -> tuple[TrainingRow, Listing]:
    """A training, and the list of all who are asked to come to it, wherever they serve."""
    one = office.read(training_row, _training(wish))
    return one, replace(notice_listing(one.id), title=f"“{one.name}”通知名单")


def _invitation(office: Office, wish: Wish) -> bytes:
    one, listing = _notice_of(office, wish)
    when = f"时间：{chinese_date(one.day)}" if one.day else "时间："
    said = (when, f"地点：{one.place or ''}", f"共 {one.invited} 人")
    return _ledger(office, listing, replace(wish, day=None, scope=None), said=said)


def _invitation_book(office: Office, wish: Wish, target: Path) -> int:
    _, listing = _notice_of(office, wish)
    return export(office, listing, target, Ask(), reveal=wish.reveal, reason=wish.reason)


def _completion(office: Office, wish: Wish) -> bytes:
    if wish.reveal:
        reveal_with_reason(office, "结业证书", wish.reason)
    papers = office.read(partial(completion_papers, whole_numbers=wish.reveal), _training(wish))
    layouts = {one.value: one for one in CertificateLayout}
    layout = layouts.get(wish.layout or CertificateLayout.SHEET.value)
    if layout is None:
        raise RuleBroken(f"没有版式“{wish.layout}”。现有：{'、'.join(layouts)}。")
    return completion_pdf(papers, layout, "结业证书", wish.day or date.today())


def _badges(office: Office, wish: Wish) -> bytes:
    layouts = {one.value: one for one in BadgeLayout}
    layout = layouts.get(wish.layout or BadgeLayout.CARD.value)
    if layout is None:
        raise RuleBroken(f"没有版式“{wish.layout}”。现有：{'、'.join(layouts)}。")
    if not office.read(has_badge_key):
        office.write(make_badge_key)
    found = office.read(badges, wish.scope, wish.day, wish.posts)
    return badge_pdf(found, layout, "工作证", wish.day or date.today())


def _list(key: str, title: str, listing: Callable[[Wish], Listing]) -> Report:
    """The report of a list; many can be parted by community."""
    layouts = LAYOUTS if key in PARTED else ()

    def make(office: Office, wish: Wish) -> bytes:
        if wish.layout not in ("", *dict(layouts)):
            raise RuleBroken(f"没有版式“{wish.layout}”。")
        return _ledger(office, listing(wish), wish, added=added(key, wish.layout))

    return Report(key, title, False, make, listing, layouts=layouts)


def _on_paper(listing: Listing) -> Listing:
    """A list without its months, which are for ticking: the day stands beside them."""
    return replace(listing, columns=tuple(one for one in listing.columns if one.name != "month"))


def _ledger(
    office: Office,
    listing: Listing,
    wish: Wish,
    places: int | None = None,
    said: Sequence[str] | None = None,
    added: Sequence[str] = (),
) -> bytes:
    """A list on paper; with `places` its decimals all have as many, `said` stands below the title in the
    place of what was asked for, the columns `added` are added up."""
    if wish.reveal:
        reveal_with_reason(office, listing.title, wish.reason)

    def cells(values: Sequence[Any]) -> tuple[str, ...]:
        shown = texts(listing.columns, values, wish.reveal)
        if places is None:
            return shown
        return tuple(
            fixed(value, places) if column.field.kind == Kind.DECIMAL else text
            for column, value, text in zip(listing.columns, values, shown, strict=True)
        )

    ask = Ask(scope=wish.scope, day=wish.day)

    def laid_out(session: Session, ids: Sequence[int], count: int) -> Callable[[], bytes]:
        """The rows of some ids, of a list of so many, ready to be laid out."""
        begun = len(ids) < count
        if wish.reveal:
            whole_numbers(session, f"打印：{wish.reason}")
        rows = [cells(row) for row in listed(session, listing, ask, ids)]
        top = wish.scope if wish.scope is not None else root_id(session)
        place = names_of(session, office_pack(session), [top])[top][0] if top is not None else ""
        return partial(
            ledger_pdf,
            f"{place}{listing.title}",
            said if said is not None else facts(session, listing, ask, count),
            [column.field.label for column in listing.columns],
            rows,
            [column.field.width for column in listing.columns],
            SIGNATURE,
            organisation=setting(session, ORGANISATION, ""),
            day=wish.day or date.today(),
            sums=None if begun else sums_of(session, listing, rows, added, wish.layout == BY_UNIT),
            begun=begun,
            persons=of_persons(listing.columns),
        )

    def gather(session: Session) -> tuple[Callable[[], bytes], int]:
        ids = listing.ids(session, ask)
        if len(ids) > LONG and not added:  # by community, other rows would come first
            beginning(laid_out(session, ids[:FIRST_PAGE], len(ids)))
        return laid_out(session, ids, len(ids)), len(ids)

    make, count = office.read(gather)
    say(f"排版{listing.title}", 0, count)
    return make()


REPORTS: dict[str, Report] = {
    report.key: report
    for report in (
        _official("assessment", "月度考核结果通报", _notice, monthly=True),
        Report("results", "月度考核成绩单", True, _results, book=_results_book),
        *MONTH_REPORTS,
        _list("roster", "网格员花名册", lambda _: WORKERS),
        _list("reserve", "后备人员名册", lambda _: RESERVES),
        _list("grids", "网格台账", lambda _: GRIDS),
        _list("qualifications", "持证台账", lambda _: CERTIFICATES),
        _list("skills", "技能等级和申报条件一览表", lambda wish: skills_listing(wish.day)),
        _list("party-orgs", "网格党组织台账", lambda _: ORGS),
        _list("party-members", "党员花名册", lambda _: MEMBERS),
        _list("party-links", "党员入格台账", lambda _: LINKS),
        _list("party-reports", "党员双报到台账", lambda _: REPORTED),
        _list("party-services", "党员服务记录", lambda _: SERVICES),
        _list("party-hours", "党员服务年度统计", lambda wish: year_listing(wish.day)),
        _list("training", "培训台账", lambda _: _on_paper(TRAININGS)),
        _list("attendance", "培训签到与成绩", lambda _: _on_paper(ATTENDANCE)),
        _list("training-shortage", "培训学时不足名单", lambda _: SHORTAGE),
        _list("training-plans", "培训计划", lambda _: PLANS),
        _list("training-hours", "培训学时台账", lambda _: TRAINING_HOURS),
        _list("completions", "结业证书登记簿", lambda _: _on_paper(COMPLETIONS)),
        Report(
            "sign-in",
            "培训签到表",
            False,
            _sign_in,
            paper="A4 竖排",
            of=training_called,
            book=_sign_in_book,
            layouts=(("", "单栏"), ("two", "双栏")),
        ),
        Report(
            "invitation",
            "培训通知名单",
            False,
            _invitation,
            of=training_called,
            book=_invitation_book,
            masked=True,
        ),
        Report(
            "completion",
            "结业证书",
            False,
            _completion,
            of=training_called,
            layouts=tuple((one.value, one.label) for one in CertificateLayout),
            masked=True,
        ),
        _written("quarter", "quarter"),
        _written("staffing-notice", "staffing"),
        _written("redivision", "redivision"),
        _written("yearbook", "yearbook"),
        _list("drafts", "公文草稿", lambda _: DRAFTS),
        _list("packages", "上报包登记簿", lambda _: PACKAGES),
        _list("paper-numbers", "发文登记簿", lambda _: NUMBERS),
        _list("departments", "部门台账", lambda _: DEPARTMENTS),
        _list("staffing", "网格配备情况表", lambda wish: staffing_listing(wish.day)),
        _list("vacancies", "岗位空缺表", lambda wish: vacancies_listing(wish.day)),
        _list("turnover", "队伍变化情况表", lambda wish: turnover_listing(wish.day)),
        _list("movements", "队伍进出名单", lambda wish: movements_listing(wish.day)),
        _list("team", "在岗人员结构", lambda wish: serving_listing(wish.day)),
        _list("due", "合同和周年提醒", lambda wish: due_listing(wish.day)),
        _list("findings", "规范核对问题清单", lambda wish: findings_listing(wish.day)),
        _list("redline", "一根红线情况表", lambda wish: red_listing(wish.day)),
        _list("households", "联系户台账", lambda _: HOUSEHOLDS),
        _list("contacts", "紧急联络呼叫树", lambda wish: contacts_listing(wish.day)),
        _list("resources", "资源清单", lambda _: RESOURCES),
        _list("grid-issues", "问题清单", lambda _: ISSUES),
        Report("sign", "网格公示牌", False, _sign, paper="A3 横排"),
        Report("handover", "工作交接清单", False, _hand_over),
        Report(
            "badges",
            "工作证",
            False,
            _badges,
            paper="A4 竖排，双面",
            layouts=tuple((one.value, one.label) for one in BadgeLayout),
        ),
        _list("duties", "岗位职责和服务清单", lambda _: DUTIES),
    )
}


def report_paper(office: Office, name: str, wish: Wish) -> Paper:
    """A report as PDF, with what it is for where it tells of persons. Raises `NotFound` naming those there are."""
    office.require(Right.READ)
    report = report_called(name)
    return paper(
        office, report.title, lambda: report.make(office, wish), reveal=wish.reveal, reason=wish.reason
    )


def report_pdf(office: Office, name: str, wish: Wish) -> bytes:
    """A report as PDF bytes. Raises `NotFound` naming those there are."""
    return report_paper(office, name, wish).content


def report_book(office: Office, name: str, wish: Wish, target: Path) -> int:
    """A report that is a list, as a workbook. Answers the number of rows; raises `NotFound` and
    `RuleBroken` when it is no list."""
    office.require(Right.READ)
    report = report_called(name)
    if report.book is not None:
        return report.book(office, wish, target)
    if report.listing is None:
        raise RuleBroken(f"{report.title}不是表，只能印成 PDF。")
    ask = Ask(scope=wish.scope, day=wish.day)
    return export(office, report.listing(wish), target, ask, reveal=wish.reveal, reason=wish.reason)


def report_called(name: str) -> Report:
    """The report of that name. Raises `NotFound` naming those there are."""
    if name not in REPORTS:
        known = "、".join(f"{report.key}（{report.title}）" for report in REPORTS.values())
        raise NotFound(f"没有报告“{name}”。现有：{known}。")
    return REPORTS[name]
