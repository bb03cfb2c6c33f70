"""The video source on files made here by OpenCV's own writer, and by hand where it matters what is wrong."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from posture.camera.errors import CameraLost
from posture.camera.opencv import opencv
from posture.camera.pacer import times_to_the_end
from posture.camera.video import VideoFile, read_image
from posture.errors import PostureError

cv2 = opencv()
COUNT, FPS = 12, 10.0


def picture(level: int) -> np.ndarray:
    return np.full((48, 64, 3), level, np.uint8)


def write(path: Path, fourcc: str = "mp4v", count: int = COUNT) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter_fourcc(*fourcc), FPS, (64, 48))
    assert writer.isOpened()
    for n in range(count):
        writer.write(picture(20 * n))
    writer.release()
    return path


def times(source: VideoFile) -> list[float]:
    found = []
    while (t_s := source.grab()) is not None:
        found.append(t_s)
    return found


@pytest.mark.parametrize(("suffix", "fourcc"), [("mp4", "mp4v"), ("mkv", "mp4v"), ("avi", "MJPG")])
def test_time_is_the_files_own(tmp_path: Path, suffix: str, fourcc: str) -> None:
    path = write(tmp_path / f"clip.{suffix}", fourcc)
    with VideoFile(path) as source:
        assert source.name == f"clip.{suffix}"
        assert source.duration_s == pytest.approx(COUNT / FPS)
        assert times(source) == pytest.approx([n / FPS for n in range(COUNT)], abs=0.002)
        assert source.grab() is None


def test_uneven_times_of_a_gif_are_kept(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    pictures = [image.fromarray(picture(50 * n)) for n in range(5)]
    path = tmp_path / "uneven.gif"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=[100, 300, 100, 200, 100])
    with VideoFile(path) as source:
        assert times(source) == pytest.approx([0.0, 0.1, 0.4, 0.5, 0.7])


def test_time_goes_on_where_joined_recordings_start_again(tmp_path: Path) -> None:
    part = write(tmp_path / "part.ts").read_bytes()
    joined = tmp_path / "joined.ts"
    joined.write_bytes(part + part)
    with VideoFile(joined) as source:
        assert times(source) == pytest.approx([n / FPS for n in range(2 * COUNT)], abs=0.002)


def test_time_is_made_from_the_rate_where_the_file_has_none(tmp_path: Path) -> None:
    path = tmp_path / "raw.mjpeg"
    path.write_bytes(b"".join(cv2.imencode(".jpg", picture(20 * n))[1].tobytes() for n in range(COUNT)))
    with VideoFile(path) as source:
        found = times(source)
    assert len(found) == COUNT
    assert np.diff(found) == pytest.approx(np.full(COUNT - 1, found[1]))


def test_retrieve_decodes_the_frame_grabbed_last(tmp_path: Path) -> None:
    with VideoFile(write(tmp_path / "clip.avi", "MJPG")) as source:
        with pytest.raises(RuntimeError):
            source.retrieve()
        for _ in range(6):
            t_s = source.grab()
        frame = source.retrieve()
    assert frame.t_s == t_s
    assert frame.image.dtype == np.uint8
    assert frame.image.shape == (48, 64, 3)
    assert abs(float(frame.image.mean()) - 100) < 4


def test_close_twice(tmp_path: Path) -> None:
    source = VideoFile(write(tmp_path / "clip.mp4"))
    source.close()
    source.close()


def test_clip_of_the_project(laptop_b: Path) -> None:
    with VideoFile(laptop_b) as source:
        assert source.duration_s == pytest.approx(640.0, abs=1.0)
        assert source.grab() == 0.0
        assert source.retrieve().image.shape == (480, 640, 3)


def damaged(folder: Path, kind: str) -> str:
    path = folder / "clip.mp4"
    if kind == "folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    elif kind == "text":
        path.write_text("This is a text file.\n" * 200)
    elif kind == "cut off":
        path.write_bytes(write(folder / "whole.mp4").read_bytes()[:600])
    elif kind == "no frames":
        path = write(folder / "clip.avi", "MJPG", count=0)
    elif kind == "pipe":
        return "/dev/null"
    return str(path)


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("missing", "There is no file"),
        ("folder", "is a folder"),
        ("empty", "is empty"),
        ("text", "is not a video"),
        ("cut off", "is not a video"),
        ("no frames", "empty video"),
        ("pipe", "is not a file"),
    ],
)
def test_bad_file_is_one_sentence(tmp_path: Path, kind: str, says: str) -> None:
    with pytest.raises(PostureError, match=says) as error:
        VideoFile(damaged(tmp_path, kind))
    assert "\n" not in str(error.value)
    assert str(error.value).endswith(".")


def test_nothing_but_our_sentence_reaches_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("This is a text file.\n" * 200)
    program = (
        "import sys\nfrom posture.camera.video import VideoFile\nfrom posture.errors import PostureError\n"
        "for name in sys.argv[1:]:\n    try: VideoFile(name)\n    except PostureError: pass\n"
    )
    cut_off = damaged(tmp_path, "cut off")
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "text.mp4"), cut_off, "http://127.0.0.1:9/none"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout + done.stderr == ""


@pytest.mark.parametrize("address", ["rtmp://example.invalid/a", "udp://127.0.0.1:9", "concat://a.mp4"])
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(PostureError, match="not supported"):
        VideoFile(address)


def test_file_url(tmp_path: Path) -> None:
    path = write(tmp_path / "with space.mp4")
    with VideoFile(path.as_uri()) as source:
        assert source.name == "with space.mp4"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine over tmp_path, and the list of what was asked of it."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            asked.append(str(args[0]))

    web = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path)))
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{web.server_port}", asked
    web.shutdown()
    web.server_close()


def test_stream_by_its_address(tmp_path: Path, server: tuple[str, list[str]]) -> None:
    write(tmp_path / "clip.mp4")
    address, asked = server
    with VideoFile(address.replace("//", "//me:secret@") + "/clip.mp4?token=secret") as source:
        assert len(times(source)) == COUNT
        assert "secret" not in source.name
    assert asked


def test_stream_that_is_not_there(server: tuple[str, list[str]]) -> None:
    with pytest.raises(PostureError, match="check the address"):
        VideoFile(server[0] + "/none.mp4")


@pytest.mark.parametrize("name", ["list.m3u8", "list.mp4", "list.sdp"])
def test_a_local_file_never_leads_to_the_network(tmp_path: Path, server: tuple[str, list[str]], name: str) -> None:
    write(tmp_path / "clip.ts")
    address, asked = server
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\n{address}/clip.ts\n#EXT-X-ENDLIST\n"
    (tmp_path / name).write_text(playlist)
    with pytest.raises(PostureError):
        VideoFile(tmp_path / name)
    assert asked == []


def raw_video(path: Path, aspect: str, count: int = 3) -> Path:
    """A film whose header says how oblong a pixel is, as OpenCV's own writer cannot."""
    frame = b"FRAME\n" + bytes([90]) * (64 * 48 * 3 // 2)
    path.write_bytes(f"YUV4MPEG2 W64 H48 F10:1 Ip A{aspect} C420jpeg\n".encode() + frame * count)
    return path


@pytest.mark.parametrize(
    ("aspect", "shape"),
    [
        ("64:45", (48, 91)),  # DV, wide
        ("16:15", (48, 68)),
        ("1:2", (96, 64)),
        ("1:1", (48, 64)),
        ("0:0", (48, 64)),  # not known
        ("900:1", (48, 64)),  # a mistake
    ],
)
def test_oblong_pixels_are_made_square(tmp_path: Path, aspect: str, shape: tuple[int, int]) -> None:
    with VideoFile(raw_video(tmp_path / "oblong.y4m", aspect)) as source:
        source.grab()
        assert source.retrieve().image.shape == (*shape, 3)
        assert source.luma().shape == (shape[0] // 8, shape[1] // 8)


@pytest.fixture
def camera_stream() -> Iterator[str]:
    """The address of a live stream of twelve pictures, as cameras in a network send it."""

    class Camera(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=--frame")
            self.end_headers()
            jpeg = cv2.imencode(".jpg", picture(120))[1].tobytes()
            for _ in range(COUNT):
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                self.wfile.write(head.encode() + jpeg + b"\r\n")

    web = ThreadingHTTPServer(("127.0.0.1", 0), Camera)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_port}/video"
    web.shutdown()
    web.server_close()


def test_a_live_stream_is_timed_from_its_first_picture_and_ends_when_it_stops(camera_stream: str) -> None:
    with VideoFile(camera_stream, from_zero=True) as source:
        assert source.duration_s is None
        found = list(times_to_the_end(source))
    assert len(found) >= COUNT - 1
    assert found[0] == 0.0
    assert found == sorted(found)
    assert found[-1] < 60.0
    with VideoFile(camera_stream) as source:
        before_s = time.monotonic()
        first_s = source.grab()
        assert first_s is not None
        assert first_s >= before_s, "a watch compares it with the machine's clock"


def test_a_stream_that_shows_nothing_is_an_error() -> None:
    class Silent:
        def grab(self) -> float | None:
            raise CameraLost("The stream has stopped.")

    with pytest.raises(CameraLost):
        list(times_to_the_end(Silent()))  # type: ignore[arg-type]


def test_read_image(tmp_path: Path) -> None:
    path = tmp_path / "ünï code.png"
    path.write_bytes(cv2.imencode(".png", picture(90))[1].tobytes())
    frame = read_image(path)
    assert frame.t_s == 0.0
    assert frame.image.shape == (48, 64, 3)
    assert (frame.image == 90).all()


def test_picture_is_turned_as_exif_says(tmp_path: Path) -> None:
    left_half = picture(0)
    left_half[:, :32] = 255
    jpeg = cv2.imencode(".jpg", left_half)[1].tobytes()
    # One IFD entry: tag 0x0112 (orientation), a short, 6: turn by a quarter clockwise to see it upright.
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    path = tmp_path / "turned.jpg"
    path.write_bytes(jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:])
    image = read_image(path).image
    assert image.shape == (64, 48, 3)
    assert image[:24].mean() > 240
    assert image[40:].mean() < 15


@pytest.mark.parametrize("kind", ["missing", "folder", "empty", "text"])
def test_bad_picture_is_one_sentence(tmp_path: Path, kind: str) -> None:
    with pytest.raises(PostureError) as error:
        read_image(damaged(tmp_path, kind))
    assert "\n" not in str(error.value)
    assert "picture" in str(error.value)
