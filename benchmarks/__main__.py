"""Run the benches whose names hold the given words and print a table of each: `dev.py bench [WORD…]`."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.measure import Run, bench_of, cases_of

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "out" / "bench"
HEADINGS = ("", "最短 秒", "中位 秒", "CPU 秒", "内存 MiB", "多占 MiB", "CPU 倍数", "")


def main(words: Sequence[str]) -> int:
    names = [path.stem for path in sorted(HERE.glob("bench_*.py"))]
    chosen = [name for name in names if not words or any(word in name for word in words)]
    if not chosen:
        print(f"没有这样的测速项目；有：{'、'.join(names)}", file=sys.stderr)
        return 2
    print(f"{platform.machine()}，{os.cpu_count()} 核，Python {platform.python_version()}")
    return max(bench(name) for name in chosen)


def bench(name: str) -> int:
    """Let the cases of one bench take turns; answers 1 when one of them broke."""
    module = bench_of(name)
    folder = DATA / name
    folder.mkdir(parents=True, exist_ok=True)
    print(f"\n{module.TITLE}", flush=True)
    # in a process of its own, too: a child's peak memory is never counted below its parent's
    if child(name, "prepare", folder) is None:
        return 1
    runs: dict[str, list[Run]] = {case: [] for case in cases_of(module)}
    for _ in range(module.REPEAT):
        for case, found in runs.items():
            said = child(name, case, folder)
            if said is None:
                return 1
            found.append(Run(**json.loads(said.splitlines()[-1])))
    print_table(HEADINGS, table(runs))
    return 0


def child(name: str, case: str, folder: Path) -> str | None:
    """What one run said; None when it broke, which is told."""
    words = [sys.executable, "-m", "benchmarks.measure", name, case, str(folder)]
    done = subprocess.run(words, cwd=HERE.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{case} 没有跑完：\n{done.stderr}", file=sys.stderr)
        return None
    return done.stdout


def table(runs: dict[str, list[Run]]) -> list[tuple[str, ...]]:
    """A line a case. The ratio is of the least CPU seconds, which a busy machine changes little: how many
    times ours the peer needs."""
    ours = min(run.cpu for run in next(iter(runs.values())))
    lines = []
    for case, found in runs.items():
        best = min(found, key=lambda run: run.wall)
        lines.append(
            (
                case,
                f"{best.wall:.3f}",
                f"{median(run.wall for run in found):.3f}",
                f"{(cpu := min(run.cpu for run in found)):.3f}",
                f"{max(run.peak for run in found):.0f}",
                f"{max(run.grown for run in found):.0f}",
                f"{cpu / ours:.1f}×" if ours else "",
                "　".join(f"{what} {value}" for what, value in best.notes.items()),
            )
        )
    return lines


def print_table(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    columns = list(zip(headings, *lines, strict=True))
    widths = [max(map(width, column)) for column in columns]
    for line in (headings, *lines):
        first, *figures, notes = line
        cells = [first + " " * (widths[0] - width(first))]
        cells += [" " * (wide - width(cell)) + cell for cell, wide in zip(figures, widths[1:-1], strict=True)]
        print("  ".join([*cells, notes]).rstrip())


def width(text: str) -> int:
    """How many half-width places a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
