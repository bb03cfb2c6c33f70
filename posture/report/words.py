"""The figures in words, for both the terminal and the page, so that these never differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from posture.coach import words as coach_words
from posture.coach.words import DEVIATION_WORDS, minutes, unjudged_words
from posture.report.figures import DeviationFigures, Figures, Holds, Outcome, Prompt, Range, Summary
from posture.report.review import Usual
from posture.report.trend import Goal, GoalDays, Trend, average

NEARLY_ALL = 0.95
"""From this part of the sitting on, a deviation counts as judged all the while [design choice]."""


@dataclass(frozen=True)
class Row:
    """A line of a table: a name, a value, the usual value (empty if not known), and a remark."""

    name: str
    value: str
    usual: str = ""
    note: str = ""


def duration(seconds: float) -> str:
    """Format a duration the way people say it: "45 s", "2 min 10 s", "52 min", "5 h 02"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 600 and whole % 60:
        return f"{whole // 60} min {whole % 60} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d}"


def lasted(of: Range, one_is: float | None = None) -> str:
    """Format a duration that is known to lie between two: "45 min", "45 min to 1 h 38", "up to 30 min"; "-" for none.

    `one_is` is what is said, seconds, where the two read alike; the least by default.
    """
    if minutes(of.at_least_s) == minutes(of.at_most_s):
        one_s = of.at_least_s if one_is is None else one_is
        return duration(one_s) if one_s > 0 else "-"
    return coach_words.lasted(of.at_least_s, of.at_most_s)


def is_range(of: Range) -> bool:
    """Whether the two read differently."""
    return minutes(of.at_least_s) != minutes(of.at_most_s)


def share(value: float | None) -> str:
    """Format a share in percent, "-" for None."""
    return "-" if value is None else f"{100 * value:.0f} %"


def and_so_many(number: int, what: str) -> str:
    """Format a number of things: "1 sitting", "4 sittings"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def coverage(summary: Summary) -> str:
    """How much was seen: "Seen 5 h 10 of 7 h 02 (73 %)"."""
    if summary.coverage is None:
        return "Nothing was watched."
    return f"Seen {duration(summary.observed_s)} of {duration(summary.watched_s)} ({share(summary.coverage)})"


def hidden(summary: Summary) -> str:
    """Why figures are not shown; empty if they are."""
    return f"The other figures are hidden: {summary.hidden}." if summary.hidden else ""


def day_cells(summary: Summary, last: Callable[[Figures], str]) -> list[str]:
    """The row of a day in a list: seen, sitting, the longest and the typical sitting, breaks an hour, and a last cell.

    A duration that is known to lie between two takes two lines.
    """
    it = summary.figures
    seen = "-" if summary.coverage is None else f"{duration(summary.observed_s)} ({share(summary.coverage)})"
    if summary.hidden:
        return [seen, *["-"] * 5]
    return [
        seen,
        *(
            lasted(of, seen_s).replace(" to ", "\nto ")
            for of, seen_s in (
                (it.sitting, it.sitting_s),
                (it.bouts.longest, it.bouts.longest_s),
                (it.bouts.w50, it.bouts.w50_s),
            )
        ),
        _number(it.breaks.per_sitting_hour),
        last(it),
    ]


def figure_rows(summary: Summary, trend: Trend | None = None) -> list[Row]:
    """The figures of a span, in the order of the evidence, section 7."""
    it = summary.figures
    usual = _usual(trend)
    near = it.viewing.near_share
    seen = " that was seen" if is_range(it.sitting) else ""
    return [
        Row(
            "Sitting",
            lasted(it.sitting, it.sitting_s) if it.sitting.at_most_s else duration(0.0),
            _usual_range(trend, "sitting_s", "sitting_s", "sitting_at_most_s"),
            _sitting(it),
        ),
        Row("Standing", duration(it.standing_s), usual("standing_s", duration)),
        Row("Away", duration(it.away_s), usual("away_s", duration)),
        *([Row("Left", duration(it.left_s), "", "locked or asleep after you left")] if it.left_s >= 1.0 else []),
        *([Row("In calls", duration(it.busy_s), "", "another program had the camera")] if it.busy_s >= 1.0 else []),
        Row("Not seen", duration(it.blind_s), "", _reasons(summary)),
        *(
            Row("Not judged", duration(part.total_s), "", f"{unjudged_words(part.kinds)}, because {part.why}")
            for part in it.not_judged
        ),
        Row(
            "Longest sitting",
            lasted(it.bouts.longest, it.bouts.longest_s),
            _usual_range(trend, "longest_bout_s", "longest_bout_at_least_s", "longest_bout_at_most_s"),
            f"your stand reminder is set to {duration(it.bouts.limit_s)}",
        ),
        Row(
            "Typical sitting",
            lasted(it.bouts.w50, it.bouts.w50_s),
            _usual_range(trend, "w50_s", "w50_at_least_s", "w50_at_most_s"),
            "half of the time in sittings up to this",
        ),
        Row(
            "Over your setting",
            share(it.bouts.sat_on_share),
            usual("sat_on_share", share),
            f"of the sitting{seen}, past {duration(it.bouts.limit_s)} and 5 min of grace",
        ),
        Row("Breaks", str(it.breaks.effective), usual("breaks", _number), _breaks(summary)),
        Row(
            "Breaks an hour",
            _number(it.breaks.per_sitting_hour),
            usual("breaks_per_sitting_hour", _number),
            f"of sitting{seen}",
        ),
        Row("Reminders", str(it.reminders.given), "", _kinds(summary)),
        Row(
            "Reminders followed", share(it.reminders.followed_share), usual("followed_share", share), _prompts(summary)
        ),
        Row(
            "Moved in your seat",
            _number(it.shifts.per_sitting_hour),
            usual("shifts_per_sitting_hour", _number),
            _hardly_judged(it, "seen") or f"times an hour of sitting, {it.shifts.count} in all",
        ),
        Row("Leaning", *_lean(summary, trend)),
        Row(
            "Viewing distance",
            _centimetres(it.viewing.median_cm),
            usual("median_cm", _centimetres),
            ""
            if near is None
            else f"half of the time nearer; {share(near)} of {_known_time(it)} under {it.viewing.near_cm:g} cm",
        ),
    ]


def deviation_rows(summary: Summary, trend: Trend | None = None) -> list[tuple[str, float, Row]]:
    """(kind, seconds, row) of each deviation that was active, the longest first; the value is the share of judged time.

    `absent_line` and `unjudged_lines` are about the others.
    """
    usual = _usual(trend)
    longest_first = sorted(summary.figures.deviations.items(), key=lambda item: -item[1].total_s)
    return [
        (
            kind,
            it.total_s,
            Row(
                DEVIATION_WORDS[kind],
                share(it.share_of_judged),
                usual(f"{kind}_share_of_judged", share),
                duration(it.total_s)
                + ("" if it.median_dwell_s in (None, it.total_s) else f", about {_or_dash(it.median_dwell_s)} each")
                + (f", judged for {duration(it.judged_s)}" if _is_partly_judged(it, summary) else ""),
            ),
        )
        for kind, it in longest_first
        if it.total_s > 0
    ]


def absent_line(summary: Summary) -> str:
    """The deviations that were never active while they were judged; empty if there are none.

    Those that were hardly judged are not among them: that they were absent is not known.
    """
    absent = {kind: it for kind, it in summary.figures.deviations.items() if it.total_s <= 0 and not it.hardly_judged}
    partly = [DEVIATION_WORDS[kind] for kind, it in absent.items() if _is_partly_judged(it, summary)]
    if len(absent) == len(summary.figures.deviations):
        return (
            "As far as it could be judged, you kept no posture that is watched for long."
            if partly
            else "You kept no posture that is watched for long."
        )
    wholly = [DEVIATION_WORDS[kind] for kind, it in absent.items() if not _is_partly_judged(it, summary)]
    if not partly:
        return f"never: {', '.join(wholly)}" if wholly else ""
    limited = f"as far as judged: {', '.join(partly)}"
    return f"never: {', '.join(wholly)}; {limited}" if wholly else f"never, {limited}"


def unjudged_lines(summary: Summary) -> list[str]:
    """The deviations that were hardly judged, or not at all, a sentence for each reason."""
    found: dict[tuple[str, str], list[str]] = {}
    for kind, it in summary.figures.deviations.items():
        if it.hardly_judged:
            found.setdefault((_hardly(it, summary.figures), it.why), []).append(kind)
    return [
        f"{how.capitalize()} judged: {unjudged_words(kinds)}, because {why}." for (how, why), kinds in found.items()
    ]


def _hardly(it: DeviationFigures, figures: Figures) -> str:
    return "hardly" if it.judged_s > (1.0 - NEARLY_ALL) * figures.sitting_s else "not"


def _is_partly_judged(it: DeviationFigures, summary: Summary) -> bool:
    return it.judged_s < NEARLY_ALL * summary.figures.sitting_s


def goal_rows(goals: Sequence[Goal], days: int = 1, *, running: bool = False) -> list[Row]:
    """A row for each goal: whether it was met, on how many of the days that are shown, and of the last 7 and 28.

    `running` says that the last day still goes on.
    """
    names: dict[str, tuple[str, Callable[[float], str]]] = {
        "longest_bout": ("No sitting over", duration),
        "breaks_per_hour": ("Breaks an hour, at least", _number),
        "sitting": ("Sitting a day, at most", duration),
    }
    rows = []
    for goal in goals:
        name, written = names[goal.name]
        lately = f"met on {_of(goal.week)} known days in 7, {_of(goal.month)} in 28"
        if days > 1:
            value = f"met on {_of(goal.span)} days" if goal.span.known else "not known"
            lately = f"each day by itself, of {days}; {lately}" if days not in (7, 28) else "each day by itself"
        else:
            met = "not known" if goal.met is None else "met" if goal.met else "not met"
            met += " so far" if running and goal.met is not None else ""
            value = met if goal.value is None else f"{met} ({_goal_value(goal, written)})"
        rows.append(Row(f"{name} {written(goal.limit)}", value, "", lately))
    return rows


def _goal_value(goal: Goal, written: Callable[[float], str]) -> str:
    assert goal.value is not None
    if goal.least is None or goal.most is None or written(goal.least) == written(goal.most):
        return written(goal.value)
    if goal.name == "breaks_per_hour":
        return f"{written(goal.least)} or more" if goal.met else f"{written(goal.least)} to {written(goal.most)}"
    return lasted(Range(goal.least, goal.most), goal.value)


DIRECTION_WORDS: dict[str, str] = {
    "extension": "bending backwards felt better",
    "flexion": "bending forwards felt better",
    "neutral": "neither way changed the pain",
    "worse": "the pain got worse, so it was ended",
    "left": "ended before it came to an answer",
}


def logged_rows(summary: Summary) -> list[Row]:
    """Rows on exercises and pain, where there are any; they are shown even if too little was seen for figures."""
    rows = []
    for name, holds in (("Exercises, seen", summary.verified), ("Exercises, as you say", summary.self_reported)):
        if holds.count:
            rows.append(Row(name, str(holds.count), "", _done(holds)))
    if summary.self_checks:
        names = dict.fromkeys(kind.replace("-", " ") for kind in summary.self_checks)
        rows.append(Row("Self-checks", str(len(summary.self_checks)), "", ", ".join(names)))
    if summary.directions:
        answers = dict.fromkeys(DIRECTION_WORDS[answer] for answer in summary.directions)
        rows.append(Row("Directional checks", str(len(summary.directions)), "", "; ".join(answers)))
    if summary.pain:
        levels = [pain.level for pain in summary.pain]
        where = sorted({pain.where for pain in summary.pain if pain.where})
        note = ", ".join([f"highest {max(levels):g}", f"logged {and_so_many(len(levels), 'time')}", *where])
        rows.append(Row("Pain, 0 to 10", f"{sum(levels) / len(levels):.1f}", "", note))
    if summary.tension:
        levels = [tension.level for tension in summary.tension]
        note = f"highest {max(levels):g}, logged {and_so_many(len(levels), 'time')}"
        rows.append(Row("Tension, 0 to 10", f"{sum(levels) / len(levels):.1f}", "", note))
    return rows


MONTH_HEAD = ("month", "days", "sitting a day", "longest", "breaks a day", "reminders followed")


def month_cells(days: Sequence[Summary]) -> tuple[str, ...]:
    """The row of a month in a list of months, after its name: averages over the days on which enough was seen."""
    found, known = average(days).figures, [day for day in days if not day.hidden]
    least_s, most_s, breaks_a_day = found["sitting_s"], found["sitting_at_most_s"], found["breaks"]
    if least_s is None or most_s is None:
        return ("0", *["-"] * 4)
    longest = max((day.figures.bouts.longest for day in known), key=lambda it: (it.at_most_s, it.at_least_s))
    least_longest_s = max(day.figures.bouts.longest.at_least_s for day in known)
    asked = sum(day.figures.reminders.asked_break for day in known)
    followed = sum(day.figures.reminders.kept + day.figures.reminders.told for day in known)
    return (
        str(len(known)),
        lasted(Range(least_s, most_s), least_s),
        lasted(Range(least_longest_s, longest.at_most_s), least_longest_s),
        _number(breaks_a_day),
        f"{followed} of {asked}" if asked else "-",
    )


def usual_note(usual: Usual, day: date, tz: tzinfo | None = None) -> str:
    """The note under the averages: which days they are taken over, and up to which hour."""
    number = usual.trend.known_days
    which = f"{number} {day:%A}s before" if usual.than == "weekday" else f"{and_so_many(number, 'day')} of the 7 before"
    until = "" if usual.until is None else f", each up to {usual.until.astimezone(tz):%H:%M}"
    return f"usual: the average of {which}{until}"


def _usual(trend: Trend | None) -> Callable[[str, Callable[[float], str]], str]:
    def usual(name: str, written: Callable[[float], str]) -> str:
        value = None if trend is None else trend.figures[name]
        return "" if value is None else written(value)

    return usual


def _usual_range(trend: Trend | None, seen: str, least: str, most: str) -> str:
    if trend is None:
        return ""
    least_s, most_s = trend.figures[least], trend.figures[most]
    return "" if least_s is None or most_s is None else lasted(Range(least_s, most_s), trend.figures[seen])


def _sitting(figures: Figures) -> str:
    """In how many bouts, and what the most that is said of sitting rests on."""
    bouts = f"in {and_so_many(figures.bouts.count, 'sitting')}" if figures.bouts.count else ""
    if not is_range(figures.sitting):
        return bouts
    calls = f"in calls ({minutes(figures.busy_s)})" if figures.busy_s >= 1.0 else ""
    unseen = f"while not seen ({minutes(figures.blind_s)})" if figures.blind_s >= 1.0 else ""
    more = f"the most if you sat {' and '.join(filter(None, [calls, unseen]))}"
    return f"{bouts}; {more}" if bouts else more


def _reasons(summary: Summary) -> str:
    longest = list(summary.unseen_reasons.items())[:2]
    return ", ".join(f"{reason} {duration(seconds)}" for reason, seconds in longest)


def breaks(figures: Figures) -> str:
    """How many breaks, and how many of them were not seen: "5 breaks, 3 of them by the locked screen"."""
    it = figures.breaks
    of_them = f", {by_session(it.by_session, it.effective)}" if it.by_session else ""
    return f"{and_so_many(it.effective, 'break')}{of_them}"


def by_session(number: int, of: int) -> str:
    """How many breaks are known by the session only."""
    who = "" if number == of == 1 else "all of them " if number == of else f"{number} of them "
    return f"{who}by the locked screen or closed lid"


def _breaks(summary: Summary) -> str:
    it = summary.figures.breaks
    median = "" if it.median_s is None else f"typically {duration(it.median_s)}"
    return ", ".join(filter(None, [by_session(it.by_session, it.effective) if it.by_session else "", median]))


def _kinds(summary: Summary) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in summary.figures.reminders.by_kind.items() if number)


OUTCOME_WORDS: dict[Outcome, str] = {
    "kept": "in time",
    "told": "as you say",
    "partly": "in part",
    "late": "late",
    "missed": "not followed",
}


def outcome(prompt: Prompt) -> str:
    """What came of a reminder: "in time", "as you say", "in part (60 %)", "-" where that is not known."""
    if prompt.outcome is None:
        return "-"
    part = f" ({share(prompt.share)})" if prompt.share is not None else ""
    return OUTCOME_WORDS[prompt.outcome] + part


def _prompts(summary: Summary) -> str:
    it = summary.figures.reminders
    counts = {"kept": it.kept, "told": it.told, "partly": it.partly, "late": it.late, "missed": it.missed}
    found = [f"{counts[name]} {words}" for name, words in OUTCOME_WORDS.items() if counts[name]]
    every = "every one: " if it.asked_break > 1 and it.kept + it.told == it.asked_break else ""
    return every + ", ".join(found)


def _lean(summary: Summary, trend: Trend | None) -> tuple[str, str, str]:
    """The side that was leaned to for longer and how long, the same as usual, and the other side with both shares."""
    it = summary.figures
    left_s, right_s = it.lean.left_s, it.lean.right_s
    usual = ""
    if trend is not None:
        usual_left_s, usual_right_s = trend.figures["leaned_left_s"], trend.figures["leaned_right_s"]
        if usual_left_s is not None and usual_right_s is not None:
            usual = _leaned(usual_left_s, usual_right_s)
    hardly = _hardly_judged(it, "judged")
    if hardly:
        return "-", usual, hardly
    left, right = (share(it.deviations[kind].share_of_judged) for kind in ("lean_left", "lean_right"))
    if left_s >= right_s:
        note = f"{left} of the sitting; right {duration(right_s)}, {right}"
    else:
        note = f"{right} of the sitting; left {duration(left_s)}, {left}"
    return _leaned(left_s, right_s), usual, note if left_s + right_s > 0 else ""


def _leaned(left_s: float, right_s: float) -> str:
    if left_s + right_s < 1.0:
        return "none"
    if minutes(left_s) == minutes(right_s):
        return f"{duration(left_s)} each"
    return f"{duration(left_s)} left" if left_s > right_s else f"{duration(right_s)} right"


def _hardly_judged(figures: Figures, done: str) -> str:
    """Why leans, and what takes the same points, were hardly judged; empty if they were."""
    lean = figures.deviations["lean_left"]
    return f"{_hardly(lean, figures)} {done}, because {lean.why}" if lean.hardly_judged else ""


def _known_time(figures: Figures) -> str:
    known_s, sitting_s = figures.viewing.known_s, figures.sitting_s
    return "the time" if known_s >= NEARLY_ALL * sitting_s else f"the {duration(known_s)} it was known"


def _done(holds: Holds) -> str:
    sides = (("left", holds.left_s), ("right", holds.right_s), ("both sides", holds.both_s), ("walked", holds.walked_s))
    parts = [f"{name} {duration(held_s)}" for name, held_s in sides if held_s]
    if holds.reps:
        parts.append("1 repetition" if holds.reps == 1 else f"{holds.reps} repetitions")
    return ", ".join(parts)


def _of(days: GoalDays) -> str:
    return f"{days.met} of {days.known}"


def _or_dash(seconds: float | None) -> str:
    return "-" if seconds is None else duration(seconds)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _centimetres(value: float | None) -> str:
    return "-" if value is None else f"{int(value)} cm"
