"""Write the tables of docs/reliability.md by running what they say.

    python tools/reliability.py faults    every fault, with the test that makes it happen, and whether it passed
    python tools/reliability.py breaks    every promise broken once on purpose, in a copy: its test must fail
    python tools/reliability.py           both

Ends with 1 when a fault's test fails, or a break goes unnoticed. Takes about ten minutes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/reliability.md"
PATIENCE_S = 600.0
"""A test that takes longer has failed."""


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong, what happens then, and the tests that show it."""

    what: str
    then: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Break:
    """A promise, the change to the code that breaks it, and the test that must notice."""

    promise: str
    file: str
    old: str
    new: str
    test: str


CAMERA, SERVICE, STORE = (
    "tests/monitor/test_camera_life.py",
    "tests/daemon/test_service.py",
    "tests/history/test_store.py",
)
BOX = "tests/privacy/test_box.py"
HOSTILE, WIRE, BELIEF = (
    "tests/daemon/test_hostile_sensor.py",
    "tests/sensor/test_wire.py",
    "tests/sensor/test_belief.py",
)
DAEMON, SANDBOX, FORGET = (
    "tests/reliability/test_daemon_faults.py",
    "tests/privacy/test_sandbox.py",
    "tests/privacy/test_forget.py",
)
ON_DISK = "tests/privacy/test_forget_on_the_disk.py"
DAY, ODD = "tests/reliability/test_day_of_faults.py", "tests/reliability/test_camera_faults.py"
SCENE = "tests/perception/test_stationary.py"
RESCUE, FUZZ, WALL = "tests/history/test_rescue.py", "tests/reliability/test_fuzz.py", "tests/monitor/test_clock.py"

FAULTS = (
    Fault(
        "camera taken by another program",
        "given way to at once, unknown, back when it is free",
        (CAMERA + " -k gives",),
    ),
    Fault(
        "escape sequences, marks of direction and line ends in the names of files and folders, the history, "
        "calibrations, settings, own exercises, the log, answers of a daemon and the command line: every command that "
        "the parser knows, on a terminal and in a pipe",
        "none is written as it was, and none begins a row",
        ("tests/cli/test_nothing_obeyed.py",),
    ),
    Fault(
        "a trigger that comes while the history is open",
        "it does nothing",
        ("tests/history/test_unreadable_rows.py -k while_it_is_open",),
    ),
    Fault("camera in use at the start", "waited for", (CAMERA + " -k in_use_at_the_start",)),
    Fault(
        "a day of all this under one daemon: camera unplugged, hung, black, torn, of another size, with 1 and 120 "
        "frames a second, busy, under another number; locked, asleep, another user; calendar, midnight, summer time",
        "the same daemon, the truth or unknown at each moment, totals that add up after each",
        (DAY,),
    ),
    Fault(
        "camera unplugged, stalled, with stream errors, torn pictures",
        "unknown, then watching goes on",
        (
            CAMERA + " -k what_goes_wrong",
            "tests/camera/test_webcam.py -k lost",
            "tests/camera/test_webcam.py -k damaged",
        ),
    ),
    Fault(
        "camera back under another number",
        "found by its stable name",
        ("tests/camera/test_webcam.py -k stable_name", ODD + " -k another_number"),
    ),
    Fault("camera hung, pictures with a part missing", "unknown, the camera is opened anew", (ODD + " -k of_now",)),
    Fault("lens covered, room dark", "unknown, never away", (CAMERA + " -k covered",)),
    Fault(
        "a poster with a face, a colleague behind",
        "nobody: away when the user has left, their levels untouched while they sit",
        (SCENE + " -k poster", SCENE + " -k behind"),
    ),
    Fault(
        "lid half closed, screen tilted",
        "no empty chair: unknown, and deviations are not scored until it is turned back or calibrated",
        (SCENE + " -k lid",),
    ),
    Fault("the model loses who sits there", "what was seen stands, then unknown; no break", (SCENE + " -k loses",)),
    Fault("grain that hides people", "found in the smoothed picture", ("tests/pose -k grainy",)),
    Fault("no camera at all", "one sentence", (CAMERA + " -k without_a_camera",)),
    Fault("the sensor is killed", "started again, unknown meanwhile", (CAMERA + " -k sensor_that_dies",)),
    Fault(
        "the daemon is killed",
        "no sensor is left; pause and snooze outlive it",
        (CAMERA + " -k daemon_that_is_killed", SERVICE + " -k over_the_socket"),
    ),
    Fault(
        "screen locked, machine asleep",
        "camera let go, time without looks is not sitting",
        (SERVICE + " -k lock_sleep",),
    ),
    Fault("another user has the screen", "camera let go", (SERVICE + " -k another_user",)),
    Fault("calendar set forward or back", "durations stay, dates follow", (WALL,)),
    Fault("frozen notification service", "nothing waits for it", (SERVICE + " -k frozen",)),
    Fault("clients that lie, hang, flood", "refused, daemon up", (SERVICE + " -k badly",)),
    Fault("writer killed at random moments", "file whole, at most a minute missing", (STORE + " -k kill",)),
    Fault(
        "power cut at any write, what was not synced missing or torn",
        "file whole, at most a minute missing",
        ("tests/history/test_power_cut.py",),
    ),
    Fault("full disk", "stays in memory, reported once, written when there is room", (STORE + " -k full_disk",)),
    Fault(
        "a disk that fills up under a daemon",
        "reported once, nothing missing when there is room",
        (DAEMON + " -k fills_up",),
    ),
    Fault("read-only folder", "one sentence, reading goes on", (STORE + " -k read_only_folder",)),
    Fault(
        "a place that cannot be written under a daemon",
        "reported once, written when it can be, reported again",
        (DAEMON + " -k cannot_be",),
    ),
    Fault(
        "history damaged",
        "set aside with its date, readable records recovered, reported, watching goes on",
        (DAEMON + " -k damaged", RESCUE),
    ),
    Fault("history of a newer release", "refused, left as it was", (STORE + " -k newer",)),
    Fault(
        "history removed, renamed, replaced, written over by a copy or emptied under the watch, its folder too: 14 "
        "ways, each also with other commands at work on it",
        "opened or made anew at the next write, said once, nothing lost after it",
        ("tests/history/test_sink.py -k (lost_after or removed or replacement)",),
    ),
    Fault(
        "each of the daemon's 12 jobs, and what each of them calls, raises in turn; 10 kinds of error; a job stuck",
        "the others go on, it is said in the status and once in the log, tried again, and well again",
        ("tests/daemon/test_supervisor.py",),
    ),
    Fault(
        "runtime folder, socket or lock removed; a login without a runtime folder",
        "made anew within seconds, found by the lock beside the history, never a second daemon, never said not to run",
        ("tests/control/test_instance.py", DAEMON + " -k logout"),
    ),
    Fault(
        "the picture of a privacy switch: five signs, moved, on six shades in three tints, with noise, through a JPEG",
        "unknown, the lens seems to be covered; rooms, and a chair before a bare wall, are an empty chair",
        ("tests/camera/test_light.py -k shaded_ground", "tests/camera/test_light.py -k chair_before"),
    ),
    Fault(
        "a pipe, a socket, a device, a folder, a circle of links, endless JSON or bytes for each of 14 files, "
        "16 commands",
        "one sentence or passed over, none waits; devices stay",
        ("tests/test_plain_file.py",),
    ),
    Fault(
        "no HOME and no entry in the list of users (16 commands), OpenCV or mediapipe without a library",
        "one sentence that says what to do",
        ("tests/cli/test_what_is_missing.py",),
    ),
    Fault(
        "standard output or error closed, full, or read by nobody (8 ways)",
        "a code of its own, never a traceback",
        ("tests/cli/test_closed_output.py",),
    ),
    Fault(
        "17 clients and more, a runtime path too long for a socket",
        "one sentence",
        ("tests/control/test_busy.py",),
    ),
    Fault(
        "an address as camera.source, in capitals, with spaces, of any scheme",
        "the daemon refuses it in one sentence, and every command says the same",
        ("tests/camera/test_source.py -k address", "tests/cli/test_sources.py"),
    ),
    Fault(
        "a journey to another time zone, with TZ and without, in a mount namespace",
        "quiet hours, end of day and the bounds of days are those of the place",
        ("tests/test_time_zone.py",),
    ),
    Fault(
        "60 commands that change the settings at once; profiles, settings and calibrations at once",
        "all 60 kept, all kept",
        ("tests/test_file_lock.py -k at_once",),
    ),
    Fault(
        "history of an older release",
        "brought up to date, a copy stays",
        ("tests/reliability/test_migrations.py", STORE + " -k older"),
    ),
    Fault(
        "a calendar 40 days, 3 or 50 years ahead with history.keep, over 3 and 20 starts; any calendar that jumps",
        "0 records removed; two days of them at most at once, asked on two days",
        ("tests/history/test_expiry.py",),
    ),
    Fault("damaged calibration", "refused with a sentence; watching goes on", (FUZZ + " -k calibration",)),
    Fault(
        "videos and pictures that claim too much, a pipe, a folder, a device for a file, settings slow to read",
        "a sentence within 5 s of CPU and 2 GB",
        ("tests/reliability/test_hostile_files.py",),
    ),
    Fault("what fuzzing has found", "refused", ("tests/reliability/test_fuzz_findings.py",)),
    Fault(
        "damaged video, picture, request, export",
        "a sentence, never a traceback",
        (FUZZ, "tests/history/test_exchange.py -k damage"),
    ),
    Fault(
        "bits of a history flipped, of its WAL and its index; cut off, zeroed, of wrong types; nine commands on each",
        "a sentence or the figures, never a traceback; the export holds what can be read",
        ("tests/reliability/test_bit_flips.py", "tests/history/test_unreadable_rows.py"),
    ),
    Fault(
        "code that runs inside the decoder of pictures (nine kinds of hole and 87 disguises of them, by root and by an "
        "ordinary user, with Landlock and without it)",
        "0 get through but reading where there is no Landlock; each succeeds outside",
        (BOX + " -k no_hole", BOX + " -k outside_each"),
    ),
    Fault(
        "a sensor that was taken over (33 kinds: times, sizes and levels that cannot be, floods, a byte each 0.9 s, "
        "half messages, 300 kB in a text, a picture in pieces, silence, growing memory)",
        "0 of 33 hold the watch up: ended, said in a sentence, another is believed; nothing of it is kept. At night "
        "under a real daemon, which answered within 0.05 s, saw again within 26 s and stopped",
        (HOSTILE + " -k believed_afterwards", HOSTILE + " -k floods_it"),
    ),
    Fault(
        "the watch is ended while its sensor is deaf, slow, or floods it, or the watch hangs with it",
        "the sensor is killed, the camera is let go",
        (HOSTILE + " -k (watch_ends or holds_up)",),
    ),
    Fault(
        "any message with any other values in it; what an honest sensor may say",
        "refused or within bounds; always taken",
        (WIRE + " -k (other_values or honest)", BELIEF),
    ),
    Fault(
        "a process that sees or decodes takes more and more memory",
        "the daemon ends a sensor at 600 MB; the kernel refuses any of them more than 2 GB",
        (HOSTILE + " -k (believed_afterwards and memory)", "tests/sensor/test_memory.py"),
    ),
    Fault(
        "every number of a system call from 0 to 600, from inside, in three boxes",
        "answered as the table says: what is not listed is refused",
        (BOX + " -k every_number", BOX + " -k numbers_are"),
    ),
    Fault(
        "a decoder that lies about the picture (9 ways)",
        "one sentence",
        (BOX + " -k not_trusted",),
    ),
    Fault(
        "modules with the names of Python's in the current folder and the home, an open PYTHONPATH (7 programs)",
        "none is run",
        ("tests/test_own_command.py",),
    ),
    Fault(
        "Python in a folder with odd characters (15)",
        "the unit and the desktop entry start it",
        ("tests/desktop/test_autostart.py -k wherever or systemd_finds",),
    ),
    Fault(
        "forget --all on a real ext4 disk, searched byte by byte: 5, 9 and 2,000 secrets in records, with 9 more each "
        "in calibrations, memory, reports and settings, and as many lines of the log",
        "0 of them are on the disk; before: all",
        (ON_DISK + " -k of_all",),
    ),
    Fault(
        "forget --before on the same: 120 and 1,000 records, 1,000 lines of the log",
        "0 from before the day, all from after it; then forget --all: 0",
        (ON_DISK + " -k from_before_a_day",),
    ),
    Fault(
        "a history behind a link, in a folder named before; what killed writers leave; the journal of systemd",
        "forget and doctor --privacy know it; the journal has starts and errors alone",
        ("tests/privacy/test_kept_files.py",),
    ),
    Fault(
        "a full disk: summary, export, log list, history check, history delete, forget --before, pause",
        "all of it is read, also from a WAL that a killed daemon left; room is made; what is not kept is said",
        ("tests/history/test_full_disk.py", "tests/daemon/test_session_effects.py -k cannot_be_kept"),
    ),
    Fault(
        "a row of the history that cannot be read, a trigger, view or table planted in it, a pipe in its place",
        "one row lost, said once, the watch goes on; what posture did not make is set aside",
        ("tests/history/test_unreadable_rows.py",),
    ),
    Fault(
        "programs on the bus that press buttons, close messages, answer wrongly or restart the service; lying lockers",
        "only the service itself is believed; messages of other programs are left alone",
        ("tests/desktop/test_notices.py", "tests/desktop/test_session.py"),
    ),
    Fault(
        "a laptop that charges a phone, pictures with oblong pixels, a stream that begins late and ends",
        "on battery; made square; timed from its first picture",
        (
            "tests/desktop/test_session.py -k power_away",
            "tests/camera/test_video.py -k oblong",
            "tests/camera/test_video.py -k live_stream",
        ),
    ),
    Fault(
        "a lying logind, a lying watcher of trays; escape sequences, marks of direction and markup in messages, tray "
        "tooltips and names of cameras",
        "not believed; shown as text, and nothing in them obeyed",
        ("tests/desktop/test_lies.py",),
    ),
    Fault(
        "a bill of materials that is not that of the lock, a dependency without version or licence",
        "the build fails",
        ("tests/reliability/test_dependencies.py",),
    ),
    Fault(
        "the window's process asks for the network (9 ways), or loads what decodes; Live and Stretch on a clip",
        "0 get through; nothing of it loaded; no picture on the disk",
        ("tests/privacy/test_window_process.py",),
    ),
    Fault(
        "permissions that are too loose", "tightened and reported", ("tests/privacy/test_doctor_privacy.py -k loose",)
    ),
)

S, CALLS = "posture/sandbox.py", "posture/seccomp.py"
BREAKS = (
    Break(
        "the sensor locks itself in",
        "posture/sensor/process.py",
        "            sandbox.enter_sensor([_calibrations(start)], camera=feed is None)\n",
        "",
        SANDBOX + " -k real_sensor",
    ),
    Break(
        "the daemon locks itself in",
        "posture/daemon/main.py",
        "            sandbox.enter_daemon()\n",
        "",
        "tests/privacy -k daemon_is_locked_in",
    ),
    Break(
        "a sensor that was taken over ends with its daemon",
        "posture/sandbox.py",
        "        _libc().prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)\n",
        "",
        SANDBOX + " -k taken_over_ends",
    ),
    Break(
        "a camera that is plugged in again is watched again",
        "posture/sandbox.py",
        "    for path in map(Path, map(DEVICES.format, range(VIDEO_NUM_DEVICES))):  # in the box nothing lists /dev\n",
        '    for path in Path("/dev").glob("video*"):\n',
        SANDBOX + " -k comes_later",
    ),
    Break(
        "a machine on which a look takes long is watched all the same",
        "posture/monitor/cadence.py",
        "        return min(2.0 * before_s, LONGEST_PATIENCE_S)\n",
        "        return before_s\n",
        "tests/monitor/test_cadence.py -k slow_machine",
    ),
    Break(
        "safety texts in another language have the English beside them",
        "posture/language.py",
        "    if _speech.catalogue is None or _speech.name in READ_BY_CLINICIAN:\n",
        "    if True:\n",
        "tests/test_language.py -k at_hand",
    ),
    Break(
        "no socket of any family in the sensor",
        CALLS,
        "    if network or rig:\n",
        "    if True:\n",
        SANDBOX + " -k real_sensor",
    ),
    Break(
        "AF_UNIX alone in the daemon",
        CALLS,
        "_one_of(0, (AF_UNIX,)) + _give(ALLOW)),\n            _give",
        "_give(ALLOW)),\n            _give",
        SANDBOX + " -k within_this_machine",
    ),
    Break(
        "threads that ran before are restricted too",
        S,
        "SECCOMP_FILTER_FLAG_TSYNC = 1, 1",
        "SECCOMP_FILTER_FLAG_TSYNC = 1, 0",
        SANDBOX + " -k threads_that_ran",
    ),
    Break(
        "no io_uring in the daemon",
        CALLS,
        "IO_URING = (425, 426, 427)",
        "IO_URING = (426, 427)",
        BOX + " -k daemon_makes",
    ),
    Break(
        "no program started",
        CALLS,
        "_some_bit(0, CLONE_THREAD) + _no_bit(0, CLONE_NEW)",
        "_no_bit(0, CLONE_NEW)",
        BOX + " -k threads_but_no",
    ),
    Break(
        "no call that is not listed",
        CALLS,
        "_give(ERRNO | errno.ENOSYS), _give(ERRNO | errno.EACCES)]",
        "_give(ERRNO | errno.ENOSYS), _give(ALLOW)]",
        BOX + " -k no_hole",
    ),
    Break(
        "no signal to another process",
        CALLS,
        '"tgkill": _one_of(0, (pid,)),',
        '"tgkill": b"",',
        BOX + " -k no_hole",
    ),
    Break(
        "no typing into a terminal, no owner of a descriptor",
        CALLS,
        "        return _one_of(1, TERMINAL)\n",
        '        return b""\n',
        BOX + " -k no_hole",
    ),
    Break(
        "no limit of another process, nor a new one of its own",
        CALLS,
        "_one_of(0, (0, pid)) + _null(2)",
        "_one_of(0, (0, pid))",
        BOX + " -k no_hole",
    ),
    Break(
        "nothing of the home is read",
        S,
        "not home.is_relative_to(os.path.realpath(path))]",
        "True or home] + [home]",
        BOX + " -k no_hole",
    ),
    Break(
        "without Landlock no file is mapped for writing",
        S,
        "            _mounts_read_only()\n",
        "            pass\n",
        BOX + " -k no_hole",
    ),
    Break(
        "no time of the future is believed",
        "posture/sensor/client.py",
        "seen_s > at_s + AHEAD_S",
        "seen_s > at_s + 1e30",
        HOSTILE + " -k (believed_afterwards and minute)",
    ),
    Break(
        "no flood of messages is taken",
        "posture/sensor/client.py",
        "if self._unasked.left < 0.0",
        "if False",
        BELIEF + " -k too_often",
    ),
    Break(
        "no message is waited for without end",
        "posture/sensor/wire.py",
        "now_s - self._since_s > MESSAGE_S",
        "False",
        WIRE + " -k byte_at_a_time",
    ),
    Break(
        "no picture reaches a log in pieces",
        "posture/sensor/client.py",
        "if self._text.left < 0.0",
        "if False",
        BELIEF + " -k pieces",
    ),
    Break(
        "nothing is taken over from a sensor that was not believed",
        "posture/monitor/live.py",
        "source=self._named, baseline=None)\n        self.camera",
        "calibrate_s=0.0)\n        self.camera",
        HOSTILE + " -k taken_over",
    ),
    Break(
        "a sensor that grows is ended",
        "posture/sensor/client.py",
        "found_mb > MOST_MB",
        "found_mb > 1e9",
        HOSTILE + " -k (believed_afterwards and memory)",
    ),
    Break(
        "the kernel holds its memory",
        "posture/child.py",
        "            limit_memory(self.pid)\n",
        "            pass\n",
        "tests/sensor/test_memory.py -k kernel",
    ),
    Break(
        "a watch that is ended ends its sensor",
        "posture/daemon/watch_thread.py",
        "            live.kill_sensor()\n        self._thread.join",
        "            pass\n        self._thread.join",
        HOSTILE + " -k holds_up",
    ),
    Break(
        "what decodes a file is in the box",
        "posture/camera/boxed.py",
        '            address = enter_box(named["video"])\n',
        "            address = None\n",
        BOX + " -k user_names_is_boxed",
    ),
    Break(
        "nothing of the current folder is run",
        "posture/own_command.py",
        '[sys.executable, "-P", "-m",',
        '[sys.executable, "-m",',
        "tests/test_own_command.py -k watches_a_video",
    ),
    Break(
        "systemd takes a unit wherever Python lies",
        "posture/desktop/autostart_linux.py",
        "return command if plain else",
        "return command if True else",
        "tests/desktop/test_autostart.py -k systemd_finds",
    ),
    Break(
        "no file made or opened for writing",
        CALLS,
        "WRITING = 0o1 | 0o100 | ",
        "WRITING = ",
        BOX + " -k opening_by_flags",
    ),
    Break(
        "no byte into a file without Landlock",
        S,
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))",
        "pass",
        SANDBOX + " -k without_landlock",
    ),
    Break(
        "an old file is not opened, for reading or writing",
        S,
        '        if library.syscall(LANDLOCK_RESTRICT, rules, 0):\n            _fail("Landlock")\n',
        "",
        SANDBOX + " -k real_sensor",
    ),
    Break(
        "nor one in shared memory, nor a terminal",
        S,
        "writable = [*cameras.values(), Path(os.devnull)]",
        'writable = [Path("/dev")]',
        SANDBOX + " -k of_dev_only",
    ),
    Break(
        "calls of another architecture end the process",
        CALLS,
        'if machine == "x86_64" else b"")',
        'if False else b"")',
        SANDBOX + " -k another_architecture",
    ),
    Break(
        "a poster is nobody",
        "posture/perception/analyzer.py",
        "        return not stationary\n",
        "        return True\n",
        SCENE + " -k poster_is_nobody",
    ),
    Break(
        "who sits still is no poster",
        "posture/perception/stationary.py",
        "elif state.alive and",
        "elif",
        SCENE + " -k sits_still",
    ),
    Break(
        "a lid half closed is no empty chair",
        "posture/perception/analyzer.py",
        "if self._view.changed and observation",
        "if False and observation",
        SCENE + " -k half_closed",
    ),
    Break(
        "whom the model loses has not left",
        "posture/perception/analyzer.py",
        "if last is not None and lost and",
        "if False and",
        SCENE + " -k loses",
    ),
    Break("no memory dump", S, "PR_SET_DUMPABLE, 0, 0", "PR_SET_DUMPABLE, 1, 0", SANDBOX + " -k crash"),
    Break(
        "no camera where the kernel refuses",
        S,
        "        raise _refusal(error) from None\n\n\ndef _cameras",
        "        pass\n\n\ndef _cameras",
        SANDBOX + " -k kernel_that_refuses",
    ),
    Break(
        "commands that look give up the network",
        "posture/cli/main.py",
        "            _give_up_rights(arguments)\n",
        "            pass\n",
        SANDBOX + " -k commands_that_look",
    ),
    Break(
        "nothing asks for the network",
        "posture/monitor/live.py",
        "import contextlib\n",
        "import contextlib\nimport socket\n\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()\n",
        SANDBOX + " -k traced",
    ),
    Break(
        "a mediapipe with network code is refused",
        "posture/pose/mediapipe_model.py",
        "    if found := mediapipe_network_code().refused(sockets_expected=SOCKETS_EXPECTED):\n        raise",
        "    if False:\n        raise",
        "tests/pose/test_mediapipe_model.py -k network_code_is_refused",
    ),
    Break(
        "what is forgotten is not in free pages",
        "posture/history/store.py",
        'self._connection.execute("VACUUM")',
        "pass",
        FORGET + " -k before_a_day",
    ),
    Break(
        "what is forgotten is not in the WAL",
        "posture/history/store.py",
        "            self._trim_wal()\n            return deleted",
        "            return deleted",
        FORGET + " -k daemon_has_the_history_open",
    ),
    Break(
        "traces that stay are named",
        "posture/cli/forget.py",
        "        _prove(history, gone[history], left)\n",
        "",
        FORGET + " -k reader_that_keeps",
    ),
    Break(
        "old copies go too",
        "posture/cli/forget.py",
        "                erase(path)\n            except OSError",
        "                pass\n            except OSError",
        FORGET + " -k copies",
    ),
    Break(
        "a removed file is overwritten",
        "posture/erase.py",
        "            left -= os.write(file, _PIECE[:left])\n",
        "            left -= len(_PIECE)\n",
        FORGET + " -k overwritten",
    ),
    Break(
        "what is overwritten is on the disk before the name goes",
        "posture/erase.py",
        "            left -= os.write(file, _PIECE[:left])\n    flush(file)\n",
        "            left -= os.write(file, _PIECE[:left])\n",
        ON_DISK + " -k nothing",
    ),
    Break(
        "a WAL that SQLite removes is overwritten",
        "posture/history/store.py",
        "nullcontext() if leaves_it else LastName(wal_of(self.path))",
        "nullcontext()",
        ON_DISK + " -k nothing",
    ),
    Break(
        "what is cut off the history is overwritten",
        "posture/history/store.py",
        "                wipe(self._raw, used)\n",
        "",
        ON_DISK + " -k before",
    ),
    Break(
        "loose permissions are tightened",
        "posture/kept_files.py",
        "                keep_to_user(path)",
        "                print(path)",
        "tests/privacy/test_doctor_privacy.py -k loose",
    ),
    Break(
        "a picture has no more pixels than a lens",
        "posture/camera/opencv.py",
        "MOST_PX = 2**26",
        "MOST_PX = 2**30",
        "tests/reliability/test_hostile_files.py -k more_pixels",
    ),
    Break(
        "a file leads to no other",
        "posture/camera/video.py",
        "with _containers_alone() if",
        "with contextlib.nullcontext() if",
        "tests/reliability/test_hostile_files.py -k list_to_go_on",
    ),
    Break(
        "a pipe is not waited for",
        "posture/plain_file.py",
        "    if not stat.S_ISREG(found.st_mode):",
        "    if False:",
        "tests/test_plain_file.py -k not_opened",
    ),
    Break(
        "settings are read in seconds",
        "posture/settings_file.py",
        "(number - first) // _PATIENCE",
        "0",
        "tests/reliability/test_hostile_files.py -k many_lines",
    ),
    Break(
        "damage is recovered in seconds",
        "posture/history/rescue.py",
        "min(MAX_RECORD_BYTES, left[0])",
        "MAX_RECORD_BYTES",
        "tests/reliability/test_fuzz_findings.py -k claims_all",
    ),
    Break(
        "loose permissions are reported",
        "posture/daemon/service.py",
        "        if loose:\n            self._notify(",
        "        if loose:\n            print(",
        "tests/privacy/test_doctor_privacy.py -k loose",
    ),
    Break(
        "who asks for the camera has it at the next try",
        "posture/camera/lease.py",
        "SUPPLY_S, REFILL, PROBE_S = 60.0,",
        "SUPPLY_S, REFILL, PROBE_S = 0.0,",
        CAMERA + " -k finds_it_free",
    ),
    Break(
        "old days are removed",
        "posture/history/expiry.py",
        "return store.delete_before(before, rewrite=False)",
        "return 0",
        "tests/history/test_expiry.py -k some_hours_a_day",
    ),
    Break(
        "what is too old is asked on two days",
        "posture/history/expiry.py",
        "    if state.before is None:\n        return asked, None\n",
        "    state = replace(state, before=state.before or before)\n",
        "tests/history/test_expiry.py -k no_calendar",
    ),
    Break(
        "a calendar far ahead costs nothing",
        "posture/history/expiry.py",
        "if ahead > timedelta() and days <= CONVINCING_DAYS:",
        "if False:",
        "tests/history/test_expiry.py -k far_ahead",
    ),
    Break(
        "a damaged history is recovered",
        "posture/history/rescue.py",
        "if record is not None:",
        "if False:",
        RESCUE + " -k not_damaged",
    ),
    Break(
        "what lay in the WAL is recovered",
        "posture/history/rescue.py",
        "for number, page in [*enumerate(pages, 1), *logged]:",
        "for number, page in enumerate(pages, 1):",
        RESCUE + " -k wal",
    ),
    Break(
        "a damaged history is set aside, not deleted",
        "posture/history/rescue.py",
        "                move(old, new)\n",
        "                old.unlink()\n",
        RESCUE + " -k something_else",
    ),
    Break(
        "a daemon reports damage",
        "posture/history/sink.py",
        "        self._on_notice(notice)\n",
        "        self._on_notice('')\n",
        DAEMON + " -k damaged",
    ),
    Break(
        "a kill costs a minute at most",
        "posture/history/recorder.py",
        "heartbeat_s: float = 30.0",
        "heartbeat_s: float = 3000.0",
        STORE + " -k kill",
    ),
    Break(
        "a hung camera shows nobody",
        "posture/sensor/process.py",
        "                    self._lease.check()\n",
        "                    pass\n",
        ODD + " -k freeze",
    ),
    Break(
        "a torn picture is not looked at",
        "posture/camera/webcam.py",
        "if image is not None and not (self._raw_jpeg and ",
        "if image is not None and not (False and ",
        ODD + " -k tear",
    ),
    Break(
        "a camera under another number is found by a new sensor as well",
        "posture/monitor/live.py",
        "source=(self._feeder is None and is_open and seen.source) or self.source,",
        "source=self.source,",
        ODD + " -k another_number",
    ),
    Break(
        "what is watched after the calendar was set counts",
        "posture/history/recorder.py",
        'if going.kind != "bout":\n            pieces',
        "if False:\n            pieces",
        WALL,
    ),
    Break(
        "who has another's screen is not watched",
        "posture/daemon/session_state.py",
        "            return _suspend(_locked(state), _BEGINS[change])\n",
        "            return state\n",
        SERVICE + " -k another_user",
    ),
    Break(
        "a pause is stored before it is answered",
        "posture/daemon/session.py",
        "                    self._store()\n",
        "                    pass\n",
        "tests/daemon/test_session_effects.py -k outlive",
    ),
    Break(
        "of two borrowers of the camera the last returns it",
        "posture/daemon/session_state.py",
        "            suspended.remove(suspension)\n",
        "            suspended = [other for other in suspended if other != suspension]\n",
        "tests/daemon/test_session_state.py -k two_borrowers",
    ),
    Break(
        "a pause that ends behind a locked screen opens no camera",
        "posture/daemon/session_state.py",
        "                state = replace(_resume(state, PAUSED), paused_until=None)\n",
        "                state = replace(state, suspended=(), paused_until=None)\n",
        "tests/daemon/test_session_state.py -k behind_a_locked_screen",
    ),
    Break(
        "nobody counts as sitting before the next look",
        "posture/daemon/service.py",
        "unseen_reason = engine.not_seen_since",
        "unseen_reason = ''",
        DAY,
    ),
    Break(
        "a power cut costs a minute at most",
        "posture/history/store.py",
        '"synchronous = FULL"',
        '"synchronous = NORMAL"',
        "tests/history/test_power_cut.py",
    ),
    Break(
        "an error in one job ends no other",
        "posture/daemon/supervisor.py",
        "        except Exception as error:\n            return error\n",
        "        except KeyboardInterrupt as error:\n            return error\n",
        "tests/daemon/test_supervisor.py -k each_job",
    ),
    Break(
        "what fails is said in the status",
        "posture/daemon/service.py",
        "            *self._supervisor.problems,\n",
        "",
        "tests/daemon/test_supervisor.py -k each_job",
    ),
    Break(
        "systemd hears nothing of a watch that is stuck",
        "posture/daemon/service.py",
        " and not self._watch.stuck:",
        ":",
        "tests/daemon/test_supervisor.py -k systemd_hears",
    ),
    Break(
        "a history written over is opened anew",
        "posture/history/footing.py",
        "    if now.content != before.content:",
        "    if False:",
        "tests/history/test_sink.py -k lost_after",
    ),
    Break(
        "a history with another inode is another history",
        "posture/history/footing.py",
        "    if now.file != before.file:",
        "    if False:",
        "tests/history/test_sink.py -k lost_after",
    ),
    Break(
        "no WAL is taken for that of another file",
        "posture/history/sink.py",
        "        with contextlib.suppress(PostureError):\n            store.fold_in()",
        "",
        "tests/history/test_sink.py -k lost_after",
    ),
    Break(
        "one history has one that records",
        "posture/control/instance.py",
        "        paths = [store_lock_path(settings) if self._who == DAEMON else run_lock_path(settings)]",
        "        paths = []",
        "tests/control/test_instance.py -k one_that_records",
    ),
    Break(
        "a sign on a shaded ground is no empty chair",
        "posture/camera/light.py",
        "SHADE_DEGREE, SHADE_STEPS, SHADE_PART = 4,",
        "SHADE_DEGREE, SHADE_STEPS, SHADE_PART = 0,",
        "tests/camera/test_light.py -k shaded_ground",
    ),
    Break(
        "a chair before a bare wall is an empty chair",
        "posture/camera/light.py",
        "EDGE_GROUND, EDGE_LUMA = 0.95,",
        "EDGE_GROUND, EDGE_LUMA = -1.0,",
        "tests/camera/test_light.py -k chair_before",
    ),
    Break(
        "nothing says now of what is not said now",
        "posture/daemon/status.py",
        "    if not held and in_s < 1.0:",
        "    if False:",
        "tests/daemon/test_status.py -k nobody_is_told",
    ),
    Break(
        "one client too many is told",
        "posture/control/pipe.py",
        "link.send(refusal(tr(BUSY)), CLIENT_TIMEOUT_S)",
        "pass",
        "tests/control/test_busy.py -k one_more",
    ),
    Break(
        "no device is removed that a link leads to",
        "posture/erase.py",
        "                if stat.S_ISREG(real.lstat().st_mode):",
        "                if True:",
        "tests/test_plain_file.py -k not_ours",
    ),
    Break(
        "a home that nobody knows is asked for",
        "posture/home.py",
        "    except RuntimeError:",
        "    except ZeroDivisionError:",
        "tests/cli/test_what_is_missing.py -k without_a_home",
    ),
    Break(
        "an OpenCV that cannot be loaded is one sentence",
        "posture/camera/opencv.py",
        "    except (ImportError, OSError) as error:",
        "    except ZeroDivisionError as error:",
        "tests/cli/test_what_is_missing.py -k opencv_that",
    ),
    Break(
        "a mediapipe that cannot be loaded is one sentence",
        "posture/pose/mediapipe_model.py",
        "    except (ImportError, OSError) as error:",
        "    except ZeroDivisionError as error:",
        "tests/cli/test_what_is_missing.py -k engine_that",
    ),
    Break(
        "a memory that cannot be read ends no start",
        "posture/daemon/session.py",
        "OverflowError, RecursionError, PostureError",
        "OverflowError, PostureError",
        "tests/daemon/test_session_effects.py -k cannot_be_read",
    ),
    Break(
        "the daemon refuses an address at its start",
        "posture/daemon/main.py",
        "        if is_elsewhere(settings.camera.source):",
        "        if False:",
        "tests/camera/test_source.py -k start_refuses",
    ),
    Break(
        "local times follow a journey",
        "posture/clock.py",
        "    time.tzset()\n",
        "",
        "tests/test_time_zone.py -k journey",
    ),
    Break(
        "of settings changed at once none is lost",
        "posture/file_lock.py",
        "    while not lock.take():",
        "    while False:",
        "tests/test_file_lock.py -k settings_set_at_once",
    ),
    Break(
        "a lock writes through no second name of a file",
        "posture/file_lock.py",
        "if status.st_nlink <= 1:",
        "if True:",
        "tests/test_file_lock.py -k no_other_name",
    ),
    Break(
        "the window's process has no network",
        "posture/window/app.py",
        "    sandbox.enter_daemon()",
        "    sandbox.landlock_abi()",
        "tests/privacy/test_window_process.py -k no_network",
    ),
    Break(
        "the tray obeys nothing in a text",
        "posture/desktop/tray_sni.py",
        "plain_lines(self._state.tooltip)",
        "self._state.tooltip",
        "tests/desktop/test_lies.py -k watcher",
    ),
    Break(
        "who only claims to be a service of the bus is not believed",
        "posture/desktop/bus.py",
        "message.sender == self._owners.get(service)",
        "True",
        "tests/desktop/test_lies.py -k logind",
    ),
    Break(
        "a number of the box is that of its call, without headers too",
        "posture/seccomp.py",
        '"dup2": (33, None)',
        '"dup2": (41, None)',
        "tests/privacy/test_box.py -k numbers_are",
    ),
    Break(
        "a pause outlives a power cut",
        "posture/atomic_write.py",
        "            flush(handle)\n",
        "",
        "tests/test_atomic_write.py -k disk_has",
    ),
    Break(
        "a newer schema is refused",
        "posture/history/store.py",
        "        if version > known:\n",
        "        if False:\n",
        STORE + " -k newer",
    ),
    Break(
        "every earlier schema has its sample",
        "posture/history/store.py",
        'WITHOUT ROWID",\n    ),\n)',
        'WITHOUT ROWID",\n    ),\n    ("CREATE TABLE other (at_us INTEGER)",),\n)',
        "tests/reliability/test_migrations.py",
    ),
)


def passes(tests: str, root: Path) -> bool:
    """Run tests with the package of `root`."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", *tests.split(" ", 2)]
    env = {**os.environ, "PYTHONPATH": str(root), "POSTURE_NIGHTLY": "1"}
    try:
        done = subprocess.run(
            command, cwd=root, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE_S
        )
    except subprocess.TimeoutExpired:
        return False
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.returncode == 0


def faults() -> tuple[str, bool]:
    """Make each fault happen."""
    rows, well = [], True
    for fault in FAULTS:
        good = all(passes(test, ROOT) for test in fault.tests)
        well = well and good
        print("passed" if good else "FAILED", fault.what, flush=True)
        tests = ", ".join(f"`{test.removeprefix('tests/')}`" for test in fault.tests)
        rows.append(f"| {fault.what} | {fault.then} | {tests} | {'passed' if good else 'FAILED'} |")
    return "\n".join(["| fault | what happens | shown by | last run |", "|---|---|---|---|", *rows]), well


def breaks() -> tuple[str, bool]:
    """Break each promise in a copy, and see its test fail."""
    rows, well = [], True
    with tempfile.TemporaryDirectory(prefix="posture-break-") as folder:
        copy = Path(folder, "copy")
        for part in ("posture", "tests", "models", "samples", "docs", "tools"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        for part in ("pyproject.toml", "requirements.lock", "README.md"):
            shutil.copy(ROOT / part, copy / part)
        for entry in BREAKS:
            file = copy / entry.file
            text = file.read_text()
            if text.count(entry.old) != 1:
                sys.exit(f"{entry.promise}: {entry.old!r} is {text.count(entry.old)} times in {entry.file}")
            file.write_text(text.replace(entry.old, entry.new))
            noticed = not passes(entry.test, copy)
            file.write_text(text)
            well = well and noticed
            print("noticed  " if noticed else "UNNOTICED", entry.promise, flush=True)
            old = re.sub(r"\s+", " ", entry.old).strip()[:60].replace("|", "\\|")
            rows.append(
                f"| {entry.promise} | `{entry.file}`: `{old}` | `{entry.test.removeprefix('tests/')}` | "
                f"{'seen to fail' if noticed else 'NOT NOTICED'} |"
            )
    return "\n".join(["| promise | broken by changing | noticed by | last run |", "|---|---|---|---|", *rows]), well


def main(wanted: list[str]) -> int:
    """Run what was asked for, and put each table in its place on the page."""
    all_well = True
    for name, run in (("faults", faults), ("breaks", breaks)):
        if not wanted or name in wanted:
            table, well = run()
            text = PAGE.read_text(encoding="utf-8")
            begin, end = f"<!-- {name}: written by tools/reliability.py -->", f"<!-- end of {name} -->"
            before, _, rest = text.partition(begin)
            PAGE.write_text(f"{before}{begin}\n{table}\n{end}{rest.partition(end)[2]}", encoding="utf-8")
            all_well = all_well and well
    return 0 if all_well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
