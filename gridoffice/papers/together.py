"""Two who write the same draft: each field stands as whoever changed it wrote it, the text line by line."""

from __future__ import annotations

from dataclasses import replace

from gridoffice.both_changed import meet
from gridoffice.papers.drafts import Writing


def met(kept: Writing, meant: Writing, now: Writing) -> Writing:
    """What is to be saved of a draft that was read as `kept`, is `meant` here, and stands as `now`: what is not
    changed here stays as it is now. Raises `BothChanged` where both changed the same lines of the text."""
    said = {
        name: meant.said.get(name) if meant.said.get(name) != kept.said.get(name) else now.said.get(name)
        for name in {**now.said, **meant.said}
    }
    return replace(
        meant,
        title=meant.title if meant.title != kept.title else now.title,
        said={name: value for name, value in said.items() if value is not None},
        month=meant.month if meant.month != kept.month else now.month,
        grid_id=meant.grid_id if meant.grid_id != kept.grid_id else now.grid_id,
        version=now.version,
        text=meet("这份草稿", kept.text, meant.text, now.text),
    )
