"""Reading the command line, opening the office, and what each failure comes to."""

from __future__ import annotations

import argparse
import io
import logging
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from gridoffice.build import this_build
from gridoffice.cli import assess, audit, badges, commands, serving, updates
from gridoffice.cli.output import Voice, problem_facts, problem_line
from gridoffice.errors import Cancelled, OfficeError
from gridoffice.progress import watched
from gridoffice.settings import data_folder, default_database

DONE, REFUSED, USAGE, BUG, INTERRUPTED = 0, 1, 2, 3, 130

Command = Callable[[argparse.Namespace, Voice], int | None]


class _Usage(Exception):
    """The call's words are off."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _Usage(f"{self.format_usage().strip()}\n命令写得不对：{message}")


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = _Parser(prog="gridoffice", description="网格办：网格、人员、考核、台账和公文。不带命令时打开窗口。")
    top.add_argument("--database", metavar="文件或网址", help="本机资料库的文件，或共享资料库的网址")
    top.add_argument("--as", dest="account", metavar="账号", help="用哪个账号")
    top.add_argument("--json", action="store_true", help="只输出一个 JSON 对象")
    top.add_argument("--version", action="version", version=f"网格办 {this_build().in_words()}")
    below = top.add_subparsers(dest="command", parser_class=_Parser)
    commands.add(below)
    assess.add(below)
    badges.add(below)
    audit.add(below)
    serving.add(below)
    updates.add(below)
    return top


def run(arguments: list[str]) -> int:
    """Run one command line; answers the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    voice = Voice("--json" in arguments)
    try:
        asked = parser().parse_args(arguments, argparse.Namespace(office=None))
        command: Command = getattr(asked, "run", commands.desktop)
        try:
            with watched(voice.watch):
                answered = command(asked, voice)
        finally:
            if asked.office is not None:
                asked.office.close()
        voice.clear()
        return DONE if answered is None else answered
    except _Usage as usage:
        return _failed(voice, USAGE, str(usage))
    except (KeyboardInterrupt, Cancelled):
        voice.clear()
        return _failed(voice, INTERRUPTED, "已中断，什么也没有写入。")
    except OfficeError as error:
        voice.clear()
        return _failed(voice, REFUSED, error.message, error)
    except BrokenPipeError:
        return DONE
    except Exception:
        voice.clear()
        damaged = _damage(arguments)
        return _failed(voice, REFUSED, damaged) if damaged else _failed(voice, BUG, _logged())


def _damage(arguments: list[str]) -> str:
    """What is wrong with the local office the command was about, if that is what tripped it; empty when all of
    it can be read."""
    from gridoffice.safekeeping import damage

    try:
        asked = parser().parse_args(arguments)
        return damage(asked.database or default_database())
    except (_Usage, OfficeError):
        return ""


def _failed(voice: Voice, status: int, sentence: str, error: OfficeError | None = None) -> int:
    problems = error.problems if error is not None else ()
    if voice.as_json:
        voice.answer({"error": sentence, "problems": [problem_facts(p) for p in problems]}, ())
    if sys.stderr is not None:
        print(sentence, file=sys.stderr)
        if not voice.as_json:
            for problem in problems[:20]:
                print(problem_line(problem), file=sys.stderr)
    return status


def _logged() -> str:
    """Write a bug down under a number; answers the sentence that names it."""
    number = secrets.token_hex(3)
    try:
        file = Path(data_folder()) / "faults.log"
        handler = logging.FileHandler(file, encoding="utf-8")
    except OSError:
        return "刚才这一步没做成，资料没有变。故障说明也写不下来：本机的资料文件夹不能写。"
    logger = logging.getLogger("gridoffice.faults")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger.addHandler(handler)
    logger.propagate = False
    logger.exception("fault %s", number)
    logger.removeHandler(handler)
    handler.close()
    return f"刚才这一步没做成，资料没有变。故障编号 {number}，记在“{file}”。"
