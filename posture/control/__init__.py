"""The channel between the daemon and the commands that talk to it."""
