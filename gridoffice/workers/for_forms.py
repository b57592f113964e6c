"""The roster as other people's forms ask for it: places level by level, age on the day, member or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.enums import Political
from db.tables import Post
from gridoffice.fields import Column, Field, Kind, columns
from gridoffice.grids.cascades import book_on, level_names
from gridoffice.grids.counts import MEMBERS
from gridoffice.grids.listing import office_pack
from gridoffice.listing import Ask, chunked, listed
from gridoffice.workers.listing import WORKERS
from gridoffice.workers.rows import PlaceColumns


@dataclass(frozen=True, slots=True)
class Asked:
    """What forms ask of a person beside the columns of the roster; all of it follows from these."""

    age: Annotated[
        int | None,
        Field("年龄", Kind.INTEGER, width=6, computed=True, aliases=("周岁", "实足年龄", "年龄（周岁）")),
    ]
    member: Annotated[
        bool | None,
        Field("是否党员", Kind.YES_NO, computed=True, aliases=("是否中共党员", "是否为党员")),
    ]
    grid_code: Annotated[
        str | None,
        Field(
            "网格编码",
            width=20,
            computed=True,
            aliases=("网格编号", "网格代码", "所属网格编码", "所在网格编码"),
        ),
    ]


COLUMNS: tuple[Column, ...] = (*WORKERS.columns, *columns(PlaceColumns), *columns(Asked))


def rows(session: Session, ask: Ask, ids: Sequence[int], asked: frozenset[str]) -> Iterator[list[Any]]:
    """Some posts with their holders, values aligned with `COLUMNS`. Beside a column for the community the grid goes by its
    own name alone, and beside one for what lies below it, without that."""
    day = ask.day or date.today()
    book = book_on(session, office_pack(session), day)
    where: dict[int, int] = {}
    for chunk in chunked(ids):
        query = select(Post.id, Post.grid_id).where(Post.id.in_(chunk))
        where |= {post_id: grid_id for post_id, grid_id in session.execute(query)}
    at = {column.name: place for place, column in enumerate(WORKERS.columns)}
    for post_id, values in zip(ids, listed(session, WORKERS, ask, ids), strict=True):
        place = book.places[where[post_id]]
        street, community, grid, micro = level_names(book, place)
        if "community" in asked:
            own = grid if "micro" in asked or not micro else f"{grid}·{micro}"
            values[at["grid"]] = own or None
        birth, political = values[at["birth"]], values[at["political"]]
        yield [
            *values,
            street or None,
            community or None,
            micro or None,
            age(birth, day) if birth is not None else None,
            _member(political),
            place.code,
        ]


def age(birth: date, day: date) -> int:
    """Full years on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _member(political: Political | None) -> bool | None:
    return None if political is None else political in MEMBERS
