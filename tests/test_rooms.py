"""Who may import whom, what a pure file may use, and that light commands stay light.

`ROOMS` is the map of the house; docs/architecture.md describes it. The checks read the source, so that an import inside
a function counts like any other.
"""

from __future__ import annotations

import ast
import builtins
import fnmatch
import functools
import graphlib
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "posture"
HEAVY = ("mediapipe", "cv2", "matplotlib", "numpy", "rich", "tomlkit", "sqlite3", "asyncio")


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# -- the map -----------------------------------------------------------------------------------------------------------

SHARED = {
    "plain_text": "",
    "errors": "plain_text",
    "language": "",
    "own_language": "language settings_text",
    "output": "plain_text",
    "clock": "",
    "backoff": "",
    "file_system": "",
    "plain_file": "file_system language",
    "machine": "",
    "wsl": "language",
    "show_file": "",
    "access": "",
    "erase": "file_system plain_file",
    "atomic_write": "errors access erase file_system plain_file language",
    "kept_files": "errors access atomic_write plain_file language",
    "file_lock": "errors access file_system language",
    "seccomp": "",
    "own_command": "",
    "own_package": "language",
    "process_memory": "process_memory_windows process_memory_mac",
    "process_memory_windows": "windows_programs",
    "process_memory_mac": "",
    "stop_signals": "stop_signals_windows",
    "stop_signals_windows": "",
    "loop_windows": "",
    "event_loop": "loop_windows",
    "link_socket": "",
    "link_pipe": "",
    "link": "link_socket link_pipe",
    "job": "process_memory",
    "child": "language link link_pipe own_command own_language process_memory job",
    "sandbox_windows": "",
    "private_mounts": "",
    "sandbox": "sandbox_windows errors seccomp machine language link link_socket own_command",
    "windows_programs": "clock",
    "durations": "errors language",
    "settings": "durations errors language",
    "settings_text": "errors home plain_file language",
    "settings_file": "errors settings settings_text access atomic_write file_lock language",
    "own_files": "settings_text plain_file language",
    "home": "errors language",
    "paths": "errors access home settings settings_text kept_files language",
}
"""The modules beside the rooms, which every room may import, and what each of them may import."""

ROOMS = {
    "camera": "",
    "pose": "camera",
    "measure": "pose",
    "perception": "camera pose measure",
    "timeline": "measure.observation",
    "coach": "pose measure timeline",
    "history": "pose measure timeline coach",
    "report": "measure timeline coach history",
    "sensor": "camera pose measure perception history.calibrations",
    "monitor": "camera pose measure perception timeline coach history sensor",
    "control": "",
    "desktop": "coach.words",
    "daemon": "camera pose measure perception timeline coach history report sensor monitor control desktop",
}
LAST = ("guided", "window", "cli")
"""Rooms that may import all that stand before them."""
ROOMS |= {room: " ".join([*ROOMS, *LAST[:number]]) for number, room in enumerate(LAST)}
"""The rooms, and the rooms or files of rooms that each may import. No other import is allowed."""

BY_NAME = {
    "cli/main.py": ("importlib.import_module(f'posture.cli.{MODULES[command]}')",),
    "frozen.py": ("import runpy", "runpy.run_module(module, run_name='__main__', alter_sys=True)"),
    "window/app.py": ("QApplication.exec()",),
    "window/my_back.py": ("importlib.import_module(f'posture.window.{module}')",),
    "window/signals.py": ("QApplication.exec()",),
    "window/pages.py": ("importlib.import_module(f'posture.window.{module}')",),
}
"""The only calls that import what a string names."""

# -- what is pure: same arguments, same result, and nothing else happens -----------------------------------------------

PURE = (
    "measure/*.py",
    "timeline/*.py",
    "coach/*.py",
    "perception/calibration.py",
    "perception/taller.py",
    "perception/closer.py",
    "perception/gate.py",
    "perception/drift.py",
    "perception/seen.py",
    "perception/stationary.py",
    "perception/user_filter.py",
    "perception/viewpoint.py",
    "perception/framing.py",
    "perception/cells.py",
    "perception/change.py",
    "monitor/cadence.py",
    "daemon/session_state.py",
    "daemon/status.py",
    "daemon/due.py",
    "report/figures.py",
    "report/answer.py",
    "report/glossary.py",
    "report/summary.py",
    "report/prompts.py",
    "report/sitting.py",
    "report/spans.py",
    "report/trend.py",
    "report/review.py",
    "report/baseline_check.py",
    "report/end_of_day.py",
    "report/json.py",
    "report/days.py",
    "report/words.py",
    # Values that the files above are given.
    "errors.py",
    "plain_text.py",
    "backoff.py",
    "camera/frame.py",
    "camera/light.py",
    "pose/landmarks.py",
    "history/records.py",
)
TRUSTED = {
    "language": "a process speaks one language, which it is told when it starts",
    "settings": "it asks for the home folder, to check a path",
    "own_files": "it reads the user's own exercises, as coach/packaged.py reads those of the program",
}
"""Modules that pure files may import although they are not pure, and why."""

MAY_USE_DATETIME = (
    "coach/*.py",
    "report/*.py",
    "history/records.py",
    "daemon/session_state.py",
    "daemon/status.py",
    "daemon/due.py",
)
"""As values: nothing here may ask what time it is."""

EXCEPTIONS = {
    "coach/about.py": (
        "from importlib import resources",
        "resources.files('posture.coach').joinpath('about.toml').read_text(encoding='utf-8')",
    ),
    "coach/packaged.py": (
        "from importlib import resources",
        "resources.files('posture.coach').joinpath('exercises.toml').read_text(encoding='utf-8')",
    ),
    "coach/note_words.py": (
        "from importlib import resources",
        "resources.files('posture.coach').joinpath('note_words.toml').read_text(encoding='utf-8')",
    ),
    "measure/angles.py": (
        "import io",
        "from importlib import resources",
        "(resources.files('posture.measure') / 'data' / f'angles_{model}.npz').read_bytes()",
        "np.load(io.BytesIO(raw))",
    ),
    "measure/observe.py": ("getattr(raw, name)",),
    "history/records.py": (
        "object.__setattr__(record, 'label', plain(record.label))",
        "object.__setattr__(record, 'detail', _plain_detail(record.detail))",
    ),
}
"""Statements and expressions, as `ast.unparse` writes them: the package's own data, a field by its name, a
record as it is made."""

BUILTINS = words("""
    ArithmeticError AssertionError BaseException Exception IndexError KeyError LookupError NotImplemented
    NotImplementedError OverflowError RecursionError RuntimeError StopIteration TypeError UnicodeDecodeError ValueError
    ZeroDivisionError
    abs all any bool bytes bytearray chr classmethod complex dict divmod enumerate filter float format frozenset hash
    int isinstance issubclass iter len list map max memoryview min next object ord pow property range repr reversed
    round set slice sorted staticmethod str sum super tuple type zip
""")
"""Neither open, print and input nor what reaches anything by its name: eval, exec, getattr, globals, vars."""

NUMPY = words("""
    abs all allclose any arange arccos arcsin arctan arctan2 argmax argmin argsort array array_equal asarray atleast_2d
    bincount bool_ broadcast_to ceil clip column_stack complex64 complex128 concatenate conj convolve corrcoef cos
    count_nonzero cross cumsum deg2rad degrees diff divide dot einsum exp eye fft float32 float64 floor full full_like
    generic gradient hypot inf int8 int16 int32 int64 integer interp isclose isfinite isnan linalg linspace log log2
    logical_and logical_not logical_or max maximum mean median meshgrid min minimum nan nanmax nanmean nanmedian nanmin
    ndarray newaxis nonzero ones ones_like outer percentile pi ptp quantile rad2deg radians repeat roll searchsorted
    sign sin sqrt square squeeze stack std sum tan tanh tile transpose uint8 uint16 uint32 unique unravel_index vstack
    where zeros zeros_like
""")

MODULES: dict[str, frozenset[str] | None] = {
    **dict.fromkeys(words("__future__ bisect collections collections.abc dataclasses difflib enum functools")),
    **dict.fromkeys(words("itertools math re string typing")),
    "numpy": NUMPY,
    "numpy.typing": frozenset({"ArrayLike", "NDArray"}),
    "statistics": frozenset({"fmean", "mean", "median", "pstdev", "quantiles", "stdev"}),
    "tomllib": frozenset({"TOMLDecodeError", "loads"}),
    "types": frozenset({"MappingProxyType", "TracebackType"}),
    "unicodedata": frozenset({"category", "combining", "east_asian_width", "normalize"}),
}
"""What a pure file may import beside pure files: all public names of a module, or the ones given."""

DATETIME = frozenset({"UTC", "date", "datetime", "timedelta", "timezone", "tzinfo"})
OPENCV = frozenset({"COLOR_BGR2GRAY", "INTER_AREA", "cvtColor", "resize"})
"""What a pure file may call of OpenCV, which it gets from posture.camera.opencv."""

ATTRIBUTES = words("now today utcnow read_text read_bytes write_text write_bytes environ tofile")
"""Attributes that nothing pure may use, whatever they are attributes of."""
DUNDERS = frozenset({"__all__", "__dataclass_fields__", "__init__", "__name__", "__post_init__"})


Sources = dict[str, str]
"""The text of each file by its path in the package, as in "coach/plan.py"."""


@pytest.fixture(scope="module")
def sources() -> Sources:
    return {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}


def module_of(path: str) -> str:
    """Give the dotted name without "posture.": "coach/plan.py" is "coach.plan", "coach/__init__.py" is "coach"."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def is_pure(path: str) -> bool:
    return any(fnmatch.fnmatch(path, pattern) for pattern in PURE)


def imports(tree: ast.AST) -> Iterator[tuple[str, str, ast.stmt]]:
    """Give each import as module and name ("" for `import module`), with the statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "", node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from ((module, alias.name, node) for alias in node.names)


def within(name: str, places: str) -> bool:
    """Whether a dotted name is one of some places or lies in it."""
    return any(name == place or name.startswith(f"{place}.") for place in places.split())


def permitted(tree: ast.AST, texts: tuple[str, ...]) -> set[ast.AST]:
    """Give the nodes of the statements and expressions that are allowed by name."""
    kinds = (ast.Call, ast.Import, ast.ImportFrom)
    same = (node for node in ast.walk(tree) if texts and isinstance(node, kinds) and ast.unparse(node) in texts)
    return {inner for node in same for inner in ast.walk(node)}


def for_types(tree: ast.AST) -> set[ast.AST]:
    """Give the nodes under `if TYPE_CHECKING:`, which never run."""
    tests = (node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    return {inner for test in tests for statement in test.body for inner in ast.walk(statement)}


def is_opencv(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node) == "opencv()"


def names_of(node: ast.AST) -> list[str]:
    """Give the names that a node mentions."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        return [node.attr]
    return [node.name] if isinstance(node, ast.alias) else []


def wrong_imports(path: str, text: str) -> list[str]:
    """Say which imports of a file the map does not allow."""
    tree = ast.parse(text)
    own, *inside = path.split("/")
    own = own.removesuffix(".py")
    places = {"__init__": "_version", "__main__": "cli", "frozen": "cli", **SHARED}
    allowed = f"{own} {ROOMS[own]} {' '.join(SHARED)}" if inside else places[own]
    found = []
    for module, name, _ in imports(tree):
        target = f"{module}.{name}".rstrip(".")
        if module.startswith("."):
            found.append(f"{path}: relative import of {target}")
        elif within(module, "posture") and target != "posture.__version__":
            if not within(target.removeprefix("posture."), allowed):
                found.append(f"{path} imports {target}")
        elif module == "importlib" and name in ("", "import_module") and path not in BY_NAME:
            found.append(f"{path} imports {target}")
    fine = permitted(tree, BY_NAME.get(path, ()))
    by_name = {"import_module", "__import__", "eval", "exec", "runpy", "pkgutil"}
    for node in ast.walk(tree):
        if node not in fine and by_name & set(names_of(node)):
            found.append(f"{path} imports what a string names: {ast.unparse(node)}")
    return found


def circle(sources: Sources) -> list[str]:
    """Give the files of an import circle, if there is one."""
    paths = {module_of(path): path for path in sources}
    graph = {}
    for module, path in paths.items():
        targets = set()
        for source, name, _ in imports(ast.parse(sources[path])):
            target = f"{source}.{name}".rstrip(".").removeprefix("posture.")
            targets.add(target if target in paths else target.rpartition(".")[0])
        graph[module] = (targets & set(paths)) - {module, "__init__"}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def public(module: str) -> frozenset[str]:
    """Give the public names of a module outside the package."""
    loaded = importlib.import_module(module)
    return frozenset(getattr(loaded, "__all__", None) or (name for name in dir(loaded) if name[0] != "_"))


@functools.cache
def defined(text: str) -> frozenset[str]:
    """Give the names that a file defines itself, which are not those that it imports."""
    found: set[str] = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(found)


def impurities(path: str, text: str, sources: Sources) -> list[str]:
    """Say what a pure file uses that it may not."""
    tree = ast.parse(text)
    fine = permitted(tree, EXCEPTIONS.get(path, ()))
    never = for_types(tree)
    modules: dict[str, frozenset[str]] = {}  # names that stand for a module -> what may be used of it
    found = []

    def allowed_of(module: str) -> frozenset[str]:
        """Give the names that may be imported from a module."""
        if module == "datetime" and any(fnmatch.fnmatch(path, pattern) for pattern in MAY_USE_DATETIME):
            return DATETIME
        if module == "posture.camera.opencv":
            return frozenset({"opencv"})
        inner = module.removeprefix("posture.").replace(".", "/") + ".py"
        if module.startswith("posture.") and inner in sources and (is_pure(inner) or inner[:-3] in TRUSTED):
            return defined(sources[inner])
        if module in MODULES:
            return MODULES[module] or public(module)
        return frozenset()

    for module, name, statement in imports(tree):
        inner = f"{module}.{name}".removeprefix("posture.").replace(".", "/") + ".py"
        if statement in never:
            continue
        if within(module, "posture") and inner in sources and is_pure(inner):
            aliases = statement.names if isinstance(statement, ast.ImportFrom) else []
            modules |= {alias.asname or name: defined(sources[inner]) for alias in aliases if alias.name == name}
        elif statement in fine:
            for alias in statement.names if isinstance(statement, ast.Import | ast.ImportFrom) else []:
                modules[alias.asname or alias.name] = frozenset()
        elif name:
            if name not in allowed_of(module):
                found.append(f"from {module} import {name}")
        elif module in MODULES:
            for alias in statement.names if isinstance(statement, ast.Import) else []:
                modules[alias.asname or alias.name.partition(".")[0]] = allowed_of(module)
        else:
            found.append(f"import {module}")

    handled: set[ast.AST] = set(fine)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and is_opencv(node.value):
            modules |= {target.id: OPENCV for target in node.targets if isinstance(target, ast.Name)}
            handled |= set(node.targets)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node in fine:
            continue
        of = OPENCV if is_opencv(node.value) else None
        if isinstance(node.value, ast.Name) and node.value.id in modules:
            of = modules[node.value.id]
            handled.add(node.value)
        if (of is not None and node.attr not in of) or (
            node.attr in ATTRIBUTES or (node.attr.startswith("__") and node.attr not in DUNDERS)
        ):
            found.append(ast.unparse(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Global | ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith | ast.Await):
            found.append(ast.unparse(node).partition("\n")[0])
        if not isinstance(node, ast.Name) or node in handled:
            continue
        builtin = hasattr(builtins, node.id) and isinstance(node.ctx, ast.Load)
        hidden = node.id.startswith("__") and node.id not in DUNDERS
        # A module that is passed on could be asked for anything.
        if node.id in modules or hidden or (builtin and node.id not in BUILTINS):
            found.append(node.id)
    return [f"{path} uses {what}" for what in found]


# -- the house as it stands --------------------------------------------------------------------------------------------


def test_every_file_is_on_the_map(sources: Sources) -> None:
    rooms = {path.partition("/")[0] for path in sources if "/" in path}
    modules = {path.removesuffix(".py") for path in sources if "/" not in path}
    assert rooms == set(ROOMS)
    assert modules == {*SHARED, "__init__", "__main__", "frozen"}
    for pattern in PURE:
        assert fnmatch.filter(sources, pattern), pattern


@pytest.mark.parametrize("room", [*ROOMS, "the top"])
def test_imports_follow_the_map(sources: Sources, room: str) -> None:
    inside = [path for path in sources if path.startswith(f"{room}/") or (room == "the top" and "/" not in path)]
    assert [fault for path in inside for fault in wrong_imports(path, sources[path])] == []


def test_no_files_import_each_other_in_a_circle(sources: Sources) -> None:
    assert circle(sources) == []


@pytest.mark.parametrize("pattern", PURE)
def test_what_is_pure_uses_nothing_impure(sources: Sources, pattern: str) -> None:
    inside = fnmatch.filter(sources, pattern)
    assert [fault for path in inside for fault in impurities(path, sources[path], sources)] == []


# -- the checks themselves: each of these must be found ----------------------------------------------------------------

IMPURE = {
    "a camera": ("measure/levels.py", "from posture.camera.webcam import Webcam"),
    "a file": ("timeline/advance.py", "def f():\n    return open('x').read()"),
    "the model": ("coach/advance.py", "def f():\n    import mediapipe"),
    "a module by its name": ("coach/advance.py", "import importlib\nimportlib.import_module('time')"),
    "a function that imports": ("coach/advance.py", "from importlib import import_module"),
    "numpy.random": ("measure/geometry.py", "import numpy.random"),
    "numpy.random by another name": ("measure/geometry.py", "from numpy import random as r"),
    "np.random": ("measure/geometry.py", "np.random.default_rng()"),
    "np.load": ("measure/geometry.py", "np.load('x.npy')"),
    "numpy passed on": ("measure/geometry.py", "n = np\nn.random.rand()"),
    "a clock": ("monitor/cadence.py", "import time"),
    "a clock of ours": ("monitor/cadence.py", "from posture.clock import now_s"),
    "a clock of ours as a module": ("timeline/advance.py", "from posture import clock"),
    "now": ("report/summary.py", "datetime.now(UTC)"),
    "today": ("report/review.py", "def f():\n    return date.today()"),
    "datetime in timeline": ("timeline/advance.py", "from datetime import datetime"),
    "datetime as a module": ("report/summary.py", "import datetime"),
    "a path": ("timeline/state.py", "from pathlib import Path\nPath('x').read_text()"),
    "read_text of anything": ("coach/plan.py", "library().read_text()"),
    "print": ("perception/gate.py", "print('x')"),
    "input": ("coach/pain.py", "def f():\n    return input()"),
    "eval": ("coach/plan.py", "eval('1')"),
    "exec": ("perception/drift.py", "exec('import time')"),
    "__import__": ("report/spans.py", "__import__('time')"),
    "globals": ("report/trend.py", "globals()['x']"),
    "vars": ("report/trend.py", "vars()"),
    "getattr": ("report/summary.py", "getattr(datetime, 'n' + 'ow')()"),
    "builtins": ("timeline/advance.py", "__builtins__['open']('x')"),
    "builtins as a module": ("timeline/advance.py", "import builtins"),
    "a dunder": ("timeline/advance.py", "advance.__globals__['x']"),
    "the environment": ("coach/quiet.py", "import os\nos.environ['HOME']"),
    "the environment through settings": ("coach/quiet.py", "from posture.settings import os"),
    "resources through coach": ("coach/plan.py", "from posture.coach.exercises import resources"),
    "another file of the package": ("coach/packaged.py", "resources.files('posture.coach').joinpath('words.py')"),
    "another way to the same file": ("coach/packaged.py", "r = resources"),
    "a pure file passed on": ("daemon/status.py", "from posture.timeline import advance as t\nx = t"),
    "more of a pure file": ("daemon/status.py", "from posture.measure import angles as a\na.io"),
    "a thread": ("timeline/state.py", "import threading"),
    "a thread of concurrent": ("perception/stationary.py", "from concurrent.futures import ThreadPoolExecutor"),
    "chance": ("coach/choose.py", "import random"),
    "chance through statistics": ("coach/checks.py", "from statistics import random"),
    "a camera of OpenCV": ("perception/viewpoint.py", "opencv().VideoCapture(0)"),
    "a camera of OpenCV by a name": ("camera/light.py", "def f():\n    cv2 = opencv()\n    cv2.imread('x')"),
    "cv2": ("perception/viewpoint.py", "import cv2"),
    "everything": ("measure/levels.py", "from math import *"),
    "a global": ("perception/gate.py", "def f():\n    global STATE"),
    "now in the state of a session": ("daemon/session_state.py", "datetime.now(UTC)"),
    "a file in the state of a session": ("daemon/session_state.py", "open('x')"),
    "asyncio": ("monitor/cadence.py", "async def f():\n    pass"),
}

OUT_OF_ORDER = {
    "an arrow back": ("perception/gate.py", "from posture.monitor.engine import Engine"),
    "an arrow back inside a function": ("history/store.py", "def f():\n    import posture.daemon.service"),
    "a room as a whole": ("coach/plan.py", "import posture.report"),
    "cli": ("daemon/service.py", "from posture.cli.main import main"),
    "cli as a name": ("daemon/service.py", "from posture import cli"),
    "more of coach than its words": ("desktop/notices.py", "from posture.coach.advance import advance"),
    "more of history than calibrations": ("sensor/process.py", "from posture.history.store import Store"),
    "more of measure than an observation": ("timeline/state.py", "from posture.measure.baseline import Baseline"),
    "a room from the top": ("settings.py", "from posture.camera.webcam import Webcam"),
    "a string": ("history/store.py", "import importlib\nimportlib.import_module('posture.cli.main')"),
    "a string in main": ("cli/main.py", "importlib.import_module(name)"),
    "a function that imports": ("cli/main.py", "load = importlib.import_module"),
    "__import__": ("camera/webcam.py", "__import__('posture.cli.main')"),
    "a relative import": ("coach/plan.py", "from . import choose"),
}


@pytest.mark.parametrize("name", IMPURE)
def test_an_impurity_is_found(sources: Sources, name: str) -> None:
    path, plant = IMPURE[name]
    before = impurities(path, sources[path], sources)
    assert len(impurities(path, f"{sources[path]}\n{plant}\n", sources)) > len(before)


@pytest.mark.parametrize("name", OUT_OF_ORDER)
def test_an_import_out_of_order_is_found(sources: Sources, name: str) -> None:
    path, plant = OUT_OF_ORDER[name]
    before = wrong_imports(path, sources[path])
    assert len(wrong_imports(path, f"{sources[path]}\n{plant}\n")) > len(before)


def test_a_circle_is_found(sources: Sources) -> None:
    plant = "def f():\n    from posture.timeline.advance import advance\n"
    path = "timeline/state.py"
    assert set(circle({**sources, path: sources[path] + plant})) == {"timeline.state", "timeline.advance"}


# -- what is light, and what stays inside ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement", ["import posture", "from posture.cli.main import parser; dict(parser().commands.choices)"]
)
def test_what_is_light_imports_nothing_heavy(statement: str) -> None:
    code = f"import sys; {statement}; print(*sorted({set(HEAVY)!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


def test_no_two_files_of_tests_share_a_name() -> None:
    """They are no package: pytest imports each by its name alone."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert len(names) == len(set(names))


def test_nothing_points_out_of_the_project() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, cwd=ROOT, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout: nothing to list")
    texts = (".py", ".md", ".toml", ".txt", ".sh", ".html", ".json", "run", "NOTICE")
    for name in listed.stdout.split("\0"):
        path = ROOT / name
        if name.endswith(texts) and path.is_file() and path != Path(__file__):
            text = path.read_text(encoding="utf-8")
            assert "../shared" not in text, name
            assert "/work/" not in text, name
