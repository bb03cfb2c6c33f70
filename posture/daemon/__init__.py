"""The one long-running process: the frame loop."""
