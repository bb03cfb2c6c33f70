"""The pages there are, in their order. Each is imported when it first comes up."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posture.window.page import Page, Surroundings


@dataclass(frozen=True)
class PageSpec:
    """A page, before it is made."""

    key: str
    title: str
    """As in the sidebar."""
    place: str
    """Module and class."""
    listed: bool = True
    """Whether it stands in the sidebar."""

    def make(self, around: Surroundings) -> Page:
        """Make it."""
        module, _, name = self.place.partition(":")
        found: Page = getattr(importlib.import_module(f"posture.window.{module}"), name)(around)
        return found


PAGES = (
    PageSpec("today", "Today", "today:Today"),
    PageSpec("live", "Live", "live:Live"),
    PageSpec("stretch", "Stretch", "stretch:Stretch"),
    PageSpec("back", "My back", "my_back:MyBack"),
    PageSpec("history", "History", "history:History"),
    PageSpec("preferences", "Preferences", "preferences:Preferences"),
    PageSpec("setup", "First steps", "first_steps:FirstSteps"),
)


def page_keys() -> tuple[str, ...]:
    """The keys, as `posture open` takes them."""
    return tuple(page.key for page in PAGES)
