"""On a server that enforces: whoever takes a list out leaves a line, also who may only read; what he audits counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gridoffice import history
from gridoffice.audit import AuditAsk, Matter, audit_lines
from gridoffice.audit_figures import tally
from gridoffice.errors import OfficeError
from gridoffice.exports import export
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.workers.listing import WORKERS


def test_a_masked_list_leaves_a_line(served_at: Callable[[str], Office], tmp_path: Path) -> None:
    for account in ("reader", "clerk"):
        office = served_at(account)
        count = export(office, WORKERS, tmp_path / f"{account}.xlsx", Ask())
        line = office.read(history.journal, 1)[0]
        assert line.who == account and line.title.startswith(
            f"导出“网格员花名册”{count} 人到“{account}.xlsx”，"
        )
    with pytest.raises(OfficeError):
        export(served_at("reader"), WORKERS, tmp_path / "x.xlsx", Ask(), reveal=True, reason="看看")
    assert not (tmp_path / "x.xlsx").exists()


def test_lines_are_sorted_and_counted(served_at: Callable[[str], Office]) -> None:
    office = served_at("administrator")
    lines, count = office.read(audit_lines, AuditAsk(sort="title", descending=False), 10**6)
    said = office.read(tally, AuditAsk())
    assert len(lines) == count == said.count == sum(number for _, number in said.by_matter)
    assert dict(said.by_matter)[Matter.BUSINESS] > 0
