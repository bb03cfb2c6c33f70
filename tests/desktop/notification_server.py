"""A notification service for tests: speaks the real protocol, and writes what it is told as lines of JSON.

python notification_server.py CAPABILITY...
"""

import asyncio
import json
import sys

from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_method

NAME = "org.freedesktop.Notifications"


def write(**what: object) -> None:
    print(json.dumps(what), flush=True)


class Server(ServiceInterface):
    def __init__(self, capabilities: list[str]) -> None:
        super().__init__(NAME)
        self.capabilities = capabilities
        self.count = 0

    @dbus_method()
    def GetServerInformation(self) -> "ssss":  # noqa: F821, N802
        return ["recorder", "posture", "1.0", "1.2"]

    @dbus_method()
    def GetCapabilities(self) -> "as":  # noqa: F722, N802
        return self.capabilities

    @dbus_method()
    def Notify(  # noqa: N802
        self,
        app: "s",  # noqa: F821
        replaces: "u",  # noqa: F821
        icon: "s",  # noqa: F821
        title: "s",  # noqa: F821
        body: "s",  # noqa: F821
        actions: "as",  # noqa: F722
        hints: "a{sv}",  # noqa: F722
        timeout_ms: "i",  # noqa: F821
    ) -> "u":  # noqa: F821
        self.count += 1
        write(app=app, title=title, body=body, actions=actions, hints={key: hints[key].value for key in hints})
        return self.count


async def main() -> None:
    bus = await MessageBus().connect()
    bus.export("/org/freedesktop/Notifications", Server(sys.argv[1:]))
    await bus.request_name(NAME)
    write(ready=True)
    await bus.wait_for_disconnect()


asyncio.run(main())
