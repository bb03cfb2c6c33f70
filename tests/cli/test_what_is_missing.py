"""What the machine has not got (a library, a home) is one sentence that says what to do, never a traceback."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from posture.camera.opencv import opencv
from posture.cli.main import main
from posture.errors import PostureError
from posture.home import home_folder, in_home
from posture.pose.open_model import open_pose_model
from posture.settings_file import load_settings

LIBRARY = "libGL.so.1: cannot open shared object file: No such file or directory"


class WithoutLibrary:
    """Finds a module and cannot load it, as where a library of the system is missing."""

    def __init__(self, name: str, error: type[Exception]) -> None:
        self._name, self._error = name, error

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name == self._name or name.startswith(f"{self._name}."):
            raise self._error(LIBRARY)


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Any:
    def leave_out(name: str, error: type[Exception]) -> None:
        for loaded in [module for module in sys.modules if module == name or module.startswith(f"{name}.")]:
            monkeypatch.delitem(sys.modules, loaded)
        monkeypatch.setattr(sys, "meta_path", [WithoutLibrary(name, error), *sys.meta_path])

    return leave_out


@pytest.mark.parametrize("error", [ImportError, OSError, ModuleNotFoundError])
def test_opencv_that_cannot_be_loaded_names_the_library(error: type[Exception], without: Any) -> None:
    without("cv2", error)
    with pytest.raises(PostureError) as told:
        opencv()
    assert LIBRARY in str(told.value)
    assert "libgl1" in str(told.value)


@pytest.mark.parametrize("error", [ImportError, OSError])
@pytest.mark.parametrize(
    ("engine", "module"), [("mediapipe", "mediapipe.tasks"), ("litert", "ai_edge_litert.interpreter")]
)
def test_an_engine_that_cannot_be_loaded_names_the_library(
    error: type[Exception], engine: str, module: str, without: Any
) -> None:
    without(module, error)
    settings = load_settings(overrides=["pose.model=lite", f"pose.engine={engine}"])
    with pytest.raises(PostureError) as told, open_pose_model(settings):
        pass
    assert LIBRARY in str(told.value)
    assert "README" in str(told.value)


@pytest.mark.parametrize("command", [["doctor"], ["preview", "--text"], ["calibrate", "--source", "0"]])
def test_commands_without_opencv_say_one_sentence(
    command: list[str],
    without: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr("posture.camera.devices.list_cameras", lambda: [_camera()])
    without("cv2", ImportError)
    assert main(command) == 1
    told = capsys.readouterr()
    assert "OpenCV cannot be loaded" in told.out + told.err
    assert "Traceback" not in told.out + told.err


def _camera() -> Any:
    from posture.camera.devices import CameraDevice

    return CameraDevice(0, "Lid", "", "/dev/video0")


@pytest.fixture
def homeless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No HOME, and no entry in the list of users, as in a container of another user."""
    pwd = pytest.importorskip("pwd")

    def nobody(uid: object) -> None:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "POSTURE_DATA", "POSTURE_CONFIG", "USER", "LOGNAME")
    for name in ("HOME", *names):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


COMMANDS = [
    ["config", "list"],
    ["config", "path"],
    ["config", "set", "coach.stand_after", "31m"],
    ["autostart", "on"],
    ["autostart", "off"],
    ["autostart", "status"],
    ["summary"],
    ["export"],
    ["log", "pain", "3"],
    ["logs"],
    ["plan"],
    ["profile", "list"],
    ["history", "check"],
    ["forget", "--all", "--yes"],
    ["start"],
    ["setup", "camera", "--yes"],
]


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_home_it_is_asked_for(command: list[str], homeless: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) in (1, 2)
    assert capsys.readouterr().err == "posture: Your home folder is not known: set HOME to it.\n"
    assert [path.name for path in homeless.iterdir()] == ["run"]


@pytest.mark.parametrize(
    "command", [["config", "list"], ["log", "pain", "3"], ["summary"], ["forget", "--all", "--yes"]]
)
def test_folders_that_are_named_need_no_home(
    command: list[str], homeless: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(homeless / name))
    assert main(command) == 0
    assert not (homeless / "~").exists()


@pytest.mark.parametrize("name", ["POSTURE_DATA", "POSTURE_CONFIG"])
def test_a_place_in_a_home_that_nobody_has_is_refused(
    name: str, homeless: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(folder, str(homeless / folder))
    monkeypatch.setenv(name, "~/posture/x")
    assert main(["log", "pain", "3"]) in (1, 2)
    assert "set HOME" in capsys.readouterr().err
    assert not (homeless / "~").exists()
    with pytest.raises(PostureError):
        home_folder()
    assert in_home("/x") == Path("/x")
