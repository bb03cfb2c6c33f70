"""The one way to start a process of our own, wait for it, and end it.

A child gets the links that it is to use (`posture.link`), named first on its command line, and nothing else that this
process has open; a Ctrl-C in the terminal is not for it, and what it prints goes nowhere unless POSTURE_DEBUG is set.
One that decodes pictures is held from its start on: its memory is bounded, and on Windows a job object ends it with
this process and refuses it programs of its own.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from posture.language import language
from posture.link import Link
from posture.own_command import output, own_command, own_environment
from posture.own_language import OVERRIDE
from posture.process_memory import limit_memory

END_S = 3.0
"""How long a process has to end by itself before it is ended by force [design choice]."""


class Child:
    """One child, from its start to its end.

    Parameters
    ----------
    module : str
        What it runs, such as ``posture.sensor.process``.
    *arguments : str
        The command line, behind the links.
    links : sequence of Link
        What is handed to it; close here what only the child is to have.
    programs : int
        How many processes it may be: more than one where it has files decoded by another. Only Windows holds it to that
        from outside.
    """

    def __init__(self, module: str, *arguments: str, links: Sequence[Link] = (), programs: int = 1) -> None:
        environment = own_environment() | {OVERRIDE: language()}
        self._process = started(own_command(module), arguments, links, env=environment, stdout=output())
        self._held = None
        if sys.platform == "win32":
            from posture.job import Job

            try:
                self._held = Job(self._process, programs)
            except BaseException:
                self.kill()
                raise
        else:
            limit_memory(self.pid)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def wait(self, timeout_s: float) -> bool:
        """Wait for its end; False where that has not come in time."""
        try:
            self._process.wait(timeout_s if self.running else 0)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it at once, whatever it does; any thread may do so."""
        self._process.kill()

    def end(self, *, ask: bool = True) -> None:
        """End it, and wait for that; safe to call twice. Without `ask` it is to end by itself, and gets no signal."""
        if ask and self.running:
            self._process.terminate()
        if self.wait(END_S):
            return
        self.kill()
        # A driver that hangs keeps even a killed process: it ends when the driver lets it.
        self.wait(END_S)


def started(
    command: Sequence[str],
    arguments: Sequence[str] = (),
    links: Sequence[Link] = (),
    *,
    stays: bool = False,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a process apart from this one's terminal and windows, with these links named behind `command`.

    One that `stays` is not ended with what this process belongs to, such as the job of a terminal on Windows. Errors go
    where the output goes, unless `stderr` says otherwise; for other options see `subprocess.Popen`.
    """
    options = {"stdin": subprocess.DEVNULL, "stderr": options.get("stdout"), **options}
    if sys.platform == "win32":
        return _started_on_windows(command, arguments, links, stays, **options)
    else:
        numbers = [link.fileno() for link in links]
        line = [*command, *map(str, numbers), *arguments]
        return subprocess.Popen(line, pass_fds=numbers, **(APART | options))


if sys.platform == "win32":
    import _winapi
    import contextlib

    from posture.link_pipe import PipeLink

    NO_CONSOLE: dict[str, Any] = {"creationflags": subprocess.CREATE_NO_WINDOW}
    """Options of `Popen` for a program that is run and waited for: no console comes up for it."""
    APART: dict[str, Any] = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    """Options of `Popen` that keep a Ctrl-C in the terminal from a process, and its console off the screen."""

    def _started_on_windows(
        command: Sequence[str],
        arguments: Sequence[str],
        links: Sequence[Link],
        stays: bool,
        env: dict[str, str],
        **options: Any,
    ) -> subprocess.Popen[bytes]:
        handles = [link.inheritable() for link in links if isinstance(link, PipeLink)]
        line = [*command, *map(str, handles), *arguments]
        program, env = _program(line[0], env)
        given = subprocess.STARTUPINFO(lpAttributeList={"handle_list": handles} if handles else None)
        options |= {"executable": program, "env": env, "startupinfo": given}
        try:
            if stays:
                with contextlib.suppress(PermissionError):  # a job may keep its processes
                    flags = APART["creationflags"] | _winapi.CREATE_BREAKAWAY_FROM_JOB
                    return subprocess.Popen(line, **options, creationflags=flags)
            return subprocess.Popen(line, **(APART | options))
        finally:
            for handle in handles:
                _winapi.CloseHandle(handle)

    def _program(python: str, environment: dict[str, str]) -> tuple[str, dict[str, str]]:
        """Give what to start for a Python: that of a virtual environment only starts another one, and waits for it."""
        base = getattr(sys, "_base_executable", python)
        if getattr(sys, "frozen", False) or Path(base).samefile(python):
            return python, environment
        return base, environment | {"__PYVENV_LAUNCHER__": python}

else:
    NO_CONSOLE: dict[str, Any] = {}
    """Options of `Popen` for a program that is run and waited for: elsewhere none come with a console."""
    APART: dict[str, Any] = {"start_new_session": True}
    """Options of `Popen` that keep a Ctrl-C in the terminal from a process."""
