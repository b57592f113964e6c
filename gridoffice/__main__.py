"""The program: `gridoffice COMMAND …`, or the desktop when no command is given."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run one command; answers the exit status (0 done, 1 refused, 2 usage, 3 bug, 130 interrupted)."""
    if getattr(sys, "frozen", False):
        # the worker process of a packed program is the program itself, started with other words
        from multiprocessing import freeze_support

        freeze_support()
    from gridoffice.cli.main import run

    return run(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())
