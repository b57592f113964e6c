"""Every mapped class. Records never leave a session: services answer with frozen values."""

from db.tables.assessment import Appeal, Department, Month, Opinion, Scheme, Sheet
from db.tables.attachments import Attachment
from db.tables.base import Base, Record, table_of
from db.tables.grids import Grid, GridChange, GridCode, GridLink, GridPeriod, GridPlan
from db.tables.journal import Action, ActionPart, JournalHead
from db.tables.office import Account, AccountGrid, Credential, Setting
from db.tables.packages import Package, Partner
from db.tables.papers import Draft, PaperNumber
from db.tables.party import OrgSeat, PartyLink, PartyMember, PartyOrg, PartyReport, PartyService
from db.tables.people import NotTwins, Person, Post, Reserve
from db.tables.qualifications import Certificate
from db.tables.registers import Household, Issue, Resource
from db.tables.training import Attendance, Completion, Invitation, Training, TrainingPlan

__all__ = [
    "Account",
    "AccountGrid",
    "Action",
    "ActionPart",
    "Appeal",
    "Attachment",
    "Attendance",
    "Base",
    "Certificate",
    "Completion",
    "Credential",
    "Department",
    "Draft",
    "Grid",
    "GridChange",
    "GridCode",
    "GridLink",
    "GridPeriod",
    "GridPlan",
    "Household",
    "Invitation",
    "Issue",
    "JournalHead",
    "Month",
    "NotTwins",
    "Opinion",
    "OrgSeat",
    "Package",
    "PaperNumber",
    "Partner",
    "PartyLink",
    "PartyMember",
    "PartyOrg",
    "PartyReport",
    "PartyService",
    "Person",
    "Post",
    "Record",
    "Reserve",
    "Resource",
    "Scheme",
    "Setting",
    "Sheet",
    "Training",
    "TrainingPlan",
    "table_of",
]
