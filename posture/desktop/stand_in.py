"""A desktop for `posture bench`: a private bus with a notification service and a panel that shows tray icons.

`python -m posture.desktop.stand_in LINK FOLDER` starts a bus daemon whose socket lies in FOLDER, tells its address over
the link (an empty line where none can be started), and ends with the other end of the link. The panel asks for what a
real one asks for: all of the icon when it appears and whenever it changes, and the menu when it is laid out anew.
"""

# No postponed annotations: see posture/desktop/tray_sni.py.
import sys

assert sys.platform == "linux"

import asyncio
import contextlib
import shutil
import subprocess
from pathlib import Path
from typing import Annotated, Any

from dbus_fast import Message, MessageType, PropertyAccess, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from posture.atomic_write import write_atomically
from posture.desktop.tray_sni import ITEM_PATH, MENU_PATH, WATCHER, WATCHER_PATH
from posture.link import Link, handed

NOTICES, NOTICES_PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
ITEM, MENU = "org.kde.StatusNotifierItem", "com.canonical.dbusmenu"
CONFIG = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"""
"""Without folders of services: nothing of the user's is started by asking for it."""
Strings = Annotated[list[str], DBusSignature("as")]


class _Notices(ServiceInterface):
    """Takes every notice, and shows none."""

    def __init__(self) -> None:
        super().__init__(NOTICES)
        self._last = 0

    @dbus_method(name="GetServerInformation")
    def information(self) -> Annotated[list[str], DBusSignature("ssss")]:
        return ["stand-in", "posture", "1", "1.2"]

    @dbus_method(name="GetCapabilities")
    def get_capabilities(self) -> Strings:
        return ["body", "actions", "body-markup", "persistence"]

    @dbus_method(name="Notify")
    def notify(
        self,
        app: DBusStr,
        replaces: DBusUInt32,
        icon: DBusStr,
        summary: DBusStr,
        body: DBusStr,
        actions: Strings,
        hints: Annotated[dict[str, Variant], DBusSignature("a{sv}")],
        timeout: DBusInt32,
    ) -> DBusUInt32:
        self._last = replaces or self._last + 1
        return self._last

    @dbus_method(name="CloseNotification")
    def close(self, number: DBusUInt32) -> None:
        self.closed(number)

    @dbus_signal(name="NotificationClosed")
    def closed(self, number: int) -> Annotated[list[int], DBusSignature("uu")]:
        return [number, 3]


class _Panel(ServiceInterface):
    """The watcher of tray icons and a host that shows them."""

    def __init__(self, bus: MessageBus) -> None:
        super().__init__(WATCHER)
        self._bus, self._jobs = bus, set[asyncio.Task[None]]()
        bus.add_message_handler(self._heard)

    @dbus_property(access=PropertyAccess.READ, name="IsStatusNotifierHostRegistered")
    def hosted(self) -> DBusBool:
        return True

    @dbus_method(name="RegisterStatusNotifierItem")
    def register(self, item: DBusStr) -> None:
        self._ask(item, ITEM_PATH, "org.freedesktop.DBus.Properties", "GetAll", "s", ITEM)
        self._ask(item, MENU_PATH, MENU, "GetLayout", "iias", 0, -1, [])

    def _heard(self, message: Message) -> None:
        if message.message_type != MessageType.SIGNAL or message.sender is None:
            return
        if message.interface == ITEM:
            self._ask(message.sender, ITEM_PATH, "org.freedesktop.DBus.Properties", "GetAll", "s", ITEM)
        elif message.interface == MENU and message.member == "LayoutUpdated":
            self._ask(message.sender, MENU_PATH, MENU, "GetLayout", "iias", 0, -1, [])

    def _ask(self, name: str, path: str, interface: str, member: str, signature: str, *body: Any) -> None:
        async def ask() -> None:
            await self._bus.call(Message(name, path, interface, member, signature=signature, body=list(body)))

        job = asyncio.get_running_loop().create_task(ask())
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)


async def serve(link: Link, address: str) -> None:
    """Be the desktop on the bus at `address` until the other end of the link has gone."""
    bus = await MessageBus(bus_address=address).connect()
    bus.export(NOTICES_PATH, _Notices())
    bus.export(WATCHER_PATH, _Panel(bus))
    for interface in (ITEM, MENU):
        rule = f"type='signal',interface='{interface}'"
        dbus = "org.freedesktop.DBus"
        await bus.call(Message(dbus, "/org/freedesktop/DBus", dbus, "AddMatch", signature="s", body=[rule]))
    for name in (NOTICES, WATCHER):
        await bus.request_name(name)
    link.send(address.encode() + b"\n")
    gone = asyncio.Event()
    asyncio.get_running_loop().add_reader(link.fileno(), gone.set)
    await gone.wait()
    bus.disconnect()


def main(link: Link, folder: Path) -> None:
    """Start the bus, serve on it, and end it."""
    program = shutil.which("dbus-daemon")
    config = folder / "bus.conf"
    write_atomically(config, CONFIG.format(socket=folder / "bus"))
    if program is None:
        link.send(b"\n")
        return
    command = [program, f"--config-file={config}", "--nofork", "--nopidfile", "--print-address"]
    bus = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="utf-8")
    try:
        assert bus.stdout is not None
        address = bus.stdout.readline().strip()
        if address:
            asyncio.run(serve(link, address))
        else:
            link.send(b"\n")
    finally:
        bus.terminate()
        bus.wait()


if __name__ == "__main__":
    with contextlib.suppress(OSError, KeyboardInterrupt):
        main(handed(sys.argv[1]), Path(sys.argv[2]))
