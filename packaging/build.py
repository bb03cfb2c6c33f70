#!/usr/bin/env python3
"""Make the packages of a release, into dist/: `python packaging/build.py`, or only what is named.

    wheel     the wheels, one for each platform, the source distribution and the bill of materials
    frozen    the program without Python, in build/frozen/posture, from its wheel and what requirements.lock pins
    archive   the frozen program as one file: .tar.gz on Linux and macOS, .zip on Windows
    deb       the frozen program as a package for Debian and Ubuntu, on Linux
    sums      SHA256SUMS of all that lies in dist/

Times come from SOURCE_DATE_EPOCH, else from the last commit. The same checkout gives the same bytes for wheel, source
distribution and bill; for the others with the same Python and the same packages of the system (docs/releasing.md).
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import zipfile
from email.utils import formatdate
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST, BUILD = ROOT / "dist", ROOT / "build"
FROZEN = BUILD / "frozen/posture"
LOCKS = (ROOT / "requirements.lock", ROOT / "packaging/requirements.lock")
SYSTEM = {"linux": "linux", "darwin": "macos", "win32": "windows"}[sys.platform]
PROCESSORS = {"amd64": "x86_64", "aarch64": "arm64"}

LIBRARIES = {
    "libc6": "libc ld-linux-x86-64 libm libdl libpthread librt libutil libresolv",
    "libstdc++6": "libstdc++",
    "libgcc-s1": "libgcc_s",
    "zlib1g": "libz",
    "libzstd1": "libzstd",
    "libgl1": "libGL",
    "libegl1": "libEGL",
    "libgles2": "libGLESv2",
    "libopengl0": "libOpenGL",
    "libglib2.0-0": "libglib-2.0 libgthread-2.0 libgobject-2.0 libgio-2.0",
    "libdbus-1-3": "libdbus-1",
    "libfontconfig1": "libfontconfig",
    "libfreetype6": "libfreetype",
    "libx11-6": "libX11",
    "libx11-xcb1": "libX11-xcb",
    "libxext6": "libXext",
    "libxau6": "libXau",
    "libsm6": "libSM",
    "libice6": "libICE",
    "libxkbcommon0": "libxkbcommon",
    "libxkbcommon-x11-0": "libxkbcommon-x11",
    "libxcb1": "libxcb",
    "libxcb-cursor0": "libxcb-cursor",
    "libxcb-glx0": "libxcb-glx",
    "libxcb-icccm4": "libxcb-icccm",
    "libxcb-image0": "libxcb-image",
    "libxcb-keysyms1": "libxcb-keysyms",
    "libxcb-randr0": "libxcb-randr",
    "libxcb-render0": "libxcb-render",
    "libxcb-render-util0": "libxcb-render-util",
    "libxcb-shape0": "libxcb-shape",
    "libxcb-shm0": "libxcb-shm",
    "libxcb-sync1": "libxcb-sync",
    "libxcb-util1": "libxcb-util",
    "libxcb-xfixes0": "libxcb-xfixes",
    "libxcb-xkb1": "libxcb-xkb",
    "libxcb-xinerama0": "libxcb-xinerama",
    "libdrm2": "libdrm",
    "libwayland-client0": "libwayland-client",
    "libwayland-cursor0": "libwayland-cursor",
    "libwayland-egl1": "libwayland-egl",
    "libuuid1": "libuuid",
    "libgssapi-krb5-2": "libgssapi_krb5",
}
"""The packages of Debian and Ubuntu, and the libraries in them that the program does not bring; the names hold from
Debian 12 and Ubuntu 24.04 on (newer packages that are called otherwise provide them)."""


def main() -> None:
    """Make what the command line names."""
    steps = {"wheel": wheel, "frozen": frozen, "archive": archive, "deb": deb, "sums": sums}
    usual = [name for name in steps if name != "deb" or SYSTEM == "linux"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=[*steps, []], help="by default all of them")
    parser.add_argument("--here", action="store_true", help="freeze with this Python, where all is installed")
    args = parser.parse_args()
    os.environ.setdefault("SOURCE_DATE_EPOCH", _said_by("git", "log", "-1", "--format=%ct") or "315532800")
    # Sets of names are written in the same order each time.
    os.environ["PYTHONHASHSEED"] = "1"
    os.umask(0o022)
    for name in args.what or usual:
        if name == "frozen":
            frozen(here=args.here)
        else:
            steps[name]()
    for file in sorted(DIST.iterdir()):
        print(f"{file.stat().st_size / 1e6:8.1f} MB  {file.name}")


# -- wheel, source distribution, bill of materials --------------------------------------------------------------------


def wheel() -> None:
    """Make wheel, source distribution and the bill of materials."""
    python = _environment("wheel", LOCKS[1])
    shutil.rmtree(DIST, ignore_errors=True)
    _run(python, "-m", "hatchling", "build", "-t", "sdist", "-d", DIST)
    for platform in platforms():
        print(f"== wheel for {platform}")
        _run(python, "-m", "hatchling", "build", "-t", "wheel", "-d", DIST, POSTURE_WHEEL_PLATFORM=platform)
    bill = json.loads((ROOT / "sbom.cdx.json").read_text(encoding="utf-8"))
    bill["metadata"]["component"]["version"] = version()
    (DIST / f"posture-coach-{version()}.cdx.json").write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")


def platforms() -> list[str]:
    """Give the platforms that wheels are published for, as hatch_build.py names them."""
    line = re.search(r"^PLATFORMS = \((.*)\)$", (ROOT / "hatch_build.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert line
    return re.findall(r'"(\w+)"', line[1])


def version() -> str:
    """Give the version of what lies in dist/."""
    (found,) = {file.name.split("-")[1] for file in DIST.glob("posture_coach-*.whl")}
    return found


# -- the frozen program -----------------------------------------------------------------------------------------------


def frozen(*, here: bool = False) -> None:
    """Freeze the program, and put its licences beside it."""
    python = Path(sys.executable)
    if not here:
        python = _environment("freeze", *LOCKS)
        options = ("-q", "--no-deps", "--no-index", "--force-reinstall", "--find-links", DIST)
        _run(python, "-m", "pip", "install", *options, f"posture-coach=={version()}")
    # -P: the posture of the environment, not that of the checkout.
    _run(
        *(python, "-P", "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"),
        *("--distpath", FROZEN.parent, "--workpath", BUILD / "pyinstaller", ROOT / "packaging/posture.spec"),
    )
    text = subprocess.run([python, ROOT / "packaging/third_party.py"], check=True, capture_output=True).stdout
    (FROZEN / "THIRD-PARTY.txt").write_bytes(text)
    for name in ("LICENSE", "NOTICE"):
        shutil.copyfile(ROOT / name, FROZEN / name)
    if SYSTEM == "linux":
        for library in (FROZEN / "_internal").glob("libpython3*.so*"):  # of which half are names for a debugger
            subprocess.run(["strip", "--strip-unneeded", library], check=False)
    print(f"{_size(FROZEN) / 1e6:8.1f} MB  {FROZEN}")


def archive() -> None:
    """Pack the frozen program into one file."""
    processor = PROCESSORS.get(_processor(), _processor())
    name = f"posture-coach-{version()}"
    place = DIST / f"{name}-{SYSTEM}-{processor}"
    if SYSTEM == "windows":
        with zipfile.ZipFile(f"{place}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
            for file in _files(FROZEN):
                entry = zipfile.ZipInfo(f"{name}/{file.relative_to(FROZEN).as_posix()}", (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(entry, file.read_bytes())
        return
    with (
        open(f"{place}.tar.gz", "wb") as raw,  # noqa: PTH123
        gzip.GzipFile("", "wb", 6, raw, mtime=0) as thin,
        tarfile.open(fileobj=thin, mode="w") as packed,
    ):
        for file in _files(FROZEN):
            packed.add(file, f"{name}/{file.relative_to(FROZEN)}", recursive=False, filter=_anonymous)


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = int(os.environ["SOURCE_DATE_EPOCH"])
    entry.mode = 0o755 if entry.mode & stat.S_IXUSR else 0o644
    return entry


def _processor() -> str:
    return os.uname().machine if SYSTEM != "windows" else os.environ.get("PROCESSOR_ARCHITECTURE", "amd64").lower()


# -- the package for Debian and Ubuntu --------------------------------------------------------------------------------


def deb() -> None:
    """Make the package, which depends on the libraries of the desktop that the program does not bring."""
    place = BUILD / "deb"
    shutil.rmtree(place, ignore_errors=True)
    program, share = place / "usr/lib/posture-coach", place / "usr/share"
    shutil.copytree(FROZEN, program, symlinks=True)
    (place / "usr/bin").mkdir(parents=True)
    (place / "usr/bin/posture").symlink_to("../lib/posture-coach/posture")
    texts = subprocess.run(
        [BUILD / "freeze/bin/python", ROOT / "packaging/desktop_files.py", share], check=True, capture_output=True
    )
    print(texts.stdout.decode(), end="")
    _write(
        share / "metainfo/io.github.posture.posture.metainfo.xml", (ROOT / "packaging/posture.metainfo.xml").read_text()
    )
    for shell, file in (
        ("bash", "bash-completion/completions/posture"),
        ("zsh", "zsh/vendor-completions/_posture"),
        ("fish", "fish/vendor_completions.d/posture.fish"),
    ):
        _write(share / file, _said_by(FROZEN / "posture", "completion", shell) + "\n")
    doc = share / "doc/posture-coach"
    _write(doc / "copyright", (ROOT / "packaging/copyright").read_text())
    _write(doc / "NOTICE", (ROOT / "NOTICE").read_text())
    for name, text in (("changelog", debian_changelog()), ("CHANGELOG.md", (ROOT / "CHANGELOG.md").read_text())):
        (doc / f"{name}.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    (program / "THIRD-PARTY.txt").unlink()
    (doc / "THIRD-PARTY.txt.gz").write_bytes(gzip.compress((FROZEN / "THIRD-PARTY.txt").read_bytes(), 9, mtime=0))
    for file in (program / "LICENSE", program / "NOTICE"):  # in copyright, and where Debian has licences
        file.unlink()
    for file in place.rglob("*"):
        if not file.is_symlink():
            is_program = file.is_dir() or file == program / "posture"
            file.chmod(0o755 if is_program else 0o644)
    control = (
        (ROOT / "packaging/control")
        .read_text()
        .format(
            version=debian_version(version()),
            maintainer=maintainer(),
            architecture={"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine],
            size=_size(place) // 1024,
            depends=", ".join(depends(FROZEN)),
        )
    )
    sums = "".join(
        f"{hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()}  {file.relative_to(place)}\n"
        for file in _files(place)
        if not file.is_symlink()
    )
    _write(place / "DEBIAN/control", control)
    _write(place / "DEBIAN/md5sums", sums)
    for folder in (place / "DEBIAN", *(each for each in place.rglob("*") if each.is_dir())):
        folder.chmod(0o755)
    # zstd: both read it, and xz takes ten times as long.
    _run("dpkg-deb", "--root-owner-group", "--no-uniform-compression", "-Zzstd", "-z6", "--build", place, DIST)


def maintainer() -> str:
    """Give whom people write to, as Debian has it: name and address."""
    return os.environ.get("POSTURE_MAINTAINER", "The posture founders")


def debian_changelog() -> str:
    """Write the form of a change log that Debian's tools read; it points to ours."""
    when = formatdate(int(os.environ["SOURCE_DATE_EPOCH"]))
    return (
        f"posture-coach ({debian_version(version())}) unstable; urgency=medium\n\n"
        f"  * What has changed is in CHANGELOG.md.gz.\n\n -- {maintainer()}  {when}\n"
    )


def debian_version(ours: str) -> str:
    """Write a version so that Debian sorts what comes before a release before it."""
    release, plus, commit = ours.partition("+")
    return re.sub(r"\.?(dev|a|b|rc)(\d+)", r"~\1\2", release) + plus + commit


def depends(folder: Path) -> list[str]:
    """Find the packages that have the libraries which a folder needs and does not hold, libc6 with its version."""
    inside = {file.name for file in folder.rglob("*")}
    needed, glibc = set(), (2, 17)
    for file in _files(folder):
        with file.open("rb") as opened:
            if opened.read(4) != b"\x7fELF":
                continue
        said = _said_by("objdump", "-p", file)
        needed.update(re.findall(r"NEEDED\s+(\S+)", said))
        glibc = max([glibc, *((int(a), int(b)) for a, b in re.findall(r"GLIBC_(\d+)\.(\d+)", said))])
    packages = {library: package for package, names in LIBRARIES.items() for library in names.split()}
    outside = {re.sub(r"\.so(\..*)?$", "", name) for name in needed - inside}
    if unknown := outside - packages.keys():
        raise SystemExit(f"LIBRARIES does not say which package has {', '.join(sorted(unknown))}")
    found = {packages[library] for library in outside}
    return [f"{name} (>= {glibc[0]}.{glibc[1]})" if name == "libc6" else name for name in sorted(found)]


# -- sums -------------------------------------------------------------------------------------------------------------


def sums() -> None:
    """Write SHA256SUMS, as `sha256sum -c` reads it."""
    place = DIST / "SHA256SUMS"
    place.unlink(missing_ok=True)
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(DIST.iterdir())]
    _write(place, "".join(lines))


# -- small things -----------------------------------------------------------------------------------------------------


def _environment(name: str, *locks: Path) -> Path:
    """Make an environment with what is locked, or take the one that was made before from the same locks."""
    place = BUILD / name
    python = place / ("Scripts/python.exe" if SYSTEM == "windows" else "bin/python")
    stamp, wanted = place / "locks.sha256", hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        _run(sys.executable, "-m", "venv", "--clear", place)
        options = [word for lock in locks for word in ("-r", lock)]
        _run(python, "-m", "pip", "install", "-q", "--require-hashes", *options)
        stamp.write_text(wanted)
    return python


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_symlink() or path.is_file())


def _size(folder: Path) -> int:
    return sum(file.lstat().st_size for file in _files(folder))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def _run(*words: object, **more: str) -> None:
    subprocess.run([str(word) for word in words], check=True, cwd=ROOT, env=os.environ | more)


def _said_by(*words: object) -> str:
    try:
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, cwd=ROOT)
    except OSError:
        return ""
    return done.stdout.strip()


if __name__ == "__main__":
    main()
