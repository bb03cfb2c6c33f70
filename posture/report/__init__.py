"""A day or a week -> terminal, JSON."""
