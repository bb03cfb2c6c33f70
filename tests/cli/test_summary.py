"""`posture summary`, as a user types it."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from calibrated_days import doubtful
from people import baseline_like, sitter

from posture.cli import days, summary
from posture.cli.main import main
from posture.daemon.status_text import MISFIT_HELP
from posture.errors import PostureError
from posture.history.calibrations import save_baseline
from posture.history.records import Interval, Point
from posture.history.store import Store
from posture.measure.observation import DEVIATIONS
from posture.report.summary import day_bounds
from posture.settings import Settings

MONDAY = date(2026, 3, 2)

Run = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    monkeypatch.delenv("COLUMNS", raising=False)
    return tmp_path / "data"


@pytest.fixture
def run(folder: Path) -> Run:
    def typed(*words: str) -> int:
        parser = argparse.ArgumentParser()
        summary.add_parser(parser.add_subparsers())
        return int(summary.run(parser.parse_args(["summary", *words])))

    return typed


def record(folder: Path, day: date, hours: float) -> None:
    start = day_bounds(day)[0] + timedelta(hours=9)
    end = start + timedelta(hours=hours)
    with Store(folder / "history.sqlite3") as store:
        store.write(
            [
                Interval("watch", "camera", start, end),
                Interval("presence", "sitting", start, end),
                Interval("bout", "sitting", start, end, {"sitting_s": hours * 3600, "ended_by": "end"}),
            ],
            [Point("shift", start)],
        )


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", date(2026, 3, 4)),
        ("yesterday", date(2026, 3, 3)),
        ("2026-02-28", date(2026, 2, 28)),
        ("wed", date(2026, 3, 4)),
        ("Thu", date(2026, 2, 26)),
        ("mon", date(2026, 3, 2)),
    ],
)
def test_days_as_people_type_them(typed: str, day: date) -> None:
    assert days.parse_day(typed, date(2026, 3, 4)) == day  # a Wednesday


@pytest.mark.parametrize("typed", ["", "tomorrow-ish", "2026-02-30", "02/03/2026", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(PostureError, match="is not a day") as caught:
        days.parse_day(typed, MONDAY)
    assert caught.value.exit_code == 2


def test_an_empty_history_is_said_kindly_and_nothing_is_made(
    run: Run, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run() == 0
    assert "Nothing has been recorded yet" in capsys.readouterr().out
    assert run("--json") == 0
    assert json.loads(capsys.readouterr().out)["hidden"] == "nothing was watched"
    assert not folder.exists()


def test_a_day_without_records(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(folder, MONDAY, 2)
    assert run("--day", "2026-03-03") == 0
    assert capsys.readouterr().out == "Nothing was recorded on Tuesday 3 March 2026.\n"
    assert run("--day", "2026-03-13", "--week") == 0
    assert "Nothing was recorded from Monday 9 March 2026 to Sunday" in capsys.readouterr().out


def test_a_day(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(folder, MONDAY, 2)
    assert run("--day", "2026-03-02") == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Monday 2 March 2026\n\nYou sat 2 h 00. The longest sitting was 2 h 00, from 09:00 to")
    assert "Seen 2 h 00 of 2 h 00 (100 %)\n" in printed
    assert "\x1b" not in printed  # no colour where there is no terminal
    assert run("--day", "2026-03-02", "--json") == 0
    out = json.loads(capsys.readouterr().out)
    assert (out["from"], out["to"], out["sitting_s"]) == ("2026-03-02", "2026-03-02", 7200)
    assert datetime.fromisoformat(out["start"]) == day_bounds(MONDAY)[0]


def test_a_week(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(folder, MONDAY, 2)
    record(folder, date(2026, 3, 4), 3)
    record(folder, date(2026, 3, 9), 5)  # the week after
    assert run("--day", "2026-03-06", "--week", "--json") == 0
    out = json.loads(capsys.readouterr().out)
    assert (out["from"], out["to"], out["sitting_s"]) == ("2026-03-02", "2026-03-08", 5 * 3600)
    assert [day["day"] for day in out["days"]] == [f"2026-03-0{n}" for n in range(2, 9)]
    assert [day["sitting_s"] for day in out["days"]] == [7200, None, 10800, None, None, None, None]
    assert run("--day", "2026-03-06", "--week") == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Monday 2 March 2026 to Sunday 8 March 2026\n\nYou sat 2 h 30 a day, on average over 2")
    assert "Seen 5 h 00 of 5 h 00" in printed
    assert "Wed 4" in printed


def test_a_year_is_grouped_by_month(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder.parent / "settings.toml").write_text('[goals]\nlongest_bout = "150m"\n')
    record(folder, MONDAY, 2)
    record(folder, date(2026, 5, 4), 3)
    assert run("--day", "2026-03-02", "--year") == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "You sat 2 h 30 a day, on average over 2 days." in printed
    assert "Mar 2026 1 2 h 00 2 h 00 0.0 - May 2026 1 3 h 00 3 h 00 0.0 -" in printed
    # A goal is of a day: of a year it is told on how many.
    assert "No sitting over 2 h 30 met on 1 of 2 days" in printed


def test_exercises_and_checks_alone_are_something(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = day_bounds(MONDAY)[0] + timedelta(hours=9)
    with Store(folder / "history.sqlite3") as store:
        store.write(
            [],
            [
                Point("self-check", at, "side-bend", {"left": 20.0, "right": 22.0}),
                Point("direction", at + timedelta(minutes=9), "extension", {"repetitions": 10}),
            ],
        )
    assert run("--day", "2026-03-02") == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "The camera did not watch on this day." in printed
    assert "Self-checks 1 side bend" in printed
    assert "Directional checks 1 bending backwards felt better" in printed


def test_a_damaged_history_is_one_sentence(run: Run, folder: Path) -> None:
    folder.mkdir()
    (folder / "history.sqlite3").write_text("this is no database, whatever its name says" * 30)
    with pytest.raises(PostureError, match="not a posture history"):
        run()


def test_nothing_heavy_is_imported(folder: Path) -> None:
    record(folder, MONDAY, 2)
    script = (
        "import argparse, sys\n"
        "from posture.cli import days, summary\n"
        "parser = argparse.ArgumentParser()\n"
        "summary.add_parser(parser.add_subparsers())\n"
        "summary.run(parser.parse_args(['summary', '--json', '--day', '2026-03-02']))\n"
        "heavy = {'cv2', 'mediapipe', 'matplotlib', 'numpy', 'rich', 'tomlkit'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_every_key_of_the_json_is_documented(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(folder, MONDAY, 2)
    run("--day", "2026-03-02", "--week", "--json")

    def keys(value: dict[str, object], above: str = "") -> set[str]:
        found: set[str] = set()
        for key, inner in value.items():
            name = f"{above}{'KIND' if above == 'deviations.' else key}"
            if above in ("average_day.", "trend.") and "days" not in key:
                kind = next((kind for kind in DEVIATIONS if key.startswith(kind)), None)
                name = key.replace(kind, "slump") if kind else key
            if isinstance(inner, dict) and key not in ("by_kind", "unknown_reasons"):
                found |= keys(inner, f"{name}.")
            else:
                found.add(name)
        return found

    page = (Path(__file__).parents[2] / "docs" / "history.md").read_text()
    for key in keys(json.loads(capsys.readouterr().out)):
        assert f"`{key}`" in page, key


def test_a_month_and_some_days(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(folder, MONDAY, 2)
    assert run("--day", "2026-03-20", "--month", "--json") == 0
    out = json.loads(capsys.readouterr().out)
    assert (out["from"], out["to"], len(out["days"]), out["sitting_s"]) == ("2026-03-01", "2026-03-31", 31, 7200)
    assert run("--start", "2026-02-27", "--stop", "2026-03-03", "--json") == 0
    out = json.loads(capsys.readouterr().out)
    assert (out["from"], out["to"], len(out["days"]), out["sitting_s"]) == ("2026-02-27", "2026-03-03", 5, 7200)
    assert run("--day", "2028-02-10", "--month", "--json") == 0
    assert json.loads(capsys.readouterr().out)["to"] == "2028-02-29"


def test_what_is_usual(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for back, hours in enumerate((1, 2, 3, 4)):
        record(folder, MONDAY - timedelta(days=back), hours)
    assert run("--day", "2026-03-02") == 0
    printed = capsys.readouterr().out
    assert "usual: the average of 3 days of the 7 before" in printed
    assert ["Sitting", "1", "h", "00", "3", "h", "00"] in [line.split()[:7] for line in printed.splitlines()]
    assert run("--day", "2026-03-01") == 0
    assert "usual" not in capsys.readouterr().out  # two days say nothing about what is usual


def test_goals_are_met_or_not(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder.parent / "settings.toml").write_text('[goals]\nlongest_bout = "90m"\nsitting = "4h"\n')
    record(folder, MONDAY, 2)
    assert run("--day", "2026-03-02") == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "No sitting over 1 h 30 not met (2 h 00) met on 0 of 1 known days in 7, 0 of 1 in 28" in printed
    assert "Sitting a day, at most 4 h 00 met (2 h 00) met on 1 of 1 known days in 7, 1 of 1 in 28" in printed


def test_csv(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(folder, MONDAY, 2)
    assert run("--day", "2026-03-02", "--week", "--csv") == 0
    head, first, *rest = capsys.readouterr().out.splitlines()
    assert head.startswith("day,start,stop,watched_s,observed_s,coverage")
    assert first.startswith("2026-03-02,2026-03-02T00:00:00")
    assert len(rest) == 6


@pytest.mark.parametrize(
    "words",
    [["--json", "--csv"], ["--week", "--month"], ["--start", "x"], ["--stop", "today"], ["--week", "--start", "mon"]],
)
def test_options_that_contradict_each_other(run: Run, words: list[str]) -> None:
    with pytest.raises(PostureError) as caught:
        run(*words)
    assert caught.value.exit_code == 2


# -- whether the calibration fits --------------------------------------------------------------------------------------


@pytest.fixture
def made(folder: Path) -> datetime:
    """When the calibration was made that the last days speak against."""
    save_baseline(Settings(), "Webcam (0)", baseline_like(sitter()))
    return doubtful(folder, "slump")


def test_a_calibration_that_may_not_fit_is_said_until_it_does(
    run: Run, made: datetime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    def said(*words: str) -> str | None:
        assert run(*words, "--json") == 0
        found = json.loads(capsys.readouterr().out)["misfit"]
        assert found is None or isinstance(found, str)
        return found

    local = made.astimezone()
    sentence = said("--start", str(date.today() - timedelta(days=3)), "--stop", str(date.today()))
    assert sentence is not None
    assert f'was "slumped" against the calibration of {local.day} {local:%B}' in sentence
    assert said() == sentence
    assert said("--day", "yesterday") is None  # it is said of now, not of then
    assert run("--start", str(date.today() - timedelta(days=3)), "--stop", str(date.today())) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert printed.endswith(f"{sentence} {MISFIT_HELP}")

    assert main(["doctor", "--json"]) in (0, 1)
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["calibration"] == {"name": "calibration", "status": "warn", "says": f"{sentence} {MISFIT_HELP}"}

    assert main(["calibrate", "--fits"]) == 0
    assert capsys.readouterr().out == "The calibration fits: no other one is proposed.\n"
    assert said() is None
    assert main(["doctor", "--json"]) in (0, 1)
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["calibration"]["status"] == "pass"


@pytest.mark.usefixtures("folder")
def test_what_was_never_calibrated_cannot_fit(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "--fits"]) == 1
    assert "posture calibrate makes one" in capsys.readouterr().err


@pytest.mark.usefixtures("made")
def test_a_damaged_calibration_costs_no_summary(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "calibrations.json").write_text("{")
    assert run("--json") == 0
    assert json.loads(capsys.readouterr().out)["misfit"] is None
