"""Fail unless exactly one distribution owns the cv2 folder, with every file as it was packed, and cv2 imports.

Two OpenCV distributions in one environment overwrite each other's files, and `pip check` does not see it.
"""

import base64
import hashlib
import importlib.metadata as metadata
import sys

owners = []
for dist in metadata.distributions():
    files = [f for f in dist.files or [] if f.parts and f.parts[0] == "cv2"]
    if files:
        owners.append(dist.metadata["Name"])
        for f in files:
            if f.hash is None:
                continue
            digest = hashlib.new(f.hash.mode, f.read_binary()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != f.hash.value:
                sys.exit(f"{f} is not as {owners[-1]} packed it")
if owners != ["opencv-contrib-python"]:
    sys.exit(f"cv2 belongs to {owners}, not to opencv-contrib-python alone")
import cv2  # noqa: E402

print("cv2", cv2.__version__, "from opencv-contrib-python alone, whole")
