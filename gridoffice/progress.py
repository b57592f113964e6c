"""Progress and cancelling of long work, without the work knowing who watches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from gridoffice.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Step:
    """Where the work stands: `done` of `total` (None when unknown), and what it is doing."""

    doing: str
    done: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class PagesMade(Step):
    """The first pages of a paper, as a file by themselves, while the rest is still being made."""

    pdf: bytes = b""
    pages: int = 0


T = TypeVar("T")

Watcher = Callable[[Step], bool]
"""Called with each step; answers False to stop the work."""

_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Send every step of the work done inside to `watcher`."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def report(doing: str, done: int = 0, total: int | None = None) -> None:
    """Say where the work stands. Raises `Cancelled` when the watcher asked to stop."""
    watcher = _watcher.get()
    if watcher is not None and not watcher(Step(doing, done, total)):
        raise Cancelled


def show_pages(pdf: bytes, pages: int) -> None:
    """Show whoever watches the first pages of a paper. Raises `Cancelled` when the watcher asked to stop."""
    watcher = _watcher.get()
    if watcher is not None and not watcher(PagesMade(f"已排出前 {pages} 页", pages, None, pdf, pages)):
        raise Cancelled


def counted(items: Iterable[T], doing: str, total: int | None = None, every: int = 1000) -> Iterator[T]:
    """Pass `items` through, reporting every `every` items."""
    for done, item in enumerate(items):
        if done % every == 0:
            report(doing, done, total)
        yield item
