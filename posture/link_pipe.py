"""A link over a named pipe of Windows, see `posture.link`; and what pipes of ours have in common.

A pipe can be opened by this user alone, from this machine alone, and once. Reads and writes are begun and then waited
for, so that a time limit, another thread and Ctrl-C end them.
"""

from __future__ import annotations

import sys

assert sys.platform == "win32"

import _winapi
import contextlib
import math
import os
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pywintypes
import win32api
import win32con
import win32event
import win32pipe
import win32security

CHUNK_BYTES = 1 << 16
MOST_AT_ONCE_BYTES = 1 << 20
PIPE_REJECT_REMOTE_CLIENTS = 8
SQOS_IDENTIFICATION = 0x100000 | 0x10000
"""SECURITY_SQOS_PRESENT and SECURITY_IDENTIFICATION: whoever serves a pipe may not act as the one that opens it."""
_ENDED = (_winapi.ERROR_BROKEN_PIPE, _winapi.ERROR_NO_DATA, _winapi.ERROR_NETNAME_DELETED, 233)
"""How the other end of a pipe being gone is told; 233 is ERROR_PIPE_NOT_CONNECTED."""


def user_of(token: Any) -> str:
    """Give the user of a token as the text of a SID."""
    user, _ = win32security.GetTokenInformation(token, win32security.TokenUser)
    text: str = win32security.ConvertSidToStringSid(user)
    return text


def this_user() -> str:
    """Give the user of this process as the text of a SID."""
    return user_of(win32security.OpenProcessToken(win32api.GetCurrentProcess(), win32con.TOKEN_QUERY))


def only_this_user() -> Any:
    """Make the security attributes with which nobody but this user may open something."""
    found = pywintypes.SECURITY_ATTRIBUTES()
    text = f"D:P(A;;GA;;;{this_user()})"
    found.SECURITY_DESCRIPTOR = win32security.ConvertStringSecurityDescriptorToSecurityDescriptor(text, 1)
    return found


def new_pipe(name: str, instances: int, *, first: bool) -> int:
    """Make an end of a named pipe that waits to be opened, and give its handle.

    An OSError says that it cannot be made: with `first`, because another program has the name.
    """
    mode = win32con.PIPE_ACCESS_DUPLEX | _winapi.FILE_FLAG_OVERLAPPED
    mode |= _winapi.FILE_FLAG_FIRST_PIPE_INSTANCE if first else 0
    try:
        made: Any = win32pipe.CreateNamedPipe(
            name, mode, PIPE_REJECT_REMOTE_CLIENTS, instances, CHUNK_BYTES, CHUNK_BYTES, 0, only_this_user()
        )
    except pywintypes.error as error:
        raise OSError(0, error.strerror, name, error.winerror) from None
    handle: int = made.Detach()
    return handle


def opened(name: str) -> int:
    """Open a named pipe, and give its handle; OSError where there is none, or it is not this user's, or is busy."""
    access = _winapi.GENERIC_READ | _winapi.GENERIC_WRITE
    flags = _winapi.FILE_FLAG_OVERLAPPED | SQOS_IDENTIFICATION
    return _winapi.CreateFile(name, access, 0, 0, _winapi.OPEN_EXISTING, flags, 0)


def waited_for(handles: Sequence[int], timeout_s: float | None) -> bool:
    """Wait for one of these; False where the time is over, or a signal handler of Python's is to run."""
    limit = _winapi.INFINITE if timeout_s is None else max(0, min(math.ceil(timeout_s * 1e3), _winapi.INFINITE - 1))
    try:
        found = _winapi.WaitForMultipleObjects(handles, False, limit)
    except InterruptedError:
        return False
    return found != _winapi.WAIT_TIMEOUT


class PipeLink:
    """See `posture.link.Link`; `handle` is one end of a pipe, opened for overlapped reads and writes."""

    def __init__(self, handle: int) -> None:
        self._handle, self._closed = handle, False
        self._lock = threading.Lock()
        self._pending: set[_winapi.Overlapped] = set()
        self._came = b""
        """What has come while `wait` looked whether something comes."""
        self._ended = False

    @classmethod
    def handed(cls, name: str) -> PipeLink:
        """See `posture.link.handed`."""
        os.set_handle_inheritable(int(name), False)
        return cls(int(name))

    @property
    def handle(self) -> int:
        """The handle itself."""
        return self._handle

    def inheritable(self) -> int:
        """Give a second handle of this end, for a child to inherit; close it afterwards."""
        this = _winapi.GetCurrentProcess()
        return _winapi.DuplicateHandle(this, self._handle, this, 0, True, _winapi.DUPLICATE_SAME_ACCESS)

    def fileno(self) -> int:
        """See `posture.link.Waitable`: `select` knows no pipe."""
        return -1

    def send(self, data: bytes | bytearray | memoryview, timeout_s: float | None = None) -> None:
        """See `posture.link.Link`."""
        view = memoryview(data).cast("B")
        until_s = math.inf if timeout_s is None else time.monotonic() + timeout_s
        while view:
            piece = view[:MOST_AT_ONCE_BYTES]
            try:
                begun = self._begin(partial(self._write, piece))
                self._wait(begun, until_s)
                count = self._end(begun)
            except EOFError:
                raise BrokenPipeError from None
            if count is None:
                raise TimeoutError
            view = view[count:]

    def _write(self, piece: memoryview) -> _winapi.Overlapped:
        return _winapi.WriteFile(self._handle, piece, overlapped=True)[0]

    def receive(self, most: int, timeout_s: float | None = None) -> bytes:
        """See `posture.link.Link`."""
        if not self._came:
            self._came = self._read(min(most, MOST_AT_ONCE_BYTES), timeout_s)
        found, self._came = self._came[:most], self._came[most:]
        return found

    def receive_into(self, view: memoryview, timeout_s: float | None = None) -> int:
        """See `posture.link.Link`."""
        found = self.receive(len(view), timeout_s)
        view[: len(found)] = found
        return len(found)

    def hang_up(self) -> None:
        """See `posture.link.Link`."""
        self.close()

    def close(self) -> None:
        """See `posture.link.Link`. What another thread waits for ends."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for begun in self._pending:
                begun.cancel()
            if not self._pending:
                _winapi.CloseHandle(self._handle)

    def _read(self, most: int, timeout_s: float | None) -> bytes:
        until_s = math.inf if timeout_s is None else time.monotonic() + timeout_s
        begun = self.begin_read(most)
        self._wait(begun, until_s)
        if self._end(begun) is None:
            raise TimeoutError
        return begun.getbuffer() or b""

    def begin_read(self, most: int = CHUNK_BYTES) -> _winapi.Overlapped:
        """Begin to read; EOFError where the other end is gone."""
        if self._ended:
            raise EOFError
        try:
            return self._begin(lambda: _winapi.ReadFile(self._handle, most, overlapped=True)[0])
        except EOFError:
            self._ended = True
            raise

    def end_read(self, begun: _winapi.Overlapped) -> bool:
        """End a read of `begin_read`, which need not have read anything; whether `receive` has something to tell."""
        try:
            if self._end(begun) is not None:
                self._came += begun.getbuffer() or b""
        except EOFError:
            self._ended = True
        return bool(self._came) or self._ended

    @property
    def ready(self) -> bool:
        """Whether `receive` would not wait."""
        return bool(self._came) or self._ended

    def _begin(self, start: Callable[[], _winapi.Overlapped]) -> _winapi.Overlapped:
        with self._lock:
            if self._closed:
                raise EOFError
            try:
                begun = start()
            except OSError as error:
                if error.winerror in _ENDED:
                    raise EOFError from None
                raise
            self._pending.add(begun)
            return begun

    def _wait(self, begun: _winapi.Overlapped, until_s: float) -> None:
        """Wait until it is done or the time is over; an exception of a signal handler ends it too."""
        try:
            while True:
                left_s = None if until_s == math.inf else until_s - time.monotonic()
                if waited_for([begun.event], left_s) or (left_s is not None and left_s <= 0):
                    return
        except BaseException:
            with contextlib.suppress(OSError, EOFError):
                self._end(begun)
            raise

    def _end(self, begun: _winapi.Overlapped) -> int | None:
        """Give how much was read or written, None where it was not done in time; EOFError where the link has ended."""
        begun.cancel()  # does nothing where it is done
        try:
            count, how = begun.GetOverlappedResult(True)
        except OSError as error:
            if error.winerror in _ENDED:
                raise EOFError from None
            raise
        finally:
            with self._lock:
                self._pending.discard(begun)
                closed = self._closed
                if closed and not self._pending:
                    _winapi.CloseHandle(self._handle)
        if how != _winapi.ERROR_OPERATION_ABORTED:
            return count
        if closed:
            raise EOFError
        return None


def pair() -> tuple[PipeLink, PipeLink]:
    """See `posture.link.pair`. The name is used up when this returns: no more than one may open the pipe."""
    name = rf"\\.\pipe\posture-{os.getpid()}-{secrets.token_hex(16)}"
    ours = new_pipe(name, 1, first=True)
    try:
        theirs = opened(name)
        connected = _winapi.ConnectNamedPipe(ours, overlapped=True)
        connected.GetOverlappedResult(True)
    except BaseException:
        _winapi.CloseHandle(ours)
        raise
    return PipeLink(ours), PipeLink(theirs)


def wait(waited: Sequence[Any], timeout_s: float | None) -> list[Any]:
    """See `posture.link.wait`."""
    begun: dict[PipeLink, _winapi.Overlapped] = {}
    for one in waited:
        if isinstance(one, PipeLink) and not one.ready:
            with contextlib.suppress(EOFError):
                begun[one] = one.begin_read()
    events = [one.handle for one in waited if not isinstance(one, PipeLink)]
    at_once = any(isinstance(one, PipeLink) and one.ready for one in waited)
    try:
        if handles := [*events, *(read.event for read in begun.values())]:
            waited_for(handles, 0.0 if at_once else timeout_s)
    finally:
        for link, read in begun.items():
            link.end_read(read)
    return [one for one in waited if (one.ready if isinstance(one, PipeLink) else waited_for([one.handle], 0.0))]


class Event:
    """See `posture.link.WakeUp`."""

    def __init__(self) -> None:
        self._event = win32event.CreateEvent(None, True, False, None)
        self.handle = int(self._event)

    def fileno(self) -> int:
        """`select` knows no event."""
        return -1

    def set(self) -> None:
        """Wake."""
        win32event.SetEvent(self._event)

    def clear(self) -> None:
        """Wake no longer."""
        win32event.ResetEvent(self._event)

    def close(self) -> None:
        """Close it."""
        self._event.Close()
