"""Where a paper's pages go: a PDF as a rule, an OFD on request; and, while somebody watches, its first pages
by themselves long before the last is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any, cast

from gridoffice.documents.surface import BLACK, Colour, Surface

if TYPE_CHECKING:
    from gridoffice.documents.fonts import Font

PORTIONS = (1, 12, 60)
"""After so many pages those that are there are shown by themselves. Each portion is drawn once more for
that: beyond what a clerk looks through meanwhile it would only cost time."""

FirstPages = Callable[[bytes, int], None]
"""Takes a whole file of the first pages, and how many they are."""


class Format(Enum):
    """The formats of fixed pages."""

    PDF = "pdf"
    OFD = "ofd"


_format: ContextVar[Format] = ContextVar("format", default=Format.PDF)
_watcher: ContextVar[FirstPages | None] = ContextVar("first pages", default=None)
_mark: ContextVar[Mark | None] = ContextVar("mark", default=None)
_listed: ContextVar[bool] = ContextVar("persons listed", default=False)


@dataclass(slots=True)
class Mark:
    """What stands at the edge of each page that lists persons; `used` once there was one."""

    words: str
    used: bool = False


@contextmanager
def written_as(kind: Format) -> Iterator[None]:
    """Every paper made inside is of this format."""
    token = _format.set(kind)
    try:
        yield
    finally:
        _format.reset(token)


@contextmanager
def marked(words: str) -> Iterator[Mark]:
    """Every page made inside that lists persons says at its edge who made it, when and what for; the others stay
    as they are."""
    mark = Mark(words)
    token = _mark.set(mark)
    try:
        yield mark
    finally:
        _mark.reset(token)


@contextmanager
def persons_listed(listed: bool = True) -> Iterator[str]:
    """Pages begun inside list persons, whatever the paper is otherwise. Answers the mark that they are to carry,
    for who draws on no surface; empty where there is none."""
    mark = _mark.get() if listed else None
    token = _listed.set(mark is not None)
    if mark is not None:
        mark.used = True
    try:
        yield mark.words if mark is not None else ""
    finally:
        _listed.reset(token)


@contextmanager
def first_pages(watcher: FirstPages) -> Iterator[None]:
    """Tell `watcher` of the first pages of the paper that is made inside, while the rest is still being
    made. One that is finished before that is not told of."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def beginning(make: Callable[[], bytes]) -> None:
    """Where somebody watches, show the first page by itself before the rest is even asked for; it is not made
    when nobody does."""
    watcher = _watcher.get()
    if watcher is None:
        return
    token = _watcher.set(None)
    try:
        pdf = make()
    finally:
        _watcher.reset(token)
    watcher(pdf, 1)


def surface_for(title: str, author: str = "", day: date | None = None, *, persons: bool) -> Surface:
    """What a paper is drawn on; `persons` says that every page of it lists persons."""
    plain, mark = _plain_surface(title, author, day), _mark.get()
    return cast(Surface, _Marked(plain, mark, persons)) if mark is not None else plain


def _plain_surface(title: str, author: str, day: date | None) -> Surface:
    watcher = _watcher.get()
    if _format.get() is Format.OFD:
        from gridoffice.documents.ofd_surface import OfdSurface

        return OfdSurface(title, author, day)
    from gridoffice.documents.pdf_surface import PdfSurface

    whole = PdfSurface(title, author, day)
    if watcher is None:
        return whole
    parts = [(count, PdfSurface(title, author, day)) for count in PORTIONS]
    return _Shown(whole, parts, watcher)


class _Marked:
    """A surface that ends each page that lists persons with its mark, in grey at the lower edge and along the left
    one: cut off at one, it still stands at the other. Both lie outside what any paper sets there, and inside the
    4.2 mm that a printer leaves blank."""

    GREY, SIZE, EDGE, MIDDLE = Colour(0.5, 0.5, 0.5), 7.0, 5.0, 30.0

    def __init__(self, surface: Surface, mark: Mark, every: bool):
        from gridoffice.documents.fonts import FontSet, printable

        self._surface, self._font, self._mark, self._every = surface, FontSet.found().song, mark, every
        self._words = printable(mark.words)
        self._open: tuple[float, float] | None = None

    def page(self, width: float, height: float, turn: int = 0) -> None:
        self._end()
        self._surface.page(width, height, turn)
        if self._every or _listed.get():
            self._open = width, height

    def finish(self) -> bytes:
        self._end()
        return self._surface.finish()

    def _end(self) -> None:
        """Behind all else that is read of a page."""
        if self._open is None:
            return
        width, height = self._open
        self._open, self._mark.used = None, True
        # below, the middle is the page number's; what has no room there stands whole at the side
        below = self._cut(width / 2 - self.MIDDLE - 2 * self.EDGE)
        self._surface.text(self.EDGE * 2, height - self.EDGE, below, self._font, self.SIZE, colour=self.GREY)
        with self._surface.turned(self.EDGE, height - self.EDGE * 2):
            wide = self._font.width(self._words, self.SIZE)
            size = round(self.SIZE * min(1.0, (height - 4 * self.EDGE) / max(wide, 1.0)), 2)
            self._surface.text(0, 0, self._words, self._font, size, colour=self.GREY)

    def _cut(self, room: float) -> str:
        words, more = self._words, ""
        while self._font.width(words + more, self.SIZE) > room and words:
            words, more = words[:-1], "…"
        return words + more

    def __getattr__(self, name: str) -> Any:
        return getattr(self._surface, name)


class _Shown:
    """Draws on the whole document and, as long as they last, on its first portions."""

    def __init__(self, whole: Surface, parts: Sequence[tuple[int, Surface]], watcher: FirstPages):
        self._whole, self._parts, self._watcher = whole, list(parts), watcher
        self._pages = 0

    @property
    def _all(self) -> list[Surface]:
        return [self._whole, *(part for _, part in self._parts)]

    def page(self, width: float, height: float, turn: int = 0) -> None:
        if self._parts and self._pages == self._parts[0][0]:
            count, part = self._parts.pop(0)
            self._watcher(part.finish(), count)
        self._pages += 1
        for one in self._all:
            one.page(width, height, turn)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        font: Font,
        size: float,
        *,
        spacing: float = 0.0,
        colour: Colour = BLACK,
        stretch: float = 1.0,
    ) -> None:
        for one in self._all:
            one.text(x, y, text, font, size, spacing=spacing, colour=colour, stretch=stretch)

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float, colour: Colour = BLACK) -> None:
        for one in self._all:
            one.line(x1, y1, x2, y2, width, colour)

    def rectangle(self, x: float, y: float, width: float, height: float, fill: Colour) -> None:
        for one in self._all:
            one.rectangle(x, y, width, height, fill)

    def blocks(self, places: Sequence[tuple[float, float, float, float]], fill: Colour) -> None:
        for one in self._all:
            one.blocks(places, fill)

    def image(self, x: float, y: float, width: float, height: float, content: bytes) -> None:
        for one in self._all:
            one.image(x, y, width, height, content)

    def turned(self, x: float, y: float) -> AbstractContextManager[None]:
        stack = ExitStack()
        for one in self._all:
            stack.enter_context(one.turned(x, y))
        return _closing(stack)

    def bookmark(self, title: str, y: float = 0.0) -> None:
        for one in self._all:
            one.bookmark(title, y)

    def finish(self) -> bytes:
        self._parts.clear()  # the whole is here
        return self._whole.finish()


@contextmanager
def _closing(stack: ExitStack) -> Iterator[None]:
    with stack:
        yield
