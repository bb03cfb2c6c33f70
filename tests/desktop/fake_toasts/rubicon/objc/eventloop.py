"""As rubicon-objc's: a loop for the main thread, which is asyncio's own here."""

import asyncio


def RubiconEventLoop():  # noqa: N802
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop
