"""Broken and hostile input: a sentence, never a traceback, never a hang."""

from __future__ import annotations

import faulthandler
import json
import signal
import string
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posture.camera.video import VideoFile, read_image
from posture.control.protocol import VERSION, parse_request
from posture.errors import PostureError
from posture.history.calibrations import baseline_from_json, calibrations_path, load_baseline
from posture.history.exchange import FORMAT, read_export
from posture.settings import HistorySettings, PoseSettings, Settings, find_spec
from posture.settings_file import load_settings, set_setting, settings_template

FEW = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(string.printable, max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
HANG_S = 120.0
hits = st.lists(st.tuples(st.integers(0, 2**31), st.binary(min_size=1, max_size=16)), max_size=20)


def one_sentence(error: PostureError, end: str = ".") -> None:
    assert str(error).endswith(end)
    assert "\n" not in str(error)


@contextmanager
def five_seconds() -> Iterator[None]:
    """Fail what takes more than five seconds of CPU, however loaded the machine; end what never comes back at all."""

    def too_long(number: int, frame: object) -> None:
        raise AssertionError("took more than 5 s of CPU")

    faulthandler.dump_traceback_later(HANG_S, exit=True)
    before = signal.signal(signal.SIGVTALRM, too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, 5.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)
        faulthandler.cancel_dump_traceback_later()


def hurt(content: bytes, hits: list[tuple[int, bytes]], length: float) -> bytes:
    """Write over some bytes, most of them in the header, and cut."""
    found = bytearray(content)
    for n, (where, what) in enumerate(hits):
        at = where % (min(len(found), 512) if n % 2 else len(found))
        found[at : at + len(what)] = what
    return bytes(found[: round(length * len(found))])


@given(st.binary(max_size=300) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_request_is_one_or_is_refused(line: bytes) -> None:
    try:
        with five_seconds():
            command, args = parse_request(line)
    except PostureError:
        pass
    else:
        assert isinstance(command, str)
        assert isinstance(args, dict)


@given(json_values, json_values)
def test_a_request_of_our_form_with_anything_in_it(command: object, args: object) -> None:
    try:
        with five_seconds():
            found = parse_request(json.dumps({"v": VERSION, "do": command, "args": args}).encode())
    except PostureError:
        assert not (isinstance(command, str) and isinstance(args, dict))
    else:
        assert found[0] == command


@FEW
@given(hits, st.floats(0.05, 1.0))
def test_any_damage_to_a_video_gives_frames_or_a_sentence(
    clip: Path, hits: list[tuple[int, bytes]], length: float
) -> None:
    path = clip.with_name("hurt.mp4")
    path.write_bytes(hurt(clip.read_bytes(), hits, length))
    try:
        with five_seconds(), VideoFile(path) as video:
            for _ in range(60):
                if video.grab() is None:
                    break
                assert video.retrieve().image.ndim == 3
    except PostureError as error:
        one_sentence(error)


@FEW
@given(st.sampled_from([".png", ".jpg", ".bmp"]), hits, st.floats(0.05, 1.0))
def test_any_damage_to_a_picture_gives_it_or_a_sentence(
    clip: Path, suffix: str, hits: list[tuple[int, bytes]], length: float
) -> None:
    path = clip.with_name(f"hurt{suffix}")
    _, whole = cv2.imencode(suffix, np.arange(40 * 60 * 3, dtype=np.uint8).reshape(40, 60, 3))
    path.write_bytes(hurt(whole.tobytes(), hits, length))
    try:
        with five_seconds():
            assert read_image(path).image.ndim == 3
    except PostureError as error:
        one_sentence(error)


@FEW
@given(st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_calibration_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    chosen = Settings(history=HistorySettings(folder=str(tmp_path_factory.mktemp("kept"))))
    calibrations_path(chosen).write_bytes(content)
    try:
        with five_seconds():
            assert load_baseline(chosen, "camera") is None
    except PostureError as error:
        one_sentence(error)


@given(st.dictionaries(st.sampled_from(["frame_px", "landmarks", "world", "noise", "frames", "model"]), json_values))
def test_any_baseline_is_one_or_is_refused(kept: dict[str, object]) -> None:
    with five_seconds(), pytest.raises((KeyError, TypeError, ValueError)):
        baseline_from_json(kept, PoseSettings())


@FEW
@given(
    st.binary(max_size=300)
    | st.text(string.printable, max_size=300).map(str.encode)
    | st.tuples(hits, st.floats(0.05, 1.0)).map(lambda how: hurt(settings_template().encode(), *how))
)
def test_any_settings_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    path.write_bytes(content)
    try:
        with five_seconds():
            set_setting(path, find_spec("coach.stand_after"), "30m")
        assert load_settings(path).coach.stand_after_s == 1800.0
    except PostureError as error:
        one_sentence(error, end="")


@FEW
@given(st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()), st.booleans())
def test_any_export_is_read_or_refused(content: bytes, ours: bool) -> None:
    head = f'{{"format": "{FORMAT}", "version": 1, "points": [], "distances": [], "intervals": ' if ours else ""
    try:
        with five_seconds():
            read_export(head + content.decode(errors="replace") + ("}" if ours else ""), "export")
    except PostureError as error:
        one_sentence(error)


def test_the_limit_is_one() -> None:
    def forever() -> None:
        with five_seconds():
            signal.setitimer(signal.ITIMER_VIRTUAL, 0.01)
            while True:
                pass

    with pytest.raises(AssertionError, match="5 s"):
        forever()
