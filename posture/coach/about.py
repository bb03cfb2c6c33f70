"""What the sources disagree on, in neutral words; the data is about.toml. Pure but for reading that file once."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib import resources

from posture.errors import PostureError
from posture.language import language, tr


@dataclass(frozen=True)
class Topic:
    """One thing that people ask about."""

    id: str
    title: str
    text: str
    """Two or three sentences; no advice beyond them."""
    sources: tuple[str, ...]
    """Who says so, by name; what is a choice of this program says that."""


def topics() -> tuple[Topic, ...]:
    """All topics of the package, in the language and in the order of about.toml."""
    return _topics(language())


@functools.cache
def _topics(_language: str) -> tuple[Topic, ...]:
    text = resources.files("posture.coach").joinpath("about.toml").read_text(encoding="utf-8")
    return tuple(
        Topic(entry["id"], tr(entry["title"]), tr(entry["text"]), tuple(map(tr, entry["sources"])))
        for entry in tomllib.loads(text)["topic"]
    )


def find_topic(name: str) -> Topic:
    """Find a topic by its id; case, blanks and underscores do not matter.

    A PostureError with exit code 2 says that there is no such topic, and names those there are.
    """
    wanted = "-".join(name.lower().replace("_", " ").replace("-", " ").split())
    for topic in topics():
        if topic.id == wanted:
            return topic
    known = ", ".join(topic.id for topic in topics())
    raise PostureError(tr("There is no topic {name!r}; there are {known}.", name=name[:50], known=known), 2)
