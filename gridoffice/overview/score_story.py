"""Where one score comes from, told whole: records, raw value and who wrote it, rule, points, total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from gridoffice.assessment.provenance import Written, values_written
from gridoffice.assessment.pulling import Evidence, sheet_evidence
from gridoffice.assessment.results import sheet_trace

MOST = 20
"""So many records of one indicator are named."""


@dataclass(frozen=True, slots=True)
class ScoreStory:
    """`trace` is told line by line; `evidence` and `written` are by the key of an indicator or a column."""

    trace: Mapping[str, Any]
    evidence: Mapping[str, Evidence]
    written: Mapping[str, Written]


def score_story(session: Session, sheet_id: int) -> ScoreStory:
    """Everything behind one total. Raises `NotFound`."""
    return ScoreStory(
        sheet_trace(session, sheet_id),
        {one.key: one for one in sheet_evidence(session, sheet_id, MOST)},
        values_written(session, sheet_id),
    )
