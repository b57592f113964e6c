"""Jobs for the worker process of the tests; never imported by the program."""

from __future__ import annotations

import os
import time

from gridoffice.errors import Problem, RuleBroken
from gridoffice.progress import counted, report


def add(one: int, other: int) -> int:
    return one + other


def steps(total: int) -> int:
    done = 0
    for _ in counted(range(total), "数一数", total, every=1):
        done += 1
    return done


def endless(beacon: str) -> None:
    """Work until cancelled; writes its process id, so that a test can look for it."""
    with open(beacon, "w", encoding="ascii") as file:  # noqa: PTH123
        file.write(str(os.getpid()))
    while True:
        report("一直做", 1)
        time.sleep(0.005)


def deaf(beacon: str) -> None:
    """Work that never reports, in pure Python."""
    with open(beacon, "w", encoding="ascii") as file:  # noqa: PTH123
        file.write(str(os.getpid()))
    while True:
        sum(range(10_000))


def refuse() -> None:
    raise RuleBroken("手机号只有 10 位，应为 11 位。", [Problem("手机号只有 10 位，应为 11 位。", row=41)])


def stumble() -> None:
    raise ZeroDivisionError("a bug")


def die() -> None:
    os._exit(9)


def unportable() -> object:
    return lambda: None


def rows(count: int) -> int:
    """Pure-Python work over `count` rows, as checking a roster is."""
    found = 0
    for number in counted(range(count), "核对", count):
        text = f"51992119{number:010d}"
        found += sum(int(digit) * weight for digit, weight in zip(text, range(18), strict=True)) % 11 == 3
    return found
