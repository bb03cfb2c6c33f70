"""posture: how and how long you sit, seen through the laptop camera, on your machine alone."""

import os
import sys

try:
    from posture._version import VERSION  # type: ignore[import-not-found, import-untyped, unused-ignore]
except ImportError:  # only what is installed has it
    VERSION = "0.2.0.dev0"

__version__: str = VERSION

if sys.argv[:1] == ["-m"]:
    # `python -m posture` looks for modules in the current folder first, where neither ours nor Python's shall be found.
    # A checkout that is run in its own folder is the program itself.
    _own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    try:
        _here = os.getcwd()  # noqa: PTH109
    except OSError:  # it has been removed
        _here = ""
    sys.path[:] = [entry for entry in sys.path if entry not in ("", _here) or entry == _own]
