"""How far the values of a month have come in, by the office that delivers them and by unit; and who has not yet
been marked by himself or by the first reviewer."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from db.enums import OpinionStage
from db.tables import Opinion, Sheet
from gridoffice.assessment.month import (
    Where,
    month_record,
    recorded_of,
    scheme_of,
    sheet_rows,
    taking_part,
)
from gridoffice.assessment.opinions import BY_HAND
from gridoffice.scoring.scheme import Missing, Scheme, all_inputs, inputs, is_shown, missing_of
from gridoffice.scoring.scores import cells_of

SCORER, UNIT = "scorer", "unit"
NOBODY = "未定评分单位"

NAMED = 30
"""So many of those without a mark are named where nobody asks for all."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many cells one scorer or one unit has to fill, and how many are filled. `columns` are a scorer's
    own. What counts as none when it is blank (bonus, veto) is waited for by nobody."""

    kind: str
    name: str
    wanted: int
    filled: int
    columns: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        return self.filled == self.wanted


def progress(session: Session, where: Where) -> tuple[Progress, ...]:
    """Scorers in the order of the scheme, then units in the order of the tree. Raises `NotFound`."""
    import numpy as np

    from gridoffice.scoring.engine import ABSENT

    month = month_record(session, where)
    scheme, rows = scheme_of(session, month), sheet_rows(session, month.id, taking=True)
    entries = all_inputs(scheme)
    cells = np.array(cells_of(scheme, (recorded_of(scheme, row) for row in rows)), np.int64)
    there = cells.reshape(-1, len(entries)) != ABSENT
    place = {entry.key: number for number, entry in enumerate(entries)}
    labels = {entry.key: entry.label for entry in entries}
    by_scorer = scorers(scheme)
    found = [
        Progress(
            SCORER,
            name,
            len(rows) * len(keys),
            int(there[:, [place[key] for key in keys]].sum()),
            tuple(labels[key] for key in keys),
        )
        for name, keys in by_scorer.items()
    ]
    waited = sorted({place[key] for keys in by_scorer.values() for key in keys})
    filled = there[:, waited].sum(axis=1).tolist()
    units: dict[str, tuple[str, int, int]] = {}
    for row, count in zip(rows, filled, strict=True):
        name, people, so_far = units.get(row["unit_path"], (row["unit_name"], 0, 0))
        units[row["unit_path"]] = name, people + 1, so_far + count
    found += [
        Progress(UNIT, name, people * len(waited), count)
        for _, (name, people, count) in sorted(units.items())
    ]
    return tuple(found)


def scorers(scheme: Scheme) -> dict[str, list[str]]:
    """The columns that each scorer is waited for, in the order of the scheme."""
    found: dict[str, dict[str, None]] = {}
    for indicator in scheme.indicators:
        if is_shown(indicator) or missing_of(scheme, indicator) is not Missing.AS_ZERO:
            columns = found.setdefault(indicator.scorer or NOBODY, {})
            columns |= dict.fromkeys(entry.key for entry in inputs(indicator))
    return {name: list(keys) for name, keys in found.items()}


@dataclass(frozen=True, slots=True)
class Spoken:
    """How many of those who take part have a word of this stage; the first of those without one by name, in
    the order of the tree."""

    stage: OpinionStage
    wanted: int
    given: int
    missing: tuple[str, ...]

    @property
    def owing(self) -> int:
        return self.wanted - self.given


def spoken(session: Session, where: Where, most: int | None = NAMED) -> tuple[Spoken, ...]:
    """How far 自评 and 初评 of a month have come, with at most so many names (None: all). Raises `NotFound`."""
    month = month_record(session, where)
    taking = (Sheet.month_id == month.id, taking_part())
    wanted = session.scalar(select(func.count()).select_from(Sheet).where(*taking)) or 0
    found = []
    for stage in BY_HAND:
        said = exists().where(Opinion.sheet_id == Sheet.id, Opinion.stage == stage)
        given = session.scalar(select(func.count()).select_from(Sheet).where(*taking, said)) or 0
        names = select(Sheet.name).where(*taking, ~said).order_by(Sheet.grid_path, Sheet.id).limit(most)
        found.append(Spoken(stage, wanted, given, tuple(session.scalars(names))))
    return tuple(found)
