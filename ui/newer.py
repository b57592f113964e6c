"""Newer versions as the window meets them: what came of an update, and once a day a look whether there is one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from gridoffice import settings
from gridoffice.errors import OfficeError
from gridoffice.updating import installing, places
from gridoffice.updating.release import Release

if TYPE_CHECKING:
    from ui.main_window import MainWindow

LOOKED = "updates looked for"


def look_quietly(window: MainWindow) -> None:
    """Tell how an update ended; look for a newer version where somebody said where. What goes wrong with a
    look nobody asked for is not told: the page of newer versions tells it."""
    ended = installing.outcome()
    if ended is not None and ended.well:
        window.say(ended.words, can_undo=False)
    elif ended is not None:  # it stays until somebody has read it
        window.complain(OfficeError(ended.words))
    today = date.today().isoformat()
    if not places.place() or settings.recall(LOOKED) == today:
        return

    def found(release: Release | None) -> None:
        settings.remember(LOOKED, today)
        if release is not None:
            window.say(f"有新版本 {release.version}，在“设置”的“更新”里看。", can_undo=False)

    window.runner.run(
        "gridoffice.updating.places:newest",
        {"where": places.place()},
        found,
        lambda error: None,
        asker=window,
    )
