"""How quick the light commands are, as a ratio to Python itself.

    python benchmarks/light_commands.py [--runs N] [--against FOLDER]

Each command runs N times in a process of its own, taking turns with `python -c pass` and, with --against, with another
tree of posture (FOLDER holds the package), so that a machine that is busy for a while is so for all of them. Printed
are the medians: CPU milliseconds (user and system), and how many times the CPU and the wall clock of bare Python. Linux
and macOS. Nothing of the user's is read: settings, state and socket lie in an empty folder.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
COMMANDS = {
    "--help": ("--help",),
    "status": ("status",),
    "config get": ("config", "get", "coach.stand_after"),
    "Tab": (),
}
TAB = {"_ARGCOMPLETE": "1", "COMP_LINE": "posture config get coach.st", "COMP_POINT": "27"}
BARE = "python"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40, metavar="N")
    parser.add_argument("--against", type=Path, metavar="FOLDER")
    a = parser.parse_args()
    trees = {"": HERE} | ({"before": a.against.resolve()} if a.against else {})
    # A tree that does not know how to answer a shell has no Tab to measure.
    jobs = [(tree, name) for tree in trees for name in COMMANDS if name != "Tab" or answers_tab(trees[tree])]
    took: dict[tuple[str, str], list[tuple[float, float]]] = {job: [] for job in [("", BARE), *jobs]}
    with tempfile.TemporaryDirectory(prefix="posture-light-") as folder:
        for round_ in range(a.runs + 1):
            for job in random.sample(list(took), len(took)):
                measured = cost(*job, trees, Path(folder))
                if round_:  # the first writes the bytecode
                    took[job].append(measured)
    median = {job: [statistics.median(values) for values in zip(*runs, strict=True)] for job, runs in took.items()}
    bare_cpu_s, bare_wall_s = median["", BARE]
    print(f"{'':20} {'CPU ms':>8} {'x CPU':>8} {'x wall':>8}")
    for (tree, name), (cpu_s, wall_s) in median.items():
        label = f"{name}{f' ({tree})' if tree else ''}"
        print(f"{label:20} {1000 * cpu_s:8.1f} {cpu_s / bare_cpu_s:8.2f} {wall_s / bare_wall_s:8.2f}")


def answers_tab(tree: Path) -> bool:
    return "_ARGCOMPLETE" in (tree / "posture/cli/main.py").read_text(encoding="utf-8")


def cost(tree: str, name: str, trees: dict[str, Path], folder: Path) -> tuple[float, float]:
    """Run once; gives CPU and wall seconds."""
    own = {variable: str(folder) for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")}
    # Bytecode of its own: one tree may have it already and the other not, or it may be stale.
    env = {**os.environ, **own, "PYTHONPATH": str(trees[tree]), "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    for variable in ("POSTURE_CONFIG", "PYTHONDONTWRITEBYTECODE"):
        env.pop(variable, None)
    command = [sys.executable, "-c", "pass"] if name == BARE else [sys.executable, "-m", "posture", *COMMANDS[name]]
    if name == "Tab":
        env |= {**TAB, "_ARGCOMPLETE_STDOUT_FILENAME": os.devnull}
    began_s = time.perf_counter()
    process = subprocess.Popen(command, env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    return used.ru_utime + used.ru_stime, time.perf_counter() - began_s


if __name__ == "__main__":
    main()
