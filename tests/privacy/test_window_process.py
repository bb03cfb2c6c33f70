"""The window's process: no network, nothing that opens cameras or decodes pictures, and no picture on the disk."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from private_session import PATIENCE_S

from posture import sandbox
from posture.kept_files import KINDS

CLIP = Path(__file__).parents[1] / "data/stretch_a.mp4"
PICTURE = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|RIFF....WEBP|BM....\0\0\0\0|II\*\0|MM\0\*|P[56]\s|....ftyp|\x1aE\xdf\xa3",
    re.DOTALL,
)
SMALLEST_PICTURE_BYTES = 64 * 48
"""Of raw pixels, grey, in which a person could be made out [design choice]."""
INSIDE = """
import json, socket, sys
from pathlib import Path
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from posture import sandbox
from posture.window import app, main_window
from posture.window.pages import page_keys

wanted, place = json.loads(sys.argv[1]), Path(sys.argv[2])
said = {"seen": []}

class Probed(main_window.MainWindow):
    def show(self):
        super().show()
        self._wanted = list(wanted)
        QTimer.singleShot(0, self.visit)

    def visit(self):
        if not self._wanted:
            return self.probe()
        name, waits = self._wanted.pop(0)
        self.go_to(*name.split(":", 1)) if ":" in name else self.go_to(name, "")
        if not waits:
            return QTimer.singleShot(50, self.visit)
        from posture.window.seeing import Seeing
        self._views = 0
        self._seeing = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(lambda: self.look(Seeing, name))
        self._timer.start(20)

    def look(self, kind, name):
        if type(getattr(self.page, "_part", None)).__name__ == "Introduction":
            QTest.keyClick(self.focusWidget() or self, Qt.Key.Key_Return)
        elif self._seeing is None:
            found = [each for each in self.page.findChildren(kind) if each.running]
            if found:
                self._seeing = found[0]
                self._seeing.seen.connect(self.count)
        elif self._views >= 5:
            self._timer.stop()
            said["seen"].append(name.partition(":")[0])
            self.visit()

    def count(self, view):
        self._views += view.image is not None

    def probe(self):
        outcomes = sandbox.attempts(place)
        said["network"] = {name: outcomes[name] for name in ("TCP", "TCP over IPv6", "UDP", "DNS")}
        for family in (socket.AF_INET, socket.AF_INET6, socket.AF_PACKET, socket.AF_NETLINK, 40):
            try:
                socket.socket(family, socket.SOCK_DGRAM).close()
                said["network"][str(family)] = "allowed"
            except OSError as error:
                said["network"][str(family)] = f"refused: {error}"
        said["loaded"] = [name for name in ("cv2", "mediapipe", "av", "PySide6.QtMultimedia") if name in sys.modules]
        mapped = Path("/proc/self/maps").read_text().splitlines()
        said["mapped"] = [line for line in mapped if "opencv" in line or "mediapipe" in line]
        print(json.dumps(said), flush=True)
        self.close()

main_window.MainWindow = Probed
wanted = [(key, False) for key in page_keys()] if wanted == "all" else wanted
sys.exit(app.main(["--source", sys.argv[3]] if len(sys.argv) > 3 else []))
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in ("home", "run", "temporary", "probe"):
        (tmp_path / name).mkdir(mode=0o700)
    (tmp_path / "probe/there").write_text("x")
    (tmp_path / "probe/shared").symlink_to(tmp_path / "probe/there")
    return tmp_path


def run_window(home: Path, pages: object, *source: str) -> dict[str, object]:
    settings = home / "settings.toml"
    settings.write_text('coach.clearance = "none"\npose.model = "lite"\n')
    env = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(home / "home"),
        "TMPDIR": str(home / "temporary"),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "POSTURE_CONFIG": str(settings),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    command = [sys.executable, "-P", "-c", INSIDE, json.dumps(pages), str(home / "probe"), *source]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=4 * PATIENCE_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def is_closed(found: dict[str, object]) -> None:
    assert found["loaded"] == []
    assert found["mapped"] == []
    if sandbox.held_by_kernel():
        network = found["network"]
        assert isinstance(network, dict)
        assert network
        assert all(sandbox.refused(outcome) for outcome in network.values()), network


def test_it_has_no_network_and_loads_nothing_that_decodes(home: Path) -> None:
    is_closed(run_window(home, "all"))


@pytest.mark.slow
def test_live_and_stretch_leave_no_picture(home: Path) -> None:
    found = run_window(home, [("live", True), (f"stretch:ql_stand:source={CLIP}", True)], str(CLIP))
    assert found["seen"] == ["live", "stretch"]
    is_closed(found)
    ours = [path for path in home.rglob("*") if path.is_file() and home / "probe" not in path.parents]
    assert ours
    for path in ours:
        content = path.read_bytes()
        assert not PICTURE.match(content), path
        known = any(re.fullmatch(kind.pattern, path.name) for kind in KINDS if kind.where != "settings")
        text = content.isascii() or path.name.startswith("history.sqlite3")
        assert known or text or len(content) < SMALLEST_PICTURE_BYTES, path


@pytest.mark.parametrize(
    "head", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF1234WEBP", b"\0\0\0\x18ftypmp42"]
)
def test_a_picture_would_be_found(head: bytes) -> None:
    assert PICTURE.match(head)
