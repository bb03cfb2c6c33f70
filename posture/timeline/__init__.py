"""Turns a stream of observations into presence, sitting bouts, active deviations and shifts. Pure."""
