"""My back: what is known of warmth, massage, rest and more, who says so, and what this program is not."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from posture.coach.about import topics
from posture.coach.disclaimer import DISCLAIMER
from posture.language import tr, tr_safety
from posture.window.back_part import Back, Part
from posture.window.english import english_beside
from posture.window.widgets import card, label


class About(Part):
    """All topics, one below the other."""

    def __init__(self, back: Back) -> None:
        super().__init__(back)
        heading = label(tr("What this program is"), "heading")
        parts: list[QWidget] = [card(heading, label(tr_safety(DISCLAIMER)), *english_beside(DISCLAIMER))]
        for topic in topics():
            sources = label(tr("Sources: {sources}", sources="; ".join(topic.sources)), "soft")
            parts.append(card(label(topic.title, "heading"), label(topic.text), sources, name=topic.title))
        self.put(*parts)
