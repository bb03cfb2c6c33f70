"""Where a daemon is reached on Windows: a named pipe that only this user can open, and only from this machine."""

from __future__ import annotations

import sys

assert sys.platform == "win32"

import _winapi
import contextlib
import errno
import time

import pywintypes
import win32api
import win32pipe
import win32security

from posture.control.protocol import MAX_CLIENTS
from posture.language import tr
from posture.link import WakeUp
from posture.link_pipe import PipeLink, new_pipe, opened, this_user, user_of, waited_for
from posture.windows_programs import PROCESS_QUERY_LIMITED_INFORMATION

INSTANCES = 2 * MAX_CLIENTS
STEP_S = 0.02


class NamedPipe:
    """See `posture.control.pipe.Place`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._next: int | None = None
        self._closed = WakeUp()

    def listen(self) -> None:
        """See `posture.control.pipe.Place`. Whoever makes the first end of a pipe owns its name."""
        if _is_there(self.name):  # an emulated Windows may not know what makes the first end the only first one
            raise FileExistsError(errno.EEXIST, tr("it is there already"), self.name)
        self._next = new_pipe(self.name, INSTANCES, first=True)

    def accept(self) -> PipeLink | None:
        """See `posture.control.pipe.Place`."""
        while True:
            if self._next is None:
                self._next = new_pipe(self.name, INSTANCES, first=False)
            handle = self._next
            try:
                connected = _winapi.ConnectNamedPipe(handle, overlapped=True)
                waited_for([connected.event, self._closed.handle], None)
                if waited_for([self._closed.handle], 0.0):
                    connected.cancel()
                    self._next = None
                with contextlib.suppress(OSError) if self._next is None else contextlib.nullcontext():
                    connected.GetOverlappedResult(True)
            except OSError:  # this client has left already
                self._wait_again(handle)
                continue
            if self._next is None:
                _winapi.CloseHandle(handle)
                return None
            try:
                # Before this client is let go, so that the name is never free for another program.
                self._next = new_pipe(self.name, INSTANCES, first=False)
            except OSError:  # there are too many: this one is not answered
                self._wait_again(handle)
                raise
            return PipeLink(handle)

    def _wait_again(self, handle: int) -> None:
        """Have an end whose client has left, or is not answered, wait for the next."""
        try:
            win32pipe.DisconnectNamedPipe(handle)
            self._next = handle
        except pywintypes.error:
            _winapi.CloseHandle(handle)
            self._next = None

    def close(self) -> None:
        """See `posture.control.pipe.Place`."""
        self._closed()


def connected(name: str, timeout_s: float) -> PipeLink:
    """Reach the daemon that listens there.

    FileNotFoundError where there is none, BlockingIOError where too many wait to be let in, PermissionError where a
    process of another user listens.
    """
    until_s = time.monotonic() + timeout_s
    while True:
        try:
            handle = opened(name)
            break
        except OSError as error:
            if error.winerror != _winapi.ERROR_PIPE_BUSY:
                raise
            if time.monotonic() > until_s:
                raise BlockingIOError from None
            time.sleep(STEP_S)
    link = PipeLink(handle)
    if not _is_mine(handle):
        link.close()
        raise PermissionError(errno.EACCES, tr("the program of another user answers there"), name)
    return link


def server_of(handle: int) -> int:
    """Give the process that serves a pipe which this one has opened; 0 where Windows does not say."""
    try:
        found: int = win32pipe.GetNamedPipeServerProcessId(handle)
    except pywintypes.error:
        return 0
    return found


def _is_there(name: str) -> bool:
    try:
        _winapi.WaitNamedPipe(name, 1)
    except FileNotFoundError:
        return False
    except OSError:  # it is, and busy
        return True
    return True


def _is_mine(handle: int) -> bool:
    """Whether a process of this user serves the pipe."""
    try:
        process = win32api.OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, False, server_of(handle))
        token = win32security.OpenProcessToken(process, win32security.TOKEN_QUERY)
        return user_of(token) == this_user()
    except pywintypes.error:
        return False
