"""The channel to a running daemon: its protocol and what carries it."""
