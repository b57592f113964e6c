"""The desk at which every page reads, writes and has long work done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from gridoffice.errors import Lost
from gridoffice.office import Done, Office
from gridoffice.progress import Step
from ui.between import Chore
from ui.keeper import Keeper
from ui.tasks import Job, TaskRunner
from ui.together import Together

NOT_SAVED = "连不上资料库，这次没有存。改的内容还在，连上后再存。"


class Desk(QMainWindow):
    """Short questions go to the thread, long ones and long work to the worker process."""

    page_types: tuple[Any, ...]

    def __init__(self, office: Office, runner: TaskRunner):
        super().__init__()
        self.office, self.runner = office, runner
        self.month: int | None = None
        """The month of assessment that is looked at, on all pages about one."""
        self.together = Together(self)
        self.keeper = Keeper(self)
        self.next_office: str | None = None
        """What is opened when this window has closed: a path, or an address, password and all."""
        self.chore: Chore | None = None
        """What is done with this office before that, when nobody has it open."""
        self._job: Job | None = None
        self._beside: dict[tuple[int, str], Job] = {}

    # what the window says and shows

    @property
    def large(self) -> bool:
        """Whether whole-office questions take so long that a thread would make the window stutter."""
        raise NotImplementedError

    def go(self, key: str, **where: Any) -> None:
        raise NotImplementedError

    def complain(self, error: Exception) -> None:
        raise NotImplementedError

    def tell(self, done: Done) -> None:
        raise NotImplementedError

    def show_progress(self, step: Step | None) -> None:
        """How far long work is; None when it is over."""
        raise NotImplementedError

    # reading, writing, working

    def read(
        self,
        asker: QObject,
        question: Callable[..., Any],
        *args: Any,
        then: Callable[[Any], None],
        topic: str = "",
        wrong: Callable[[Exception], None] | None = None,
        heavy: bool = False,
    ) -> None:
        """Ask the office in the thread for short questions; a `heavy` one (over everybody below the
        scope) in the worker process when the office is large. Of several on one topic only the latest
        is answered."""
        topic = topic or question.__qualname__
        if heavy and self.large:
            self._read_beside(asker, question, args, then, topic, wrong)
            return
        self.runner.ask(
            asker,
            self.office.read,
            question,
            *args,
            on_done=then,
            on_error=wrong or self.complain,
            topic=topic,
        )

    def _read_beside(
        self,
        asker: QObject,
        question: Callable[..., Any],
        args: tuple[Any, ...],
        then: Callable[[Any], None],
        topic: str,
        wrong: Callable[[Exception], None] | None,
    ) -> None:
        key = (id(asker), topic)
        earlier = self._beside.get(key)
        if earlier is not None:
            earlier.cancel()

        def done(result: Any) -> None:
            if self._beside.get(key) is job:
                del self._beside[key]
                then(result)

        def failed(error: Exception) -> None:
            if self._beside.get(key) is job:
                del self._beside[key]
                (wrong or self.complain)(error)

        job = self._beside[key] = self.runner.run(
            "ui.jobs:read",
            {
                **self._here,
                "question": f"{question.__module__}:{question.__qualname__}",
                "args": args,
                "keywords": {},
            },
            done,
            failed,
            asker=asker,
        )

    @property
    def _here(self) -> dict[str, str]:
        """How the worker process opens the same office."""
        return {"database": str(self.office.store.address), "account": self.office.who.name}

    def write(
        self,
        asker: QObject,
        service: Callable[..., Any],
        *args: Any,
        then: Callable[[Done], None] | None = None,
        wrong: Callable[[Exception], None] | None = None,
        **keywords: Any,
    ) -> None:
        """Carry out a short service; what it did is said, and every page hears of it."""
        if self.together.lost:
            (wrong or self.complain)(Lost(NOT_SAVED))
            return

        def done(result: Done) -> None:
            self.tell(result)
            if then is not None:
                then(result)

        self.runner.do(
            asker,
            lambda: self.office.write(service, *args, **keywords),
            on_done=done,
            on_error=wrong or self.complain,
        )

    def _work(
        self,
        asker: QObject,
        job: str,
        then: Callable[[Any], None] | None,
        wrong: Callable[[Exception], None] | None,
        step: Callable[[Step], None] | None = None,
        **keywords: Any,
    ) -> Job:

        def progressed(made: Step) -> None:
            self.show_progress(made)
            if step is not None:
                step(made)

        def over() -> None:
            self._job = None
            self.show_progress(None)

        def done(result: Any) -> None:
            over()
            if isinstance(result, Done):
                self.tell(result)
            if then is not None:
                then(result)

        def failed(error: Exception) -> None:
            over()
            (wrong or self.complain)(error)

        self._job = self.runner.run(
            job,
            {**self._here, **keywords},
            done,
            failed,
            progressed,
            asker=asker,
        )
        return self._job

    def work_write(
        self,
        asker: QObject,
        service: str,
        *args: Any,
        then: Callable[[Any], None] | None = None,
        wrong: Callable[[Exception], None] | None = None,
        **keywords: Any,
    ) -> Job | None:
        """A long service ("module:function") in the worker process."""
        if self.together.lost:
            (wrong or self.complain)(Lost(NOT_SAVED))
            return None
        return self._work(asker, "ui.jobs:write", then, wrong, service=service, args=args, keywords=keywords)

    def work(
        self,
        asker: QObject,
        function: str,
        *args: Any,
        then: Callable[[Any], None] | None = None,
        wrong: Callable[[Exception], None] | None = None,
        step: Callable[[Step], None] | None = None,
        **keywords: Any,
    ) -> Job:
        """Long work ("module:function", office first) in the worker process; `step` hears how far it is."""
        call = {"function": function, "args": args, "keywords": keywords}
        return self._work(asker, "ui.jobs:call", then, wrong, step, **call)

    def leave_for(self, database: str) -> None:
        """Close this window and open another office in its place."""
        self.next_office = database
        if not self.close():
            self.next_office = None

    def have_done(self, doing: str, function: str, *args: Any) -> None:
        """Close this window, have "module:function" done on an office that nobody has open, and open it again."""
        call = {**self._here, "function": function, "args": args, "keywords": {}}
        self.chore = Chore(doing, call)
        self.leave_for(str(self.office.store.file))
        if self.next_office is None:
            self.chore = None

    def beside(
        self,
        asker: QObject,
        function: str,
        *args: Any,
        then: Callable[[Any], None],
        wrong: Callable[[Exception], None],
    ) -> Job:
        """Long work of which nothing is shown and for which nobody waits, in the worker process."""
        call = {"function": function, "args": args, "keywords": {}}
        return self.runner.run("ui.jobs:call", {**self._here, **call}, then, wrong, asker=asker)

    def cancel(self) -> None:
        """Cancel the long work that runs."""
        if self._job is not None:
            self._job.cancel()
