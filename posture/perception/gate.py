"""The gate before the model: has the picture changed enough since the last inference to run it again? Pure.

The daemon imports this module to say what it wants, so it does without numpy: `posture.perception.change` compares the
pictures. They are compared with the picture *inferred* last, not with the one before, so that a slow sink adds up until
it is noticed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Demand:
    """When a look must run the model. Changes are shares of the picture; ages are seconds since the last inference."""

    moved: float
    """A change from which on it runs at once."""
    still: float
    """A change from which on it runs if the last inference is `stirred_s` old."""
    stirred_s: float
    verify_s: float
    """The age from which on it runs however still the picture is; 0 means at every look."""


ALWAYS = Demand(moved=0.0, still=0.0, stirred_s=0.0, verify_s=0.0)
"""Run the model at every look."""


def must_infer(changed: float, age_s: float, demand: Demand) -> bool:
    """Whether a look must run the model.

    Parameters
    ----------
    changed : float
        Share of the picture that has changed since the last inference, see `posture.perception.change`.
    age_s : float
        Seconds since the last inference.
    """
    if changed >= demand.moved or age_s >= demand.verify_s:
        return True
    return changed >= demand.still and age_s >= demand.stirred_s
