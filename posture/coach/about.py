"""What the sources disagree on, in neutral words; the data is about.toml. Pure but for reading that file once."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib import resources

from posture.errors import PostureError


@dataclass(frozen=True)
class Topic:
    """One thing that people ask about."""

    id: str
    title: str
    text: str
    """Two or three sentences; no advice beyond them."""
    sources: tuple[str, ...]
    """Who says so, by name; what is a choice of this program says that."""


@functools.cache
def topics() -> tuple[Topic, ...]:
    """All topics of the package, in the order of about.toml."""
    text = resources.files("posture.coach").joinpath("about.toml").read_text(encoding="utf-8")
    return tuple(Topic(**{**entry, "sources": tuple(entry["sources"])}) for entry in tomllib.loads(text)["topic"])


def find_topic(name: str) -> Topic:
    """Find a topic by its id; case, blanks and underscores do not matter.

    A PostureError with exit code 2 says that there is no such topic, and names those there are.
    """
    wanted = "-".join(name.lower().replace("_", " ").replace("-", " ").split())
    for topic in topics():
        if topic.id == wanted:
            return topic
    raise PostureError(f"There is no topic {name[:50]!r}; there are {', '.join(topic.id for topic in topics())}.", 2)
