"""Print a command of the README, so that what CI runs is what a reader is told: `readme_command.py demo|tests`."""

import re
import sys
from pathlib import Path

text = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
found = re.search(rf"<!-- command: {sys.argv[1]} -->\n```sh\n(.+?)\n```", text, re.DOTALL)
if found is None:
    sys.exit(f"README.md has no command marked {sys.argv[1]!r}")
print(found[1])
