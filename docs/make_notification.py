"""Make docs/img/notification.png: a reminder on a real screen, shown by a real notification service.

xvfb-run -s "-screen 0 560x300x24" dbus-run-session -- python docs/make_notification.py

Needs scrot, and the service that is given as an argument or else xfce4-notifyd.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

from posture.coach.exercises import find_exercise
from posture.coach.sentences import Facts, body_of, title_of
from posture.desktop.bus import Bus
from posture.desktop.notices import Button, Notices
from posture.desktop.notify import open_notifier
from posture.settings import DesktopSettings

SERVICE = "/usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd"
SETTLED_S = 2.5
"""For the service to be there, and for the message to have faded in."""
MARGIN_PX = 12
BUTTONS = (Button("done", "Done"), Button("snooze", "Snooze 10 min"), Button("meeting", "In a meeting"))


async def show() -> None:
    """Show the reminder."""
    bus = Bus("session")
    await bus.connect()
    notices = Notices(bus, open_notifier(DesktopSettings(), print), print, print)
    await notices.start()
    facts = Facts(31 * 60.0, 30 * 60.0, "sitting", exercise=find_exercise("ql_stand"), side="left")
    await notices.show(title_of("stand", facts), body_of("stand", facts), BUTTONS)
    await asyncio.sleep(SETTLED_S)


async def main() -> None:
    """Make the picture."""
    service = subprocess.Popen(sys.argv[1:] or [SERVICE])
    try:
        await asyncio.sleep(SETTLED_S)
        await show()
        with tempfile.TemporaryDirectory() as folder:
            shot = Path(folder, "screen.png")
            subprocess.run(["scrot", str(shot)], check=True)
            screen = Image.open(shot).convert("RGB")
    finally:
        service.terminate()
    left, top, right, bottom = ImageChops.difference(screen, Image.new("RGB", screen.size)).getbbox() or (0, 0, 1, 1)
    shown = screen.crop((left, top, right, bottom))
    framed = Image.new("RGB", (shown.width + 2 * MARGIN_PX, shown.height + 2 * MARGIN_PX), (70, 95, 105))
    framed.paste(shown, (MARGIN_PX, MARGIN_PX))
    framed.quantize(64).save(Path(__file__).parent / "img/notification.png", optimize=True)


asyncio.run(main())
