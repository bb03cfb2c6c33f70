"""A service that leaves a message on the screen when its button was pressed, as mako does."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from private_session import Session

from posture.desktop import notices_bus
from posture.desktop.bus import Bus
from posture.desktop.notices import Button
from posture.desktop.notices_bus import BusNotices
from posture.desktop.notify_base import Delivery

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"


class Fallback:
    def send(self, title: str, body: str) -> Delivery:
        raise AssertionError("there is a service")


@pytest.mark.parametrize("another", [False, True])
def test_what_was_answered_is_taken_away(session: Session, monkeypatch: pytest.MonkeyPatch, another: bool) -> None:
    from dbus_fast import Message, MessageType

    monkeypatch.setattr(notices_bus, "AFTER_PRESS_S", 3600.0 if another else 0.0)

    async def job() -> list[Any]:
        service, bus = Bus("session"), Bus("session")
        await service.connect()
        await bus.connect()
        closed: asyncio.Queue[Any] = asyncio.Queue()
        pressed: asyncio.Queue[str] = asyncio.Queue()

        def answer(message: Message) -> Message | None:
            if message.message_type is not MessageType.METHOD_CALL or message.interface != NAME:
                return None
            if message.member == "GetCapabilities":
                return Message.new_method_return(message, "as", [["actions"]])
            if message.member == "Notify":
                return Message.new_method_return(message, "u", [7])
            closed.put_nowait(message.body[0])
            return Message.new_method_return(message)

        service.raw.add_message_handler(answer)
        await service.raw.request_name(NAME)
        notices = BusNotices(bus, Fallback(), pressed.put_nowait, lambda message, why: None)
        await notices.start()
        await notices.show("Time to stand", "Stand up.", (Button("done", "Done"),))
        await service.raw.send(Message.new_signal(PATH, NAME, "ActionInvoked", "us", [7, "done"]))
        found: list[Any] = [await pressed.get()]
        if another:  # of the same number: it replaces the first
            await notices.show("Kept", "It is kept.")
            notices._close_answered(1)
            assert notices._later is None, "it is of the message before"
            await notices.withdraw()
        found.append(await closed.get())
        await notices.close()
        service.close()
        bus.close()
        return found

    assert asyncio.run(asyncio.wait_for(job(), 45.0)) == ["done", 7]
