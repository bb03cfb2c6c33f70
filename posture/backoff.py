"""How long to wait before trying again, and how much may be spent: two values without a clock of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Backoff:
    """When something that failed may be tried again: after `first_s`, then after twice as long each time."""

    first_s: float
    longest_s: float
    """The wait after the first failure, and the longest."""
    wait_s: float = 0.0
    """The wait after the last failure; 0 when there was none."""
    due_s: float = float("-inf")
    """When to try again, on the clock that `failed` was given."""

    def failed(self, now_s: float, longest_s: float | None = None) -> Backoff:
        """Put the next try off; `longest_s`, where given, is the longest wait this once."""
        longest_s = self.longest_s if longest_s is None else longest_s
        wait_s = min(max(self.first_s, 2.0 * self.wait_s), longest_s)
        return replace(self, wait_s=wait_s, due_s=now_s + wait_s)

    def reset(self) -> Backoff:
        """Forget the failures: the next try may be made now."""
        return Backoff(self.first_s, self.longest_s)


@dataclass(frozen=True)
class TokenBucket:
    """A supply that is spent and fills again over time."""

    most: float
    """What it holds when it is full."""
    refill_per_s: float
    """How much comes back each second."""
    left: float
    """What was left at `at_s`; below 0 where more was spent than there was."""
    at_s: float = 0.0

    def refilled(self, now_s: float) -> TokenBucket:
        """Fill up for the time since `at_s`; a clock that goes back fills nothing."""
        more = self.refill_per_s * max(0.0, now_s - self.at_s)
        return replace(self, left=min(self.most, self.left + more), at_s=now_s)

    def spent(self, amount: float, now_s: float) -> TokenBucket:
        """Take `amount` out; nothing comes back for the time until `now_s`."""
        return replace(self, left=self.left - amount, at_s=now_s)
