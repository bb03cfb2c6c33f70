"""What the text refers to exists: sections and sources of the evidence, files, headings, tests; nothing outside.

The text is that of the package, its tests, benchmarks and documents; a reference is found by its form alone.
"""

from __future__ import annotations

import fnmatch
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from test_rooms import ROOMS

ROOT = Path(__file__).parent.parent
EVIDENCE = "docs/evidence.md"
CITING = ("posture", "docs", "tests", "benchmarks", "README.md", "PRIVACY.md", "CONTRIBUTING.md")
"""Where the evidence may be cited."""
OURS = ("posture/", "tests/", "docs/", "benchmarks/", "tools/", "models/", "samples/", ".ci/", ".github/")
"""How a path in backticks begins if it is one of the project's."""

# "section 3", "sections 4, 5 and 12", "EVIDENCE 1"; a section "of" something is another document's.
SECTION = re.compile(r"\b(?:(?i:section)|EVIDENCE) (\d+)\b(?! of\b)|\b(?i:sections) ((?:(?:, | and |, and )?\b\d+\b)+)")
TAG = re.compile(r"\[(lit|std|D)(?=[],:;])")
SOURCE = re.compile(r"\b(?:10\.\d{4,}/[\w.()/-]*\w|PMC\d+|PMID \d+|CD\d{6}|NG\d+)")
STUDY = re.compile(r"\[(?:lit|std): ([^]]+)\]")

LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)")
BACKTICKS = re.compile(r"`([^`\n]+)`")
PAGE = re.compile(r"(?<![\w/.*-])[\w./-]*\w\.md\b")
TEST_FILE = re.compile(r"(?:[\w.-]+/)*test_\w+\.py")
PROMISE = re.compile(r"\[(`[\w/]*test_\w+\.py`[^]]*)\]")
# Folders of a machine: nothing in the project may point there.
ELSEWHERE = re.compile(r"\.\./shared|(?<![\w$}\"])/(?:work|home/\w+|Users/\w+)/")


def text_of(path: Path | str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def joined(text: str) -> str:
    """The text with its line ends, and the comment marks after them, as one blank each."""
    return re.sub(r"\s*\n\s*(?:#\s)?\s*", " ", text)


def citing() -> Iterator[Path]:
    for name in CITING:
        top = ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.suffix in (".py", ".md", ".toml") and path.is_file() and path != Path(__file__):
                yield path


def checkout() -> set[str]:
    """All files of the checkout, new ones as well, and their folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout: nothing to list")
    found = {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}
    return found | {str(folder) for name in found for folder in PurePosixPath(name).parents}


def documents(files: set[str]) -> list[str]:
    return sorted(name for name in files if name.endswith(".md"))


def sections() -> set[str]:
    return set(re.findall(r"^## (\d+)\. ", text_of(EVIDENCE), re.MULTILINE))


def cited(text: str) -> Iterator[str]:
    """The numbers of the sections that the text cites."""
    for match in SECTION.finditer(joined(text)):
        yield from re.findall(r"\d+", match[1] or match[2])


def anchors(text: str) -> set[str]:
    """The headings of a document as a link names them."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        found.add(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"))
    return found


def normal(path: PurePosixPath) -> str:
    """The path without its `..`; those that lead out of the project stay in front."""
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts) or "."


def dead_links(name: str, text: str, files: set[str]) -> list[str]:
    found: list[str] = []
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = normal(PurePosixPath(name).parent / path) if path else name
        headings = anchors(text_of(target)) if anchor and target in files and target.endswith(".md") else {anchor}
        if target not in files or anchor not in headings:
            found.append(f"{name}: {link}")
    return found


def dead_paths(name: str, text: str, files: set[str]) -> list[str]:
    """Paths in backticks that begin like the project's, and test files by however much of their path."""
    found: list[str] = []
    for code in BACKTICKS.findall(text):
        word = code.split()[0].rstrip(":") if code.split() else ""
        if word.startswith(OURS):
            pattern = word.rstrip("/").partition("::")[0]
            if not any(fnmatch.fnmatchcase(one, pattern) for one in files):
                found.append(f"{name}: {word}")
        elif TEST_FILE.fullmatch(word) and not any(f"/{one}".endswith(f"/{word}") for one in files):
            found.append(f"{name}: {word}")
    return found


def dead_pages(name: str, text: str, files: set[str]) -> list[str]:
    """Documents that are named, in backticks or not, by their path from the top or from beside the text."""
    return [
        f"{name}: {page}"
        for page in PAGE.findall(text)
        if not {normal(PurePosixPath(page)), normal(PurePosixPath(name).parent / page)} & files
    ]


def test_every_section_that_is_cited_exists() -> None:
    known = sections()
    found = [(path.relative_to(ROOT), number) for path in citing() for number in cited(text_of(path))]
    assert len(found) > 60
    assert [(str(path), number) for path, number in found if number not in known] == []


def test_every_source_and_mark_is_in_the_evidence() -> None:
    evidence = text_of(EVIDENCE)
    explained = set(re.findall(r"\*\*\[(\w+)\]\*\*", evidence))
    assert explained == {"lit", "std", "D"}
    sources: list[tuple[str, str]] = []
    for path in citing():
        text = joined(text_of(path))
        assert set(TAG.findall(text)) <= explained, path
        sources += [(str(path.relative_to(ROOT)), one) for one in SOURCE.findall(text) + STUDY.findall(text)]
    assert ("posture/coach/exercises.toml", "ACSM") in sources
    assert [one for one in sources if one[1] not in joined(evidence)] == []


def test_every_link_leads_to_a_file_of_the_project() -> None:
    files = checkout()
    assert [dead for name in documents(files) for dead in dead_links(name, text_of(name), files)] == []


def test_every_path_in_a_document_exists() -> None:
    files = checkout()
    assert [dead for name in documents(files) for dead in dead_paths(name, text_of(name), files)] == []


def test_every_document_that_is_named_exists() -> None:
    files = checkout()
    names = [name for name in sorted(files) if name.startswith(("posture/", "docs/")) or name.endswith(".md")]
    texts = [name for name in names if name.endswith((".py", ".md", ".toml")) and not name.startswith("benchmarks/")]
    assert [dead for name in texts for dead in dead_pages(name, text_of(name), files)] == []


def test_every_room_is_in_the_architecture() -> None:
    package = ROOT / "posture"
    rooms = {f"posture/{path.parent.name}/" for path in package.glob("*/__init__.py")}
    modules = {f"posture/{path.name}" for path in package.glob("*.py") if not path.name.startswith("__")}
    rows = re.findall(r"^\| `(posture/[^`/]+(?:/|\.py))` \|", text_of("docs/architecture.md"), re.MULTILINE)
    assert sorted(rows) == sorted(rooms | modules)


def test_the_architecture_says_who_may_import_whom() -> None:
    """As `ROOMS` of test_rooms has it, in the same order."""
    rows = re.findall(r"^\| `posture/(\w+)/` \|[^|]+\| ([^|]+) \|", text_of("docs/architecture.md"), re.MULTILINE)
    said: dict[str, str] = {}
    for room, text in rows:
        everything, but = re.fullmatch(r"(all to its left)?(?: but )?(.*)", text).groups()  # type: ignore[union-attr]
        left = [name for name in said if name not in but.split(", ")]
        said[room] = " ".join(left) if everything else text.replace("no room", "").replace(",", "")
    assert list(said.items()) == list(ROOMS.items())


def test_every_promise_of_privacy_names_its_test() -> None:
    """After the path of a test file in brackets stand parts of the names of its tests."""
    files = checkout()
    promises = [BACKTICKS.findall(one) for one in PROMISE.findall(text_of("PRIVACY.md"))]
    assert len(promises) > 8
    for path, *words in promises:
        (file,) = [one for one in files if one == path or one.endswith(f"/{path}")]
        tests = re.findall(r"^ *(?:async )?def (test_\w+)", text_of(file), re.MULTILINE)
        for word in words:
            assert any(word in test for test in tests), f"{path}: no test is called {word}"


def test_nothing_points_out_of_the_project() -> None:
    found: list[str] = []
    for name in sorted(checkout()):
        if not (ROOT / name).is_file() or name in ("tests/test_rooms.py", "tests/test_references.py"):
            continue
        data = (ROOT / name).read_bytes()
        if b"\0" not in data:
            found += [f"{name}: {one}" for one in ELSEWHERE.findall(data.decode("utf-8", "replace"))]
    assert found == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Evidence, section 7, says which.", ["7"]),
        ("(evidence, section 3, 2 to 5 min [D])", ["3"]),
        ("    # as said (evidence,\n    # section 1)", ["1"]),
        ("(EVIDENCE 9)", ["9"]),
        ("(evidence, sections 4, 5 and 12)", ["4", "5", "12"]),
        ("the evidence (section 11)", ["11"]),
        ("(evidence, section 1), and the later ones of section 8", ["1", "8"]),
        ("no evidence in 40 years; section 5 of the standard", []),
    ],
)
def test_a_cited_section_is_found(text: str, numbers: list[str]) -> None:
    assert list(cited(text)) == numbers


def test_what_is_dead_would_be_found() -> None:
    files = {"docs", "docs/a.md", "README.md", "posture", "posture/clock.py", "tests/x/test_y.py"}
    links = "[a](a.md) [up](../README.md) [out](../../x.md) [gone](b.md) [net](https://example.org/)"
    assert dead_links("docs/a.md", links, files) == ["docs/a.md: ../../x.md", "docs/a.md: b.md"]
    assert dead_links("README.md", "[here](#no-such-heading)", files) == ["README.md: #no-such-heading"]
    paths = "`posture/clock.py` `posture/*.py: x` `posture/watch.py` `posture/*.c` `test_y.py` `y/test_y.py`"
    dead = ["posture/watch.py", "posture/*.c", "y/test_y.py"]
    assert dead_paths("docs/a.md", paths, files) == [f"docs/a.md: {one}" for one in dead]
    assert dead_pages("docs/a.md", "see docs/a.md, a.md and DESIGN.md", files) == ["docs/a.md: DESIGN.md"]
    assert anchors("# Who is *the* user?\n") == {"who-is-the-user"}
    assert ELSEWHERE.search("see ../" + "shared/x") is not None
    assert ELSEWHERE.search("in /home/someone/x") is not None
