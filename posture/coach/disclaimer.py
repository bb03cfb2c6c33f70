"""What posture is not: said under what it shows. Light: `posture --help` imports it."""

from __future__ import annotations

from posture.language import mark_safety

DISCLAIMER = mark_safety(
    "Wellness reminder tool, not a medical device. It estimates posture from a camera, can be wrong, "
    "and does not diagnose, treat or prevent any condition. Stop anything that hurts; seek care for "
    "the listed warning signs."
)
"""The wording of the evidence, section 5."""
