"""The pages, sisters beside each other: those that stand in the navigation, in its order, the last of them at
its foot; each followed by those it leads to (`reached_from`)."""

from __future__ import annotations

from ui.pages.assessment import AssessmentPage
from ui.pages.certificates import CertificatesPage
from ui.pages.documents import DocumentsPage
from ui.pages.duplicates import DuplicatesPage
from ui.pages.filling import FillingPage
from ui.pages.grids import GridsPage
from ui.pages.home import HomePage
from ui.pages.importing import ImportPage
from ui.pages.journal import JournalPage
from ui.pages.norms import NormsPage
from ui.pages.page import Page
from ui.pages.people import PeoplePage
from ui.pages.redline import RedLinePage
from ui.pages.reserve import ReservePage
from ui.pages.schemes import SchemesPage
from ui.pages.settings import SettingsPage
from ui.pages.skills import SkillsPage
from ui.pages.vacancies import VacanciesPage
from ui.pages.workers import WorkersPage

PAGES: list[type[Page]] = [
    HomePage,
    JournalPage,
    GridsPage,
    NormsPage,
    WorkersPage,
    VacanciesPage,
    ReservePage,
    PeoplePage,
    DuplicatesPage,
    CertificatesPage,
    SkillsPage,
    RedLinePage,
    AssessmentPage,
    SchemesPage,
    ImportPage,
    FillingPage,
    DocumentsPage,
    SettingsPage,
]
