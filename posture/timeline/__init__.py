"""A stream of observations -> presence, sitting bouts, held deviations, shifts, lean balance. Pure."""
