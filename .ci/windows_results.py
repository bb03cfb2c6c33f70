"""What the bench runs and what came of it: `windows_results.py tests PART | told FOLDER [--into FILE]`."""

import json
import os
import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

PURE = (
    "tests/measure tests/timeline tests/coach tests/perception tests/report tests/history tests/monitor/test_cadence.py"
    " tests/daemon/test_session_state.py tests/daemon/test_status.py tests/test_settings.py tests/test_backoff.py"
    " tests/test_atomic_write.py tests/test_plain_file.py tests/test_file_lock.py tests/test_time_zone.py"
    " tests/windows/test_files_on_windows.py"
)
ATTACKED = "tests/windows/test_pipe_attacked.py"
PARTS = {
    "pure": ("What judges, coaches, keeps and reports: its own tests", PURE),
    "cli": ("The commands and, of the slow ones, the clips: their own tests", "tests/cli tests/test_clips.py"),
    "scenario": (
        "A life from start to stop, attacks on the pipe, and the events of the three clips",
        f"tests/windows/test_life.py tests/windows/test_events.py {ATTACKED}",
    ),
    "frozen": ("The frozen build", "tests/windows/test_frozen_on_windows.py"),
}
"""A part's title in docs/platforms.md, and its tests."""
LEFT_OUT = ", without the tests marked slow," if os.environ.get("POSTURE_BENCH_QUICK") else ","
BETWEEN = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)


def told(folder: Path, into: Path | None) -> int:
    """Print a line for each part and write the table; how many parts were not as expected."""
    versions = json.loads((folder / "versions.json").read_text(encoding="utf-8"))
    rows, names, wrong, reasons = [], list[str](), 0, Counter[str]()
    for part, (title, _) in PARTS.items():
        file = folder / f"{part}.xml"
        if not file.exists():
            continue
        cases = ET.parse(file).getroot().findall(".//testcase")
        failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
        skipped = [skip for case in cases if (skip := case.find("skipped")) is not None]
        reasons.update(str(skip.get("message")).removeprefix("Skipped: ") for skip in skipped)
        passed = len(cases) - len(failed) - len(skipped)
        names += [f"{case.get('classname')}::{case.get('name')}" for case in failed]
        for case in failed:
            print(f"  fail  {case.get('classname')}::{case.get('name')}")
        print(f"{'fail' if failed or not passed else 'pass'}  {part}: ", end="")
        print(f"{passed} passed, {len(failed)} failed, {len(skipped)} skipped")
        wrong += bool(failed) or not passed
        rows.append(f"| {title} (`{part}`) | {passed} | {len(failed)} | {len(skipped)} |")
    if into is not None and rows:
        text = into.read_text(encoding="utf-8")
        lines = [
            f"`.ci/windows`{LEFT_OUT} with {', '.join(f'{name} {version}' for name, version in versions.items())}:",
            "",
            "| part | passed | failed | skipped |",
            "|---|---|---|---|",
            *rows,
            "",
            *(["Failed:", "", *(f"- `{name}`" for name in names), ""] if names else []),
            "Skipped, and why:",
            "",
            *(f"- {count}: {reason}" for reason, count in sorted(reasons.items(), key=lambda row: (-row[1], row[0]))),
        ]
        block = "\n".join(lines).replace("\\", "\\\\")
        into.write_text(BETWEEN.sub(rf"\g<1>\n{block}\n\n\g<2>", text), encoding="utf-8")
    return wrong


if sys.argv[1] == "tests":
    print("\n".join("Z:\\bench\\project\\" + name.replace("/", "\\") for name in PARTS[sys.argv[2]][1].split()))
else:
    sys.exit(bool(told(Path(sys.argv[2]), Path(sys.argv[4]) if "--into" in sys.argv else None)))
