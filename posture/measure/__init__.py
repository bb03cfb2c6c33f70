"""Pose -> degrees and ratios: angles, the calibrated baseline, smoothing. Pure."""
