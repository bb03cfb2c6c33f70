"""What the words of summary and report mean, in plain words: the foot of the report, and `posture glossary`. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word that people read, and what it means."""

    word: str
    meaning: str
    """Whole sentences."""


TERMS: tuple[Term, ...] = (
    Term("Sitting", "One sitting goes on from sitting down to the next break. Together they are the time you sat."),
    Term("Break", "You were off the chair, away or standing, for 2 minutes or more (timeline.effective_break)."),
    Term("Longest sitting", "The longest time that you sat without being off the chair for a minute or more."),
    Term(
        "Typical sitting",
        "Half of the time you sat was in sittings this long or shorter, the other half in longer ones.",
    ),
    Term(
        "Over your setting",
        "The part of your sitting that went on past your reminder to stand (coach.stand_after) and 5 minutes of grace "
        "for getting up. Who gets up at the reminder is not over it.",
    ),
    Term(
        "Followed",
        "Of a reminder to get up or stretch: it was done within 5 minutes and the camera saw it (in time), or you "
        "said so (as you say). Late is within 15 minutes, in part a shorter break than was asked for.",
    ),
    Term("Seen", "The camera watched, and it could be told whether you sat, stood or were away."),
    Term(
        "Not seen",
        "Nobody could tell what you did: it was too dark, the picture was covered, or posture was not running. It "
        "counts neither as sitting nor as a break.",
    ),
    Term(
        "At least, at most",
        "Not all was seen. What happened lies between the two: in what was not seen there may have been a break, or "
        "none.",
    ),
    Term("In calls", "Another program had the camera, as in a video call. You may have sat or not."),
    Term("Left", "You were seen leaving, and then the screen was locked or the lid was closed."),
    Term(
        "Posture",
        "A way to sit that is watched and was kept for longer than a glance: slumped, head forward, leaning left or "
        "right, one shoulder higher, head tilted, close to the screen. None of them is wrong in itself; a change now "
        "and then is the point.",
    ),
    Term(
        "Not judged",
        "You sat, but how could not be told, for the reason that is named. It does not mean that it was well.",
    ),
    Term("Moved in your seat", "You changed how you sat and kept it for some seconds."),
    Term(
        "Usual",
        "The average of the days before that are comparable: the same weekday, or the last 7 days. Of a day that "
        "still goes on, each of them up to the same hour.",
    ),
    Term("Seen, as you say", "Of exercises: the camera saw it done, or you said that it was done."),
    Term("QL", "Quadratus lumborum, the muscle deep in the flank between the lowest rib and the pelvis."),
)
"""In the order in which one meets them."""


def find_term(word: str) -> Term | None:
    """Find a word, or the only one that begins with it; case does not matter."""
    wanted = " ".join(word.casefold().replace("-", " ").split())
    for term in TERMS:
        if term.word.casefold() == wanted:
            return term
    near = [term for term in TERMS if wanted and term.word.casefold().startswith(wanted)]
    return near[0] if len(near) == 1 else None
