"""One measured run of one case in a process of its own: `python -m benchmarks.measure MODULE CASE FOLDER`.

`prepare` as the case makes the data instead.

A bench is a module `bench_<subject>.py` with

    TITLE      one line, what is compared
    prepare    optional: makes the data in a folder, once, not measured
    CASES      name -> function(folder, watch); the first is ours, the others are its peers
    REPEAT     how often each case runs (the cases take turns, so that a busy machine is fair to all)

A case does its own preparing, then the work inside `with watch:`; `watch.note` adds a figure. A
fresh process for every run keeps one case's memory and warm caches out of the next one's numbers.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Self


@dataclass(slots=True)
class Watch:
    """Times what happens inside it: wall and CPU seconds (children included), and peak memory in MB."""

    wall: float = 0.0
    cpu: float = 0.0
    notes: dict[str, str] = field(default_factory=dict)
    _start: tuple[float, float] = (0.0, 0.0)

    def __enter__(self) -> Self:
        self._start = (time.perf_counter(), cpu_seconds())
        return self

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter() - self._start[0]
        self.cpu += cpu_seconds() - self._start[1]

    def note(self, what: str, value: float, unit: str = "") -> None:
        self.notes[what] = f"{value:,.3g}{unit}" if abs(value) < 1000 else f"{value:,.0f}{unit}"


@dataclass(frozen=True, slots=True)
class Run:
    """The figures of one run. `peak` is in MB and counts imports and preparing too."""

    wall: float
    cpu: float
    peak: float
    notes: Mapping[str, str]


Case = Callable[[Path, Watch], None]


def bench_of(name: str) -> ModuleType:
    return importlib.import_module(f"benchmarks.{name}")


def cases_of(module: ModuleType) -> Mapping[str, Case]:
    return module.CASES


def cpu_seconds() -> float:
    """CPU seconds of this process and of its children that have ended."""
    if sys.platform == "win32":
        return time.process_time()
    import resource

    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def peak_memory() -> float:
    """The most memory this process ever held, in MB; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0.0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main(module: str, case: str, folder: str) -> None:
    if case == "prepare":
        getattr(bench_of(module), "prepare", lambda _: None)(Path(folder))
        return
    watch = Watch()
    cases_of(bench_of(module))[case](Path(folder), watch)
    print(json.dumps(asdict(Run(watch.wall, watch.cpu, peak_memory(), watch.notes))))


if __name__ == "__main__":
    main(*sys.argv[1:])
