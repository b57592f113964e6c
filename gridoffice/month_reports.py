"""The reports of a month's assessment: notices, public list, tables on paper and as workbooks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from gridoffice.assessment.areas import area_table
from gridoffice.assessment.course_tables import appeals_table, calibration_table, opinions_table
from gridoffice.assessment.evaluation import evaluation_table
from gridoffice.assessment.month import Where, month_record, scheme_of
from gridoffice.assessment.notices import score_notices
from gridoffice.assessment.payroll import payroll_table
from gridoffice.assessment.printed import Printed
from gridoffice.assessment.publicity import publicity
from gridoffice.assessment.rules import period_days
from gridoffice.assessment.scheme_paper import scheme_table
from gridoffice.documents.model import OfficialDocument
from gridoffice.documents.output import beginning
from gridoffice.documents.pdf import official_pdf
from gridoffice.exports import reveal_with_reason
from gridoffice.leaving import Leaving, Out, for_purpose, leave, mark_of
from gridoffice.office import Office
from gridoffice.report_kinds import Report, Wish, month_of
from gridoffice.settings import ORGANISATION, setting
from gridoffice.spreadsheet.paper_book import write_book

Table = Callable[[Session, Where, int | None], Printed]
"""A table of a month below a grid (None: of the whole office)."""


def _notices(office: Office, wish: Wish) -> bytes:
    from gridoffice.documents.score_notices import notices_pdf

    month = month_of(wish)
    day = office.read(_last_day, month)

    def made(first: bool = False) -> bytes:
        found = office.read(score_notices, month, wish.scope, wish.person, first)
        return notices_pdf(found, found[0].title, day)

    beginning(lambda: made(first=True))
    return made()


def _publicity(office: Office, wish: Wish) -> OfficialDocument:
    return office.read(publicity, month_of(wish), wish.scope, wish.layout == "masked")


def _payroll(office: Office, wish: Wish) -> Table:
    """The payroll; with whole ID numbers only for a reason, which is written down."""
    if wish.reveal:
        reveal_with_reason(office, "绩效发放表", wish.reason)
    return partial(payroll_table, whole_numbers=wish.reveal)


def _scheme(session: Session, month: Where, scope: int | None) -> Printed:
    """The rule table of a month's scheme; it is the same for every place."""
    return scheme_table(scheme_of(session, month_record(session, month)))


def _table(key: str, title: str, table: Callable[[Office, Wish], Table], *, masked: bool = False) -> Report:
    """The report that is a table of a month, on paper and as a workbook."""

    def make(office: Office, wish: Wish) -> bytes:
        month, organisation = month_of(wish), office.read(setting, ORGANISATION, "")
        found = office.read(table(office, wish), month, wish.scope)
        return found.pdf(organisation, office.read(_last_day, month))

    def book(office: Office, wish: Wish, target: Path) -> int:
        found = office.read(table(office, wish), month_of(wish), wish.scope)
        sheet = found.sheet(found.title)
        numbers = "证件号" if masked else ""
        out = Leaving(Out.EXPORT, found.title, len(sheet.rows), masked=numbers, reason=wish.reason)
        out = for_purpose(office, replace(out, revealed=wish.reveal, persons=found.persons))
        leave(office, out, target)
        return write_book(target, [sheet], mark_of(office.who, out))

    return Report(key, title, True, make, book=book, masked=masked)


def _last_day(session: Session, month: Where) -> date:
    return period_days(month_record(session, month).period)[1]


MONTH_REPORTS = (
    Report("notices", "考核结果通知单", True, _notices, paper="A4 竖排"),
    Report(
        "publicity",
        "考核结果公示",
        True,
        lambda office, wish: official_pdf(_publicity(office, wish)),
        paper="A4 竖排",
        layouts=(("", "姓名全写"), ("masked", "姓名隐去一字")),
        document=_publicity,
    ),
    _table("calibration", "考核校准对照表", lambda *_: calibration_table),
    _table("opinions", "考核意见和校准明细表", lambda *_: opinions_table),
    _table("appeals", "考核申诉登记表", lambda *_: appeals_table),
    _table("areas", "各区域考核情况汇总表", lambda *_: area_table),
    _table("evaluation", "考核评价统计表", lambda *_: evaluation_table),
    _table("payroll", "绩效发放表", _payroll, masked=True),
    _table("scheme", "考核方案计分表", lambda *_: _scheme),
)
"""In the order in which a month goes."""
