"""`python -m posture.private_mounts FLAGS`: whether the kernel lets this user have mounts of their own (exit code 0).

It is tried in a process of its own, which ends with it: `posture.sandbox`.
"""

from __future__ import annotations

import ctypes
import sys

if __name__ == "__main__":
    sys.exit(ctypes.CDLL(None).unshare(int(sys.argv[1])) != 0)
