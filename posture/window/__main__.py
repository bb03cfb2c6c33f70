"""`python -m posture.window [PAGE [DETAIL]]`: see `posture.window.app`."""

from __future__ import annotations

import sys

from posture.window.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
