"""Parts of a package that are no ledgers, by the key each bears."""

from __future__ import annotations

from gridoffice.ledgers import LEDGERS
from gridoffice.packages.attached import FILES
from gridoffice.packages.gone import GONE
from gridoffice.packages.seen import Sort
from gridoffice.packages.tenures import TENURES
from gridoffice.packages.tree import TREE

BESIDE: dict[str, Sort] = {key: one for one in (TREE, FILES, GONE, TENURES) for key in one.keys}


def is_known(key: str) -> bool:
    """Whether this program can take such a part in."""
    return key in BESIDE or key in LEDGERS


def title_of(key: str) -> str:
    """What a part is called."""
    return BESIDE[key].title(key) if key in BESIDE else LEDGERS[key].title


def amount(key: str, count: int) -> str:
    """How much of a part there is: 12 行."""
    return f"{count} {BESIDE[key].unit if key in BESIDE else '行'}"


def counted(key: str, title: str, count: int) -> str:
    """A part with how much of it there is: 网格员花名册 12 行."""
    return f"{title} {amount(key, count)}"
