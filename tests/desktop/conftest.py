from private_session import session

__all__ = ["session"]
