"""The directional check: which way of bending, if any, changes the pain. Pure; no diagnosis.

Nobody has tested this self-check. What was studied is a direction that a clinician finds by repeated movements in an
examination (PMID 15564907; the method adds little: CD009711). The steps, the stop rules and what follows from them are
design choices (evidence, section 5). It is optional, and nothing ever asks the user to do it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from posture.coach.exercise import Bias, Move
from posture.coach.exercises import find_exercise
from posture.coach.pain import DAY_S, OSTEOPOROSIS, PainEntry, Proposal, Referral, propose, referral
from posture.coach.safety import suspended_text
from posture.language import mark, mark_safety, tr, tr_safety

Way = Literal["extension", "flexion"]
Change = Literal["better", "same", "worse", "stopped"]
"""What a way of bending did to the pain; stopped is by a stop rule."""
Answer = Literal["extension", "flexion", "neutral", "worse", "left"]
"""Of a check: the way that may suit; neither changed anything; one made it worse or was stopped; the user left."""
Stop = Literal["new", "dizzy", "more", "further", "numb", "warning", "left"]
Stage = Literal["before", "moving", "resting", "after", "done"]
Blocked = Literal["red-flag", "clearance", "not-asked", "check-in", "today"]
Refused = Literal["", "numb", "no-pain", "strong", "both-legs"]
Reach = Literal["back", "buttock", "thigh", "lower-leg", "foot"]
PainSide = Literal["", "left", "right", "both"]

WAYS: tuple[Way, ...] = ("extension", "flexion")
"""In the order they are tried (evidence, section 5)."""
REACHES: tuple[Reach, ...] = ("back", "buttock", "thigh", "lower-leg", "foot")
"""How far the pain reaches, from the spine on."""
PAIN_SIDES: tuple[PainSide, ...] = ("", "left", "right", "both")
"""Empty is the middle, or not said."""
STOPS: Mapping[Stop, str] = {
    "new": mark_safety("something new, wherever it is"),
    "dizzy": mark_safety("dizziness"),
    "more": mark_safety("the pain is two points more"),
    "further": mark_safety("the pain goes further down"),
    "numb": mark_safety("numbness, tingling or weakness"),
    "warning": mark_safety("one of the emergency signs of posture check-in"),
    "left": mark_safety("none of these, I am just leaving"),
}
"""What ends a check at once (evidence, section 5), in the words of a list."""

LEAST_REPETITIONS, MOST_REPETITIONS = 5, 10
REST_S = 60.0
"""The minute after which the pain is noted again (evidence, section 5)."""
STRONG = 8
"""A pain from here on is for a check-in and not for a test [design choice]."""
CHECKED_IN_S = DAY_S
"""How old the check-in without a red flag may be [design choice]."""
APART_S = 6 * 3600.0
"""Between two checks, so that midnight or a change of time zone does not make two days of one [design choice]."""
RECENT_S = 14 * DAY_S
"""Older checks are not considered [design choice]."""
SAME, DAYS = 2, 3
"""The same answer on 2 of 3 days before anything is proposed (evidence, section 5)."""
NEXT_DAY_S, SOON_S = 0.5 * DAY_S, 3 * DAY_S
"""When a pain that is logged tells whether it is still worse the next day [design choice]."""

HONESTLY = mark_safety(
    "This is a trial of what feels better, not an examination: nobody has tested it as a self-check. It is optional. "
    "Extension is leaning back, flexion is bending forward."
)
STOP_RULES = mark_safety(
    "Press any key to stop at once: at anything new or further down the leg, numbness or weakness, dizziness, or pain "
    "that is two points more."
)
NO_MORE = mark_safety("That way is not for today, and no more tests today.")
NOT_TODAY = mark_safety(
    "That way is not for today, and no more tests today. If it is still worse tomorrow, please see a clinician."
)
STILL_WORSE = mark_safety(
    "It is still worse after the directional check: please see a clinician, and leave out the movement that did it."
)
TAKES_BACK = mark("coach.bias is {way}: posture config set coach.bias any takes it back.")
CHECK_IN = mark_safety("Please answer posture check-in now.")
GET_HELP = mark_safety(
    "Get help now: call your emergency number or go to an emergency department. When there is time, answer posture "
    "check-in: it keeps what it was, and turns exercise prompts off."
)
SIT = mark_safety("Sit or lie down until it has passed; if it does not, or comes with another sign, get help.")

_FORWARD = (
    mark("Sit towards the front of a chair that does not roll, feet flat and apart."),
    mark("Bend forward towards the floor as far as is easy, the hands sliding down the legs."),
    mark("Come back up, slowly."),
)
_FORWARD_MOVES = (Move(mark("Bend forward"), 3.0), Move(mark("Return"), 3.0))
"""Slowly, as leaning back [design choice]."""
MOVEMENT: Mapping[str, str] = {"extension": mark("leaning back"), "flexion": mark("bending forward")}
# Translators: how far a pain reaches, as in "8 of 10, lower leg left".
REACH_WORDS: Mapping[Reach, str] = {
    "back": mark("back"),
    "buttock": mark("buttock"),
    "thigh": mark("thigh"),
    "lower-leg": mark("lower leg"),
    "foot": mark("foot"),
}
# Translators: on which side a pain is.
SIDE_WORDS: Mapping[PainSide, str] = {"left": mark("left"), "right": mark("right"), "both": mark("both")}
# Translators: what a movement did to a pain, as in "leaning back better".
CHANGE_WORDS: Mapping[Change, str] = {
    "better": mark("better"),
    "same": mark("same"),
    "worse": mark("worse"),
    "stopped": mark("stopped"),
}


@dataclass(frozen=True)
class Felt:
    """A pain at one moment."""

    level: int
    """0 (none) to 10."""
    reach: Reach = "back"
    side: PainSide = ""

    @property
    def in_both_legs(self) -> bool:
        """Whether it reaches into both legs, which is asked about in the check-in."""
        return self.level > 0 and self.side == "both" and REACHES.index(self.reach) >= REACHES.index("thigh")

    @property
    def words(self) -> str:
        """For people."""
        if not self.level:
            return tr("{level} of 10", level=self.level)
        reach = tr(REACH_WORDS[self.reach])
        if not self.side:
            return tr("{level} of 10, {reach}", level=self.level, reach=reach)
        side = tr(SIDE_WORDS[self.side])
        return tr("{level} of 10, {reach} {side}", level=self.level, reach=reach, side=side)


@dataclass(frozen=True)
class DirectionState:
    """How far a check has come."""

    repetitions: int = MOST_REPETITIONS
    """Of each way, 5 to 10."""
    stage: Stage = "before"
    """What is waited for: the pain before, repetitions, the end of the rest, the pain after it; or it is over."""
    way: Way = "extension"
    """The way that is tried now, or was last."""
    before: Felt | None = None
    done: int = 0
    """Repetitions of this way so far."""
    rested_s: float = 0.0
    after: Mapping[Way, Felt] = field(default_factory=dict)
    """The pain after the rest, of each way that was tried to its end."""
    changed: Mapping[Way, Change] = field(default_factory=dict)
    stop: Stop | None = None
    """Why it was ended before its end."""
    refused: Refused = ""
    """Why it did not begin at all."""

    @property
    def begun(self) -> bool:
        """Whether there was any movement; a check that has begun is kept."""
        return self.before is not None and not self.refused and (self.done > 0 or bool(self.changed))

    @property
    def answer(self) -> Answer:
        """What the check came to; of one that is over."""
        if not {"worse", "stopped"}.isdisjoint(self.changed.values()):
            return "worse"
        for way in WAYS:
            if self.changed.get(way) == "better":
                return way
        return "neutral" if all(self.changed.get(way) == "same" for way in WAYS) else "left"


@dataclass(frozen=True)
class Told:
    """The user says how the pain is, and before the first movement whether a leg is numb or weak."""

    felt: Felt
    numb: bool = False


@dataclass(frozen=True)
class Moved:
    """One repetition was done."""


@dataclass(frozen=True)
class Waited:
    """Time has passed, in seconds."""

    seconds: float


@dataclass(frozen=True)
class Stopped:
    """The user stops, at any time."""

    why: Stop


Input = Told | Moved | Waited | Stopped


def advance(state: DirectionState, given: Input) -> DirectionState:
    """Take a check one step further; what does not belong to its stage changes nothing.

    Extension comes first, and flexion only if that changed nothing. Anything worse ends it, and so does any stop.
    """
    if state.stage == "done":
        return state
    match given:
        case Stopped(why=why):
            moved = state.stage in ("moving", "resting", "after") and state.before is not None
            ruled_out = moved and why != "left"
            changed = {**state.changed, state.way: "stopped"} if ruled_out else state.changed
            return replace(state, stage="done", stop=why, changed=changed)
        case Told(felt=felt, numb=numb) if state.stage == "before":
            refused = _refused(felt, numb)
            return replace(state, before=felt, refused=refused, stage="done" if refused else "moving")
        case Moved() if state.stage == "moving":
            done = state.done + 1
            return replace(state, done=done, rested_s=0.0, stage="resting" if done >= state.repetitions else "moving")
        case Waited(seconds=seconds) if state.stage == "resting":
            rested_s = state.rested_s + max(0.0, seconds)
            return replace(state, rested_s=rested_s, stage="after" if rested_s >= REST_S else "resting")
        case Told(felt=felt) if state.stage == "after" and state.before is not None:
            change = compare(state.before, felt)
            state = replace(
                state,
                after={**state.after, state.way: felt},
                changed={**state.changed, state.way: change},
                stage="done",
            )
            if change == "same" and state.way == "extension":
                return replace(state, way="flexion", done=0, stage="moving")
            return state
    return state


def compare(before: Felt, after: Felt) -> Change:
    """Compare the pain after the minute with the one before: "better", "same" or "worse" (evidence, section 5).

    More of it or further down is worse, even if it is better in another respect; so is a leg or a side that is new.
    """
    if after.level == 0:
        return "better" if before.level > 0 else "same"
    further = REACHES.index(after.reach) - REACHES.index(before.reach)
    new_side = after.reach != "back" and not _sides(after) <= _sides(before)
    if after.level > before.level or further > 0 or new_side:
        return "worse"
    return "better" if after.level < before.level or further < 0 else "same"


def moves(way: Way) -> tuple[Move, ...]:
    """Give the movements of one repetition, at their pace."""
    return (
        tuple(find_exercise("back_bend").dose.moves)
        if way == "extension"
        else tuple(Move(tr(move.says), move.takes_s) for move in _FORWARD_MOVES)
    )


def steps(way: Way) -> tuple[str, ...]:
    """What one repetition is."""
    return tuple(find_exercise("back_bend").steps_for("left") if way == "extension" else map(tr, _FORWARD))


def blocked(
    checks: Sequence[DirectionCheck],
    now_s: float,
    today: int,
    *,
    suspended: bool,
    conditions: Collection[str],
    asked: bool,
    checked_in_s: float | None,
) -> Blocked | None:
    """Say why no check may begin now, or None.

    Parameters
    ----------
    checks : sequence of DirectionCheck
        Those that were done, by time.
    now_s : float
        Seconds since 1970, UTC.
    today : int
        Number of the local day.
    suspended : bool
        A check-in has named a warning sign that was not cleared.
    conditions : collection of str
        What has to be cleared by a clinician first.
    asked : bool
        Whether the user was asked for these conditions.
    checked_in_s : float or None
        When a check-in was answered without a red flag, with none after it that had one; None if there is none.
    """
    if suspended:
        return "red-flag"
    if conditions:
        return "clearance"
    if not asked:
        return "not-asked"
    if any(check.day >= today or now_s - check.at_s < APART_S for check in checks):
        return "today"
    last_s = max((check.at_s for check in checks if check.stop in ("numb", "warning")), default=None)
    fresh = checked_in_s is not None and now_s - checked_in_s <= CHECKED_IN_S
    if not fresh or (last_s is not None and checked_in_s is not None and checked_in_s <= last_s):
        return "check-in"
    return None


def blocked_text(why: Blocked, *, emergency: bool = False) -> str:
    """Say it to the user; `emergency` is whether the red flag that is open is one."""
    match why:
        case "red-flag":
            return suspended_text(emergency=emergency)
        case "clearance":
            return tr_safety(
                "With what you named in coach.clearance, please ask a clinician before any directional check."
            )
        case "not-asked":
            return tr_safety(
                "First comes what has to be cleared with a clinician (recent surgery or a fracture, osteoporosis, late "
                "pregnancy, a hip replacement, poor balance): posture check-in --conditions asks."
            )
        case "check-in":
            return tr_safety("First come the warning signs: answer posture check-in, then come back within a day.")
        case "today":
            return tr("A directional check is done once a day: come back on another day, if you like.")


@dataclass(frozen=True)
class DirectionCheck:
    """A check that was done."""

    at_s: float
    """Seconds since 1970, UTC."""
    day: int
    """Number of the local day."""
    answer: Answer
    before: Felt
    changed: Mapping[Way, Change]
    stop: Stop | None = None
    after: Mapping[Way, Felt] = field(default_factory=dict)
    followed: Literal["", "eased", "still-worse"] = ""
    """What the user said of the day after one that made it worse."""


def check_words(check: DirectionCheck) -> str:
    """Say what a check came to, in a line."""
    tried = ", ".join(
        # Translators: as in "leaning back better".
        tr("{movement} {change}", movement=tr(MOVEMENT[way]), change=tr(CHANGE_WORDS[change]))
        for way, change in check.changed.items()
    )
    match check.followed:
        case "eased":
            return tr("{tried}; eased the day after", tried=tried)
        case "still-worse":
            return tr("{tried}; still worse the day after", tried=tried)
        case _:
            return tried


def follows(check: DirectionCheck, today: int) -> bool:
    """Whether it is time to ask if it is still worse: on another day, and until the user says that it has eased."""
    return check.answer == "worse" and check.followed != "eased" and check.day < today


def proposed(
    checks: Iterable[DirectionCheck], now_s: float, current: str, conditions: Collection[str] = ()
) -> Proposal | None:
    """Propose another bias than the current one when 2 of the last 3 days gave the same answer [design choice].

    Nothing is proposed after a check that made it worse, and never a way that did so within two weeks.
    """
    done = tuple(checks)
    days = _days(done, now_s)
    if not days or days[-1] == "worse":
        return None
    answers: tuple[Bias, ...] = (*WAYS, "neutral")
    for answer in answers:
        if days.count(answer) < SAME or answer in ruled_out(done, now_s) or answer == current:
            continue
        if answer == "flexion" and OSTEOPOROSIS in conditions:
            return None
        count = days.count(answer)
        if answer == "neutral":
            reason = tr(
                "in the directional check, on {n} of the last {days} days, neither way changed anything",
                n=count,
                days=len(days),
            )
        else:
            reason = tr(
                "in the directional check, on {n} of the last {days} days, the pain was less or nearer the spine after "
                "{movement}",
                n=count,
                days=len(days),
                movement=tr(MOVEMENT[answer]),
            )
        return Proposal(answer, reason)
    return None


def ruled_out(checks: Iterable[DirectionCheck], now_s: float) -> frozenset[Way]:
    """Give the ways that made it worse, or were stopped, within two weeks."""
    return frozenset(
        way
        for check in checks
        if now_s - check.at_s <= RECENT_S
        for way, change in check.changed.items()
        if change in ("worse", "stopped")
    )


def not_today(checks: Iterable[DirectionCheck], today: int) -> frozenset[str]:
    """Give the movements that a check has ended today, as what hurts; until it has eased if it was still worse then."""
    return frozenset(
        _HURTS[way]
        for check in checks
        if check.day == today or check.followed == "still-worse"
        for way, change in check.changed.items()
        if change in ("worse", "stopped")
    )


def next_proposal(
    checks: Sequence[DirectionCheck],
    entries: Sequence[PainEntry],
    now_s: float,
    current: str,
    conditions: Collection[str] = (),
) -> Proposal | None:
    """Propose by the directional check, and else by the log; what the check has told outweighs the log."""
    found = proposed(checks, now_s, current, conditions)
    days = _days(checks, now_s)
    if found is not None or (days and (days[-1] == "worse" or sum(day == current for day in days) >= SAME)):
        return found
    found = propose(entries, now_s, current, conditions)
    return None if found is not None and found.bias in ruled_out(checks, now_s) else found


def still_worse(
    checks: Sequence[DirectionCheck], entries: Sequence[PainEntry], said: Collection[str]
) -> Referral | None:
    """Find the advice for a pain that is still worse on the day after a check that made it worse, once."""
    if not checks or checks[-1].answer != "worse" or checks[-1].followed == "eased":
        return None
    last = checks[-1]
    key = f"direction:{last.at_s:.0f}"
    worse = any(
        NEXT_DAY_S <= entry.at_s - last.at_s <= SOON_S and entry.level > last.before.level for entry in entries[-1:]
    )
    return referral(key, STILL_WORSE) if worse and key not in said else None


@dataclass(frozen=True)
class Said:
    """What is said of a check that is over: one sentence or two."""

    english: tuple[str, ...]
    """As `mark` or `mark_safety` names them, with names for their values."""
    values: Mapping[str, object] = field(default_factory=dict)
    safety: bool = False
    """Whether somebody's safety may depend on it."""

    @property
    def text(self) -> str:
        """In the language."""
        say = tr_safety if self.safety else tr
        return " ".join(say(each, **self.values) for each in self.english)


def result_texts(state: DirectionState, current: str) -> list[str]:
    """Say what a check that is over came to, one sentence or two each; `current` is `coach.bias`."""
    return [said.text for said in results(state, current)]


def results(state: DirectionState, current: str) -> list[Said]:
    """Give what `result_texts` says."""
    check_in = Said((CHECK_IN,), safety=True)
    match state.refused:
        case "numb":
            return [Said((mark_safety("Not with numbness, tingling or weakness in a leg."),), safety=True), check_in]
        case "no-pain":
            return [
                Said((mark("No pain now, so there is nothing to compare: come back when there is some, if you like."),))
            ]
        case "strong":
            return [Said((mark_safety("That is strong pain, and not the moment for a test."),), safety=True), check_in]
        case "both-legs":
            return [Said((mark_safety("Pain in both legs is asked about in the check-in."),), safety=True), check_in]
    found: list[Said] = []
    if state.stop == "dizzy":
        found.append(Said((SIT,), safety=True))
    if state.stop == "warning":
        found.append(Said((GET_HELP,), safety=True))
    elif state.stop == "numb" or any(felt.in_both_legs for felt in state.after.values()):
        found.append(check_in)
    if state.answer == "worse":
        way = next(way for way in WAYS if state.changed.get(way) in ("worse", "stopped"))
        movement = tr(MOVEMENT[way])
        if state.changed[way] == "worse":
            found.append(Said((mark("More, or further down, after {movement}."),), {"movement": movement}))
        # An emergency does not wait for tomorrow.
        found.append(Said((NO_MORE if state.stop == "warning" else NOT_TODAY,), safety=True))
        if current == way:
            found.append(Said((TAKES_BACK,), {"way": way, "movement": movement}))
    elif state.answer == "left":
        found.append(Said((mark("Left before its end: it says nothing either way."),)))
    elif state.answer == "neutral":
        found.append(Said((mark("Neither way changed anything: neutral."),)))
    else:
        found.append(
            Said(
                (mark("Less, or nearer the spine, after {movement}: that way may suit you."),),
                {"movement": tr(MOVEMENT[state.answer])},
            )
        )
    if state.answer in ("extension", "flexion", "neutral"):
        found.append(
            Said(
                (mark("It takes the same answer on {n} of {days} days before anything is proposed."),),
                {"n": SAME, "days": DAYS},
            )
        )
    return found


_HURTS: Mapping[Way, str] = {"extension": "leaning-back", "flexion": "bending"}
"""As exercises name it in their "hurts"."""


def _refused(felt: Felt, numb: bool) -> Refused:
    if numb:
        return "numb"
    if felt.level == 0:
        return "no-pain"
    if felt.in_both_legs:
        return "both-legs"
    return "strong" if felt.level >= STRONG else ""


def _sides(felt: Felt) -> frozenset[str]:
    return frozenset(("left", "right") if felt.side == "both" else (felt.side,) if felt.side else ())


def _days(checks: Iterable[DirectionCheck], now_s: float) -> list[Answer]:
    """Give the answers of the last three days that have one, by day; worse outweighs another answer of its day."""
    by_day: dict[int, Answer] = {}
    for check in sorted(checks, key=lambda check: check.at_s):
        if check.answer == "left" or not 0.0 <= now_s - check.at_s <= RECENT_S:
            continue
        if by_day.get(check.day) != "worse":
            by_day[check.day] = check.answer
    return [by_day[day] for day in sorted(by_day)][-DAYS:]
