from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from dbus_fast import Variant
from private_session import Program, Session

from posture.desktop.bus import Bus, of_size
from posture.desktop.notices import Button
from posture.desktop.notices_bus import NAME, PATH, BusNotices
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

    def run(self, job: Callable[[BusNotices, Bus], Awaitable[None]]) -> None:
        async def whole() -> None:
            bus = Bus("session")
            await bus.connect()
            notices = BusNotices(
                bus, Unused(), self.pressed.put_nowait, lambda what, why: self.unsaid.append((what, why))
            )
            await notices.start()
            await job(notices, bus)
            bus.close()

        asyncio.run(whole())


async def received(server: Program) -> dict[str, Any]:
    return await asyncio.to_thread(server.told)


def test_shown_replaced_in_place_and_withdrawn(session: Session) -> None:
    server = session.notifications()

    async def job(notices: BusNotices, bus: Bus) -> None:
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

    async def job(notices: BusNotices, bus: Bus) -> None:
        await notices.show("Time to stand", "", BUTTONS)
        shown = await received(server)
        assert shown["stays_ms"] == 0, "it stays until it is answered"
        assert shown["hints"]["urgency"] < 2, "and is not critical"
        assert shown["app"] == "Posture"
        assert Path(urlsplit(shown["icon"]).path).is_file()
        server.write("snooze")
        assert await asyncio.wait_for(rig.pressed.get(), 10) == "snooze"
        # What was pressed is closed: the next one stands for itself.
        await notices.show("Time to stand", "", BUTTONS)
        assert (await received(server))["replaces"] == 0

    rig.run(job)


def test_without_actions_there_are_no_buttons_and_text_is_plain(session: Session) -> None:
    server = session.notifications("body")

    async def job(notices: BusNotices, bus: Bus) -> None:
        await notices.show("-x", "a < b", BUTTONS)
        shown = await received(server)
        assert (shown["summary"], shown["body"], shown["actions"]) == ("-x", "a < b", [])
        assert shown["stays_ms"] == -1, "what cannot be answered goes by itself"

    Rig().run(job)


def test_a_frozen_service_costs_nothing_and_gets_no_pile(session: Session) -> None:
    server, rig = session.notifications(), Rig()

    async def job(notices: BusNotices, bus: Bus) -> None:
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

    async def job(notices: BusNotices, bus: Bus) -> None:
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

    async def job(notices: BusNotices, bus: Bus) -> None:
        # The bus of this session knows no program to start for it but those of the machine, dunst among them.
        delivery = await notices.show("one", "two", BUTTONS)
        assert delivery.via == "desktop" or delivery.note

    rig.run(job)


def signal_of(member: str, signature: str, *body: object, to: str | None = None) -> Any:
    from dbus_fast import Message

    found = Message.new_signal(PATH, NAME, member, signature, list(body))
    found.destination = to
    return found


async def connected() -> Bus:
    bus = Bus("session")
    await bus.connect()
    return bus


@pytest.mark.parametrize("then", ["show", "withdraw"])
def test_a_message_of_another_program_is_left_alone(session: Session, then: str) -> None:
    """The service has restarted, and has given posture's number to somebody else."""
    first, rig = session.notifications(), Rig()

    async def job(notices: BusNotices, bus: Bus) -> None:
        await notices.show("Time to stand", "31 min", BUTTONS)
        shown = await received(first)
        first.end()
        second = await asyncio.to_thread(session.notifications)
        other = await connected()
        foreign = ["Bank", 0, "", "Your appointment", "is at 3", ["done", "Done"], {}, -1]
        (number,) = await other.call(NAME, PATH, NAME, "Notify", "susssasa{sv}i", *foreign)
        assert number == shown["shown"]
        await received(second)
        second.write("done")  # is the bank's
        if then == "show":
            await notices.show("Change your position", "", BUTTONS)
            assert (await received(second))["replaces"] == 0
        else:
            await notices.withdraw()
        await notices.close()
        closed = [] if second.silent() else [(await received(second))]
        assert {"closed": number} not in closed
        assert rig.pressed.empty()
        other.close()

    rig.run(job)


def test_only_the_service_presses_a_button(session: Session) -> None:
    server, rig = session.notifications(), Rig()

    async def job(notices: BusNotices, bus: Bus) -> None:
        await notices.show("Time to stand", "", BUTTONS)
        number, posture = (await received(server))["shown"], bus.raw.unique_name
        liar = await connected()
        for to in (None, posture):
            for sent in (
                signal_of("ActionInvoked", "us", number, "meeting", to=to),
                signal_of("NotificationClosed", "uu", number, 2, to=to),
                signal_of("ActionInvoked", "us", number, "x" * 200_000, to=to),
                signal_of("ActionInvoked", "ss", "meeting", "meeting", to=to),
                signal_of("ActionInvoked", "", to=to),
            ):
                await liar.raw.send(sent)
        await liar.owner(NAME)
        await bus.owner(NAME)  # all that was sent before has been heard
        assert rig.pressed.empty()
        server.write("meeting")
        assert await asyncio.wait_for(rig.pressed.get(), 10) == "meeting"
        assert rig.pressed.empty()
        liar.close()

    rig.run(job)


def test_a_button_pressed_before_the_answer_counts(session: Session) -> None:
    rig = Rig()

    async def job(notices: BusNotices, bus: Bus) -> None:
        from dbus_fast import Message, MessageType

        service = await connected()

        def answers(message: Message) -> Message | bool:
            if message.message_type is not MessageType.METHOD_CALL:
                return False
            if message.member == "GetCapabilities":
                return Message.new_method_return(message, "as", [["actions"]])
            if message.member == "Notify":
                service.raw.send(signal_of("ActionInvoked", "us", 7, "snooze"))
                return Message.new_method_return(message, "u", [7])
            return False

        service.raw.add_message_handler(answers)
        await service.raw.request_name(NAME)
        await notices.show("Time to stand", "", BUTTONS)
        assert await asyncio.wait_for(rig.pressed.get(), 10) == "snooze"
        service.close()

    rig.run(job)


@pytest.mark.parametrize(
    ("signature", "body"),
    [("s", ["seven"]), ("t", [7]), ("as", [["seven"] * 10]), ("uu", [7, 7]), ("", []), ("u", None)],
)
def test_an_answer_of_another_kind_is_no_answer(session: Session, signature: str, body: list[Any] | None) -> None:
    rig = Rig()

    async def job(notices: BusNotices, bus: Bus) -> None:
        from dbus_fast import Message, MessageType

        service = await connected()

        def answers(message: Message) -> Message | bool:
            if message.message_type is not MessageType.METHOD_CALL:
                return False
            if message.member == "GetCapabilities":
                found = ["actions"] if body is not None else ["x" * 1000] * 1000
                return Message.new_method_return(message, "as", [found])
            return Message.new_method_return(message, signature, body or [])

        service.raw.add_message_handler(answers)
        await service.raw.request_name(NAME)
        assert (await notices.show("Time to stand", "", BUTTONS)).via == "console"
        await notices.withdraw()
        service.close()

    rig.run(job)
    assert [what for what, _ in rig.unsaid] == ["Time to stand: "]


def deep(levels: int) -> list[Any]:
    return [deep(levels - 1)] if levels else []


@pytest.mark.parametrize(
    "wrong", [["x" * 200_000], [["x"] * 10_000], deep(20), [{"a": Variant("as", ["x" * 200_000])}]]
)
def test_what_comes_back_has_a_size(wrong: list[Any]) -> None:
    assert of_size(["actions", ["a", "b"], {"x": Variant("u", 1)}])
    assert not of_size(wrong)
