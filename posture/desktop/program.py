"""A short program of the system, asked for what it prints."""

from __future__ import annotations

import asyncio
import contextlib

__all__ = ["output_of"]


async def output_of(*command: str, timeout_s: float) -> str:
    """Run a program without input; what it printed, or nothing where it took longer. It never outlives the question.

    Parameters
    ----------
    *command : str
        The program, which is there, and its arguments.
    timeout_s : float
        How long it may take, seconds.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
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
