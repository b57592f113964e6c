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
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Self


@dataclass(slots=True)
class Watch:
    """Times what happens inside it: wall and CPU seconds (children included), and in MiB the most memory
    the process held then and how much more that was than before (where the system tells)."""

    wall: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    grown: float = 0.0
    notes: dict[str, str] = field(default_factory=dict)
    _start: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def __enter__(self) -> Self:
        self._start = (time.perf_counter(), cpu_seconds(), forget_peak())
        return self

    def __exit__(self, *_: object) -> None:
        wall, cpu, held = self._start
        self.wall += time.perf_counter() - wall
        self.cpu += cpu_seconds() - cpu
        self.peak = max(self.peak, peak_memory())
        self.grown = max(self.grown, peak_memory() - held)

    def note(self, what: str, value: float, unit: str = "") -> None:
        self.notes[what] = f"{value:,.3g}{unit}" if abs(value) < 1000 else f"{value:,.0f}{unit}"


@dataclass(frozen=True, slots=True)
class Run:
    """The figures of one run; memory in MiB, `grown` without what the process held before."""

    wall: float
    cpu: float
    peak: float
    grown: float
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
    """The most memory this process held since `forget_peak`, in MiB; 0 where the system does not say."""
    if sys.platform == "linux":
        return _status("VmHWM")
    if sys.platform == "win32":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def forget_peak() -> float:
    """Let the peak begin anew where the system can; answers how much memory is held now, in MiB."""
    if sys.platform != "linux":
        return peak_memory()
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


def main(module: str, case: str, folder: str) -> None:
    if case == "prepare":
        getattr(bench_of(module), "prepare", lambda _: None)(Path(folder))
        return
    watch = Watch()
    cases_of(bench_of(module))[case](Path(folder), watch)
    print(json.dumps(asdict(Run(watch.wall, watch.cpu, watch.peak, watch.grown, watch.notes))))


if __name__ == "__main__":
    main(*sys.argv[1:])
