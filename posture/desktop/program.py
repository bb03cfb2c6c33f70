"""Running a short program of the system for its output."""

from __future__ import annotations

import asyncio
import contextlib


async def output_of(*command: str, timeout_s: float) -> str:
    """Run a program without input and give what it prints; nothing where it takes too long, and it is then killed.

    Parameters
    ----------
    *command : str
        The program, which must exist, and its arguments.
    timeout_s : float
        How long it may take, seconds.
    """
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(), timeout_s)
    except TimeoutError:
        return ""
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return out.decode("utf-8", "replace")
