"""posture: how and how long you sit, seen through the laptop camera, on your machine alone."""

__version__ = "0.1.0"
