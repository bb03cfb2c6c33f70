from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from typing import Any

from private_session import Program, Session

from posture.desktop.bus import Bus
from posture.desktop.notices import Button, Notices
from posture.desktop.notify_base import Delivery

BUTTONS = (Button("done", "Done"), Button("snooze", "Snooze 10 min"), Button("meeting", "In a meeting"))


class Unused:
    """The fallback, which must not be needed where there is a bus."""

    def send(self, title: str, body: str) -> Delivery:
        raise AssertionError(title)


class Rig:
    def __init__(self) -> None:
        self.pressed: asyncio.Queue[str] = asyncio.Queue()
        self.unsaid: list[tuple[str, str]] = []

    def run(self, job: Callable[[Notices, Bus], Awaitable[None]]) -> None:
        async def whole() -> None:
            bus = Bus("session")
            await bus.connect()
            notices = Notices(bus, Unused(), self.pressed.put_nowait, lambda what, why: self.unsaid.append((what, why)))
            await notices.start()
            await job(notices, bus)
            bus.close()

        asyncio.run(whole())


async def received(server: Program) -> dict[str, Any]:
    return await asyncio.to_thread(server.told)


def test_shown_replaced_in_place_and_withdrawn(session: Session) -> None:
    server = session.notifications()

    async def job(notices: Notices, bus: Bus) -> None:
        assert (await notices.show("Time to stand", "31 min & <more>", BUTTONS)).via == "desktop"
        first = await received(server)
        assert first["summary"] == "Time to stand"
        assert first["body"] == "31 min &amp; &lt;more&gt;"
        assert first["actions"] == ["done", "Done", "snooze", "Snooze 10 min", "meeting", "In a meeting"]
        assert first["hints"]["urgency"] == 1
        assert first["replaces"] == 0
        await notices.show("Time to stand", "41 min", BUTTONS)
        assert (await received(server))["replaces"] == first["shown"]
        await notices.withdraw()
        assert await received(server) == {"closed": first["shown"]}
        await notices.withdraw()
        await notices.show("Change your position", "", BUTTONS)
        assert (await received(server))["replaces"] == 0

    Rig().run(job)


def test_a_pressed_button_comes_back(session: Session) -> None:
    server, rig = session.notifications(), Rig()

    async def job(notices: Notices, bus: Bus) -> None:
        await notices.show("Time to stand", "", BUTTONS)
        await received(server)
        server.write("snooze")
        assert await asyncio.wait_for(rig.pressed.get(), 10) == "snooze"
        # What was pressed is closed: the next one stands for itself.
        await notices.show("Time to stand", "", BUTTONS)
        assert (await received(server))["replaces"] == 0

    rig.run(job)


def test_without_actions_there_are_no_buttons_and_text_is_plain(session: Session) -> None:
    server = session.notifications("body")

    async def job(notices: Notices, bus: Bus) -> None:
        await notices.show("-x", "a < b", BUTTONS)
        shown = await received(server)
        assert (shown["summary"], shown["body"], shown["actions"]) == ("-x", "a < b", [])

    Rig().run(job)


def test_a_frozen_service_costs_nothing_and_gets_no_pile(session: Session) -> None:
    server, rig = session.notifications(), Rig()

    async def job(notices: Notices, bus: Bus) -> None:
        await notices.show("one", "")
        shown = await received(server)
        server.process.send_signal(signal.SIGSTOP)
        # The first call after it freezes waits for its 2 s; the loop goes on meanwhile.
        call = asyncio.create_task(notices.show("two", ""))
        turns = 0
        while not call.done():
            await asyncio.sleep(0.01)
            turns += 1
        assert (await call).via == "console"
        assert turns > 20
        server.process.send_signal(signal.SIGCONT)
        # The question about its abilities was answered late and led to nothing.
        assert (await notices.show("three", "")).via == "desktop"
        after = await received(server)
        assert (after["summary"], after["replaces"]) == ("three", shown["shown"])

    rig.run(job)
    assert [what for what, _ in rig.unsaid] == ["two: "]


def test_what_a_service_shows_too_late_is_taken_away(session: Session) -> None:
    """It freezes between the question and the message: when it wakes up, it shows what nobody wants any more."""
    server, rig = session.notifications(), Rig()

    async def job(notices: Notices, bus: Bus) -> None:
        call = bus.call

        async def freezing(*args: Any, **named: Any) -> list[Any]:
            if args[3] == "Notify":
                server.process.send_signal(signal.SIGSTOP)
            return await call(*args, **named)

        bus.call = freezing  # type: ignore[method-assign]
        assert (await notices.show("late", "")).via == "console"
        began_s = time.monotonic()
        assert (await notices.show("next", "")).via == "console"
        assert time.monotonic() - began_s < 1, "does not wait for what is frozen"
        await notices.withdraw()
        server.process.send_signal(signal.SIGCONT)
        shown = await received(server)
        assert shown["summary"] == "late"
        assert await received(server) == {"closed": shown["shown"]}

    rig.run(job)


def test_no_service_at_all_is_said(session: Session) -> None:
    rig = Rig()

    async def job(notices: Notices, bus: Bus) -> None:
        # The bus of this session knows no program to start for it but those of the machine, dunst among them.
        delivery = await notices.show("one", "two", BUTTONS)
        assert delivery.via == "desktop" or delivery.note

    rig.run(job)
