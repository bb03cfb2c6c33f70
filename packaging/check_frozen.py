#!/usr/bin/env python3
"""Run a frozen program as a user would, and say of each part whether it works: `check_frozen.py build/frozen/posture`.

It needs no Python package, and runs the program in folders of its own. On Linux it starts an Xvfb for the window and a
session bus, where they are installed; what cannot be tried is said so, or is a failure with POSTURE_REQUIRE_ALL=1.
With `--pictures FOLDER` it leaves a picture of the window there.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PATIENCE_S = 120.0
WINDOWS = sys.platform == "win32"


class Frozen:
    """The program under test, with a home of its own."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.pictures: Path | None = None
        self.program = (folder / ("posture.exe" if WINDOWS else "posture")).resolve()
        self.inside = self.program.parent / "_internal"
        if not self.program.is_file():  # an installed one: the command, or what it leads to
            raise SystemExit(f"there is no program in {folder}")
        self.home = home
        kept = ("PATH", "LANG", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "TEMP", "TMP", "WINEPREFIX", "PATHEXT")
        self.environment = {name: os.environ[name] for name in kept if name in os.environ} | {
            "HOME": str(home),
            "USERPROFILE": str(home),
            "APPDATA": str(home / "AppData/Roaming"),
            "LOCALAPPDATA": str(home / "AppData/Local"),
            "XDG_RUNTIME_DIR": str(home / "run"),
            "POSTURE_DATA": str(home / "data"),
            "POSTURE_CONFIG": str(home / "settings.toml"),
        }
        (home / "run").mkdir(mode=0o700)
        self.clip = str(self.inside / "posture/_bundled/samples/desk_stand.mp4")
        self.on_clip = ("--set", f"camera.source={self.clip}")

    def run(self, *words: str, code: int = 0, stdin: str = "", **more: str) -> str:
        """Run a command, and give what it prints; it must end with `code`."""
        done = subprocess.run(
            [str(self.program), *words],
            input=stdin.encode(),
            capture_output=True,
            env=self.environment | more,
            cwd=self.home,
            timeout=PATIENCE_S * 5,
            check=False,
        )
        said = (done.stdout + done.stderr).decode("utf-8", "replace")
        assert done.returncode == code, f"posture {' '.join(words)} ended with {done.returncode}: {said[-600:]}"
        assert "Traceback" not in said, said[-1500:]
        return said

    def status(self) -> dict[str, object]:
        """Give the status as the daemon says it."""
        found: dict[str, object] = json.loads(self.run("status", "--json"))
        return found


class NotHere(Exception):  # noqa: N818 - no error
    """Something that this machine lacks."""


def until(what: str, found: Callable[[], object]) -> object:
    """Wait for something, and give it."""
    end_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < end_s:
        with contextlib.suppress(AssertionError, OSError, json.JSONDecodeError):
            if value := found():
                return value
        time.sleep(0.3)
    raise AssertionError(f"in {PATIENCE_S:g} s there was no {what}")


# -- the checks, in this order ----------------------------------------------------------------------------------------


def version(frozen: Frozen) -> str:
    """Say the version, which is that of the tag."""
    said = frozen.run("--version").strip()
    assert re.fullmatch(r"posture \d+\.\d+\.\d+\S*", said), said
    return said


def no_daemon(frozen: Frozen) -> str:
    """Say that nothing runs."""
    return frozen.run("status", code=1).strip()


def other_modules(frozen: Frozen) -> str:
    """Run no module but its own."""
    return frozen.run("-m", "http.server", code=2).strip()


def doctor(frozen: Frozen) -> str:
    """Find model, OpenCV and MediaPipe whole."""
    lines = json.loads(frozen.run("doctor", "--json", code=1))  # without a camera
    found = {check["name"]: check for check in lines["checks"]}
    for name in ("opencv", "mediapipe", "model"):
        assert found[name]["status"] == "pass", found[name]
    return ", ".join(str(found[name]["says"]) for name in ("opencv", "mediapipe"))


def privacy(frozen: Frozen) -> str:
    """Be shut in as any other: `doctor --privacy`."""
    said = frozen.run("doctor", "--privacy")
    assert not re.search(r"^fail", said, re.MULTILINE), said
    return next(line for line in said.splitlines() if "sensor" in line)


def replay(frozen: Frozen) -> str:
    """Find a person in the sample."""
    said = frozen.run("replay", frozen.clip)
    return said.strip().splitlines()[-1]


def languages(frozen: Frozen) -> str:
    """Speak each language."""
    helps = {
        name: frozen.run("--help", POSTURE_LANGUAGE=name) for name in ("en", "de", "fr", "es", "it", "pt_BR", "ja")
    }
    assert len(set(helps.values())) == len(helps), "two languages say the same"
    return ", ".join(helps)


def exercises(frozen: Frozen) -> str:
    """Know its exercises and what is known about them."""
    assert "side" in frozen.run("exercises")
    frozen.run("about", "massage")
    return "exercises, about"


def completion(frozen: Frozen) -> str:
    """Answer a shell that asks what may come next."""
    assert "posture" in frozen.run("completion", "bash")
    if WINDOWS:
        return "the script alone, there is no shell for it"
    line = "posture stat"
    asked = {
        "_ARGCOMPLETE": "1",
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "IFS": "\n",
        "_ARGCOMPLETE_IFS": "\n",
    }
    done = subprocess.run(
        ["/bin/sh", "-c", f"{shlex.quote(str(frozen.program))} 8>&1 9>/dev/null 1>/dev/null 2>/dev/null"],
        capture_output=True,
        text=True,
        env=frozen.environment | asked,
        check=False,
    )
    assert "status" in done.stdout, done
    return done.stdout.strip()


def watch(frozen: Frozen) -> str:
    """Start on a clip; sensor, second start, pause, resume, stop."""
    frozen.run("start", *frozen.on_clip)
    try:
        until("look of the sensor", lambda: _watches(frozen))
        found = frozen.status()
        said = frozen.run("start", code=0)
        frozen.run("pause", "10m")
        until("pause", lambda: frozen.status()["paused"])
        frozen.run("resume")
        until("look after the pause", lambda: _watches(frozen))
        children = _children(frozen)
    finally:
        frozen.run("stop")
    frozen.run("status", code=1)
    assert not (left := until_gone(frozen)), f"left over: {left}"
    return f"{found['state']}; {said.strip()}; {children}"


def _watches(frozen: Frozen) -> bool:
    found = frozen.status()
    return found.get("state") not in (None, "starting", "paused", "unknown")


def _processes(frozen: Frozen) -> dict[int, list[str]]:
    """Give the command lines of the program's processes, on Linux."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
            if words and words[0] == str(frozen.program):
                found[int(folder.name)] = words[1:]
    return found


def _children(frozen: Frozen) -> str:
    if not sys.platform.startswith("linux"):
        return "processes not looked at"
    found = _processes(frozen)
    modules = sorted({words[1] for words in found.values() if words[:1] == ["-m"]})
    assert "posture.sensor.process" in modules, found
    (sensor,) = [pid for pid, words in found.items() if words[:2] == ["-m", "posture.sensor.process"]]
    held = dict(re.findall(r"^(Seccomp|NoNewPrivs):\s+(\d+)", Path(f"/proc/{sensor}/status").read_text(), re.MULTILINE))
    assert held == {"Seccomp": "2", "NoNewPrivs": "1"}, held
    ours = {file.name for file in frozen.inside.glob("lib*.so*")}
    for pid, words in found.items():  # a machine that has the same library hides that ours was not found
        mapped = set(re.findall(r"(/\S+\.so[.\d]*)$", Path(f"/proc/{pid}/maps").read_text(), re.MULTILINE))
        alien = {path for path in mapped if Path(path).name in ours and not path.startswith(str(frozen.inside))}
        assert not alien, (words, alien)
    return f"{', '.join(modules)}; the sensor with seccomp"


def until_gone(frozen: Frozen) -> dict[int, list[str]]:
    """Wait until no process is left; give those that are."""
    if not sys.platform.startswith("linux"):
        return {}
    with contextlib.suppress(AssertionError):
        until("end", lambda: not _processes(frozen))
    return _processes(frozen)


def report(frozen: Frozen) -> str:
    """Draw the charts of a report on what was just watched."""
    file = frozen.home / "report.html"
    frozen.run("report", "--output", str(file))
    text = file.read_text(encoding="utf-8")
    assert "<svg" in text
    return f"{len(text)} characters, {text.count('<svg')} drawings"


def history(frozen: Frozen) -> str:
    """Read what was stored, and write it out."""
    assert json.loads(frozen.run("export", "--format", "json"))
    return frozen.run("summary").strip().splitlines()[0]


def check_in(frozen: Frozen) -> str:
    """Keep what the user says."""
    frozen.run("log", "tension", "3")
    return "log tension"


def self_check(frozen: Frozen) -> str:
    """Say what self-checks have shown."""
    return frozen.run("self-check", "--trend").strip().splitlines()[0]


def autostart(frozen: Frozen) -> str:
    """Write an entry that starts this program; start what it says."""
    frozen.run("autostart", "on")
    try:
        entries = [
            file
            for place in (".config/autostart", ".config/systemd/user", "AppData/Roaming", "Library/LaunchAgents")
            for file in (frozen.home / place).rglob("*posture*")
            if file.is_file()
        ]
        assert entries, "there is no entry"
        text = entries[0].read_text(encoding="utf-8", errors="replace")
        assert str(frozen.program.parent) in text or WINDOWS, text
        assert " -m " not in text, text
        if entries[0].suffix == ".desktop":
            command = shlex.split(re.search(r"^Exec=(.*)$", text, re.MULTILINE)[1])  # type: ignore[index]
            subprocess.run(
                [*command, *frozen.on_clip], env=frozen.environment, cwd="/", check=True, timeout=PATIENCE_S * 3
            )
            until("daemon by the entry", lambda: frozen.status())
            frozen.run("stop")
            until_gone(frozen)
        return next(line for line in text.splitlines() if "posture" in line and ("Exec" in line or WINDOWS))
    finally:
        frozen.run("autostart", "off")


def launcher(frozen: Frozen) -> str:
    """Write an entry of the menu of programs that opens this program."""
    if not sys.platform.startswith("linux"):
        raise NotHere("the menu is the installer's here")
    frozen.run("launcher", "on")
    file = frozen.home / ".local/share/applications/posture.desktop"
    text = file.read_text() if file.is_file() else ""
    frozen.run("launcher", "off")
    if not text:
        return "a package of the system has one"
    assert f'Exec="{frozen.program}" "open"' in text, text
    return "posture.desktop"


def window(frozen: Frozen) -> str:
    """Open the window on a screen, have the daemon open it too, and close it."""
    with _screen(frozen) as display:
        frozen.environment["DISPLAY"] = display
        opened = subprocess.Popen(
            [str(frozen.program), "open", "today"], env=frozen.environment, cwd=frozen.home, stderr=subprocess.PIPE
        )
        until("window", lambda: _windows(display))
        time.sleep(2)
        if frozen.pictures:
            subprocess.run(
                ["scrot", "-o", frozen.pictures / "window.png"], env=os.environ | {"DISPLAY": display}, check=False
            )
        libraries = _libraries(opened.pid)
        opened.send_signal(signal.SIGTERM)
        code = opened.wait(PATIENCE_S)
        said = opened.stderr.read().decode() if opened.stderr else ""
        assert code == 0, said
        assert "Network" not in libraries, libraries
        return f"closed with 0; Qt: {libraries}"


def tray(frozen: Frozen) -> str:
    """Have the daemon reach the session bus, and open the window by its helper."""
    bus = shutil.which("dbus-daemon")
    if bus is None:
        raise NotHere("dbus-daemon")
    with _screen(frozen) as display:
        session = subprocess.Popen([bus, "--session", "--print-address", "--nofork"], stdout=subprocess.PIPE, text=True)
        try:
            assert session.stdout is not None
            frozen.environment |= {"DBUS_SESSION_BUS_ADDRESS": session.stdout.readline().strip(), "DISPLAY": display}
            frozen.run("start", *frozen.on_clip)
            until("look of the sensor", lambda: _watches(frozen))
            names = subprocess.run(
                [
                    *("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus"),
                    *("/org/freedesktop/DBus", "org.freedesktop.DBus.ListNames"),
                ],
                env=frozen.environment,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            running = sorted({words[1] for words in _processes(frozen).values() if words[:1] == ["-m"]})
            frozen.run("stop")
            until_gone(frozen)
            return f"on the bus: {len(re.findall('string', names))} names; processes: {', '.join(running)}"
        finally:
            frozen.environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
            frozen.environment.pop("DISPLAY", None)
            session.terminate()
            session.wait()


@contextlib.contextmanager
def _screen(frozen: Frozen) -> Iterator[str]:
    """Give a screen of its own."""
    xvfb = shutil.which("Xvfb")
    if xvfb is None or not sys.platform.startswith("linux"):
        raise NotHere("Xvfb")
    read, write = os.pipe()
    server = subprocess.Popen(
        [xvfb, "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def _windows(display: str) -> bool:
    said = subprocess.run(
        ["xwininfo", "-display", display, "-root", "-tree"], capture_output=True, text=True, check=False
    )
    if said.returncode:
        raise NotHere("xwininfo")
    return bool(re.search(r'\("posture"', said.stdout))


def _libraries(pid: int) -> str:
    maps = Path(f"/proc/{pid}/maps").read_text()
    return ", ".join(sorted(set(re.findall(r"libQt6(\w+)\.so", maps))))


CHECKS = (
    *(version, no_daemon, other_modules, languages, exercises, completion, doctor, privacy, replay, watch, report),
    *(history, check_in, self_check, autostart, launcher, window, tray),
)


def main() -> int:
    """Run the checks, and give how many failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the program lies")
    parser.add_argument("--only", nargs="*", choices=[check.__name__ for check in CHECKS])
    parser.add_argument("--pictures", type=Path)
    args = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="frozen-", ignore_cleanup_errors=True) as home:
        frozen = Frozen(args.folder, Path(home).resolve())
        frozen.pictures = args.pictures
        for check in CHECKS:
            if args.only and check.__name__ not in args.only:
                continue
            begun_s = time.monotonic()
            try:
                outcome, said = "pass", check(frozen)
            except NotHere as missing:
                outcome, said = "skip", f"this machine has no {missing}"
                if os.environ.get("POSTURE_REQUIRE_ALL") == "1" and sys.platform.startswith("linux"):
                    outcome = "fail"
            except (AssertionError, OSError, subprocess.SubprocessError, LookupError, ValueError) as error:
                outcome, said = "fail", f"{type(error).__name__}: {error}"
            failed += outcome == "fail"
            print(f"{outcome}  {check.__name__:14} {time.monotonic() - begun_s:6.1f} s  {said}", flush=True)
        with contextlib.suppress(AssertionError, subprocess.SubprocessError):
            frozen.run("stop", code=0)
    return min(failed, 100)


if __name__ == "__main__":
    sys.exit(main())
