"""What to do for a good baseline, as the terminal and the notice of a daemon say it. Imports nothing heavy."""

from __future__ import annotations

from posture.language import mark

STEPS = (
    mark("Sit back in your chair."),
    mark("Rock from one sit bone to the other, and stop in the middle."),
    mark("Let your shoulders drop."),
    mark("Look straight ahead and hold still."),
)
"""In this order, each for some seconds; translated where they are shown."""
STANDING_STEPS = (
    mark("Stand as you do at work, your weight on both feet."),
    mark("Let your shoulders drop."),
    mark("Look at the screen and hold still."),
)
"""The same for a standing baseline."""
