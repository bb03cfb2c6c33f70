"""How quick the light commands are, as a ratio to Python itself.

    python benchmarks/light_commands.py [--runs N] [--against FOLDER] [--language de] [--script]

Each command runs N times in a process of its own, taking turns with `python -c pass` and, with --against, with another
tree of posture (FOLDER holds the package), so that a machine that is busy for a while is so for all of them. Printed
are the medians: CPU milliseconds (user and system), and how many times the CPU and the wall clock of bare Python. Linux
and macOS. Nothing of the user's is read: settings, state and socket lie in an empty folder. What asks the daemon is
answered by one that has but a status: of somebody who slumps.
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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
COMMANDS = {
    "--help": ("--help",),
    "--version": ("--version",),
    "status --help": ("status", "--help"),
    "status": ("status",),
    "status --json": ("status", "--json"),
    "status, no daemon": ("status",),
    "pause 30m": ("pause", "30m"),
    "config get": ("config", "get", "coach.stand_after"),
    "Tab, command": (),
    "Tab, setting": (),
}
ASKING = ("status", "status --json", "pause 30m")
"""What a daemon answers."""
TAB = {"Tab, command": "posture st", "Tab, setting": "posture config get coach.st"}
BARE = "python"
DAEMON = """
import asyncio
from datetime import UTC, datetime
from posture.coach.bars import JudgedNow
from posture.control.channel import ControlServer
from posture.daemon.session_state import SessionState
from posture.daemon.status import ActiveNow, Process, Watch, status_of
from posture.settings import TimelineSettings
from posture.timeline.state import TimelineState
now = datetime.now(UTC)
status = status_of(
    Process(7, "1", now, "settings.toml"), SessionState(), Watch("a camera"), TimelineState(), 0.0, TimelineSettings(),
    to_utc=lambda t_s: now,
)._replace(
    state="sitting",
    active=(ActiveNow("slump", "slumped", 130.0, 1.2),),
    levels={"slump": 1.2, "lean_left": 0.6},
    judged={"slump": JudgedNow(14.4, 2.0, 12.0), "lean_left": JudgedNow(4.0, 1.0, 7.0)},
).to_json()
async def answer(command, args):
    return status
async def main():
    await ControlServer(answer, lambda reason: lambda: None).start()
    print("ready", flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40, metavar="N")
    parser.add_argument("--against", type=Path, metavar="FOLDER")
    parser.add_argument("--language", default="en", help="of the desktop (default %(default)s)")
    parser.add_argument("--script", action="store_true", help="the installed command instead of python -m posture")
    a = parser.parse_args()
    trees = {"": HERE} | ({"before": a.against.resolve()} if a.against else {})
    # A tree that does not know how to answer a shell has no Tab to measure.
    jobs = [(tree, name) for tree in trees for name in COMMANDS if name not in TAB or answers_tab(trees[tree])]
    python = [sys.executable]
    posture = [*python, str(Path(sys.executable).with_name("posture"))] if a.script else [*python, "-m", "posture"]
    took: dict[tuple[str, str], list[tuple[float, float]]] = {job: [] for job in [("", BARE), *jobs]}
    with tempfile.TemporaryDirectory(prefix="posture-light-") as folder, answering(Path(folder)):
        for round_ in range(a.runs + 1):
            for job in random.sample(list(took), len(took)):
                command = [*python, "-c", "pass"] if job[1] == BARE else [*posture, *COMMANDS[job[1]]]
                env = {"PYTHONPATH": str(trees[job[0]]), "LANGUAGE": a.language}
                measured = cost(command, job[1], env, Path(folder))
                if round_:  # the first writes the bytecode
                    took[job].append(measured)
    median = {job: [statistics.median(values) for values in zip(*runs, strict=True)] for job, runs in took.items()}
    bare_cpu_s, bare_wall_s = median["", BARE]
    print(f"{'':26} {'CPU ms':>8} {'x CPU':>8} {'x wall':>8}")
    for (tree, name), (cpu_s, wall_s) in median.items():
        label = f"{name}{f' ({tree})' if tree else ''}"
        print(f"{label:26} {1000 * cpu_s:8.1f} {cpu_s / bare_cpu_s:8.2f} {wall_s / bare_wall_s:8.2f}")


def answers_tab(tree: Path) -> bool:
    return "_ARGCOMPLETE" in (tree / "posture/cli/main.py").read_text(encoding="utf-8")


def environment(folder: Path, place: str) -> dict[str, str]:
    """An environment without anything of the user's; `place` is the runtime folder."""
    own = {variable: str(folder) for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")}
    env = {**os.environ, **own, "XDG_RUNTIME_DIR": str(folder / place)}
    for variable in ("POSTURE_CONFIG", "POSTURE_DATA", "POSTURE_LANGUAGE", "PYTHONDONTWRITEBYTECODE"):
        env.pop(variable, None)
    return env


@contextmanager
def answering(folder: Path) -> Iterator[None]:
    """For the block, have something answer as the daemon does."""
    for place in ("asked", "silent"):
        (folder / place).mkdir(mode=0o700)
    env = environment(folder, "asked") | {"PYTHONPATH": str(HERE)}
    daemon = subprocess.Popen([sys.executable, "-c", DAEMON], env=env, stdout=subprocess.PIPE)
    assert daemon.stdout is not None
    try:
        daemon.stdout.readline()
        yield
    finally:
        daemon.kill()
        daemon.wait()


def cost(command: list[str], name: str, more: dict[str, str], folder: Path) -> tuple[float, float]:
    """Run once; gives CPU and wall seconds."""
    # Bytecode of its own: one tree may have it already and the other not, or it may be stale.
    env = environment(folder, "asked" if name in ASKING else "silent")
    env |= {"PYTHONPYCACHEPREFIX": str(folder / "bytecode"), **more}
    if line := TAB.get(name):
        env |= {"_ARGCOMPLETE": "1", "COMP_LINE": line, "COMP_POINT": str(len(line))}
        env |= {"_ARGCOMPLETE_STDOUT_FILENAME": os.devnull}
    began_s = time.perf_counter()
    process = subprocess.Popen(command, env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    return used.ru_utime + used.ru_stime, time.perf_counter() - began_s


if __name__ == "__main__":
    main()
