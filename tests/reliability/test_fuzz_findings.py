"""What fuzzing has found, each input cut down to what matters: see tools/fuzz_targets.py and docs/reliability.md."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from posture.control.channel import ControlServer
from posture.control.protocol import VERSION
from posture.daemon.session_state import parse_time
from posture.errors import PostureError
from posture.history.calibrations import baseline_from_json, calibrations_path, load_baseline, profiles
from posture.history.records import Point
from posture.history.rescue import MIN_LOCAL, MOST_READ, PAGE_BYTES, _rows, readable_records
from posture.history.store import Store
from posture.sensor import wire
from posture.settings import HistorySettings, Settings

HUGE = 10**400
"""An integer that JSON can say and a float cannot."""
NESTED = "[" * 5_000 + "]" * 5_000
HALF = "\ud800"
"""Half of a character: JSON can say it, and nothing can store it."""


def body(message: wire.Message, **other: object) -> bytes:
    found = json.loads(wire.encoded(message)[wire.LENGTH.size :])
    return json.dumps({**found, **other}).encode()


@pytest.mark.parametrize("number", [HUGE, -HUGE])
def test_a_number_too_large_for_a_float(number: int) -> None:
    with pytest.raises(wire.WireError):
        wire.decoded(body(wire.Ready(1.0), cpu_s=number))
    settings = wire.settings_to_json(Settings())
    settings["coach"]["stand_after_s"] = number
    with pytest.raises(wire.WireError):
        wire.settings_from_json(settings)


def test_half_a_character_between_sensor_and_daemon() -> None:
    with pytest.raises(wire.WireError):
        wire.decoded(body(wire.Failed("x"), sentence=HALF))


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", HALF, NESTED])
def test_a_time_that_is_in_no_calendar(text: str) -> None:
    with pytest.raises(PostureError, match="not a time"):
        parse_time(text)


@pytest.mark.parametrize("reason", [HALF, "a" * 100 + HALF, json.loads("[" * 900 + "]" * 900), HUGE, None, ""])
def test_a_reason_for_having_the_camera_can_be_stored(reason: object) -> None:
    """It becomes the reason of an unknown presence, and so a part of the history."""
    taken: list[str] = []

    def lend(why: str) -> Callable[[], None]:
        taken.append(why)
        return lambda: None

    async def refuse(command: str, args: dict[str, Any]) -> dict[str, Any]:
        raise PostureError(command)

    line = json.dumps({"v": VERSION, "do": "hold", "args": {"reason": reason}}).encode()
    assert json.loads(asyncio.run(ControlServer(refuse, lend).reply(line)).line)["ok"]
    assert 0 < len(taken[0].encode().decode()) <= 60


@pytest.fixture
def kept(tmp_path: Path) -> Settings:
    return Settings(history=HistorySettings(folder=str(tmp_path)))


@pytest.mark.parametrize("text", [NESTED, '{"version": 1, "cameras": ' + "[" * 100_000])
def test_calibrations_that_are_nested_without_end(kept: Settings, text: str) -> None:
    calibrations_path(kept).write_text(text)
    for read in (lambda: load_baseline(kept, "camera"), lambda: profiles(kept)):
        with pytest.raises(PostureError, match="is damaged"):
            read()


@pytest.mark.parametrize(
    "wrong",
    [
        {"noise": []},
        {"noise": {"slump": float("nan")}},
        {"frames": float("inf")},
        {"frame_px": [float("inf"), 480]},
        {"frame_px": [0, 480]},
        {"frame_px": [-640, 480]},
        {"landmarks": [[HUGE] * 4] * 33},
        {"landmarks": [[float("nan")] * 4] * 33},
        {"world": [[1e308] * 3] * 33},
        {"seconds": float("inf")},
    ],
)
def test_a_baseline_of_numbers_that_are_none(kept: Settings, wrong: dict[str, object]) -> None:
    made: dict[str, object] = {
        "model": kept.pose.judge,
        "frame_px": [640, 480],
        "landmarks": [[320 + 9 * (-1) ** n * (n % 13), 100 + 10 * n, -0.1 * n, 0.9] for n in range(33)],
        "world": [[0.02 * (-1) ** n * (n % 13), 0.03 * n, -0.01 * n] for n in range(33)],
        "noise": {"slump": 0.01},
        "frames": 40,
        "seconds": 10.0,
    }
    assert baseline_from_json(made, kept.pose).frames == 40
    calibrations_path(kept).write_text(json.dumps({"version": 1, "cameras": {"camera": {**made, **wrong}}}))
    with pytest.raises(PostureError, match="is damaged"):
        load_baseline(kept, "camera")


@pytest.mark.parametrize(("detail", "found"), [('{"x": 1}', 1), ('{"x":"\\ud800"}', 0), ('{"x":' + "[" * 5_000, 0)])
def test_a_record_that_cannot_be_stored_again_is_left_out(tmp_path: Path, detail: str, found: int) -> None:
    path = tmp_path / "history.sqlite3"
    with Store(path) as store:
        store.write(points=[Point("pain", datetime(2026, 3, 2, tzinfo=UTC), "left")])
    connection = sqlite3.connect(path)
    assert connection.execute("UPDATE point SET detail = ?", (detail,)).rowcount == 1
    connection.commit()
    connection.close()
    assert len(list(readable_records(path))) == found


def test_a_damaged_page_that_claims_all_pages_for_each_of_its_records(tmp_path: Path) -> None:
    """Each of its fifteen hundred cells a megabyte long, along the same chain: what is read in all is limited."""
    page, at, size = bytearray(PAGE_BYTES), 3040, 0x3F << 14 | 0x7F << 7
    page[0] = 0x0A  # a leaf
    struct.pack_into(">H", page, 3, 0xFFFF)
    for n in range(1500):
        struct.pack_into(">H", page, 8 + 2 * n, at)
    local = MIN_LOCAL + (size - MIN_LOCAL) % (PAGE_BYTES - 4)
    page[at : at + 3] = b"\xbf\xff\0"  # the size
    struct.pack_into(">I", page, at + 3 + local, 3)  # the page where it goes on
    chain = b"".join(struct.pack(">I", n + 1).ljust(PAGE_BYTES, b"\0") for n in range(3, 303))
    path = tmp_path / "history.sqlite3"
    path.write_bytes(bytes(PAGE_BYTES) + page + chain)
    read = [0]

    class Counted(dict[int, bytes]):
        def __getitem__(self, key: int) -> bytes:
            read[0] += 1
            return super().__getitem__(key)

    whole = path.read_bytes()
    pages = Counted({n + 1: whole[n * PAGE_BYTES : (n + 1) * PAGE_BYTES] for n in range(len(whole) // PAGE_BYTES)})
    left = [MOST_READ * len(whole)]
    assert all(not any(row) for row in _rows(bytes(page), 0, pages, left))
    assert len(pages) < read[0] < 3 * MOST_READ * len(pages)
    assert list(readable_records(path)) == []
