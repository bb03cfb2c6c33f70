"""The figures in words, for both the terminal and the page, so that these never differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from posture.coach import words as coach_words
from posture.coach.reminder import ReminderKind
from posture.coach.words import DEVIATION_WORDS, minutes, unjudged_words
from posture.language import dated, mark, mark_of, number, tr, trc, trn
from posture.report.figures import DeviationFigures, Figures, Holds, Outcome, Prompt, Range, Summary
from posture.report.review import Usual
from posture.report.trend import Goal, Trend, average

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
        return tr("{seconds} s", seconds=whole)
    if whole < 600 and whole % 60:
        return tr("{minutes} min {seconds} s", minutes=whole // 60, seconds=whole % 60)
    minutes = round(seconds / 60)
    if minutes < 60:
        return tr("{minutes} min", minutes=minutes)
    # Translators: hours and minutes, as in "5 h 02".
    return tr("{hours} h {minutes}", hours=minutes // 60, minutes=f"{minutes % 60:02d}")


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
    return "-" if value is None else tr("{percent} %", percent=number(100 * value))


def short_number(value: float) -> str:
    """Format a number without zeros behind the decimal sign: "4", "4.5"."""
    return number(value, len(f"{value:g}".partition(".")[2]))


def coverage(summary: Summary) -> str:
    """How much was seen: "Seen 5 h 10 of 7 h 02 (73 %)"."""
    if summary.coverage is None:
        return tr("Nothing was watched.")
    return tr(
        "Seen {observed} of {watched} ({share})",
        observed=duration(summary.observed_s),
        watched=duration(summary.watched_s),
        share=share(summary.coverage),
    )


def hidden(summary: Summary) -> str:
    """Why figures are not shown; empty if they are."""
    return tr("The other figures are hidden: {why}.", why=summary.hidden) if summary.hidden else ""


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
            _in_two_lines(of, seen_s)
            for of, seen_s in (
                (it.sitting, it.sitting_s),
                (it.bouts.longest, it.bouts.longest_s),
                (it.bouts.w50, it.bouts.w50_s),
            )
        ),
        _number(it.breaks.per_sitting_hour),
        last(it),
    ]


def _in_two_lines(of: Range, one_is: float | None) -> str:
    """As `lasted`, but for a narrow cell."""
    if not is_range(of):
        return lasted(of, one_is)
    least, most = minutes(of.at_least_s), minutes(of.at_most_s)
    if of.at_least_s < 1.0 <= of.at_most_s:
        return tr("up\nto {most}", most=most)
    return tr("{least}\nto {most}", least=least, most=most)


def figure_rows(summary: Summary, trend: Trend | None = None) -> list[Row]:
    """The figures of a span, in the order of the evidence, section 7."""
    it = summary.figures
    usual = _usual(trend)
    limit = duration(it.bouts.limit_s)
    calls, left, shifts = duration(it.busy_s), duration(it.left_s), it.shifts.count
    return [
        Row(
            tr("Sitting"),
            lasted(it.sitting, it.sitting_s) if it.sitting.at_most_s else duration(0.0),
            _usual_range(trend, "sitting_s", "sitting_s", "sitting_at_most_s"),
            _sitting(it),
        ),
        Row(tr("Standing"), duration(it.standing_s), usual("standing_s", duration)),
        Row(tr("Away"), duration(it.away_s), usual("away_s", duration)),
        *([Row(trc("state", "Left"), left, "", tr("locked or asleep after you left"))] if it.left_s >= 1.0 else []),
        *([Row(tr("In calls"), calls, "", tr("another program had the camera"))] if it.busy_s >= 1.0 else []),
        Row(tr("Not seen"), duration(it.blind_s), "", _reasons(summary)),
        *(
            Row(
                tr("Not judged"),
                duration(part.total_s),
                "",
                tr("{kinds}, because {why}", kinds=unjudged_words(part.kinds), why=tr(part.why)),
            )
            for part in it.not_judged
        ),
        Row(
            tr("Longest sitting"),
            lasted(it.bouts.longest, it.bouts.longest_s),
            _usual_range(trend, "longest_bout_s", "longest_bout_at_least_s", "longest_bout_at_most_s"),
            tr("your stand reminder is set to {limit}", limit=limit),
        ),
        Row(
            tr("Typical sitting"),
            lasted(it.bouts.w50, it.bouts.w50_s),
            _usual_range(trend, "w50_s", "w50_at_least_s", "w50_at_most_s"),
            tr("half of the time in sittings up to this"),
        ),
        Row(
            tr("Over your setting"),
            share(it.bouts.sat_on_share),
            usual("sat_on_share", share),
            tr("of the sitting that was seen, past {limit} and 5 min of grace", limit=limit)
            if is_range(it.sitting)
            else tr("of the sitting, past {limit} and 5 min of grace", limit=limit),
        ),
        Row(tr("Breaks"), number(it.breaks.effective), usual("breaks", _number), _breaks(summary)),
        Row(
            tr("Breaks an hour"),
            _number(it.breaks.per_sitting_hour),
            usual("breaks_per_sitting_hour", _number),
            tr("of sitting that was seen") if is_range(it.sitting) else tr("of sitting"),
        ),
        Row(tr("Reminders"), number(it.reminders.given), "", _kinds(summary)),
        Row(
            tr("Reminders followed"),
            share(it.reminders.followed_share),
            usual("followed_share", share),
            _prompts(summary),
        ),
        Row(
            tr("Moved in your seat"),
            _number(it.shifts.per_sitting_hour),
            usual("shifts_per_sitting_hour", _number),
            _hardly_seen(it) or tr("times an hour of sitting, {count} in all", count=shifts),
        ),
        Row(tr("Leaning"), *_lean(summary, trend)),
        Row(tr("Viewing distance"), _centimetres(it.viewing.median_cm), usual("median_cm", _centimetres), _near(it)),
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
                tr(DEVIATION_WORDS[kind]),
                share(it.share_of_judged),
                usual(f"{kind}_share_of_judged", share),
                _kept(it, partly=_is_partly_judged(it, summary)),
            ),
        )
        for kind, it in longest_first
        if it.total_s > 0
    ]


def _kept(it: DeviationFigures, *, partly: bool) -> str:
    """How long a deviation was active, how long each time, and how long it was judged."""
    total, judged = duration(it.total_s), duration(it.judged_s)
    if it.median_dwell_s is None or it.median_dwell_s == it.total_s:
        return tr("{total}, judged for {judged}", total=total, judged=judged) if partly else total
    each = duration(it.median_dwell_s)
    if partly:
        return tr("{total}, about {each} each, judged for {judged}", total=total, each=each, judged=judged)
    return tr("{total}, about {each} each", total=total, each=each)


def absent_line(summary: Summary) -> str:
    """The deviations that were never active while they were judged; empty if there are none.

    Those that were hardly judged are not among them: that they were absent is not known.
    """
    absent = {kind: it for kind, it in summary.figures.deviations.items() if it.total_s <= 0 and not it.hardly_judged}
    partly = [tr(DEVIATION_WORDS[kind]) for kind, it in absent.items() if _is_partly_judged(it, summary)]
    if len(absent) == len(summary.figures.deviations):
        if partly:
            return tr("As far as it could be judged, you kept no posture that is watched for long.")
        return tr("You kept no posture that is watched for long.")
    wholly = [tr(DEVIATION_WORDS[kind]) for kind, it in absent.items() if not _is_partly_judged(it, summary)]
    never, limited = ", ".join(wholly), ", ".join(partly)
    if not partly:
        # Translators: ways to sit that were not kept for long.
        return tr("never: {never}", never=never) if wholly else ""
    if not wholly:
        return tr("never, as far as judged: {limited}", limited=limited)
    return tr("never: {never}; as far as judged: {limited}", never=never, limited=limited)


def unjudged_lines(summary: Summary) -> list[str]:
    """The deviations that were hardly judged, or not at all, a sentence for each reason."""
    found: dict[tuple[bool, str], list[str]] = {}
    for kind, it in summary.figures.deviations.items():
        if it.hardly_judged:
            found.setdefault((_somewhat(it, summary.figures), it.why), []).append(kind)
    return [
        tr("Hardly judged: {kinds}, because {why}.", kinds=unjudged_words(kinds), why=tr(why))
        if somewhat
        else tr("Not judged: {kinds}, because {why}.", kinds=unjudged_words(kinds), why=tr(why))
        for (somewhat, why), kinds in found.items()
    ]


def _somewhat(it: DeviationFigures, figures: Figures) -> bool:
    """Whether a deviation that was hardly judged was judged at all."""
    return it.judged_s > (1.0 - NEARLY_ALL) * figures.sitting_s


def _is_partly_judged(it: DeviationFigures, summary: Summary) -> bool:
    return it.judged_s < NEARLY_ALL * summary.figures.sitting_s


def goal_rows(goals: Sequence[Goal], days: int = 1, *, running: bool = False) -> list[Row]:
    """A row for each goal: whether it was met, on how many of the days that are shown, and of the last 7 and 28.

    `running` says that the last day still goes on.
    """
    rows = []
    for goal in goals:
        written = _number if goal.name == "breaks_per_hour" else duration
        lately = tr(
            "met on {week_met} of {week_known} known days in 7, {month_met} of {month_known} in 28",
            week_met=goal.week.met,
            week_known=goal.week.known,
            month_met=goal.month.met,
            month_known=goal.month.known,
        )
        if days > 1:
            of = {"met": goal.span.met, "known": goal.span.known}
            value = tr("met on {met} of {known} days", **of) if goal.span.known else tr("not known")
            if days in (7, 28):
                lately = tr("each day by itself")
            else:
                lately = tr("each day by itself, of {days}; {lately}", days=days, lately=lately)
        else:
            met = _met(goal, running=running)
            value = met if goal.value is None else f"{met} ({_goal_value(goal, written)})"
        rows.append(Row(tr(_GOALS[goal.name], limit=written(goal.limit)), value, "", lately))
    return rows


_GOALS = {
    "longest_bout": mark("No sitting over {limit}"),
    "breaks_per_hour": mark("Breaks an hour, at least {limit}"),
    "sitting": mark("Sitting a day, at most {limit}"),
}


def _met(goal: Goal, *, running: bool) -> str:
    # Translators: a goal is met or not.
    if goal.met is None:
        return tr("not known")
    if running:
        return tr("met so far") if goal.met else tr("not met so far")
    return tr("met") if goal.met else tr("not met")


def _goal_value(goal: Goal, written: Callable[[float], str]) -> str:
    assert goal.value is not None
    if goal.least is None or goal.most is None or written(goal.least) == written(goal.most):
        return written(goal.value)
    if goal.name == "breaks_per_hour":
        if goal.met:
            return tr("{least} or more", least=written(goal.least))
        return tr("{least} to {most}", least=written(goal.least), most=written(goal.most))
    return lasted(Range(goal.least, goal.most), goal.value)


DIRECTION_WORDS: dict[str, str] = {
    "extension": mark("bending backwards felt better"),
    "flexion": mark("bending forwards felt better"),
    "neutral": mark("neither way changed the pain"),
    "worse": mark("the pain got worse, so it was ended"),
    "left": mark("ended before it came to an answer"),
}


CHECK_WORDS: dict[str, str] = {
    "side-bend": mark("side bend"),
    "hip-rotation": mark("hip rotation"),
    "hip-extension": mark("hip extension"),
}


def check_name(kind: str) -> str:
    """Name a kind of self-check for the user."""
    return tr(CHECK_WORDS.get(kind, kind.replace("-", " ")))


PAIN_WORDS = (
    # Translators: where in the back or body it hurts, and then what brings a pain on or eases it, as in a table.
    mark_of("pain", "low-left"),
    mark_of("pain", "low-right"),
    mark_of("pain", "low"),
    mark_of("pain", "mid"),
    mark_of("pain", "upper"),
    mark_of("pain", "neck"),
    mark_of("pain", "hip"),
    mark_of("pain", "buttock-left"),
    mark_of("pain", "buttock-right"),
    mark_of("pain", "leg-left"),
    mark_of("pain", "leg-right"),
    mark_of("pain", "knee"),
    mark_of("pain", "groin"),
    mark_of("pain", "shoulder"),
    mark_of("pain", "wrist"),
    mark_of("pain", "ribs"),
    mark_of("pain", "sitting"),
    mark_of("pain", "standing"),
    mark_of("pain", "walking"),
    mark_of("pain", "lying"),
    mark_of("pain", "bending"),
    mark_of("pain", "twisting"),
    mark_of("pain", "leaning-back"),
    mark_of("pain", "night"),
)
"""See `posture.coach.pain.WHERE` and `WHEN`."""


def pain_word(word: str) -> str:
    """Name where it hurts, or what brings it on or eases it, for the user; empty for none."""
    return trc("pain", word) if word else ""


def logged_rows(summary: Summary) -> list[Row]:
    """Rows on exercises and pain, where there are any; they are shown even if too little was seen for figures."""
    rows = []
    for name, holds in (
        (tr("Exercises, seen"), summary.verified),
        (tr("Exercises, as you say"), summary.self_reported),
    ):
        if holds.count:
            rows.append(Row(name, number(holds.count), "", _done(holds)))
    if summary.self_checks:
        names = dict.fromkeys(map(check_name, summary.self_checks))
        rows.append(Row(tr("Self-checks"), number(len(summary.self_checks)), "", ", ".join(names)))
    if summary.directions:
        answers = dict.fromkeys(tr(DIRECTION_WORDS[answer]) for answer in summary.directions)
        rows.append(Row(tr("Directional checks"), number(len(summary.directions)), "", "; ".join(answers)))
    if summary.pain:
        levels = [pain.level for pain in summary.pain]
        where = sorted({pain.where for pain in summary.pain if pain.where})
        note = ", ".join([_highest(levels), *map(pain_word, where)])
        rows.append(Row(tr("Pain, 0 to 10"), number(sum(levels) / len(levels), 1), "", note))
    if summary.tension:
        levels = [tension.level for tension in summary.tension]
        rows.append(Row(tr("Tension, 0 to 10"), number(sum(levels) / len(levels), 1), "", _highest(levels)))
    return rows


def _highest(levels: Sequence[float]) -> str:
    highest = short_number(max(levels))
    return trn(
        "highest {highest}, logged {n} time", "highest {highest}, logged {n} times", len(levels), highest=highest
    )


def month_head() -> tuple[str, ...]:
    """The columns of a list of months: its name, and `month_cells`."""
    return (
        tr("month"),
        tr("days"),
        tr("sitting a day"),
        # Translators: the column of the longest sitting.
        tr("longest"),
        tr("breaks a day"),
        tr("reminders followed"),
    )


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
        number(len(known)),
        lasted(Range(least_s, most_s), least_s),
        lasted(Range(least_longest_s, longest.at_most_s), least_longest_s),
        _number(breaks_a_day),
        tr("{count} of {all}", count=followed, all=asked) if asked else "-",
    )


def usual_note(usual: Usual, day: date, tz: tzinfo | None = None) -> str:
    """The note under the averages: which days they are taken over, and up to which hour."""
    known = usual.trend.known_days
    until = "" if usual.until is None else f"{usual.until.astimezone(tz):%H:%M}"
    if usual.than == "weekday":
        weekday = dated(day, "%A")
        # Translators: "4 Tuesdays before".
        if not until:
            return tr("usual: the average of {days} {weekday}s before", days=known, weekday=weekday)
        # Translators: "4 Tuesdays before, each up to 14:30".
        return tr(
            "usual: the average of {days} {weekday}s before, each up to {time}", days=known, weekday=weekday, time=until
        )
    if not until:
        return trn(
            "usual: the average of {n} day of the 7 before", "usual: the average of {n} days of the 7 before", known
        )
    return trn(
        "usual: the average of {n} day of the 7 before, each up to {time}",
        "usual: the average of {n} days of the 7 before, each up to {time}",
        known,
        time=until,
    )


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
    count = figures.bouts.count
    bouts = trn("in {n} sitting", "in {n} sittings", count) if count else ""
    calls, unseen = minutes(figures.busy_s), minutes(figures.blind_s)
    if not is_range(figures.sitting) or max(figures.busy_s, figures.blind_s) < 1.0:
        return bouts
    # Translators: said of a duration that is known to lie between two, such as "3 h 10 to 4 h 05".
    if figures.blind_s < 1.0:
        more = tr("the most if you sat in calls ({calls})", calls=calls)
    elif figures.busy_s < 1.0:
        more = tr("the most if you sat while not seen ({unseen})", unseen=unseen)
    else:
        more = tr("the most if you sat in calls ({calls}) and while not seen ({unseen})", calls=calls, unseen=unseen)
    return f"{bouts}; {more}" if bouts else more


def _reasons(summary: Summary) -> str:
    longest = list(summary.unseen_reasons.items())[:2]
    return ", ".join(f"{tr(reason)} {duration(seconds)}" for reason, seconds in longest)


def breaks(figures: Figures) -> str:
    """How many breaks, and how many of them were not seen: "5 breaks, 3 of them by the locked screen"."""
    it = figures.breaks
    count = so_many_breaks(it.effective)
    return f"{count}, {by_session(it.by_session, it.effective)}" if it.by_session else count


def so_many_breaks(count: int) -> str:
    """ "1 break", "4 breaks"."""
    return trn("{n} break", "{n} breaks", count)


def by_session(count: int, of: int) -> str:
    """How many breaks are known by the session only."""
    # Translators: how a break is known.
    if count == of == 1:
        return tr("by the locked screen or closed lid")
    if count == of:
        return tr("all of them by the locked screen or closed lid")
    return tr("{count} of them by the locked screen or closed lid", count=count)


def _breaks(summary: Summary) -> str:
    it = summary.figures.breaks
    median = "" if it.median_s is None else tr("typically {duration}", duration=duration(it.median_s))
    return ", ".join(filter(None, [by_session(it.by_session, it.effective) if it.by_session else "", median]))


REMINDER_WORDS: dict[ReminderKind, str] = {
    "stand": mark_of("reminder", "stand"),
    "move": mark_of("reminder", "move"),
    "stretch": mark_of("reminder", "stretch"),
    "posture": mark_of("reminder", "posture"),
    "sit": mark_of("reminder", "sit"),
    "eyes": mark_of("reminder", "eyes"),
}
"""What a reminder is about."""


STATE_WORDS: dict[str, str] = {
    "sitting": mark_of("state", "sitting"),
    "sitting, not judged": mark_of("state", "sitting, not judged"),
    "standing": mark_of("state", "standing"),
    "away": mark_of("state", "away"),
    # Translators: had gone away before the screen was locked.
    "left": mark_of("state", "left"),
    "in a call": mark_of("state", "in a call"),
    # Translators: whether somebody sits, stands or is away is not known.
    "unknown": mark_of("state", "not seen"),
}
"""What was then, as in a legend."""


def state_words(state: str) -> str:
    """What was then, for a legend."""
    return trc("state", STATE_WORDS[state])


def reminder_words(kind: str) -> str:
    """What a reminder is about, in a word."""
    return trc("reminder", kind)


def _kinds(summary: Summary) -> str:
    by_kind = summary.figures.reminders.by_kind
    return ", ".join(f"{number(count)} {reminder_words(kind)}" for kind, count in by_kind.items() if count)


OUTCOME_WORDS: dict[Outcome, str] = {
    "kept": mark_of("outcome", "in time"),
    "told": mark_of("outcome", "as you say"),
    "partly": mark_of("outcome", "in part"),
    "late": mark_of("outcome", "late"),
    "missed": mark_of("outcome", "not followed"),
}


def outcome_words(outcome: Outcome) -> str:
    """What came of a reminder, in a word or two."""
    return trc("outcome", OUTCOME_WORDS[outcome])


def outcome(prompt: Prompt) -> str:
    """What came of a reminder: "in time", "as you say", "in part (60 %)", "-" where that is not known."""
    if prompt.outcome is None:
        return "-"
    part = f" ({share(prompt.share)})" if prompt.share is not None else ""
    return outcome_words(prompt.outcome) + part


def _prompts(summary: Summary) -> str:
    it = summary.figures.reminders
    counts = {"kept": it.kept, "told": it.told, "partly": it.partly, "late": it.late, "missed": it.missed}
    found = ", ".join(f"{number(counts[name])} {outcome_words(name)}" for name in OUTCOME_WORDS if counts[name])
    if it.asked_break > 1 and it.kept + it.told == it.asked_break:
        # Translators: every reminder was followed; then "4 in time, 1 as you say".
        return tr("every one: {outcomes}", outcomes=found)
    return found


def _lean(summary: Summary, trend: Trend | None) -> tuple[str, str, str]:
    """The side that was leaned to for longer and how long, the same as usual, and the other side with both shares."""
    it = summary.figures
    left_s, right_s = it.lean.left_s, it.lean.right_s
    usual = ""
    if trend is not None:
        usual_left_s, usual_right_s = trend.figures["leaned_left_s"], trend.figures["leaned_right_s"]
        if usual_left_s is not None and usual_right_s is not None:
            usual = _leaned(usual_left_s, usual_right_s)
    hardly = _hardly_judged(it)
    if hardly:
        return "-", usual, hardly
    left, right = (share(it.deviations[kind].share_of_judged) for kind in ("lean_left", "lean_right"))
    shares = {"left_share": left, "right_share": right}
    if left_s >= right_s:
        note = tr("{left_share} of the sitting; right {right}, {right_share}", right=duration(right_s), **shares)
    else:
        note = tr("{right_share} of the sitting; left {left}, {left_share}", left=duration(left_s), **shares)
    return _leaned(left_s, right_s), usual, note if left_s + right_s > 0 else ""


def _leaned(left_s: float, right_s: float) -> str:
    if left_s + right_s < 1.0:
        # Translators: no leaning.
        return tr("none")
    if minutes(left_s) == minutes(right_s):
        # Translators: so long to each side.
        return tr("{duration} each", duration=duration(left_s))
    if left_s > right_s:
        return tr("{duration} left", duration=duration(left_s))
    return tr("{duration} right", duration=duration(right_s))


def _hardly_judged(figures: Figures) -> str:
    """Why leans were hardly judged; empty if they were."""
    lean = figures.deviations["lean_left"]
    if not lean.hardly_judged:
        return ""
    if _somewhat(lean, figures):
        return tr("hardly judged, because {why}", why=tr(lean.why))
    return tr("not judged, because {why}", why=tr(lean.why))


def _hardly_seen(figures: Figures) -> str:
    """The same of movements, which take the same points."""
    lean = figures.deviations["lean_left"]
    if not lean.hardly_judged:
        return ""
    if _somewhat(lean, figures):
        return tr("hardly seen, because {why}", why=tr(lean.why))
    return tr("not seen, because {why}", why=tr(lean.why))


def _near(figures: Figures) -> str:
    """How much of the time the screen was too near."""
    it = figures.viewing
    if it.near_share is None:
        return ""
    values = {"share": share(it.near_share), "cm": short_number(it.near_cm)}
    if it.known_s >= NEARLY_ALL * figures.sitting_s:
        return tr("half of the time nearer; {share} of the time under {cm} cm", **values)
    return tr(
        "half of the time nearer; {share} of the {known} it was known under {cm} cm",
        known=duration(it.known_s),
        **values,
    )


def _done(holds: Holds) -> str:
    parts = []
    if holds.left_s:
        parts.append(tr("left {duration}", duration=duration(holds.left_s)))
    if holds.right_s:
        parts.append(tr("right {duration}", duration=duration(holds.right_s)))
    if holds.both_s:
        parts.append(tr("both sides {duration}", duration=duration(holds.both_s)))
    if holds.walked_s:
        parts.append(tr("walked {duration}", duration=duration(holds.walked_s)))
    if holds.reps:
        parts.append(trn("{n} repetition", "{n} repetitions", holds.reps))
    return ", ".join(parts)


def _number(value: float | None) -> str:
    return "-" if value is None else number(value, 1)


def _centimetres(value: float | None) -> str:
    return "-" if value is None else tr("{cm} cm", cm=int(value))
