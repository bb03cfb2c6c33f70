"""What the frozen program runs."""

import multiprocessing
import sys

from posture.frozen import main

multiprocessing.freeze_support()
sys.exit(main())
