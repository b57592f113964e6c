"""Python's search for unreachable cycles, put off while many values are made that all stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """No search inside: of 150,000 rows it would look at every cell again and again, a third of the
    time that reading takes, and find nothing. What nobody refers to is still freed at once."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        # what was made is old from now on: else the next search would look at all of it at once
        gc.freeze()
        gc.unfreeze()
        gc.enable()
