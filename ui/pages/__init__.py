"""The pages, sisters beside each other: those that stand in the navigation, in its order, the last of them at
its foot; each followed by those it leads to (`reached_from`).

Where things live:

- a page that is one list: `list_page.py` (its columns, commands, papers); one with a line in a drawer, read and
  edited: `drawer_page.py` (the page names its question, service and form); one whose drawer tells of a line:
  `told_page.py` (its `tell(line)`, its panels; `ListingTable` counts how many there are)
- a page with a list that is read whole, one line in a drawer: `lines_page.py`
- pages that belong together: `Page.reached_from` names the sister that stands in the navigation; they are a
  strip of tabs below the title, Ctrl+PgUp/PgDn
- a dated change of the tree, as it is drafted: a `Draft` in `change_drafts.py`; `change_panel.py` has day, reason,
  approval, preview, saving
- the tabs of a grid's drawer: `grid_tabs.py`
- a month of assessment: `month_page.py` says which month, for all its pages; typed values are scored by
  `live_scores.py`, days are set in `month_dues.py`
- how a document leaves 拟稿 (number, file, printer): `writing_leaving.py`
- two who change the same: a line in a form `meeting.py`, a text or what a panel fills in `text_meeting.py`
- who else is there: a page or panel names its `spot`, `Page.attended` says it
"""

from __future__ import annotations

from db.enums import Reach, Right
from gridoffice.accounts.rules import may
from gridoffice.accounts.service import Who
from ui.pages.accounts import AccountsPage
from ui.pages.appeals import AppealsPage
from ui.pages.assessment import AssessmentPage
from ui.pages.attendance import AttendancePage
from ui.pages.backups import BackupsPage
from ui.pages.calibration import CalibrationPage
from ui.pages.certificates import CertificatesPage
from ui.pages.comparison import ComparisonPage
from ui.pages.completions import CompletionsPage
from ui.pages.connection import ConnectionPage
from ui.pages.departments import DepartmentsPage
from ui.pages.documents import DocumentsPage
from ui.pages.drafts import DraftsPage
from ui.pages.duplicates import DuplicatesPage
from ui.pages.filling import FillingPage
from ui.pages.grid_issues import IssuesPage
from ui.pages.grids import GridsPage
from ui.pages.home import HomePage
from ui.pages.households import HouseholdsPage
from ui.pages.importing import ImportPage
from ui.pages.journal import JournalPage
from ui.pages.norms import NormsPage
from ui.pages.packages import PackagesPage
from ui.pages.page import Page
from ui.pages.paper_numbers import PaperNumbersPage
from ui.pages.party_links import PartyLinksPage
from ui.pages.party_members import PartyMembersPage
from ui.pages.party_orgs import PartyOrgsPage
from ui.pages.party_reports import PartyReportsPage, PartyServicesPage
from ui.pages.party_year import PartyYearPage
from ui.pages.people import PeoplePage
from ui.pages.redline import RedLinePage
from ui.pages.reserve import ReservePage
from ui.pages.resources import ResourcesPage
from ui.pages.schemes import SchemesPage
from ui.pages.settings import SettingsPage
from ui.pages.skills import SkillsPage
from ui.pages.training_figures import TrainingFiguresPage
from ui.pages.training_hours import TrainingHoursPage
from ui.pages.training_plans import TrainingPlansPage
from ui.pages.training_sheet import TrainingSheetPage
from ui.pages.trainings import TrainingsPage
from ui.pages.turnover import TurnoverPage
from ui.pages.updates import UpdatesPage
from ui.pages.vacancies import VacanciesPage
from ui.pages.workers import WorkersPage
from ui.pages.writing import WritingPage

PAGES: list[type[Page]] = [
    HomePage,
    JournalPage,
    GridsPage,
    NormsPage,
    ResourcesPage,
    IssuesPage,
    HouseholdsPage,
    WorkersPage,
    VacanciesPage,
    ReservePage,
    TurnoverPage,
    PeoplePage,
    DuplicatesPage,
    CertificatesPage,
    SkillsPage,
    RedLinePage,
    PartyOrgsPage,
    PartyMembersPage,
    PartyLinksPage,
    PartyReportsPage,
    PartyServicesPage,
    PartyYearPage,
    TrainingsPage,
    TrainingPlansPage,
    TrainingSheetPage,
    AttendancePage,
    TrainingHoursPage,
    CompletionsPage,
    TrainingFiguresPage,
    AssessmentPage,
    CalibrationPage,
    AppealsPage,
    ComparisonPage,
    SchemesPage,
    DepartmentsPage,
    ImportPage,
    FillingPage,
    PackagesPage,
    DocumentsPage,
    WritingPage,
    DraftsPage,
    PaperNumbersPage,
    SettingsPage,
    AccountsPage,
    UpdatesPage,
    BackupsPage,
    ConnectionPage,
]


OF_THE_OFFICE = {"accounts", "journal", "settings", "updates", "backups", "connection"}
"""Pages that show none of the business."""


def pages_of(who: Who) -> list[type[Page]]:
    """The pages an account has any use for."""
    rights = (Right.KEEP_ACCOUNTS, Right.APPROVE_ACCOUNTS, Right.AUDIT)
    keeps = any(may(who.role, one) for one in rights)
    found = [page for page in PAGES if keeps or page is not AccountsPage]
    if who.reach is not Reach.NONE:
        return found
    # of an office that hides its business the accounts come first
    office = [page for page in found if page.key in OF_THE_OFFICE]
    return sorted(office, key=lambda page: page.key != "journal")
