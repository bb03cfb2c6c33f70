"""Every module can be imported where there is nothing of Unix, as on Windows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import posture

PACKAGE = Path(posture.__file__).parent
OF_ONE_SYSTEM = 'assert sys.platform == "'
"""How a module says in its own first lines that another system never imports it."""

CODE = """
import importlib, json, os, sys

# Of the standard library what asks for them itself; on Windows it asks for others.
import asyncio, concurrent.futures, logging.handlers, multiprocessing.connection, pathlib, pickle, platform, selectors
import shutil, signal, socket, socketserver, sqlite3, subprocess, tempfile, uuid, webbrowser, zipfile
import numpy

lost = ("fcntl", "pwd", "grp", "resource", "termios", "tty")
for name in lost:
    sys.modules[name] = None
for name in ("memfd_create", "pipe2", "getuid", "geteuid", "getgid", "getegid", "umask", "fork", "pread", "pwrite"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("AF_UNIX", "SCM_RIGHTS"):
    if hasattr(socket, name):
        delattr(socket, name)
failed = {}
for name in json.loads(sys.stdin.read()):
    try:
        importlib.import_module(name)
    except BaseException as error:
        failed[name] = f"{type(error).__name__}: {error}"
print(json.dumps(failed))
"""


def modules() -> list[str]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(("posture", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
        if not name.endswith("__main__") and OF_ONE_SYSTEM not in path.read_text(encoding="utf-8"):
            found.append(name)
    return found


@pytest.mark.slow
def test_every_module_can_be_imported_without_what_only_unix_has(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], input=json.dumps(modules()), capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {}
