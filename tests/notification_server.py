"""A notification service that records: org.freedesktop.Notifications on the session bus, for tests.

Writes a JSON object a line for each call. A line on standard input presses that button of the last message, or, as
``paused 1``, turns do-not-disturb on the way dunst shows it.
"""

# No postponed annotations: see posture/desktop/tray_sni.py.
import asyncio
import json
import sys
from typing import Annotated, Any

from dbus_fast import PropertyAccess, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

Strings = Annotated[list[str], DBusSignature("as")]


def tell(**what: Any) -> None:
    print(json.dumps(what), flush=True)


class Dunst(ServiceInterface):
    def __init__(self) -> None:
        super().__init__("org.dunstproject.cmd0")
        self.is_paused = False

    @dbus_property(access=PropertyAccess.READ)
    def paused(self) -> DBusBool:
        return self.is_paused


class Notifications(ServiceInterface):
    def __init__(self, capabilities: list[str]) -> None:
        super().__init__("org.freedesktop.Notifications")
        self.capabilities, self.last = capabilities, 0

    @dbus_method(name="GetServerInformation")
    def information(self) -> Annotated[list[str], DBusSignature("ssss")]:
        return ["recorder", "posture", "1", "1.2"]

    @dbus_method(name="GetCapabilities")
    def get_capabilities(self) -> Strings:
        return self.capabilities

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
        self.last = replaces or self.last + 1
        plain = {name: one.value for name, one in hints.items()}
        told = {"icon": icon, "stays_ms": timeout, "app": app}
        tell(shown=self.last, replaces=replaces, summary=summary, body=body, actions=actions, hints=plain, **told)
        return self.last

    @dbus_method(name="CloseNotification")
    def close(self, number: DBusUInt32) -> None:
        tell(closed=number)
        self.closed(number)

    @dbus_signal(name="ActionInvoked")
    def pressed(self, key: str) -> Annotated[list[Any], DBusSignature("us")]:
        return [self.last, key]

    @dbus_signal(name="NotificationClosed")
    def closed(self, number: int) -> Annotated[list[int], DBusSignature("uu")]:
        return [number, 3]


async def main() -> None:
    bus = await MessageBus().connect()
    service, dunst = Notifications(sys.argv[1:] or ["body", "actions", "body-markup"]), Dunst()
    bus.export("/org/freedesktop/Notifications", service)
    bus.export("/org/freedesktop/Notifications", dunst)
    await bus.request_name("org.freedesktop.Notifications")
    tell(ready=True)

    def read() -> None:
        words = sys.stdin.readline().split()
        if words[:1] == ["paused"]:
            dunst.is_paused = words[1] == "1"
            tell(paused=dunst.is_paused)
        elif words:
            service.pressed(words[0])
            service.closed(service.last)
        else:
            bus.disconnect()

    asyncio.get_running_loop().add_reader(sys.stdin, read)
    await bus.wait_for_disconnect()


asyncio.run(main())
