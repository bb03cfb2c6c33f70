"""Whose the other end of the control socket is, as Linux and macOS say it."""

from __future__ import annotations

import os
import socket
import struct
import sys

import pytest

from posture.control import unix

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="AF_UNIX is needed")


class MacSocket:
    """Answers as macOS: SOL_LOCAL and LOCAL_PEERCRED give a struct xucred of 76 bytes."""

    def __init__(self, uid: int) -> None:
        groups = [20, *[0] * 15]
        self._told = struct.pack("IIh2x16I", 0, uid, 1, *groups)

    def getsockopt(self, level: int, option: int, size: int) -> bytes:
        assert (level, option, size) == (0, 1, 76)
        return self._told


@pytest.mark.parametrize(("uid", "mine"), [(os.getuid(), True), (os.getuid() + 1, False)])
def test_macos(uid: int, mine: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "darwin")
        found = unix._is_mine(MacSocket(uid))  # type: ignore[arg-type]
    assert found is mine


def test_this_system() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert unix._is_mine(one)
