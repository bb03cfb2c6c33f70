"""The daemon as a program: ``python -m posture.daemon``."""

import sys

# asyncio would load TLS: 4 MB that a process without a network has no use for. It works without.
sys.modules["ssl"] = None  # type: ignore[assignment]

from posture.daemon.main import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
