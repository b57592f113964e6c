"""Every mapped class. Records never leave a session: services answer with frozen values."""

from db.tables.assessment import Month, Scheme, Sheet
from db.tables.base import Base, Record, table_of
from db.tables.grids import Grid, GridChange, GridCode, GridLink, GridPeriod
from db.tables.journal import Action, ActionPart, JournalHead
from db.tables.office import Account, Setting
from db.tables.people import Person, Post

__all__ = [
    "Account",
    "Action",
    "ActionPart",
    "Base",
    "Grid",
    "GridChange",
    "GridCode",
    "GridLink",
    "GridPeriod",
    "JournalHead",
    "Month",
    "Person",
    "Post",
    "Record",
    "Scheme",
    "Setting",
    "Sheet",
    "table_of",
]
