"""The daemon's jobs: an error in one ends neither it nor another. It is tried again, later each time, and said.

A job is one of three. A *step* is done when it says that it is due, and whenever something was heard: reading the
settings, ending a pause. A job that is *kept* goes on as long as the daemon, such as the link to a bus, and is begun
anew if it ends. What is *heard* comes from outside: a button, a look. Each has a name to be read after "posture failed
at", marked for translation.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

from posture.backoff import Backoff
from posture.clock import now_s
from posture.daemon.logs import Log
from posture.errors import PostureError
from posture.language import tr

AGAIN = Backoff(2.0, 300.0)
"""When a job that failed is tried again [design choice]."""
STEP_S = 30.0
"""A step that takes longer has got stuck, and is given up for this time; what it asks for answers within 2 s."""
WELL_S = 30.0
"""A job that was begun anew and is at work for so long works again [design choice]."""
LEAST_S = 0.5
"""No step is due again sooner, whatever it says: a mistake there must not keep a core busy [design choice]."""
EARLY_S = 0.05
"""A clock may wake the daemon a little early."""


@dataclass
class _Step:
    name: str
    do: Callable[[], Awaitable[None] | None]
    due_in_s: Callable[[], float]
    due_s: float = float("-inf")
    backoff: Backoff = AGAIN


class Supervisor:
    """Runs jobs; `clock` gives seconds that never go back. Used in the event loop's thread only."""

    def __init__(self, log: Log, clock: Callable[[], float] = now_s) -> None:
        self._log, self._clock = log, clock
        self._steps: list[_Step] = []
        self._kept: set[asyncio.Task[None]] = set()
        self._others: set[asyncio.Task[None]] = set()
        self._failing: dict[str, str] = {}
        self.stir: Callable[[], None] = lambda: None
        """Called when something was heard, or a single job has ended: the steps are to be done."""

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence for each job that failed the last time."""
        return tuple(self._failing.values())

    @property
    def going(self) -> bool:
        """Whether every job that is kept is still there: at work, or waiting to be tried again."""
        return not any(task.done() for task in self._kept)

    # -- steps --------------------------------------------------------------------------------------------------

    def add(
        self, name: str, do: Callable[[], Awaitable[None] | None], due_in_s: Callable[[], float] = lambda: LEAST_S
    ) -> None:
        """Add a step after those that are there; `due_in_s` is asked after each round in how many seconds it is due."""
        self._steps.append(_Step(name, do, due_in_s))

    @property
    def steps(self) -> tuple[str, ...]:
        """The names of the steps, in their order."""
        return tuple(step.name for step in self._steps)

    async def round(self, *, everything: bool = True) -> float:
        """Do the steps that are due, or `everything`, but for those that failed a short time ago.

        Gives in how many seconds one of them is due next.
        """
        for step in self._steps:
            now_s = self._clock()
            if now_s < step.backoff.due_s or not (everything or step.backoff.wait_s or step.due_s <= now_s + EARLY_S):
                continue
            error = await self._tried(step.do)
            step.backoff = step.backoff.reset() if error is None else step.backoff.failed(self._clock())
            self.note(step.name, error)
        for step in self._steps:
            step.due_s = self._due_s(step)
        return min((step.due_s for step in self._steps), default=math.inf) - self._clock()

    def _due_s(self, step: _Step) -> float:
        if not step.backoff.wait_s:
            try:
                return self._clock() + max(LEAST_S, step.due_in_s())
            except Exception as error:
                step.backoff = step.backoff.failed(self._clock())
                self.note(step.name, error)
        return step.backoff.due_s  # one that has failed is tried again then, due or not

    async def _tried(self, do: Callable[[], Awaitable[None] | None]) -> BaseException | None:
        try:
            async with asyncio.timeout(STEP_S):
                if (waiting := do()) is not None:
                    await waiting
        except asyncio.CancelledError as error:
            if _is_cancelled():
                raise
            return error  # it has cancelled itself
        except Exception as error:
            return error
        return None

    # -- jobs that are kept, and single ones ---------------------------------------------------------------------

    def keep(self, name: str, begin: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run a job as long as the daemon runs, and begin it anew whenever it ends."""
        self._kept.add(asyncio.get_running_loop().create_task(self._keep(name, begin)))

    async def _keep(self, name: str, begin: Callable[[], Coroutine[Any, Any, None]]) -> None:
        backoff = AGAIN
        while True:
            begun_s = self._clock()
            well = asyncio.get_running_loop().call_later(WELL_S, self.note, name, None)
            try:
                await begin()
                error: BaseException = RuntimeError("it has ended")
            except asyncio.CancelledError as cancelled:
                if _is_cancelled():
                    raise
                error = cancelled
            except Exception as found:
                error = found
            finally:
                well.cancel()
            self.note(name, error)
            backoff = (AGAIN if self._clock() - begun_s > AGAIN.longest_s else backoff).failed(self._clock())
            await asyncio.sleep(backoff.wait_s)

    def do(self, job: Coroutine[Any, Any, None]) -> None:
        """Run a single job in the background."""
        task = asyncio.get_running_loop().create_task(self._do(job))
        self._others.add(task)
        task.add_done_callback(self._others.discard)

    async def _do(self, job: Coroutine[Any, Any, None]) -> None:
        task = getattr(job, "__name__", "").strip("_").replace("_", " ")
        error: Exception | None = None
        try:
            await job
        except Exception as found:
            error = found
        # Translators: {task} is an English name; the whole stands after "posture failed at".
        self.note(f"a task ({task})", error, tr("a task ({task})", task=task))
        self.stir()

    # -- what is heard -------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def trying(self, name: str) -> Iterator[None]:
        """Let an error in the block end the block and nothing else."""
        error: Exception | None = None
        try:
            yield
        except Exception as found:
            error = found
        self.note(name, error)

    def heard(self, name: str, call: Callable[[Any], None]) -> Callable[[Any], None]:
        """Give `call` in a form that lets no error out to whoever calls it."""

        def tried(value: Any) -> None:
            with self.trying(name):
                call(value)
            self.stir()

        return tried

    def note(self, name: str, error: BaseException | None, said: str = "") -> None:
        """Note how a job went: what fails is said in the status, and once in the log; so is that it works again.

        `said` is the name as it is read, where that is not the translation of `name`.
        """
        if error is None:
            if self._failing.pop(name, None) is not None:
                self._log.write("works again", job=name)
            return
        why = str(error) if isinstance(error, PostureError) else f"{error!r:.100}"
        # Translators: {job} is such as "reading the settings".
        sentence = tr(
            "posture failed at {job} ({why}): it goes on, and tries again; see posture logs.",
            job=said or tr(name),
            why=why.rstrip("."),
        )
        if self._failing.get(name) != sentence:
            self._log.write("error", job=name, error=repr(error), trace=traceback.format_exception(error)[-3:])
        self._failing[name] = sentence

    async def end(self) -> None:
        """End everything that runs."""
        tasks = [*self._kept, *self._others]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _is_cancelled() -> bool:
    """Whether the task that runs is being ended from outside."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
