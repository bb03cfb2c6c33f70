"""Settings: durations, hours, checks, and the file that keeps them."""

from __future__ import annotations

import math
import os
import re
import stat
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import platformdirs
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from posture.durations import format_duration, parse_duration
from posture.errors import PostureError
from posture.home import own_folder
from posture.settings import (
    KINDS,
    CoachSettings,
    GoalSettings,
    QuietSpan,
    Settings,
    SettingSpec,
    Value,
    find_spec,
    parse_clock,
    parse_hours,
    setting_specs,
    settings_in_conflict,
)
from posture.settings_file import (
    load_settings,
    reset_all_settings,
    reset_setting,
    set_setting,
    settings_from_text,
    settings_template,
    write_settings_text,
)
from posture.settings_text import raw_setting, settings_path

SPECS = setting_specs()
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
HERE = Path("settings.toml")
quick = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "posture" / "settings.toml"


def values_of(spec: SettingSpec) -> st.SearchStrategy[Any]:
    """Every value the setting may have."""
    clock = st.integers(0, 23 * 60 + 59)
    span = st.tuples(clock, clock).filter(lambda pair: pair[0] != pair[1])
    shown = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)
    by_kind: dict[str, st.SearchStrategy[Any]] = {
        "number": st.floats(spec.low, spec.high),
        "whole": st.integers(math.ceil(spec.low), math.floor(spec.high)) if math.isfinite(spec.low) else st.nothing(),
        "duration": st.floats(spec.low, spec.high),
        "choice": st.sampled_from(spec.choices or ("",)),
        "flag": st.booleans(),
        "names": st.lists(st.sampled_from(spec.choices or ("obs", "Zoom", "a b")), unique=True).map(
            lambda names: ", ".join(sorted(names, key=spec.choices.index) if spec.choices else names)
        ),
        "hours": st.lists(st.tuples(span, st.sampled_from(["", "Mon ", "Sat-Sun ", "Fri-Mon "])), max_size=3).map(
            lambda spans: ", ".join(
                f"{days}{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for (a, b), days in spans
            )
        ),
        "clock": st.just("") | clock.map(lambda minute: "{:02}:{:02}".format(*divmod(minute, 60))),
        "path": st.just("") | shown.map(lambda text: Path("/").resolve().anchor + text),
        "text": shown,
    }
    return by_kind[spec.kind]


def outcome(act: Callable[[], Any]) -> tuple[Any, PostureError | None]:
    try:
        return act(), None
    except PostureError as error:
        return None, error


any_setting = st.sampled_from(SPECS).flatmap(lambda spec: st.tuples(st.just(spec), values_of(spec)))


def toml(value: Value) -> str:
    import tomlkit

    return tomlkit.item(value).as_string()


def section_text(pairs: list[tuple[SettingSpec, Value]], style: str, comments: list[str]) -> tuple[str, list[str]]:
    """Write settings in one of the ways TOML allows, with comments in all places; give the comments in order too."""
    lines: list[str] = []
    marks = [f"# {text.strip()}".rstrip() for text in comments]
    used: list[str] = []

    def mark(lead: str = "") -> str:
        if not marks:
            return lead.rstrip()
        used.append(marks.pop())
        return lead + used[-1]

    by_section: dict[str, dict[str, str]] = {}
    for spec, value in pairs:
        by_section.setdefault(spec.section, {})[spec.name] = toml(spec.toml(value))
    for section, entries in by_section.items():
        if style == "inline":
            inside = ", ".join(f"{name} = {text}" for name, text in entries.items())
            lines += [mark(), mark(f"{section} = {{ {inside} }}  ")]
        else:
            lines += [mark(), mark(f"[{section}]  ")] if style == "table" else [mark()]
            prefix = "" if style == "table" else f"{section}."
            for name, text in entries.items():
                lines += [mark(f"{prefix}{name} = {text}  "), mark("   "), ""]
    return "\n".join([*lines, mark(), ""]), used


# Durations and hours


@given(st.floats(0, 1e9) | st.integers(0, 10**9))
@example(0.1 + 0.2)
@example(3600.1)
def test_a_formatted_duration_reads_back_exactly(duration_s: float) -> None:
    assert parse_duration(format_duration(duration_s)) == duration_s


@pytest.mark.parametrize(
    ("text", "duration_s", "written"),
    [
        ("45m", 2700, "45m"),
        ("1h30m", 5400, "1h30m"),
        ("90s", 90, "90s"),
        ("1.5h", 5400, "1h30m"),
        ("500ms", 0.5, "0.5s"),
        ("0", 0, "0s"),
        (" 2 Hours 5 min ", 7500, "2h5m"),
        ("60s", 60, "1m"),
        ("120s", 120, "2m"),
        ("30d", 2592000, "30d"),
        ("2y", 63072000, "2y"),
        ("730d", 63072000, "2y"),
    ],
)
def test_durations_are_read_and_written_as_people_say_them(text: str, duration_s: float, written: str) -> None:
    assert parse_duration(text) == duration_s
    assert format_duration(duration_s) == written


@pytest.mark.parametrize(
    "text", ["", " ", "m", "-5m", "30m1h", "1h1h", "1h30", "1,5h", "inf", "nan", "1e3s", "٣m", "9" * 400 + "h"]
)
def test_what_is_not_a_duration_is_refused(text: str) -> None:
    with pytest.raises(PostureError, match="is not a duration: write it like 45m"):
        parse_duration(text)


def test_a_bare_number_is_refused_with_a_hint() -> None:
    with pytest.raises(PostureError, match='"45" has no unit: write "45m" or "45s"'):
        parse_duration("45")


@pytest.mark.parametrize("duration_s", [-1.0, math.nan, math.inf])
def test_only_a_duration_is_formatted(duration_s: float) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        format_duration(duration_s)


def test_hours_may_pass_midnight_and_be_several() -> None:
    assert parse_hours("") == ()
    assert parse_hours("22:00-07:00") == (QuietSpan(EVERY_DAY, 1320, 420),)
    assert parse_hours("9:00 - 12:30,20:00-24:00") == (
        QuietSpan(EVERY_DAY, 540, 750),
        QuietSpan(EVERY_DAY, 1200, 1440),
    )


def test_hours_may_name_days() -> None:
    assert parse_hours("Mon-Fri 22:00-07:00, Sat-Sun") == (
        QuietSpan((0, 1, 2, 3, 4), 1320, 420),
        QuietSpan((5, 6), 0, 1440),
    )
    assert parse_hours("saturday-mon 9:00-10:00") == (QuietSpan((5, 6, 0), 540, 600),)
    assert find_spec("quiet_hours").parse("friday , mon-tue 7:00-8:00") == "Fri, Mon-Tue 07:00-08:00"
    for text in ("Foo 10:00-11:00", "Monsoon", "Mon-Fro"):
        with pytest.raises(PostureError, match="has a day that is none: they are Mon, Tue"):
            parse_hours(text)


def test_kinds_and_programs_are_lists_of_names() -> None:
    kinds = find_spec("coach.kinds")
    assert kinds.parse(" sit,stand , sit") == "stand, sit"
    assert kinds.parse("") == ""
    assert kinds.check(["stretch", "move"]) == "move, stretch", "a list as TOML writes it"
    with pytest.raises(PostureError, match=r'coach\.kinds: "wlak" is not one of them; allowed: any of stand, move'):
        kinds.parse("stand, wlak")
    assert find_spec("quiet_while").parse("obs,Zoom , obs") == "obs, Zoom"
    assert [kind for kind in KINDS if CoachSettings(kinds="sit, move").wants(kind)] == ["move", "sit"]


@pytest.mark.parametrize(
    "text", ["22-7", "22:00", "24:00-07:00", "22:60-07:00", "07:00-24:01", "a", ",", "1:00-2:00,", "Mon-", "Mon 7:00"]
)
def test_what_is_not_hours_is_refused(text: str) -> None:
    with pytest.raises(PostureError, match="is not hours"):
        parse_hours(text)


def test_a_time_of_the_day() -> None:
    assert parse_clock("") is None
    assert parse_clock(" 7:05 ") == 425
    assert find_spec("end_of_day").parse("7:05") == "07:05"


def test_goals_that_contradict_each_other() -> None:
    def goals(longest_bout_s: float, sitting_s: float) -> Settings:
        return replace(Settings(), goals=GoalSettings(longest_bout_s=longest_bout_s, sitting_s=sitting_s))

    assert settings_in_conflict(goals(3600.0, 1800.0)) is not None
    assert settings_in_conflict(goals(3600.0, 0.0)) is None  # 0 is no goal
    assert settings_in_conflict(goals(1800.0, 3600.0)) is None


def test_an_empty_span_is_refused() -> None:
    with pytest.raises(PostureError, match="span without length"):
        parse_hours("07:00-07:00")


# What is known about the settings


def test_every_default_is_allowed_and_the_defaults_agree() -> None:
    for spec in SPECS:
        assert spec.check(spec.toml(spec.default)) == spec.default, spec.key
        assert spec.doc
        assert "\n" not in spec.doc
        assert spec.attribute.endswith("_s") == (spec.kind == "duration"), spec.key
    assert settings_in_conflict(Settings()) is None
    assert len({spec.key for spec in SPECS}) == len(SPECS)


@quick
@given(any_setting)
def test_a_value_survives_being_typed_and_being_stored(pair: tuple[SettingSpec, Value]) -> None:
    spec, value = pair
    assert spec.parse(spec.text(value)) == value
    assert spec.check(tomllib.loads(f"x = {toml(spec.toml(value))}")["x"]) == value


@given(st.text(max_size=30), st.sampled_from(SPECS))
@example("nan", find_spec("camera.rate_fps"))
@example("inf", find_spec("camera.rate_fps"))
@example("1_000", find_spec("camera.width_px"))
@example("\ud800", find_spec("camera.source"))
def test_whatever_is_typed_is_a_value_in_range_or_one_sentence(text: str, spec: SettingSpec) -> None:
    value, error = outcome(lambda: spec.parse(text))
    if error:
        assert error.exit_code == 2
        assert spec.key in str(error)
        assert spec.allowed in str(error)
        assert str(error).isprintable()
    else:
        if isinstance(value, float) and not isinstance(value, bool):
            assert spec.low <= value <= spec.high
        assert spec.parse(spec.text(value)) == value


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1_0", "0x10", "٣", "", "ten", "1e999"])
def test_what_is_not_a_plain_number_is_refused(text: str) -> None:
    with pytest.raises(PostureError, match=r"measure\.head_tilt_deg: .* allowed: 3 to 45 deg"):
        find_spec("measure.head_tilt_deg").parse(text)


@pytest.mark.parametrize(
    ("text", "value"), [("ON", True), ("yes", True), ("true", True), ("off", False), ("no", False)]
)
def test_flags_are_typed_in_several_ways(text: str, value: bool) -> None:
    assert find_spec("desktop.notifications").parse(text) is value


@pytest.mark.skipif(sys.platform == "win32", reason="paths of POSIX")
def test_a_path_is_full_and_knows_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    home = "C:\\users\\ada" if sys.platform == "win32" else "/home/ada"
    monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("USERPROFILE", home)
    spec = find_spec("history.folder")
    assert Path(spec.parse("~/posture")) == Path(home, "posture")
    assert spec.parse("") == ""
    for text in ("data", "./data", "~no-such-user/x"):
        with pytest.raises(PostureError, match="depends on the folder the program is started in"):
            spec.parse(text)


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("coach.stnd_after", "coach.stand_after"),
        ("coach.stand_after_s", "coach.stand_after"),
        ("stand_aftr", "coach.stand_after"),
        ("coach.break_after", "timeline.break_after"),
        ("", ""),
        ("x" * 5000, ""),
    ],
)
def test_an_unknown_key_names_the_nearest(key: str, nearest: str) -> None:
    with pytest.raises(PostureError, match=f"there is no setting .*; the nearest is {re.escape(nearest)}"):
        find_spec(key)


def test_a_key_may_be_named_without_its_section() -> None:
    assert find_spec("stand_after").key == "coach.stand_after"


# Reading


def test_no_file_means_the_defaults(file: Path) -> None:
    assert load_settings(file) == Settings()
    assert not file.parent.exists()


def test_the_file_is_named_by_the_environment_or_lies_in_the_config_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_CONFIG", "/somewhere/my.toml")
    assert settings_path() == Path("/somewhere/my.toml")
    monkeypatch.delenv("POSTURE_CONFIG")
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_CONFIG_HOME", "/home/ada/.config")
        assert settings_path() == Path("/home/ada/.config/posture/settings.toml")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is platformdirs that is asked")
@pytest.mark.parametrize("given", ["/elsewhere", "", " ", "~/mine", "mine", None])
def test_the_folders_are_those_of_platformdirs(given: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    for kind in ("config", "data", "state"):
        if given is None:
            monkeypatch.delenv(f"XDG_{kind.upper()}_HOME", raising=False)
        else:
            monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", given)
    assert own_folder("config") == platformdirs.user_config_path("posture")
    assert own_folder("data") == platformdirs.user_data_path("posture")
    assert own_folder("state") == platformdirs.user_state_path("posture")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[general]\nlanguage = "de"', "de"),
        ('general.language = "de"\n[coach]\nstand_after = "wrong"', "de"),
        ("[general]\nlanguage = 3", 3),
        ('# language = "de"', None),
        ("general = 1 # language", None),
        ('[general]\nlanguage = "de"\n[coach', None),
        ("a" * 6000 + "language", None),
        (b"\xff language", None),
    ],
)
def test_a_setting_is_read_whatever_the_others_are(
    text: str | bytes, found: object, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    monkeypatch.setenv("POSTURE_CONFIG", str(file))
    assert raw_setting("general", "language") == found
    file.unlink()
    assert raw_setting("general", "language") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[coach]\n\nstand_after = "9h"', 'line 3: coach.stand_after: "9h" is out of range; allowed: 10s to 4h'),
        ("[coach]\nstand_after = 45", 'line 2: coach.stand_after: 45 has no unit: write "45m" or "45s"; allowed: 10s'),
        ("coach.stand_after = true", "line 1: coach.stand_after: true is not a duration"),
        ("[coach]\nstnd_after = 1", 'line 2: there is no setting "coach.stnd_after"; the nearest is coach.stand_after'),
        ("\n[coahc]\nstand_after = 1", "line 2: there is no section [coahc]; the nearest is [coach]"),
        ('stand_after = "45m"', "line 1: stand_after stands outside its section: write it below [coach]"),
        ("stnd_after = 1", 'line 1: there is no setting "stnd_after"; the nearest is coach.stand_after'),
        ("coach = 1", "line 1: coach is a section: write it once, as [coach]"),
        ("#\n[[coach]]\n", "line 2: coach is a section: write it once, as [coach]"),
        ("[coach.more]\nx = 1", 'line 1: there is no setting "coach.more"'),
        ("[camera]\nwidth_px = 640.0", "line 2: camera.width_px: 640.0 is not a whole number; allowed: 160 to 1920 px"),
        ("[camera]\nrate_fps = nan", "line 2: camera.rate_fps: nan is out of range; allowed: 1 to 60 frames/s"),
        ("[camera]\nrate_fps = inf", "line 2: camera.rate_fps: inf is out of range"),
        ("[camera]\nrate_fps = 0x" + "f" * 9000, "line 2: camera.rate_fps: a number of thousands of digits is out"),
        ("[camera]\nrate_fps = " + "9" * 9000, "line 2: not valid TOML"),
        ("[camera]\nsource = 0", "line 2: camera.source: 0 is not text: put it in quotes"),
        ('[camera]\nsource = """\n\n"""\n', "line 2: camera.source: "),
        ("[coach]\nfirst_side = [\n'left'\n]\n", "line 2: coach.first_side: ['left'] is not text"),
        ('[coach]\nfirst_side = "up"', 'line 2: coach.first_side: "up" is not one of the choices; allowed: auto, left'),
        ('[desktop]\nnotifications = "on"', 'line 2: desktop.notifications: "on" is neither true nor false'),
        ("[coach]\nstand_after = \n", "line 2: not valid TOML (Invalid value)"),
        ('[coach]\nquiet_hours = "22', "line 2: not valid TOML"),
        ("[coach]\n[coach]", "line 2: not valid TOML"),
        ("x = " + "[" * 5000, "nested too deeply"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_with_its_line(text: str, message: str) -> None:
    for body in (text, text.replace("\n", "\r\n")):
        with pytest.raises(PostureError) as caught:
            settings_from_text(body, HERE)
        assert message in str(caught.value)
        assert str(caught.value).startswith("settings.toml")
        assert str(caught.value).isprintable()
        assert caught.value.exit_code == 2


BAD = {
    "number": ["nan", "-inf", "1e300", "-1", '"1"', "true", "[1]", "{}", "1979-05-27"],
    "whole": ["nan", "1.5", "-1", "99999", '"1"', "false"],
    "duration": ["1", "2.5", '"1"', '"-1m"', '"9999999d"', '"soon"', "true", "07:32:00"],
    "choice": ['"Lite "', "1", "true"],
    "flag": ["0", "1", '"yes"', "[]"],
    "hours": ['"22"', '"25:00-26:00"', "22", "22:00:00", '"""\n22:00-07:00"""'.replace("\n", "\\n x")],
    "names": ["1", '"a\\nb"', "[1]", "true"],
    "clock": ['"22"', '"24:00"', '"7:60"', "22", "22:00:00", '"22:00-23:00"'],
    "path": ['"here"', '"../x"', "1", '"/a\\u0000b"'],
    "text": ['""', "0", '"a\\nb"', "['a']"],
}


@quick
@given(
    st.sampled_from(SPECS).flatmap(lambda spec: st.tuples(st.just(spec), st.sampled_from(BAD[spec.kind]))),
    st.lists(any_setting, max_size=6, unique_by=lambda pair: pair[0].key),
    st.lists(st.text("ab =[]\"'#{}", max_size=8), max_size=12),
    st.sampled_from(["table", "dotted"]),
)
def test_any_one_bad_value_is_refused_with_its_line(
    bad: tuple[SettingSpec, str], good: list[tuple[SettingSpec, Value]], comments: list[str], style: str
) -> None:
    spec, raw = bad
    text, _ = section_text([pair for pair in good if pair[0].section != spec.section], style, comments)
    text += f"[{spec.section}]\n\n# here\n{spec.name} = {raw}\n"
    line = text.count("\n")
    with pytest.raises(PostureError) as caught:
        settings_from_text(text, HERE)
    assert str(caught.value).startswith(f"settings.toml, line {line}: {spec.key}: ")
    assert str(caught.value).endswith(f"allowed: {spec.allowed}")


toml_pieces = st.lists(
    st.sampled_from(
        [
            "[coach]",
            "[",
            "]",
            "\n",
            "\r\n",
            "=",
            " ",
            ".",
            '"',
            '"""',
            "'",
            "{",
            "}",
            ",",
            "#",
            "coach",
            "stand_after",
            "45m",
            '"45m"',
            "1",
            "nan",
            "true",
            "1979-05-27",
            "\x00",
            "\ufeff",
            "é",
            "[[camera]]",
            "rate_fps = 5\n",
        ]
    )
    | st.text(max_size=4),
    max_size=30,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(toml_pieces)
def test_any_text_is_settings_or_one_sentence_with_a_line(text: str) -> None:
    _, error = outcome(lambda: settings_from_text(text, HERE))
    if error:
        assert error.exit_code == 2
        assert re.match(r"settings\.toml, line \d+: ", str(error))


def test_a_byte_order_mark_is_accepted(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b'\xef\xbb\xbf[coach]\r\nstand_after = "45m"\r\n')
    assert load_settings(file).coach.stand_after_s == 2700


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes("# a\n# Pausen für Ada\n".encode("latin-1"))
    with pytest.raises(PostureError, match=r"latin\.toml, line 2: not UTF-8 text"):
        load_settings(latin)
    with pytest.raises(PostureError, match="is not a file of settings"):
        load_settings(tmp_path)
    if sys.platform != "win32":  # where nothing lies below a file, and nothing more is known
        with pytest.raises(PostureError, match="cannot be read: Not a directory"):
            load_settings(latin / "settings.toml")
    video = tmp_path / "video.mp4"
    video.write_bytes(bytes(1_000_001))
    with pytest.raises(PostureError, match="too large to be a settings file"):
        load_settings(video)


def test_overrides_win_over_the_file(file: Path) -> None:
    set_setting(file, find_spec("coach.stand_after"), "45m")
    got = load_settings(file, ["coach.stand_after=20s", "move_after = 15s", "desktop.notifications=off"])
    assert (got.coach.stand_after_s, got.coach.move_after_s, got.desktop.notifications) == (20, 15, False)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("coach.stand_after=9h", '--set coach.stand_after=9h: coach.stand_after: "9h" is out of range; allowed: 10s'),
        ("coach.stand_after", "--set coach.stand_after: write it as key=value"),
        ("coach.stnd_after=1m", 'there is no setting "coach.stnd_after"; the nearest is coach.stand_after'),
        ("", "write it as key=value"),
    ],
)
def test_a_wrong_override_is_refused(file: Path, override: str, message: str) -> None:
    with pytest.raises(PostureError) as caught:
        load_settings(file, [override])
    assert message in str(caught.value)
    assert caught.value.exit_code == 2


def test_values_that_contradict_each_other_are_refused_with_both_named(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('[timeline]\nbreak_after = "5m"\n')
    with pytest.raises(PostureError) as caught:
        load_settings(file)
    assert str(caught.value) == (
        f"timeline.break_after = 5m ({file}, line 2) must not be longer than timeline.effective_break = 2m "
        "(its default): change one of the two"
    )
    assert load_settings(file, ["timeline.effective_break=10m"]).timeline.break_after_s == 300
    with pytest.raises(PostureError, match=r"effective_break = 4m \(--set\)"):
        load_settings(file, ["timeline.effective_break=4m"])


# Changing


@quick
@given(any_setting)
def test_what_is_set_is_what_is_got(tmp_path_factory: pytest.TempPathFactory, pair: tuple[SettingSpec, Value]) -> None:
    spec, value = pair
    file = tmp_path_factory.mktemp("config") / "settings.toml"
    try:
        set_setting(file, spec, spec.text(value))
    except PostureError as error:
        assume("must not be longer than" not in str(error))
        raise
    assert spec.of(load_settings(file)) == value
    assert f"# {spec.doc}" in file.read_text("utf-8")
    before = load_settings(file)
    set_setting(file, spec, spec.text(value))
    assert load_settings(file) == before
    assert reset_setting(file, spec.key)
    assert load_settings(file) == Settings()
    assert "#" not in file.read_text("utf-8")  # the comment that came with the key went with it
    assert not reset_setting(file, spec.key)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(any_setting, max_size=8, unique_by=lambda pair: pair[0].key),
    any_setting,
    st.lists(st.text("ab =[]\"'#{}é", max_size=8), max_size=30),
    st.sampled_from(["table", "dotted", "inline"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_comments_order_and_other_values_survive_every_change(
    tmp_path_factory: pytest.TempPathFactory,
    pairs: list[tuple[SettingSpec, Value]],
    change: tuple[SettingSpec, Value],
    comments: list[str],
    style: str,
    newline: str,
) -> None:
    text, used = section_text(pairs, style, comments)
    spec, value = change
    try:
        before = settings_from_text(text, HERE)
        settings_from_text(text, HERE, [f"{spec.key}={spec.text(value)}"])
    except PostureError as error:
        assume("must not be longer than" not in str(error))
        raise
    file = tmp_path_factory.mktemp("config") / "settings.toml"
    file.write_bytes(text.replace("\n", newline).encode("utf-8"))

    def comment_order(body: str) -> list[str]:
        at, order = 0, []
        for mark in used:
            at = body.find(mark, at)
            assert at >= 0, f"{mark} is lost"
            order.append(mark)
            at += len(mark)
        return order

    set_setting(file, spec, spec.text(value))
    body = file.read_bytes().decode("utf-8")
    assert comment_order(body) == used
    assert ("\r\n" in body) == (newline == "\r\n")
    after = load_settings(file)
    for other in SPECS:
        assert other.of(after) == (value if other == spec else other.of(before)), other.key

    try:
        reset_setting(file, spec.key)
    except PostureError as error:
        assume("must not be longer than" not in str(error))
        raise
    assert spec.of(load_settings(file)) == spec.default
    if style != "inline":
        assert comment_order(file.read_bytes().decode("utf-8")) == used


def test_a_new_key_goes_below_the_last_of_its_section_and_not_below_the_next_comment(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(
        '# mine\n[coach]\nstand_after = "45m"  # long calls\n\n# my measures\n[measure]\ntoo_close_cm = 50\n'
    )
    set_setting(file, find_spec("coach.move_after"), "20min")
    set_setting(file, find_spec("coach.stand_after"), "50m")
    set_setting(file, find_spec("camera.rate_fps"), "4")
    assert file.read_text() == (
        '# mine\n[coach]\nstand_after = "50m"  # long calls\n'
        "# sitting without a postural shift before a move reminder (10s to 4h)\n"
        'move_after = "20m"\n\n# my measures\n[measure]\ntoo_close_cm = 50\n\n'
        "[camera]\n# rate asked of the driver; low is light (1 to 60 frames/s)\nrate_fps = 4\n"
    )
    reset_setting(file, "stand_after")
    assert "[coach]\n# long calls\n# sitting" in file.read_text()


def test_a_broken_file_is_never_overwritten_by_set(file: Path) -> None:
    file.parent.mkdir()
    for broken in ("[coach]\nstand_after = \n", "[coach]\nstnd_after = 1\n", "coach = 1\n", "[[coach]]\n"):
        file.write_text(broken)
        with pytest.raises(PostureError, match=r"line \d"):
            set_setting(file, find_spec("coach.move_after"), "20m")
        assert file.read_text() == broken


def test_reset_repairs_a_file(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('[coach]\nstnd_after = 1\nmove_after = 3\nsnooze = "20m"\n')
    assert reset_setting(file, "coach.stnd_after")
    assert reset_setting(file, "move_after")
    assert file.read_text() == '[coach]\nsnooze = "20m"\n'
    with pytest.raises(PostureError, match=r"the nearest is coach\.stand_after"):
        reset_setting(file, "coach.stnd_after")


def test_reset_does_not_leave_a_contradiction(file: Path) -> None:
    set_setting(file, find_spec("timeline.effective_break"), "20m")
    set_setting(file, find_spec("timeline.break_after"), "10m")
    before = file.read_bytes()
    with pytest.raises(PostureError, match="must not be longer than"):
        reset_setting(file, "timeline.effective_break")
    assert file.read_bytes() == before


def test_reset_all_moves_even_a_broken_file_aside(file: Path) -> None:
    assert reset_all_settings(file) is None
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe broken")
    aside = reset_all_settings(file)
    assert aside is not None
    assert aside.read_bytes() == b"\xff\xfe broken"
    assert load_settings(file) == Settings()


def test_the_template_is_the_defaults_and_every_line_of_it_can_be_taken_up() -> None:
    text = settings_template()
    assert settings_from_text(text, HERE) == Settings()
    taken_up = re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE)
    data = tomllib.loads(taken_up)
    assert [f"{section}.{name}" for section in data for name in data[section]] == [spec.key for spec in SPECS]
    assert settings_from_text(taken_up, HERE) == Settings()


posix_only = pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")


@posix_only
def test_a_new_folder_and_file_are_private(file: Path) -> None:
    set_setting(file, find_spec("camera.source"), "1")
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == [file.name]


@posix_only
def test_mode_and_link_of_the_file_stay(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "posture.toml"
    real.parent.mkdir()
    real.write_text("# mine\n")
    real.chmod(0o640)
    link = tmp_path / "settings.toml"
    link.symlink_to("dotfiles/posture.toml")
    set_setting(link, find_spec("coach.snooze"), "20m")
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert load_settings(real).coach.snooze_s == 1200


@contextmanager
def as_plain_user() -> Iterator[None]:
    """Root may write everywhere: look as somebody else while in here."""
    if os.name != "posix":
        pytest.skip("permissions of POSIX")
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can get into, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_read_only_folder_is_one_sentence_and_the_file_stays(open_folder: Path) -> None:
    file = open_folder / "settings.toml"
    set_setting(file, find_spec("coach.snooze"), "20m")
    file.chmod(0o666)
    before = file.read_bytes()
    open_folder.chmod(0o555)
    with as_plain_user():
        assert load_settings(file).coach.snooze_s == 1200
        for act in (
            lambda: set_setting(file, find_spec("coach.snooze"), "30m"),
            lambda: reset_setting(file, "coach.snooze"),
            lambda: reset_all_settings(file),
            lambda: set_setting(open_folder / "new" / "settings.toml", find_spec("coach.snooze"), "30m"),
        ):
            with pytest.raises(PostureError, match="Permission denied") as caught:
                act()
            assert caught.value.exit_code == 1
    open_folder.chmod(0o755)
    assert file.read_bytes() == before
    assert list(open_folder.iterdir()) == [file]


def test_a_file_of_somebody_else_is_one_sentence(open_folder: Path) -> None:
    file = open_folder / "settings.toml"
    set_setting(file, find_spec("coach.snooze"), "20m")
    file.chmod(0o000)
    with as_plain_user(), pytest.raises(PostureError, match="cannot be read: Permission denied"):
        load_settings(file)


@posix_only
def test_a_disk_without_room_is_one_sentence_and_the_file_stays(file: Path) -> None:
    # A limit on the size of files fails a write half way, as a full disk does, and needs no root.
    set_setting(file, find_spec("coach.snooze"), "20m")
    before = file.read_bytes()
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from posture.errors import PostureError; from posture.settings_file import write_settings_text\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try: write_settings_text(Path(sys.argv[1]), '#' * 50_000)\n"
        "except PostureError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, file], capture_output=True, text=True, check=True)
    assert "cannot be written: File too large; what was there is unchanged" in done.stdout
    assert done.stderr == ""
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can make a small disk")
def test_a_full_disk_is_one_sentence_and_the_file_stays(tmp_path: Path) -> None:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", tmp_path], check=False)
    if mounted.returncode:
        pytest.skip("this machine does not let root mount")
    try:
        file = tmp_path / "settings.toml"
        set_setting(file, find_spec("coach.snooze"), "20m")
        before = file.read_bytes()
        with pytest.raises(OSError, match="No space left"):
            (tmp_path / "filler").write_bytes(bytes(100_000))
        with pytest.raises(PostureError, match="No space left on device; what was there is unchanged"):
            set_setting(file, find_spec("coach.snooze"), "30m")
        assert file.read_bytes() == before
        assert {entry.name for entry in tmp_path.iterdir()} == {"settings.toml", "filler"}
    finally:
        subprocess.run(["umount", tmp_path], check=True)


@posix_only
def test_a_folder_in_the_place_of_the_file_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(PostureError, match="it is not a plain file"):
        write_settings_text(tmp_path, "")
