"""What to do for a good baseline, as the terminal and the notice of a daemon say it. Imports nothing heavy."""

STEPS = (
    "Sit back in your chair.",
    "Rock from one sit bone to the other, and stop in the middle.",
    "Let your shoulders drop.",
    "Look straight ahead and hold still.",
)
"""In this order, each for some seconds."""
STANDING_STEPS = (
    "Stand as you do at work, your weight on both feet.",
    "Let your shoulders drop.",
    "Look at the screen and hold still.",
)
"""The same for a standing baseline."""
