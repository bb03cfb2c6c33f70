"""A stream of observations -> presence, sitting bouts, active deviations, shifts, lean balance. Pure."""
