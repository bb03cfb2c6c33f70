"""A message on Windows without buttons, by plyer.

The daemon's reminders go by `notices_windows`; that is what is probed.
"""

from __future__ import annotations

import asyncio
import threading

from posture.desktop.notices_windows import APP, FROZEN, REFUSED, backend
from posture.desktop.notify_base import NotifyError
from posture.desktop.notify_plyer import PlyerService
from posture.event_loop import loop_factory
from posture.language import tr

LOADING_S = 8.0
"""Loading its packages takes seconds where a scanner looks at each file [design choice]."""


class WindowsService(PlyerService):
    """See `posture.desktop.notify_base.NotificationService`."""

    def probe(self) -> str:
        """Say whether reminders have buttons; a NotifyError says that the user has turned them off."""
        found: list[str | bool] = []

        async def ask() -> bool:
            return bool(await backend(lambda _name, _key: None).has_authorisation())

        def work() -> None:
            try:
                with asyncio.Runner(loop_factory=loop_factory()) as runner:
                    found.append(runner.run(ask()))
            except Exception as error:  # of the packages, or of Windows
                found.append(str(error).strip() or type(error).__name__)

        worker = threading.Thread(target=work, name="posture-probe", daemon=True)
        worker.start()
        worker.join(self._timeout_s + LOADING_S)
        if found == [True]:
            return tr("Windows, under the name {name}, with buttons", name=APP)
        if found == [False]:
            raise NotifyError(tr(REFUSED))
        why = str(found[0]) if found else tr(FROZEN, seconds=f"{self._timeout_s:g}")
        return tr("{service}, without buttons ({why})", service=super().probe(), why=why.rstrip("."))
