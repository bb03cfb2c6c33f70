"""One rule says whether a user means a camera, a file or a stream, and every command goes by it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.camera.boxed import BoxedVideo
from posture.camera.devices import CameraDevice
from posture.camera.errors import CameraAbsent
from posture.camera.opencv import opencv
from posture.camera.source import open_source
from posture.camera.source_kind import NO_STREAM, SourceKind, is_elsewhere, kind_of_source, stream_address
from posture.camera.video import VideoFile, local_path
from posture.cli.main import main
from posture.clock import now_s
from posture.daemon.watch_thread import WatchThread
from posture.errors import PostureError
from posture.monitor.clock import WallClock
from posture.settings import CameraSettings
from posture.settings_file import load_settings


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    return tmp_path


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("0", "camera"),
        (" 12 ", "camera"),
        ("/dev/video0", "camera"),
        ("/dev/v4l/by-id/usb-046d_HD_Pro-video-index0", "camera"),
        ("HD Webcam C920", "camera"),
        ("", "camera"),
        ("x" * 5000, "camera"),
        ("a\0b", "camera"),
        ("missing.mp4", "file"),
        ("folder/MISSING.MKV", "file"),
        ("file:///tmp/clip", "file"),
        ("rtsp://camera.example/live", "stream"),
        ("RTSPS://user:word@camera.example:322/live", "stream"),
        ("http://127.0.0.1:8080/", "stream"),
        ("https://camera.example/clip.mp4", "stream"),
        ("ftp://camera.example/clip", "file"),
        ("odd name://x", "camera"),
        (" RTSP://user:Word@Camera.example/Live ", "stream"),
        ("\thttp://x", "stream"),
        ("rtsp+tcp://camera.example/live", "file"),
        ("v4l2:///dev/video0", "file"),
        (" FILE:///tmp/clip", "file"),
        (" missing.MP4 ", "file"),
        ("rtsp:/camera.example/live", "camera"),
        ("://x", "camera"),
    ],
)
def test_what_a_user_means(source: str, kind: SourceKind) -> None:
    assert kind_of_source(source) == kind


@given(
    st.sampled_from(["rtsp", "rtsps", "http", "https"]).flatmap(
        lambda scheme: st.tuples(*(st.sampled_from([letter, letter.upper()]) for letter in scheme))
    ),
    st.text("abcXYZ09.:/@?=%-", max_size=20),
    st.sampled_from(["", " ", "\t ", "\n"]),
)
def test_an_address_is_known_however_it_is_written(scheme: tuple[str, ...], rest: str, space: str) -> None:
    written = f"{space}{''.join(scheme)}://{rest}{space}"
    assert kind_of_source(written) == "stream"
    assert is_elsewhere(written)
    assert stream_address(written) == f"{''.join(scheme).lower()}://{rest}"


@pytest.mark.parametrize("source", ["0", "HD Webcam", "clip.mp4", "file:///tmp/clip.mp4", "C://clip.mp4", "", "a:b"])
def test_what_lies_here_is_no_address(source: str) -> None:
    assert not is_elsewhere(source)
    assert stream_address(source) == source


def test_a_file_needs_no_ending_and_a_number_is_a_camera(here: Path) -> None:
    for name in ("clip", "7"):
        (here / name).write_bytes(b"a video or not")
    assert kind_of_source("clip") == kind_of_source(str(here / "7")) == "file"
    assert kind_of_source("7") == "camera"
    (here / "folder").mkdir()
    assert kind_of_source("folder") == "camera"


def test_each_kind_is_opened_as_what_it_is(data: Path) -> None:
    with open_source(str(data / "still.mp4"), CameraSettings()) as source:
        assert isinstance(source, BoxedVideo)
    with pytest.raises(PostureError, match="ftp:// is not supported"):
        open_source("ftp://camera.example/clip", CameraSettings())
    with pytest.raises(PostureError, match="no file"):
        open_source("missing.mp4", CameraSettings())
    with pytest.raises(CameraAbsent):
        open_source("no such camera", CameraSettings())


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Of a web server on this machine over tmp_path."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path)))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_port}"
    web.shutdown()
    web.server_close()


@pytest.mark.slow
def test_calibrate_and_bench_take_a_stream(
    data: Path, here: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "settings.toml").write_text('[pose]\nmodel = "lite"\n')
    cv2 = opencv()
    writer = cv2.VideoWriter(str(here / "still.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (640, 480))
    with VideoFile(data / "still.mp4") as video:
        for _ in range(140):
            video.grab()
            writer.write(video.retrieve().image)
    writer.release()
    stream = f"{address}/still.avi"
    assert main(["calibrate", "--source", stream, "--seconds", "3"]) == 0
    assert f"kept for {stream}" in capsys.readouterr().out
    assert main(["bench", "--source", stream, "--seconds", "1", "--policy", "fps=2", "--json"]) == 0
    assert '"inferred"' in capsys.readouterr().out


@pytest.mark.parametrize("command", ["run", "calibrate", "bench", "stretch", "replay"])
@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("{address}/none.mp4", "check the address and that the stream is running"),
        ("missing.mp4", "There is no file missing.mp4"),
        ("gopher://there/x", "gopher:// is not supported"),
    ],
)
@pytest.mark.usefixtures("here")
def test_every_command_says_the_same(
    command: str, source: str, sentence: str, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = source.format(address=address)
    arguments = [command, given] if command == "replay" else [command, "--source", given]
    assert main([*arguments, *(["ql_seat"] if command == "stretch" else [])]) == 1
    told = capsys.readouterr().err
    assert sentence in told
    assert "Traceback" not in told


@pytest.mark.usefixtures("here")
def test_replay_says_that_it_takes_no_camera(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "0"]) == 2
    assert "posture run --source" in capsys.readouterr().err


@pytest.mark.usefixtures("here")
def test_the_daemon_says_why_it_watches_no_stream(address: str) -> None:
    settings = load_settings(overrides=[f"camera.source={address}/still.mp4"])
    sentences: list[str] = []
    told = threading.Event()

    def tell(update: object) -> None:
        sentences.append(getattr(update, "sentence", ""))
        told.set()

    watcher = WatchThread(settings, WallClock(), tell, lambda sentence: None, lambda: False)
    began_s = now_s()
    watcher.start()
    assert told.wait(30.0)
    assert watcher.stop(30.0)
    assert now_s() - began_s < 60.0
    assert sentences[0].startswith("The daemon gives up the network")


ELSEWHERE = ["rtsp://127.0.0.1:9/x", " RTSP://127.0.0.1:9/x ", "Https://127.0.0.1:9/x", "rtmp://127.0.0.1/x", "a+b://x"]


@pytest.mark.parametrize("source", ELSEWHERE)
def test_start_refuses_an_address_and_says_what_watches_it(
    source: str, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.umask", lambda mask: 0o077)  # it would be that of all the tests
    monkeypatch.setattr("faulthandler.enable", lambda: None)
    monkeypatch.setattr("posture.sandbox.enter_daemon", lambda: pytest.fail("it has started"))
    monkeypatch.setattr("posture.daemon.main.helper_for", lambda *places: pytest.fail("it has started"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(here))
    assert main(["config", "set", "camera.source", source]) == 0
    assert NO_STREAM in capsys.readouterr().out
    assert main(["start", "--foreground"]) == 1
    assert capsys.readouterr().err == f"posture: {NO_STREAM}\n"


@pytest.mark.parametrize(
    ("command", "source"), [("measure", ELSEWHERE[1]), ("measure", "rtmp://x"), *(("evaluate", x) for x in ELSEWHERE)]
)
@pytest.mark.usefixtures("here")
def test_what_is_read_from_files_alone_offers_no_stream(
    command: str, source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, source]) == 1
    told = capsys.readouterr().err
    assert "is not fetched from" in told
    assert "stream" not in told
    assert told.count("\n") == 1


@pytest.mark.usefixtures("here")
def test_a_file_of_another_machine_is_not_looked_for_here(data: Path) -> None:
    with pytest.raises(PostureError, match="of another machine"):
        local_path(f"file://elsewhere{data}/still.mp4")
    assert local_path(f" FILE://localhost{data}/still.mp4 ") == data / "still.mp4"


def test_an_address_in_the_settings_gives_way_to_a_camera(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "settings.toml").write_text('[camera]\nsource = "RTSP://127.0.0.1:9/x"\n')
    camera = CameraDevice(2, "Lid", "", "/dev/video2")
    monkeypatch.setattr("posture.camera.devices.list_cameras", lambda: [camera])
    monkeypatch.setattr("posture.cli.setup._that_shows_something", lambda camera, cameras, settings: camera)
    assert main(["setup", "camera", "--yes"]) == 0
    assert load_settings().camera.source == "Lid"
    assert "kept as camera.source" in capsys.readouterr().out
