"""Files that are made to cost: each command ends with a sentence, within five seconds of CPU and two gigabytes.

The kernel holds the limits, so that a loaded machine fails nobody: seconds of CPU beyond what it costs to start, and
address space. Where nothing is computed, a hang shows in the time on the wall, of which there is plenty.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

if sys.platform != "win32":
    import resource

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="the limits are those of Linux")]

CPU_S = 5
START_S = 5
"""What Python, OpenCV and MediaPipe may cost until the file is touched; they take one."""
MEMORY_BYTES = 2 << 30
HANG_S = 25.0
"""For who waits and computes nothing. OpenCV gives up waiting after 30 s by itself."""


def png(width_px: int, height_px: int) -> bytes:
    """A picture of nothing but black; 20000x20000 are 1.2 MB, and 1.2 GB in memory."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compressobj(1)
    data = b"".join([rows.compress(bytes(3 * width_px + 1)) for _ in range(height_px)] + [rows.flush()])
    head = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def claims(box: bytes, at: int, number: bytes) -> Callable[[bytes], bytes]:
    """A video with another number in one of its boxes."""

    def change(whole: bytes) -> bytes:
        start = whole.index(box) + at
        return whole[:start] + number + whole[start + len(number) :]

    return change


def y4m(size: str, rate: str, frames: int) -> bytes:
    """Frames as they are: the size and the rate are what the first line says."""
    return f"YUV4MPEG2 {size} {rate} Ip A0:0 C420\n".encode() + (b"FRAME\n" + bytes(160 * 120 * 3 // 2)) * frames


def gif(size: bytes) -> bytes:
    """One that is to be played again and again, for ever."""
    head = b"GIF89a" + size + b"\x80\0\0\0\0\0\xff\xff\xff" + b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    frame = b"!\xf9\x04\x04\0\0\0\0,\0\0\0\0\x0a\0\x0a\0\0\x02\x16\x8c\x2d\x99\x87\x2a\x1c\xdc\x33\xa0\x02\x75\xec"
    return head + (frame + b"\x95\xfa\xa8\xde\x60\x8c\x04\x91\x4c\x01\0") * 3 + b";"


@pytest.fixture(scope="module")
def video(clip: Path) -> bytes:
    return clip.read_bytes()


def posture(*args: str, may_work: bool = False, **env: str) -> str:
    """Run a command within the limits; it must fail with a single sentence, which is returned."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (START_S + CPU_S, START_S + CPU_S))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))

    # A process that waits for a pipe or for more of a list uses no CPU, so there is a time limit as well.
    done = subprocess.run(
        [sys.executable, "-m", "posture", *args],
        capture_output=True,
        text=True,
        check=False,
        timeout=HANG_S,
        stdin=subprocess.DEVNULL,
        preexec_fn=limit,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **env},
    )
    if done.returncode == 0 and may_work:
        return ""
    assert done.returncode in (1, 2), (done.returncode, done.stderr[-500:])
    (sentence,) = done.stderr.strip().splitlines()
    assert sentence.startswith("posture: ")
    return sentence


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(claims(b"stts", 12, struct.pack(">I", 10**9)), id="a_billion_frames"),
        pytest.param(claims(b"stsz", 12, struct.pack(">I", 10**9)), id="a_billion_sizes"),
        pytest.param(claims(b"stts", 16, bytes(4)), id="no_time_between_frames"),
        pytest.param(claims(b"stts", 16, b"\x7f\xff\xff\xff"), id="years_between_frames"),
        pytest.param(claims(b"mdhd", 16, bytes(4)), id="no_clock"),
        pytest.param(claims(b"mp4v", 28, b"\xff\xff\xff\xff"), id="65535x65535"),
        pytest.param(lambda whole: y4m("W30000 H30000", "F25:1", 5), id="frames_of_a_gigabyte"),
        pytest.param(lambda whole: y4m("W160 H120", "F0:0", 5), id="nought_frames_a_second"),
        pytest.param(lambda whole: y4m("W160 H120", "F1000000000:1", 5), id="a_billion_frames_a_second"),
        pytest.param(lambda whole: gif(b"\x0a\0\x0a\0"), id="a_film_without_end"),
        pytest.param(lambda whole: gif(b"\xff\xff\xff\xff"), id="a_film_of_65535x65535"),
        pytest.param(lambda whole: png(20_000, 20_000), id="a_picture_of_20000x20000"),
        pytest.param(lambda whole: b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nCLIP\n", id="a_list_to_go_on"),
        pytest.param(lambda whole: b"ffconcat version 1.0\nfile 'hostile.m3u8'\n", id="a_list_of_itself"),
    ],
)
def test_a_video_that_claims_too_much(tmp_path: Path, video: bytes, change: Callable[[bytes], bytes]) -> None:
    (tmp_path / "clip.mp4").write_bytes(video)
    hostile = tmp_path / "hostile.m3u8"  # ffmpeg knows a list by its name, and everything else by its content
    hostile.write_bytes(change(video).replace(b"CLIP", bytes(tmp_path / "clip.mp4")))
    posture("replay", "--calibrate", "0", str(hostile))


@pytest.mark.parametrize("side_px", [10_000, 20_000, 50_000])
def test_a_picture_of_more_pixels_than_a_lens_has(tmp_path: Path, side_px: int) -> None:
    hostile = tmp_path / "hostile.png"
    hostile.write_bytes(png(side_px, side_px) if side_px < 50_000 else header_of(side_px))
    assert "is not a picture that can be read" in posture("measure", str(hostile))


def header_of(side_px: int) -> bytes:
    """A picture whose header claims that size, with the content of a small one."""
    small = png(10, 10)
    head = small[12:16] + struct.pack(">II", side_px, side_px) + small[24:29]
    return small[:12] + head + struct.pack(">I", zlib.crc32(head)) + small[33:]


def test_a_file_of_gigabytes_is_no_picture(tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.png"
    hostile.write_bytes(png(10, 10))
    os.truncate(hostile, 8 << 30)  # takes no room on the disk
    assert "too large for a picture" in posture("measure", str(hostile))


@pytest.fixture(params=["a_pipe", "a_folder", "/dev/zero"])
def no_file(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "a_pipe":
        os.mkfifo(tmp_path / "pipe")  # to open it waits for a writer
        return str(tmp_path / "pipe")
    return str(tmp_path) if request.param == "a_folder" else str(request.param)


def test_what_is_no_file_is_no_video(no_file: str) -> None:
    posture("replay", no_file)


def test_what_is_no_file_is_no_picture(no_file: str) -> None:
    posture("measure", no_file)


@pytest.mark.parametrize("command", ["replay", "measure"])
def test_a_file_of_the_kernel_that_never_answers(command: str) -> None:
    posture(command, "/proc/kmsg")


def test_what_is_no_file_is_no_export(no_file: str, tmp_path: Path) -> None:
    posture("import", no_file, POSTURE_DATA=str(tmp_path / "data"))


def test_what_is_no_file_is_no_settings(no_file: str) -> None:
    posture("config", "list", POSTURE_CONFIG=no_file)


def test_a_pipe_in_place_of_the_calibrations(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "calibrations.json")
    assert "It is no plain file" in posture("profile", "list", POSTURE_DATA=str(tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[coach]\nstand_after=[\n" + '"]",\n' * 13_000 + "]\n", id="a_value_of_many_lines"),
        pytest.param((".".join("a" * 2_000) + "=1\n") * 15, id="keys_of_many_dots"),
        pytest.param("x=" + "[" * 2_000, id="many_brackets"),
        pytest.param("x = 1 # " + "." * 60_000, id="a_line_too_long"),
        pytest.param("#\n" * 100_000, id="too_many_lines"),
    ],
)
def test_settings_that_take_long_to_read(tmp_path: Path, text: str) -> None:
    hostile = tmp_path / "settings.toml"
    hostile.write_text(text)
    posture("config", "list", POSTURE_CONFIG=str(hostile), may_work=True)
    posture("config", "set", "coach.stand_after", "30m", POSTURE_CONFIG=str(hostile), may_work=True)
