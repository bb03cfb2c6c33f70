"""Leading a user through something, for the terminal and the window alike: exercises, checks, calibration."""
