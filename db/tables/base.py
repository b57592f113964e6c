"""What every mapped class shares."""

from __future__ import annotations

from typing import cast

from sqlalchemy import MetaData, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from db.types import Key


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Record:
    """A journalled record: numbered once and for ever, and refusing an update that was lost.

    `noun` is the Chinese word for one such record. Columns with `info={"derived": True}` follow
    from others: the journal leaves them out and undo computes them again.
    """

    noun: str

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True, sort_order=-2)
    version: Mapped[int] = mapped_column(default=1, sort_order=-1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, object]:
        return {"version_id_col": cls.version}


DERIVED: dict[str, bool] = {"derived": True}


def table_of(record: type[Base]) -> Table:
    """The table behind a mapped class, for statements that bypass the ORM."""
    return cast(Table, record.__table__)
