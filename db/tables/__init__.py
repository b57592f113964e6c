"""Every mapped class. Records never leave a session: services answer with frozen values."""

from db.tables.assessment import Month, Scheme, Sheet
from db.tables.base import Base, Record, table_of
from db.tables.grids import Grid, GridChange, GridCode, GridLink, GridPeriod
from db.tables.journal import Action, ActionPart, JournalHead
from db.tables.office import Account, Setting
from db.tables.party import PartyLink, PartyMember, PartyOrg
from db.tables.people import Person, Post
from db.tables.qualifications import Certificate
from db.tables.training import Attendance, Training

__all__ = [
    "Account",
    "Action",
    "ActionPart",
    "Attendance",
    "Base",
    "Certificate",
    "Grid",
    "GridChange",
    "GridCode",
    "GridLink",
    "GridPeriod",
    "JournalHead",
    "Month",
    "PartyLink",
    "PartyMember",
    "PartyOrg",
    "Person",
    "Post",
    "Record",
    "Scheme",
    "Setting",
    "Sheet",
    "Training",
    "table_of",
]
