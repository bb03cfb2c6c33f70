"""What the words of summary and report mean, in plain words: the foot of the report, and `posture glossary`. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from posture.language import mark, mark_of, tr, trc


@dataclass(frozen=True)
class Term:
    """A word that people read, and what it means."""

    word: str
    meaning: str
    """Whole sentences."""

    @property
    def said(self) -> Term:
        """The same in the language, for people."""
        word = trc("state", self.word) if self.word == _LEFT else tr(self.word)
        return Term(word, tr(self.meaning))


_LEFT = "Left"
"""A word with another meaning elsewhere: somebody had left."""


TERMS: tuple[Term, ...] = (
    Term(
        mark("Sitting"),
        mark("One sitting goes on from sitting down to the next break. Together they are the time you sat."),
    ),
    Term(
        mark("Break"),
        mark("You were off the chair, away or standing, for 2 minutes or more (timeline.effective_break)."),
    ),
    Term(
        mark("Longest sitting"), mark("The longest time that you sat without being off the chair for a minute or more.")
    ),
    Term(
        mark("Typical sitting"),
        mark("Half of the time you sat was in sittings this long or shorter, the other half in longer ones."),
    ),
    Term(
        mark("Over your setting"),
        mark(
            "The part of your sitting that went on past your reminder to stand (coach.stand_after) and 5 minutes of "
            "grace for getting up. Who gets up at the reminder is not over it."
        ),
    ),
    Term(
        mark("Followed"),
        mark(
            "Of a reminder to get up or stretch: it was done within 5 minutes and the camera saw it (in time), or you "
            "said so (as you say). Late is within 15 minutes, in part a shorter break than was asked for."
        ),
    ),
    Term(mark("Seen"), mark("The camera watched, and it could be told whether you sat, stood or were away.")),
    Term(
        mark("Not seen"),
        mark(
            "Nobody could tell what you did: it was too dark, the picture was covered, or posture was not running. It "
            "counts neither as sitting nor as a break."
        ),
    ),
    Term(
        mark("At least, at most"),
        mark(
            "Not all was seen. What happened lies between the two: in what was not seen there may have been a break, "
            "or none."
        ),
    ),
    Term(mark("In calls"), mark("Another program had the camera, as in a video call. You may have sat or not.")),
    Term(
        mark_of("state", "Left"), mark("You were seen leaving, and then the screen was locked or the lid was closed.")
    ),
    Term(
        mark("Posture"),
        mark(
            "A way to sit that is watched and was kept for longer than a glance: slumped, head forward, leaning left "
            "or right, one shoulder higher, head tilted, close to the screen. None of them is wrong in itself; a "
            "change now and then is the point."
        ),
    ),
    Term(
        mark("Not judged"),
        mark("You sat, but how could not be told, for the reason that is named. It does not mean that it was well."),
    ),
    Term(mark("Moved in your seat"), mark("You changed how you sat and kept it for some seconds.")),
    Term(
        mark("Usual"),
        mark(
            "The average of the days before that are comparable: the same weekday, or the last 7 days. Of a day that "
            "still goes on, each of them up to the same hour."
        ),
    ),
    Term(mark("Seen, as you say"), mark("Of exercises: the camera saw it done, or you said that it was done.")),
    Term(mark("QL"), mark("Quadratus lumborum, the muscle deep in the flank between the lowest rib and the pelvis.")),
)
"""In the order in which one meets them."""


def find_term(word: str) -> Term | None:
    """Find a word, or the only one that begins with it, in the language or in English; case does not matter."""
    wanted = " ".join(word.casefold().replace("-", " ").split())
    names = [(term, name.casefold()) for term in TERMS for name in (term.said.word, term.word)]
    for term, name in names:
        if name == wanted:
            return term
    near = list(dict.fromkeys(term for term, name in names if wanted and name.startswith(wanted)))
    return near[0] if len(near) == 1 else None
