"""Reminders on Windows, over a desktop-notifier that is played where it calls Windows."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

from posture.desktop import notices_windows, notify_windows
from posture.desktop.notices import Button
from posture.desktop.notices_windows import APP, APP_KEY, REFUSED, WindowsNotices
from posture.desktop.notify_base import Delivery, NotifyError
from posture.desktop.notify_plyer import PlyerService
from posture.desktop.notify_windows import WindowsService
from tests.desktop.fake_windows import FakeWindows, play

BUTTONS = (Button("done", "Done"), Button("snooze", "Snooze 10 min"))
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Notification:
    title: str
    message: str
    buttons: tuple[Any, ...] = ()
    on_dispatched: Callable[[], Any] | None = None
    identifier: str = ""


@dataclass(frozen=True)
class FakeButton:
    title: str
    identifier: str


@dataclass
class Centre:
    """What Windows shows, and how it behaves."""

    shown: dict[str, Notification] = field(default_factory=dict)
    allowed: bool = True
    fails: str = ""
    waits: threading.Event | None = None
    backend: Any = None


class Plain:
    """Reminders without buttons."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    async def start(self) -> None:
        pass

    async def show(self, title: str, body: str, buttons: Sequence[Button] = ()) -> Delivery:
        self.shown.append(title)
        return Delivery("desktop", "by plyer")

    async def withdraw(self) -> None:
        pass

    async def close(self) -> None:
        pass


@pytest.fixture
def centre(monkeypatch: pytest.MonkeyPatch) -> Centre:
    found = Centre()
    windows = FakeWindows()
    play(windows, monkeypatch)
    monkeypatch.setattr(notices_windows, "registry", lambda: windows.registry)

    class Backend:
        def __init__(self, name: str, icon: Any) -> None:
            assert name == APP
            if found.fails == "no service":
                raise OSError("[WinError -2147221164] Class not registered")
            self.on_button_pressed: Callable[[str, str], Any] | None = None
            found.backend = self

        async def has_authorisation(self) -> bool:
            return found.allowed

        async def send(self, notice: Notification) -> None:
            if found.waits is not None:
                found.waits.wait(PATIENCE_S)
            if found.fails != "not taken":
                found.shown[notice.identifier] = notice
                assert notice.on_dispatched is not None
                notice.on_dispatched()

        async def clear(self, name: str) -> None:
            found.shown.pop(name, None)

    modules: dict[str, dict[str, Any]] = {
        "desktop_notifier": {},
        "desktop_notifier.common": {"Notification": Notification, "Button": FakeButton, "Icon": lambda path: path},
        "desktop_notifier.backends": {},
        "desktop_notifier.backends.winrt": {"WinRTDesktopNotifier": Backend},
    }
    for name, values in modules.items():
        module = ModuleType(name)
        module.__dict__.update(values)
        monkeypatch.setitem(sys.modules, name, module)
    sys.modules["desktop_notifier"].common = sys.modules["desktop_notifier.common"]  # type: ignore[attr-defined]
    found.registry = windows.registry  # type: ignore[attr-defined]
    return found


def run(job: Callable[[WindowsNotices, Plain, asyncio.Queue[str]], Awaitable[None]]) -> None:
    async def whole() -> None:
        plain, pressed = Plain(), asyncio.Queue[str]()
        notices = WindowsNotices(plain, pressed.put_nowait)
        await notices.start()
        try:
            await job(notices, plain, pressed)
        finally:
            await notices.close()

    asyncio.run(asyncio.wait_for(whole(), PATIENCE_S))


def test_no_loop_of_it_is_asyncios_own(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows that would have a connection of the process to itself."""
    made: list[asyncio.AbstractEventLoop] = []

    def loop() -> asyncio.AbstractEventLoop:
        made.append(asyncio.new_event_loop())
        return made[-1]

    for module in (notices_windows, notify_windows):
        monkeypatch.setattr(module, "loop_factory", lambda: loop)

    async def job(notices: WindowsNotices, plain: Plain, pressed: asyncio.Queue[str]) -> None:
        assert await notices.show("Time to stand", "45 min", BUTTONS) == Delivery("desktop")

    run(job)
    assert len(made) == 1
    WindowsService(PATIENCE_S).probe()
    assert len(made) == 2


def press(centre: Centre, key: str) -> None:
    (name,) = centre.shown
    centre.backend.on_button_pressed(name, key)


def test_one_takes_the_place_of_the_other_and_its_buttons_come_back(centre: Centre) -> None:
    async def job(notices: WindowsNotices, plain: Plain, pressed: asyncio.Queue[str]) -> None:
        assert await notices.show("Stand\nup", "After 50 minutes", BUTTONS) == Delivery("desktop")
        assert [shown.title for shown in centre.shown.values()] == ["Stand up"]
        (old,) = centre.shown
        assert await notices.show("Stretch", "<b> & \x07", BUTTONS) == Delivery("desktop")
        (shown,) = centre.shown.values()
        assert [(each.identifier, each.title) for each in shown.buttons] == [
            ("done", "Done"),
            ("snooze", "Snooze 10 min"),
        ]
        assert "\x07" not in shown.message
        centre.backend.on_button_pressed(old, "done")
        press(centre, "snooze")
        assert await pressed.get() == "snooze"
        await notices.withdraw()
        assert centre.shown == {}
        assert plain.shown == []

    run(job)
    value = centre.registry.keys["HKCU", APP_KEY]["IconUri"]  # type: ignore[attr-defined]
    assert value.endswith("posture-128.png")


@pytest.mark.parametrize("fails", ["no service", "not taken"])
def test_what_fails_gives_way_and_says_why(centre: Centre, fails: str) -> None:
    async def job(notices: WindowsNotices, plain: Plain, pressed: asyncio.Queue[str]) -> None:
        delivery = await notices.show("Stand", "", BUTTONS)
        assert delivery.via == "desktop"
        assert delivery.note.startswith("Windows has not taken the notification (")
        assert delivery.note.endswith("by plyer")
        assert plain.shown == ["Stand"]

    centre.fails = fails
    run(job)


def test_what_the_user_has_turned_off_stays_off(centre: Centre) -> None:
    async def job(notices: WindowsNotices, plain: Plain, pressed: asyncio.Queue[str]) -> None:
        assert await notices.show("Stand", "", BUTTONS) == Delivery("console", REFUSED)
        assert plain.shown == []

    centre.allowed = False
    run(job)


def test_a_service_that_hangs_gives_way_and_what_comes_late_is_taken_away(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def job(notices: WindowsNotices, plain: Plain, pressed: asyncio.Queue[str]) -> None:
        assert "has not answered within" in (await notices.show("Stand", "", BUTTONS)).note
        assert "still has not answered" in (await notices.show("Stretch", "", BUTTONS)).note
        assert plain.shown == ["Stand", "Stretch"]
        assert centre.waits is not None
        centre.waits.set()
        assert notices._busy is not None
        await asyncio.wrap_future(notices._busy)
        assert centre.shown == {}
        centre.waits = None
        assert await notices.show("Walk", "", BUTTONS) == Delivery("desktop")

    monkeypatch.setattr(notices_windows, "TIMEOUT_S", 0.05)
    centre.waits = threading.Event()
    run(job)


def test_doctor_says_how_reminders_come(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PlyerService, "probe", lambda _self: "plyer, WindowsNotification")
    assert WindowsService(PATIENCE_S).probe() == "Windows, under the name Posture, with buttons"
    centre.allowed = False
    with pytest.raises(NotifyError, match="Settings > System > Notifications"):
        WindowsService(PATIENCE_S).probe()
    centre.fails = "no service"
    assert WindowsService(PATIENCE_S).probe() == (
        "plyer, WindowsNotification, without buttons ([WinError -2147221164] Class not registered)"
    )
