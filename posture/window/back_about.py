"""My back: what is known of warmth, massage, rest and more, who says so, and what this program is not."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from posture.coach.about import topics
from posture.coach.safety import DISCLAIMER
from posture.window.back_part import Back, Part
from posture.window.widgets import card, label


class About(Part):
    """All topics, one below the other."""

    def __init__(self, back: Back) -> None:
        super().__init__(back)
        parts: list[QWidget] = [card(label("What this program is", "heading"), label(DISCLAIMER))]
        for topic in topics():
            sources = label("Sources: {sources}".format(sources="; ".join(topic.sources)), "soft")
            parts.append(card(label(topic.title, "heading"), label(topic.text), sources, name=topic.title))
        self.put(*parts)
