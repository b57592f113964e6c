"""The worker process: long work beside the window, so that the window never waits.

Nothing of Qt is imported here. The process lives as long as the pipe to the window: when the window's
process ends, however it ends, the pipe closes and the worker leaves at once; a transaction that was
open is rolled back by the database.

Messages to the worker: ("run", number, "package.module:function", keywords), ("cancel", number),
("warm", names), ("leave",). Messages back: ("ready", pid), ("step", number, Step), ("done", number, result),
("refused", number, OfficeError), ("bug", number, text of the traceback).
"""

from __future__ import annotations

import importlib
import os
import pickle
import queue
import signal
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from gridoffice.errors import Cancelled, OfficeError
from gridoffice.progress import Step, watched

STEP_SECONDS = 0.05
"""Steps nearer together than this are not sent: nobody could read them."""
QUIET_SECONDS = 1.0
"""So long nobody has asked for anything when things are made ready: a job cannot overtake what has begun."""


def find(name: str) -> Callable[..., Any]:
    """The function named "package.module:function"."""
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


class _Watch:
    """Sends the steps of one job home and answers whether it may go on."""

    def __init__(self, send: Callable[[tuple[Any, ...]], None], number: int, cancelled: set[int]):
        self._send, self._number, self._cancelled = send, number, cancelled
        self._last = 0.0
        self._doing = ""

    def __call__(self, step: Step) -> bool:
        now = time.monotonic()
        if now - self._last >= STEP_SECONDS or step.doing != self._doing or step.done == step.total:
            self._last, self._doing = now, step.doing
            self._send(("step", self._number, step))
        return self._number not in self._cancelled


def serve(pipe: Connection) -> None:
    """The worker's whole life: take jobs from the pipe one after the other until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is the window's business
    jobs: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
    cancelled: set[int] = set()
    sending = threading.Lock()

    def send(message: tuple[Any, ...]) -> None:
        with sending:
            try:
                pipe.send(message)
            except OSError:
                os._exit(0)

    def listen() -> None:
        try:
            while True:
                message = pipe.recv()
                if message[0] == "leave":
                    os._exit(0)
                elif message[0] == "cancel":
                    cancelled.add(message[1])
                else:
                    jobs.put(message)
        except (EOFError, OSError):
            os._exit(0)  # the window is gone; nobody is left to answer to

    threading.Thread(target=listen, name="listen", daemon=True).start()
    send(("ready", os.getpid()))
    cold: list[str] = []
    while True:
        try:  # whoever waits comes first
            message = jobs.get(timeout=_patience(cold[0]) if cold else None)
        except queue.Empty:
            _warm(cold.pop(0))
            continue
        if message[0] == "warm":
            cold += message[1]
        else:
            _, number, name, keywords = message
            send(_outcome(number, name, keywords, _Watch(send, number, cancelled), cancelled))


def _patience(name: str) -> float:
    """How long to wait for a job, in seconds, before this is done for later."""
    return QUIET_SECONDS if ":" in name else 0.0


def _warm(name: str) -> None:
    """Import a module before it is needed, or call a "package.module:function" that makes things ready."""
    if ":" in name:
        find(name)()
    else:
        importlib.import_module(name)


def _outcome(
    number: int, name: str, keywords: dict[str, Any], watch: _Watch, cancelled: set[int]
) -> tuple[Any, ...]:
    """Do one job and say how it ended; whatever it raises becomes a message."""
    try:
        if number in cancelled:
            raise Cancelled
        with watched(watch):
            result = find(name)(**keywords)
        pickle.dumps(result)  # a result that cannot travel is the job's bug, told like any other
        return "done", number, result
    except OfficeError as error:
        return "refused", number, error
    except BaseException:  # the window must hear of everything, even of SystemExit
        return "bug", number, traceback.format_exc()
