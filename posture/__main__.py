"""`python -m posture` is the `posture` command."""

import sys

from posture.cli.main import main

sys.exit(main())
