"""A worker's whole service through the window: enters, is certified, trained, transferred, answers for a grid
as a party member, leaves with a hand-over sheet; the list of every month's end tells what was so then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QPushButton

from gridoffice.grids.listing import GRIDS
from gridoffice.listing import Ask
from gridoffice.overview.person_record import person_record
from gridoffice.overview.turnover import Team, runs, stays
from gridoffice.party.listing import LINKS
from gridoffice.qualifications.listing import CERTIFICATES
from gridoffice.training.service import save_training
from gridoffice.training.sheet import invite
from gridoffice.workers.listing import WORKERS
from tests.documents.paper import poppler_text
from tests.offices import number
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.person_tabs import TABS

Open = Callable[..., MainWindow]
NAME = "何𫍯𬭎"


def go(window: MainWindow, key: str, **where: Any) -> Any:
    window.go(key, **where)
    settle(window, quiet_ms=60)
    return window.page


def say(form: Any, **texts: str) -> None:
    for name, text in texts.items():
        form.fields[name].input.setText(text)


def save(window: MainWindow) -> None:
    window.command("save")
    settle(window, quiet_ms=60)


def press(window: MainWindow, part: Any, words: str) -> None:
    found = [one for one in part.findChildren(QPushButton) if one.isVisible() and one.text().strip() == words]
    assert found, f"no button {words}"
    found[0].click()
    settle(window, quiet_ms=60)


def listed(window: MainWindow, listing: Any, day: date) -> list[Any]:
    """What a list tells of the worker on a day."""
    found = window.office.read(
        lambda session: listing.rows(session, listing.ids(session, Ask(day=day, search=NAME)), day)
    )
    return [one for one in found if one.name == NAME]


def month_ends(start: date, end: date) -> list[date]:
    """The last day of every month that ends in a time."""
    days = (start + timedelta(days=count) for count in range((end - start).days))
    return [day for day in days if (day + timedelta(days=1)).day == 1]


def posts_tab(window: MainWindow, line: int) -> Any:
    page = go(window, "workers", show=line)
    place = TABS.index("任职")
    page.drawer.tabs.show_tab(place)
    page.drawer.tab.emit(place)
    settle(window, quiet_ms=60)
    return page.person.posts


def test_a_worker_enters_serves_moves_and_leaves(full: Path, opened: Open, tmp_path: Path) -> None:
    window = opened(full)
    office, today = window.office, window.day
    every = office.read(lambda session: GRIDS.rows(session, GRIDS.ids(session, Ask())[:40]))
    first, second = [one for one in every if one.kind == "一般网格"][:2]
    entered, certified, trained, moved, linked, gone = (
        today - timedelta(days=back) for back in (170, 140, 110, 75, 45, 10)
    )

    window.scope.choose(first.id)
    settle(window, quiet_ms=60)
    page = go(window, "workers", new={})
    say(page._editing, name=NAME, id_number=number(90), phone="13800000090", from_day=entered.isoformat())
    save(window)
    post = page._shown
    person = page.table.model.values(page.table.model.ids.index(post)).person_id
    top = window.scope.model.node(window.scope.model.index(0, 0))
    assert top is not None
    window.scope.choose(top.id)
    settle(window, quiet_ms=60)

    page = go(window, "certificates")
    window.command("new")
    page._editing.fields["person_id"].input.choose(person, NAME)
    page._editing.fields["certificate"].input.setText("红十字救护员证")
    say(page._editing, issued=certified.isoformat(), expires=(today + timedelta(days=20)).isoformat())
    save(window)

    held = {"name": "防汛培训", "day": trained, "hours": 4}
    training = office.write(save_training, None, held).result
    office.write(invite, training, [person])
    page = go(window, "training-sheet", training=training)
    page._all_here()
    settle(window, quiet_ms=60)

    panel = posts_tab(window, post)
    press(window, panel, "调动")
    panel.form.fields["grid"].input.choose(second.id, second.name)
    say(panel.form, day=moved.isoformat(), reason="补空缺")
    save(window)
    now = listed(window, WORKERS, today)
    assert len(now) == 1 and now[0].from_day == moved

    page = go(window, "party-links")
    window.command("new")
    settle(window, quiet_ms=60)
    panel = page.side
    panel.grid.choose(second.id, second.name)
    panel.person.choose(person, NAME)
    panel.duty.setText("联系困难户")
    panel.since.setText(linked.isoformat())
    panel.save()
    settle(window, quiet_ms=60)

    panel = posts_tab(window, now[0].id)
    press(window, panel, "结束")
    say(panel.form, last_day=gone.isoformat(), reason="考取其他单位")
    save(window)
    panel = posts_tab(window, now[0].id)
    press(window, panel, "交接清单")
    assert window.page.key == "documents" and window.page.pdf is not None
    paper = "".join(poppler_text(window.page.pdf, tmp_path).split())
    for words in ("工作交接清单", f"移交人：{NAME}", "考取其他单位", "联系困难户", "红十字救护员证"):
        assert words in paper

    record = office.read(person_record, person, today)
    assert [one.grid_id for one in record.posts] == [second.id, first.id]
    assert [one.day for one in record.trainings] == [trained] and record.trained == 4

    for day in (*month_ends(entered - timedelta(days=31), today), today):
        where = first.id if entered <= day < moved else second.id if moved <= day <= gone else None
        rows = listed(window, WORKERS, day)
        assert len(rows) == (where is not None), day
        inside = [one.id for one in rows]
        for grid in (first, second):
            found = office.read(WORKERS.ids, Ask(scope=grid.id, day=day, search=NAME))
            assert list(found) == (inside if grid.id == where else []), (day, grid.name)
        assert bool(listed(window, CERTIFICATES, day)) == (day >= certified), day
        assert bool(listed(window, LINKS, day)) == (day >= linked), day
        team = runs([one for one in office.read(stays, None, day) if one.person_id == person])
        assert Team(team).all.on(day) == (where is not None) and len(team) == 1, (
            "one run of service, the move in it"
        )
        window.look_at(None if day == today else day)
        roster = go(window, "workers", search=NAME)
        assert roster.table.model.rowCount() == (where is not None), day
