"""Every command that takes a source treats a camera name, a missing file and a dead address in the same words."""

from __future__ import annotations

from pathlib import Path

import pytest

from posture.cli.main import _give_up_rights, main

COMMANDS = {
    "run": ["run", "--source", "{source}"],
    "calibrate": ["calibrate", "--source", "{source}"],
    "bench": ["bench", "--source", "{source}", "--policy", "fps=2"],
    "stretch": ["stretch", "ql_seat", "--source", "{source}"],
    "self-check": ["self-check", "side-bend", "--source", "{source}"],
    "preview": ["preview", "--text", "--source", "{source}"],
    "setup": ["setup", "camera", "--yes", "--source", "{source}"],
    "profile": ["profile", "use", "desk", "--source", "{source}"],
}
SENTENCES = {
    "no such camera": "There is no camera no such camera, nor any other: plug one in",
    "missing.mp4": "There is no file missing.mp4",
    "rtsp://127.0.0.1:9/x": "No video could be opened at rtsp://127.0.0.1:9/x: check the address",
}


@pytest.mark.parametrize("source", SENTENCES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_the_same(
    command: str, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("posture.camera.devices.list_cameras", list)
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    assert main([word.format(source=source) for word in COMMANDS[command]]) == 1
    captured = capsys.readouterr()
    assert SENTENCES[source] in captured.out + captured.err
    assert "Traceback" not in captured.err


@pytest.mark.parametrize(
    ("arguments", "has_network"),
    [
        (["preview", "--text"], True),
        (["preview", "--text", "--source", "0"], False),
        (["preview", "--json", "--source=0"], False),
        (["measure", "picture.jpg"], False),
    ],
)
def test_an_address_in_the_settings_is_one_that_the_user_named(
    arguments: list[str], has_network: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('[camera]\nsource = "rtsp://127.0.0.1:9/x"\n')
    monkeypatch.setenv("POSTURE_CONFIG", str(settings))
    monkeypatch.delenv("DISPLAY", raising=False)
    given_up: list[bool] = []
    monkeypatch.setattr("posture.sandbox.enter_daemon", lambda: given_up.append(True))
    monkeypatch.setattr("posture.sandbox._waiting", None)  # back to it afterwards
    _give_up_rights(arguments)
    assert bool(given_up) is not has_network
