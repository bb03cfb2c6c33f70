"""The daemon stays within reach and the only one: it makes its socket and its locks anew when they are removed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from posture.control.channel import ControlServer
from posture.control.instance import SingleInstance
from posture.daemon.logs import Log
from posture.settings import Settings


class Reach:
    """A logout or a cleaner of temporary files takes the runtime folder; a restored or removed history, its lock.

    Parameters
    ----------
    instance : SingleInstance or None
        The locks of this process; None where there are none, as in tests.
    settings : callable
        Returns the present settings: they say where the history is.
    give_way : callable
        Called when another process has the place by now; two daemons would record one sitting twice.
    """

    def __init__(
        self,
        log: Log,
        instance: SingleInstance | None,
        control: ControlServer,
        settings: Callable[[], Settings],
        give_way: Callable[[], None],
    ) -> None:
        self._log, self._instance, self._control = log, instance, control
        self._settings, self._give_way = settings, give_way

    @property
    def files(self) -> tuple[Path, ...]:
        """What must not be removed."""
        locks = self._instance.locks if self._instance is not None else ()
        return (Path(self._control.place), *locks) if self._control.place else locks

    async def keep(self) -> None:
        """Make anew what was removed; PostureError where that is not possible."""
        if await self._control.renew():
            self._log.write("the control channel was removed, and is made anew", place=self._control.place)
        if self._instance is not None and not self._instance.keep(self._settings(), self._control.place):
            self._log.write("another posture has taken over", process=getattr(self._instance.other, "pid", None))
            self._give_way()
