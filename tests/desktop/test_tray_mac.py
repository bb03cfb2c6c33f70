"""The tray's process on macOS, with pystray and PyObjC played: no Mac has run it."""

from __future__ import annotations

import io
import json
import queue
import sys
import threading
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from posture.desktop import tray_pystray


def test_the_menu_bar_is_touched_in_the_main_thread_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: queue.SimpleQueue[tuple[Callable[..., None], tuple[Any, ...]]] = queue.SimpleQueue()
    policies: list[str] = []
    touched: list[tuple[str, bool]] = []

    class Icon:
        def __init__(self, name: str) -> None:
            self._running = True

        def __setattr__(self, name: str, value: object) -> None:
            if not name.startswith("_"):
                touched.append((name, threading.current_thread() is threading.main_thread()))
            super().__setattr__(name, value)

        def run(self, setup: Callable[[Any], None]) -> None:
            setup(self)
            while self._running:
                do, given = waiting.get(timeout=60)
                do(*given)

        def stop(self) -> None:
            touched.append(("stop", threading.current_thread() is threading.main_thread()))
            self._running = False

    application = SimpleNamespace(setActivationPolicy_=policies.append)
    played: dict[str, dict[str, Any]] = {
        "pystray": {"Icon": Icon, "Menu": lambda *items: items, "MenuItem": lambda *words, **more: words},
        "AppKit": {
            "NSApplication": SimpleNamespace(sharedApplication=lambda: application),
            "NSApplicationActivationPolicyAccessory": "no Dock",
        },
        "PyObjCTools": {"AppHelper": SimpleNamespace(callAfter=lambda do, *given: waiting.put((do, given)))},
    }
    for name, what in played.items():
        module = ModuleType(name)
        vars(module).update(what)
        monkeypatch.setitem(sys.modules, name, module)
    state = {"icon": "watching", "title": "posture", "tooltip": "", "menu": [{"key": "pause", "label": "Pause"}]}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(state) + "\n"))
    monkeypatch.setattr(tray_pystray, "icon_rgba", lambda *_: bytes(4 * tray_pystray.ICON_PX**2))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "darwin")
        tray_pystray.main()
    assert policies == ["no Dock"]
    assert [name for name, _ in touched] == ["icon", "title", "menu", "visible", "stop"]
    assert all(main for _, main in touched)
