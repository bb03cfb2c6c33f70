"""What the tests of reliability share."""

from private_session import daemon, session

__all__ = ["daemon", "session"]
