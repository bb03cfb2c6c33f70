"""Running a short program of the system for its output."""

from __future__ import annotations

import asyncio
import contextlib


async def output_of(*command: str, timeout_s: float, env: dict[str, str] | None = None) -> str:
    """Run a program, which must exist, without input and give what it prints.

    That is nothing where it takes longer than `timeout_s`, and it is then killed.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        env=env,
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
