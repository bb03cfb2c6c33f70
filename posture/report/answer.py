"""How a day, a week, a month or a year was: in a few sentences, three figures, and a strip for each day. Pure.

The summary, the report and the window begin with it, and it says no more than the figures do: what was not seen makes
a duration one of at least and at most, and a difference is told only where it is one whatever happened unseen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from posture.coach.words import minutes
from posture.language import dated, mark, number, tr, trc
from posture.measure.observation import Deviation
from posture.report.figures import DeviationFigures, Range, State, Summary, states
from posture.report.review import Review
from posture.report.spans import Span
from posture.report.summary import MIN_LEAN_S

LEAST_DIFFERENCE_S = 600.0
"""Sitting that differs by less is about as long [design choice]."""
LEAST_KEPT_S = 600.0
"""A posture that was kept for less is not worth a sentence [design choice]."""
LEAST_UNSEEN_S = 600.0
"""Less that was not seen is not worth a sentence [design choice]."""
MOST_STRIPS = 31
"""Of more days there is no strip for each."""


@dataclass(frozen=True)
class Sentence:
    """A whole sentence; `template` has names in braces, which `values` fill in."""

    template: str
    """English, marked for translation."""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence as it is read."""
        return tr(self.template, **self.values)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class BigFigure:
    """A figure in large type."""

    name: str
    value: str
    note: Sentence
    """What it is compared with, or what it means; its text is empty if there is nothing to say."""


@dataclass(frozen=True)
class Strip:
    """What a day was like along its hours."""

    day: date
    pieces: tuple[tuple[datetime, datetime, State], ...]
    """From, until, and what was then, aware UTC, disjoint and in order; see `posture.report.figures.states`."""
    breaks: tuple[Span, ...]
    reminders: tuple[datetime, ...]


@dataclass(frozen=True)
class Answer:
    """How some days were."""

    sentences: tuple[Sentence, ...]
    figures: tuple[BigFigure, ...]
    """Three; none where nothing was watched."""
    strips: tuple[Strip, ...]
    """One for each day on which something was watched; none of more than `MOST_STRIPS` days."""

    @property
    def text(self) -> str:
        """All sentences as one paragraph."""
        return " ".join(sentence.text for sentence in self.sentences)


def answer_of(review: Review, *, exercises: bool = False) -> Answer:
    """Say how the days of a review were.

    Parameters
    ----------
    exercises : bool
        Whether a stretch may be named; not while a red flag is open (`posture.history.care.Care.suspended`).
    """
    whole = review.whole
    if not whole.watches:
        return Answer((_unwatched(review), *_done(whole)), (), ())
    if whole.hidden:
        return Answer((_hidden(whole), *_done(whole)), _seen(whole), _strips(review))
    several = len(review.days) > 1
    said = [_sitting_a_day(review) if several else _sitting(review), _compared_days(review) if several else None]
    said += [_running(review) if several else None, _longest(review), _reminders(whole)]
    said += [_posture(whole, several=several)]
    said += [_leaning(review, exercises=exercises), _unseen(whole), *_done(whole)]
    figures = _figures_a_day(review) if several else _figures(review)
    return Answer(tuple(filter(None, said)), figures, _strips(review))


# -- sentences --------------------------------------------------------------------------------------------------------


def _unwatched(review: Review) -> Sentence:
    if len(review.days) > 1:
        return Sentence(mark("The camera watched on none of these days."))
    if review.goes_on_at is not None:
        return Sentence(mark("The camera has not watched today."))
    return Sentence(mark("The camera did not watch on this day."))


def _hidden(whole: Summary) -> Sentence:
    return Sentence(
        mark("Too little was seen to say how it was: {seen} of the {watched} that the camera watched."),
        {"seen": minutes(whole.observed_s), "watched": minutes(whole.watched_s)},
    )


def _sitting(review: Review) -> Sentence:
    """How long was sat on one day, and how that compares."""
    it = review.whole.figures.sitting
    than, values = _compared(review)
    values |= _between(it)
    now = review.goes_on_at is not None
    if now and review.goes_on_at is not None:
        values["now"] = f"{review.goes_on_at.astimezone(review.tz):%H:%M}"
    if it.at_most_s < 1.0:
        return Sentence(mark("So far today you were not seen sitting.") if now else mark("You were not seen sitting."))
    return Sentence(_SITTING[_kind(it), now, than], values)


_SITTING: Mapping[tuple[str, bool, str], str] = {
    ("one", False, ""): mark("You sat {sitting}."),
    ("one", False, "more"): mark("You sat {sitting}, {difference} more than on a usual {usual}."),
    ("one", False, "less"): mark("You sat {sitting}, {difference} less than on a usual {usual}."),
    ("one", False, "same"): mark("You sat {sitting}, about as long as on a usual {usual}."),
    ("one", True, ""): mark("So far today, at {now}, you sat {sitting}."),
    ("one", True, "more"): mark(
        "So far today, at {now}, you sat {sitting}, {difference} more than by then on a usual {usual}."
    ),
    ("one", True, "less"): mark(
        "So far today, at {now}, you sat {sitting}, {difference} less than by then on a usual {usual}."
    ),
    ("one", True, "same"): mark(
        "So far today, at {now}, you sat {sitting}, about as long as by then on a usual {usual}."
    ),
    ("range", False, ""): mark("You sat at least {least} and at most {most}."),
    ("range", False, "more"): mark(
        "You sat at least {least} and at most {most}, at least {difference} more than on a usual {usual}."
    ),
    ("range", False, "less"): mark(
        "You sat at least {least} and at most {most}, at least {difference} less than on a usual {usual}."
    ),
    ("range", False, "same"): mark("You sat at least {least} and at most {most}, about as long as on a usual {usual}."),
    ("range", True, ""): mark("So far today, at {now}, you sat at least {least} and at most {most}."),
    ("range", True, "more"): mark(
        "So far today, at {now}, you sat at least {least} and at most {most}, at least "
        "{difference} more than by then on a usual {usual}."
    ),
    ("range", True, "less"): mark(
        "So far today, at {now}, you sat at least {least} and at most {most}, at least "
        "{difference} less than by then on a usual {usual}."
    ),
    ("range", True, "same"): mark(
        "So far today, at {now}, you sat at least {least} and at most {most}, about as long as "
        "by then on a usual {usual}."
    ),
    ("most", False, ""): mark("You sat at most {most}; how much of it is not known."),
    ("most", True, ""): mark("So far today, at {now}, you sat at most {most}; how much of it is not known."),
}
_SITTING = {
    **_SITTING,
    **{("most", now, than): _SITTING["most", now, ""] for now in (False, True) for than in ("more", "less", "same")},
}


def _kind(it: Range) -> str:
    if minutes(it.at_least_s) == minutes(it.at_most_s):
        return "one"
    return "most" if it.at_least_s < 60.0 else "range"


def _between(it: Range) -> dict[str, str]:
    return {"sitting": minutes(it.at_least_s), "least": minutes(it.at_least_s), "most": minutes(it.at_most_s)}


def _compared(review: Review) -> tuple[str, dict[str, str]]:
    """Whether a day's sitting was "more", "less" or the "same" as usual, and by how much; "" where it is not known."""
    usual = review.usual
    if usual is None:
        return "", {}
    # Translators: "more than on a usual day"; in other sentences a weekday stands there.
    day = dated(review.days[0][0], "%A") if usual.than == "weekday" else trc("usual", "day")
    way, least_s = _difference(review.whole.figures.sitting, _usual_sitting(review))
    return way, {"usual": day, "difference": minutes(least_s)}


def _usual_sitting(review: Review) -> Range | None:
    if review.usual is None:
        return None
    least_s, most_s = (review.usual.trend.figures[name] for name in ("sitting_s", "sitting_at_most_s"))
    return None if least_s is None or most_s is None else Range(least_s, most_s)


def _average_sitting(review: Review) -> Range | None:
    least_s, most_s = (review.average_day.figures[name] for name in ("sitting_s", "sitting_at_most_s"))
    return None if least_s is None or most_s is None else Range(least_s, most_s)


def _difference(it: Range, usual: Range | None) -> tuple[str, float]:
    """How two durations compare whatever happened unseen, and by how many seconds at least."""
    if usual is None:
        return "", 0.0
    least_s, most_s = it.at_least_s - usual.at_most_s, it.at_most_s - usual.at_least_s
    if least_s >= LEAST_DIFFERENCE_S:
        return "more", least_s
    if most_s <= -LEAST_DIFFERENCE_S:
        return "less", -most_s
    if least_s > -LEAST_DIFFERENCE_S and most_s < LEAST_DIFFERENCE_S:
        return "same", 0.0
    return "", 0.0


def _sitting_a_day(review: Review) -> Sentence:
    it, known = _average_sitting(review), review.average_day.known_days
    if it is None:
        return Sentence(mark("On none of the days was enough seen to say how long you sat."))
    values = _between(it) | {"days": number(known)}
    if known == 1:
        one = mark("On the one day that was seen well enough you sat {sitting}.")
        several = mark("On the one day that was seen well enough you sat at least {least} and at most {most}.")
    else:
        one = mark("You sat {sitting} a day, on average over {days} days.")
        several = mark("You sat at least {least} and at most {most} a day, on average over {days} days.")
    return Sentence(one if _kind(it) == "one" else several, values)


_THAN: Mapping[tuple[str, str], str] = {
    ("week", "more"): mark("That is {difference} a day more than in the week before."),
    ("week", "less"): mark("That is {difference} a day less than in the week before."),
    ("week", "same"): mark("That is about as much as in the week before."),
    ("month", "more"): mark("That is {difference} a day more than in the month before."),
    ("month", "less"): mark("That is {difference} a day less than in the month before."),
    ("month", "same"): mark("That is about as much as in the month before."),
    ("year", "more"): mark("That is {difference} a day more than in the year before."),
    ("year", "less"): mark("That is {difference} a day less than in the year before."),
    ("year", "same"): mark("That is about as much as in the year before."),
    ("days", "more"): mark("That is {difference} a day more than in as many days before."),
    ("days", "less"): mark("That is {difference} a day less than in as many days before."),
    ("days", "same"): mark("That is about as much as in as many days before."),
}
_THAN_AT_LEAST: Mapping[tuple[str, str], str] = {
    ("week", "more"): mark("That is at least {difference} a day more than in the week before."),
    ("week", "less"): mark("That is at least {difference} a day less than in the week before."),
    ("week", "same"): _THAN["week", "same"],
    ("month", "more"): mark("That is at least {difference} a day more than in the month before."),
    ("month", "less"): mark("That is at least {difference} a day less than in the month before."),
    ("month", "same"): _THAN["month", "same"],
    ("year", "more"): mark("That is at least {difference} a day more than in the year before."),
    ("year", "less"): mark("That is at least {difference} a day less than in the year before."),
    ("year", "same"): _THAN["year", "same"],
    ("days", "more"): mark("That is at least {difference} a day more than in as many days before."),
    ("days", "less"): mark("That is at least {difference} a day less than in as many days before."),
    ("days", "same"): _THAN["days", "same"],
}


def _compared_days(review: Review) -> Sentence | None:
    it, usual = _average_sitting(review), _usual_sitting(review)
    if it is None or review.usual is None or usual is None:
        return None
    way, least_s = _difference(it, usual)
    if not way:
        return None
    exact = _kind(it) == _kind(usual) == "one"
    return Sentence((_THAN if exact else _THAN_AT_LEAST)[review.usual.than, way], {"difference": minutes(least_s)})


def _running(review: Review) -> Sentence | None:
    today = [summary for day, summary in review.days if day == review.running_day]
    others = [summary for day, summary in review.days if day != review.running_day]
    if not any(summary.watches for summary in today) or all(summary.hidden for summary in others):
        return None
    return Sentence(mark("Today still goes on and is not in the averages."))


def _longest(review: Review) -> Sentence | None:
    it, bouts = review.whole.figures.bouts.longest, review.whole.bouts
    if it.at_most_s < 1.0:
        return None
    values = _between(it)
    kind = _kind(it)
    if kind == "most":
        return Sentence(mark("The longest sitting was at most {most}."), values)
    if kind == "range":
        return Sentence(mark("The longest sitting was between {least} and {most}: not all of it was seen."), values)
    begin, end, length_s = max(bouts, key=lambda bout: bout[2], default=(review.whole.start, review.whole.stop, 0.0))
    if minutes(length_s) != values["sitting"]:
        return Sentence(mark("The longest sitting was {sitting}."), values)
    local, until = begin.astimezone(review.tz), end.astimezone(review.tz)
    values |= {"from": f"{local:%H:%M}", "to": f"{until:%H:%M}"}
    values |= {"weekday": dated(local, "%A"), "date": dated(local, "%-d %B")}
    if len(review.days) == 1:
        return Sentence(mark("The longest sitting was {sitting}, from {from} to {to}."), values)
    if len(review.days) <= 7:
        return Sentence(mark("The longest sitting was {sitting}, on {weekday} from {from} to {to}."), values)
    return Sentence(mark("The longest sitting was {sitting}, on {date} from {from} to {to}."), values)


def _reminders(whole: Summary) -> Sentence | None:
    it, breaks = whole.figures.reminders, whole.figures.breaks.effective
    followed = it.kept + it.told
    counts = {"followed": followed, "asked": it.asked_break, "told": it.told, "breaks": breaks}
    values = {name: number(count) for name, count in counts.items()}
    if it.asked_break == 0:
        if whole.figures.sitting_s < 1.0:
            return None
        if breaks == 0:
            return Sentence(mark("No break of yours was seen."))
        return Sentence(mark("You took one break.") if breaks == 1 else mark("You took {breaks} breaks."), values)
    if it.asked_break == 1:
        if it.told:
            return Sentence(mark("You followed the one reminder to get up or stretch, as you say."))
        if it.kept:
            return Sentence(mark("You followed the one reminder to get up or stretch."))
        return Sentence(mark("You did not follow the one reminder to get up or stretch in time."))
    if it.told:
        return Sentence(
            mark("You followed {followed} of {asked} reminders to get up or stretch, {told} of them as you say."),
            values,
        )
    if followed == it.asked_break:
        return Sentence(mark("You followed all {asked} reminders to get up or stretch."), values)
    if followed == 0:
        return Sentence(mark("You followed none of {asked} reminders to get up or stretch in time."), values)
    return Sentence(mark("You followed {followed} of {asked} reminders to get up or stretch in time."), values)


_KEPT: Mapping[Deviation, str] = {
    "slump": mark("You were slumped for {time}."),
    "forward_head": mark("Your head was forward for {time}."),
    "lean_left": mark("You leaned left for {time}."),
    "lean_right": mark("You leaned right for {time}."),
    "shoulder_tilt": mark("One shoulder was higher for {time}."),
    "head_tilt": mark("Your head was tilted for {time}."),
    "too_close": mark("You were close to the screen for {time}."),
}
"""What is said of a posture that was kept, where all of the sitting was judged."""
_KEPT_AT_LEAST: Mapping[Deviation, str] = {
    "slump": mark("You were slumped for at least {time}."),
    "forward_head": mark("Your head was forward for at least {time}."),
    "lean_left": mark("You leaned left for at least {time}."),
    "lean_right": mark("You leaned right for at least {time}."),
    "shoulder_tilt": mark("One shoulder was higher for at least {time}."),
    "head_tilt": mark("Your head was tilted for at least {time}."),
    "too_close": mark("You were close to the screen for at least {time}."),
}
_KEPT_IN_ALL: Mapping[Deviation, str] = {
    "slump": mark("In all you were slumped for {time}."),
    "forward_head": mark("In all your head was forward for {time}."),
    "lean_left": mark("In all you leaned left for {time}."),
    "lean_right": mark("In all you leaned right for {time}."),
    "shoulder_tilt": mark("In all one shoulder was higher for {time}."),
    "head_tilt": mark("In all your head was tilted for {time}."),
    "too_close": mark("In all you were close to the screen for {time}."),
}
"""The same over several days."""
_KEPT_IN_ALL_AT_LEAST: Mapping[Deviation, str] = {
    "slump": mark("In all you were slumped for at least {time}."),
    "forward_head": mark("In all your head was forward for at least {time}."),
    "lean_left": mark("In all you leaned left for at least {time}."),
    "lean_right": mark("In all you leaned right for at least {time}."),
    "shoulder_tilt": mark("In all one shoulder was higher for at least {time}."),
    "head_tilt": mark("In all your head was tilted for at least {time}."),
    "too_close": mark("In all you were close to the screen for at least {time}."),
}
_PART_JUDGED = 0.95
"""From this part of the sitting on, a posture counts as judged all the while, as in `posture.report.words`."""


def _posture(whole: Summary, *, several: bool) -> Sentence | None:
    """The posture that was kept for longest, if for long enough."""
    kept: Sequence[tuple[Deviation, DeviationFigures]] = sorted(
        whole.figures.deviations.items(), key=lambda item: -item[1].total_s
    )
    (kind, it), sitting = kept[0], whole.figures.sitting
    if it.total_s < LEAST_KEPT_S:
        return None
    all_judged = it.judged_s >= _PART_JUDGED * whole.figures.sitting_s and _kind(sitting) == "one"
    texts = (_KEPT_IN_ALL, _KEPT_IN_ALL_AT_LEAST) if several else (_KEPT, _KEPT_AT_LEAST)
    return Sentence(texts[0 if all_judged else 1][kind], {"time": minutes(it.total_s)})


_LEANING = {
    "left": mark("You leaned left more than right on {days} of the last {of} days that were judged."),
    "right": mark("You leaned right more than left on {days} of the last {of} days that were judged."),
}
_BEGIN = {
    "left": mark(
        "You leaned left more than right on {days} of the last {of} days that were judged: begin with the left "
        "side when you stretch, and do both."
    ),
    "right": mark(
        "You leaned right more than left on {days} of the last {of} days that were judged: begin with the right "
        "side when you stretch, and do both."
    ),
}


def _leaning(review: Review, *, exercises: bool) -> Sentence | None:
    found, lean = review.leaning, review.whole.figures.lean
    if found is None or lean.left_s + lean.right_s < MIN_LEAN_S:
        return None
    if (lean.left_s > lean.right_s) != (found.side == "left"):
        return None
    # The user's own choice of a side goes before the rule's.
    begins = exercises and review.settings.coach.first_side == "auto"
    texts = _BEGIN if begins else _LEANING
    return Sentence(texts[found.side], {"days": number(found.days), "of": number(found.of)})


def _unseen(whole: Summary) -> Sentence | None:
    it = whole.figures
    values = {"calls": minutes(it.busy_s), "unseen": minutes(it.blind_s)}
    if it.busy_s >= LEAST_UNSEEN_S and it.blind_s >= LEAST_UNSEEN_S:
        return Sentence(
            mark("Another program had the camera for {calls}, and for {unseen} more you were not seen."), values
        )
    if it.busy_s >= LEAST_UNSEEN_S:
        return Sentence(
            mark("Another program had the camera for {calls}, as in a call; you may have sat then."), values
        )
    if it.blind_s >= LEAST_UNSEEN_S:
        return Sentence(mark("For {unseen} you were not seen; you may have sat then."), values)
    return None


def _done(whole: Summary) -> tuple[Sentence, ...]:
    count = whole.verified.count + whole.self_reported.count
    if count == 0:
        return ()
    done = mark("You did one exercise.") if count == 1 else mark("You did {number} exercises.")
    return (Sentence(done, {"number": number(count)}),)


# -- figures ----------------------------------------------------------------------------------------------------------

_NOTHING = Sentence("")


def _lasted(it: Range) -> str:
    kind = _kind(it)
    if it.at_most_s < 1.0:
        return "-"
    if kind == "most":
        return f"0–{minutes(it.at_most_s)}"
    return minutes(it.at_least_s) if kind == "one" else f"{minutes(it.at_least_s)}–{minutes(it.at_most_s)}"


def _seen(whole: Summary) -> tuple[BigFigure, ...]:
    part = 0.0 if whole.coverage is None else whole.coverage
    return (
        BigFigure(tr("Watched"), minutes(whole.watched_s), Sentence(mark("the camera was on"))),
        BigFigure(tr("Seen"), minutes(whole.observed_s), Sentence(mark("what you did is known"))),
        BigFigure(
            tr("Seen of it"),
            tr("{percent} %", percent=number(100 * part)),
            Sentence(mark("too little for more figures")),
        ),
    )


def _usual_note(review: Review, name: str, written: str) -> Sentence:
    """What is usual, or nothing where it is not known."""
    if review.usual is None or not written:
        return _NOTHING
    texts = {
        ("weekday", False): mark("usual on a {weekday}: {value}"),
        ("weekday", True): mark("usual by now on a {weekday}: {value}"),
        ("day", False): mark("usual: {value}"),
        ("day", True): mark("usual by now: {value}"),
        ("week", False): mark("week before: {value}"),
        ("month", False): mark("month before: {value}"),
        ("year", False): mark("year before: {value}"),
        ("days", False): mark("days before: {value}"),
    }
    weekday = dated(review.days[0][0], "%A")
    running = review.usual.until is not None
    return Sentence(texts[review.usual.than, running], {"weekday": weekday, "value": written})


def _usual_value(review: Review, name: str) -> float | None:
    return None if review.usual is None else review.usual.trend.figures[name]


def _usual_range(review: Review, least: str, most: str) -> str:
    least_s, most_s = _usual_value(review, least), _usual_value(review, most)
    return "" if least_s is None or most_s is None else _lasted(Range(least_s, most_s))


def _figures(review: Review) -> tuple[BigFigure, ...]:
    it = review.whole.figures
    breaks = _usual_value(review, "breaks")
    usual_longest = _usual_range(review, "longest_bout_at_least_s", "longest_bout_at_most_s")
    return (
        BigFigure(
            tr("Sitting"),
            _lasted(it.sitting) if it.sitting.at_most_s >= 1.0 else minutes(0.0),
            _usual_note(review, "sitting", _usual_range(review, "sitting_s", "sitting_at_most_s")),
        ),
        BigFigure(tr("Longest sitting"), _lasted(it.bouts.longest), _usual_note(review, "longest", usual_longest)),
        BigFigure(
            tr("Breaks"),
            number(it.breaks.effective),
            _usual_note(review, "breaks", "" if breaks is None else number(breaks)),
        ),
    )


def _figures_a_day(review: Review) -> tuple[BigFigure, ...]:
    it = review.whole.figures
    average = _average_sitting(review)
    breaks, before = review.average_day.figures["breaks"], _usual_value(review, "breaks")
    return (
        BigFigure(
            tr("Sitting a day"),
            "-" if average is None else _lasted(average),
            _usual_note(review, "sitting", _usual_range(review, "sitting_s", "sitting_at_most_s")),
        ),
        BigFigure(tr("Longest sitting"), _lasted(it.bouts.longest), Sentence(mark("of all these days"))),
        BigFigure(
            tr("Breaks a day"),
            "-" if breaks is None else number(breaks, 1),
            _usual_note(review, "breaks", "" if before is None else number(before, 1)),
        ),
    )


def _strips(review: Review) -> tuple[Strip, ...]:
    if len(review.days) > MOST_STRIPS:
        return ()
    return tuple(
        Strip(day, tuple(states(summary)), summary.breaks, tuple(prompt.at for prompt in summary.prompts))
        for day, summary in review.days
        if summary.watches
    )
