"""AVFoundation behind rubicon-objc, played: the names, methods and constants of Apple's AVCaptureDevice.h.

As with rubicon, a property is read without a call and a method is called; what a class does not have raises
AttributeError, and what is asked without an autorelease pool is written down in `wrong`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

MEDIA = {"AVMediaTypeVideo": "vide", "AVMediaTypeMuxed": "muxx"}
NOT_DETERMINED, RESTRICTED, DENIED, AUTHORIZED = range(4)


@dataclass
class FakeDevice:
    """A camera; without `phone` a macOS before 13 describes it."""

    uniqueID: str  # noqa: N815 - Apple's name
    localizedName: Any = "Camera"  # noqa: N815
    media: str = "vide"
    in_use: bool = False
    phone: bool | None = False
    suspended: bool = False

    def isInUseByAnotherApplication(self) -> bool:  # noqa: N802
        return self.in_use

    def isSuspended(self) -> bool:  # noqa: N802
        return self.suspended

    def __getattr__(self, name: str) -> Callable[[], bool]:
        if name == "isContinuityCamera" and self.phone is not None:
            return lambda: bool(self.phone)
        raise AttributeError(name)


@dataclass
class FakeAVFoundation:
    """What macOS says."""

    status: Any = AUTHORIZED
    plugged: list[FakeDevice] = field(default_factory=list)
    unheard: list[FakeDevice] = field(default_factory=list)
    """Plugged in, and heard of once a run loop has run."""
    failing: Exception | None = None
    asked: list[Any] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    listed: int = 0
    """How often all devices of a kind were asked for."""
    _pools: int = 0

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Put it in the place of rubicon-objc."""
        objc, runtime, package = ModuleType("rubicon.objc"), ModuleType("rubicon.objc.runtime"), ModuleType("rubicon")
        given: dict[str, Any] = {"ObjCClass": self._class, "Block": self._block, "objc_const": self._const}
        vars(objc).update(given)
        vars(runtime).update({"load_library": self._library, "autoreleasepool": self._pool})
        for module in (package, objc, runtime):
            patch.setitem(__import__("sys").modules, module.__name__, module)

    def _library(self, name: str) -> Any:
        if name == "AVFoundation":
            return name
        assert name == "CoreFoundation"
        return self

    @property
    def CFRunLoopRunInMode(self) -> Any:  # noqa: N802
        def run(mode: Any, seconds: float, _return: bool) -> int:
            assert (mode, seconds) == ("kCFRunLoopDefaultMode", 0.0)
            self.plugged, self.unheard = self.plugged + self.unheard, []
            return 1

        return run

    def _const(self, library: Any, name: str) -> str:
        if library is self:
            return name
        return MEDIA[name]

    def _block(self, answered: Callable[[bool], None], gives: Any, *takes: Any) -> Callable[[bool], None]:
        assert gives is None
        assert [kind.__name__ for kind in takes] == ["c_bool"]
        return answered

    @contextmanager
    def _pool(self) -> Iterator[None]:
        self._pools += 1
        yield
        self._pools -= 1

    def _class(self, name: str) -> Any:
        assert name == "AVCaptureDevice"
        if not self._pools:
            self.wrong.append("without a pool")
        if self.failing is not None:
            raise self.failing
        mac = self

        class AVCaptureDevice:
            def authorizationStatusForMediaType_(self, media: str) -> Any:  # noqa: N802
                assert media == "vide"
                return mac.status

            def requestAccessForMediaType_completionHandler_(self, media: str, handler: Any) -> None:  # noqa: N802
                assert media == "vide"
                mac.asked.append(handler)

            def devicesWithMediaType_(self, media: str) -> list[FakeDevice]:  # noqa: N802
                mac.listed += 1
                return [device for device in mac.plugged if device.media == media]

            def deviceWithUniqueID_(self, identity: str) -> FakeDevice | None:  # noqa: N802
                return next((device for device in mac.plugged if device.uniqueID == identity), None)

        return AVCaptureDevice()
