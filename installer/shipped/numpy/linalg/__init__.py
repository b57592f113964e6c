"""Stands for numpy's linear algebra, which no line of the program asks for: with it came 20 MB of OpenBLAS.

Whoever calls a function of it is told so; numpy itself only imports the names.
"""

from collections.abc import Callable
from typing import Any


class LinAlgError(ValueError):
    """As numpy calls it."""


def __getattr__(name: str) -> Callable[..., Any]:
    if name.startswith("__"):
        raise AttributeError(name)

    def absent(*_given: Any, **_named: Any) -> Any:
        raise NotImplementedError(f"numpy.linalg.{name} is not shipped (installer/shipped/numpy)")

    return absent
