"""What a wheel and a source distribution hold, and that the same checkout gives the same bytes."""

from __future__ import annotations

import functools
import importlib.util
import json
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.nightly


@functools.cache
def python() -> Path:
    """The Python that packages are made with, by what is locked for that."""
    spec = importlib.util.spec_from_file_location("build", ROOT / "packaging/build.py")
    assert spec is not None
    assert spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    found: Path = build._environment("wheel", build.LOCKS[1])
    return found


def built(what: str, source: Path, place: Path) -> Path:
    """Build from a folder, and give the file."""
    subprocess.run(
        [python(), "-m", "hatchling", "build", "-t", what, "-d", place],
        check=True,
        cwd=source,
        capture_output=True,
    )
    (found,) = place.iterdir()
    return found


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.mark.parametrize("what", ["sdist", "wheel"])
def test_the_same_bytes_twice(what: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    once: Path = request.getfixturevalue(what)
    again = built(what, ROOT, tmp_path)
    assert again.name == once.name
    assert again.read_bytes() == once.read_bytes()


def test_the_wheel_holds_what_the_program_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        version = wheel.name.split("-")[1]
        assert f'VERSION = "{version}"' in packed.read("posture/_version.py").decode()
        bill = json.loads(packed.read(f"posture_coach-{version}.dist-info/sboms/sbom.cdx.json"))
    assert bill["bomFormat"] == "CycloneDX"
    inside = f"posture_coach-{version}.dist-info/"
    wanted = {f"{inside}licenses/LICENSE", f"{inside}licenses/NOTICE", "posture/py.typed", "posture/frozen.py"}
    wanted |= {f"posture/locale/{each}/LC_MESSAGES/posture.mo" for each in ("de", "fr", "es", "it", "pt_BR", "ja")}
    wanted |= {f"posture/_bundled/{file.relative_to(ROOT)}" for file in (ROOT / "models").iterdir()}
    wanted |= {f"posture/{file.relative_to(ROOT / 'posture')}" for file in (ROOT / "posture").rglob("*.py")}
    assert wanted <= set(names)
    assert all(name.startswith(("posture/", inside)) for name in names)
    assert not [name for name in names if name.endswith((".po", ".pot", ".pyc")) or "/tests/" in name]


def test_the_source_distribution_gives_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    """Also its version, which it has from no tag."""
    with tarfile.open(sdist) as packed:
        packed.extractall(tmp_path / "unpacked", filter="data")
        names = {name.partition("/")[2] for name in packed.getnames()}
    assert {"LICENSE", "NOTICE", "CHANGELOG.md", "sbom.cdx.json", "requirements.lock", "tests/conftest.py"} <= names
    assert {"packaging/posture.spec", "packaging/build.py", "tools/version.py", ".ci/run", "PRIVACY.md"} <= names
    (source,) = (tmp_path / "unpacked").iterdir()
    again = built("wheel", source, tmp_path / "wheel")
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()
