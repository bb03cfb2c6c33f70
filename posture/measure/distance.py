"""How far the eyes are from the camera. Pure, and without arrays, so that a process that sees no picture may ask."""

from __future__ import annotations

import math

EYE_DISTANCE_MM = 63.0
"""Mean distance between the pupils of adults (evidence, section 1)."""


def distance_cm(eye_distance_px: float, frame_w_px: int, field_of_view_deg: float) -> float:
    """Distance from eyes to camera, by the mean distance between eyes and the field of view.

    Parameters
    ----------
    eye_distance_px : float
        Distance between the eyes, already divided by cos(yaw).
    frame_w_px : int
        Width of the frame.
    field_of_view_deg : float
        Horizontal field of view of the lens; 60 in place of 78 is an error of 40 % (evidence, section 1).
    """
    focal_px = frame_w_px / 2.0 / math.tan(math.radians(field_of_view_deg) / 2.0)
    return float(focal_px * EYE_DISTANCE_MM / 10.0 / max(eye_distance_px, 1e-6))
