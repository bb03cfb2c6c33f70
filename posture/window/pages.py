"""The pages there are, in their order. Each is imported when it first comes up."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posture.language import mark

if TYPE_CHECKING:
    from posture.window.page import Page, Surroundings


@dataclass(frozen=True)
class PageSpec:
    """A page, before it is made."""

    key: str
    title: str
    """As in the sidebar, in English."""
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
    # Translators: pages of the window, as in the list at its side: short
    PageSpec("today", mark("Today"), "today:Today"),
    PageSpec("live", mark("Live"), "live:Live"),
    PageSpec("stretch", mark("Stretch"), "stretch:Stretch"),
    PageSpec("back", mark("My back"), "my_back:MyBack"),
    PageSpec("history", mark("History"), "history:History"),
    PageSpec("preferences", mark("Preferences"), "preferences:Preferences"),
    PageSpec("setup", mark("First steps"), "first_steps:FirstSteps"),
)


def page_keys() -> tuple[str, ...]:
    """The keys, as `posture open` takes them."""
    return tuple(page.key for page in PAGES)
