"""`posture direction`: the directional check, led step by step, and what it has come to so far."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from posture.coach.direction import (
    LEAST_REPETITIONS,
    MOST_REPETITIONS,
    PAIN_SIDES,
    REACHES,
    REST_S,
    STOPS,
    DirectionState,
    Felt,
)
from posture.errors import PostureError
from posture.language import mark_safety, number, tr, tr_safety, trc, trn

if TYPE_CHECKING:
    from posture.coach.direction import DirectionCheck, Stop, Way
    from posture.history.care import Care
    from posture.settings import Settings

Key = Callable[[float], str]
PATIENCE_S = 3600.0
"""How long an answer is waited for before it is asked for again."""
TICK_S = 15.0
"""How often the rest says how long it still is [design choice]."""
_STOPPED = mark_safety("Stopped. Come back to an easy position; sit down if you like. What was it?")
_NUMB = mark_safety("Numbness, tingling or weakness in a leg, now?")
_SIDE_KEYS = {"m": PAIN_SIDES[0], "l": PAIN_SIDES[1], "r": PAIN_SIDES[2], "b": PAIN_SIDES[3]}


class _StopError(Exception):
    """The user wants to stop; why is still to be asked."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `direction`."""
    parser = commands.add_parser(
        "direction",
        description=tr(
            "The directional check: note the pain, lean back gently some times, wait a minute, note it "
            "again; bending forward only if nothing changed. Once a day, after posture check-in. Any key "
            "stops at once. No camera is used. Nobody has tested it as a self-check, and nothing is taken "
            "without your word. Programs that lead it themselves give the answers by the options, a pain as "
            "0-10[:REACH[:SIDE]], such as 4:thigh:left."
        ),
    )
    parser.add_argument(
        "--repetitions",
        type=int,
        choices=range(LEAST_REPETITIONS, MOST_REPETITIONS + 1),
        default=MOST_REPETITIONS,
        metavar=f"{LEAST_REPETITIONS}-{MOST_REPETITIONS}",
        help=tr("of each way (default %(default)d)"),
    )
    parser.add_argument("--take", action="store_true", help=tr("take what is proposed: sets coach.bias"))
    parser.add_argument(
        "--json", action="store_true", help=tr("what may be done, was done and is proposed; leads nothing")
    )
    told = parser.add_argument_group(tr("answers, instead of being led"))
    told.add_argument("--before", type=_felt, metavar="PAIN", help=tr("the pain before, standing"))
    told.add_argument("--numb", choices=("yes", "no"), help=tr("a leg is numb, tingles or is weak now"))
    told.add_argument("--extension", type=_felt, metavar="PAIN", help=tr("the pain a minute after leaning back"))
    told.add_argument("--flexion", type=_felt, metavar="PAIN", help=tr("a minute after bending forward"))
    told.add_argument("--stop", choices=tuple(STOPS), help=tr("what ended it at once"))
    told.add_argument(
        "--since", choices=("eased", "still-worse"), help=tr("how it was the day after a check that made it worse")
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Lead through it, or take the answers; say what it came to, and store it."""
    from posture.cli.check_in import off_text
    from posture.coach.direction import blocked_text, follows
    from posture.guided.direction_check import blocked_now, keep_check, keep_followed
    from posture.guided.questions import care_now
    from posture.settings_file import load_settings

    settings = load_settings()
    care = care_now(settings)
    today = date.today().toordinal()
    if args.take:
        _take(settings)
        return 0
    asks = bool(care.directions) and follows(care.directions[-1], today)
    answers = any(value is not None for value in (args.before, args.numb, args.extension, args.flexion, args.stop))
    led = not answers and args.since is None
    if args.json and led:
        _print_json(care, settings, asks=asks)
        return 0
    since = args.since
    if led and not sys.stdin.isatty():
        raise PostureError(tr("posture direction leads in a terminal; without one, give the answers: see --help."), 2)
    if since is not None and not asks:
        raise PostureError(tr("--since is for another day after a check that made it worse; there is none open."), 2)
    if led and asks and not care.suspended:
        since = _asked_since()
        if since is None:
            return 0
    if since is not None:
        care = keep_followed(settings, worse=since == "still-worse")
        asks = False
    if led and since != "still-worse":
        care, settings = _what_comes_first(care, settings)
    why = blocked_now(care, settings)
    if why is not None and (led or answers) and since != "still-worse":
        red_flag = why == "red-flag"
        raise PostureError(off_text(emergency=care.emergency) if red_flag else blocked_text(why))
    state: DirectionState | None = None
    if since == "still-worse":
        pass  # no more than the advice
    elif led:
        state = _lead(args.repetitions)
    elif answers and asks:
        raise PostureError(tr("The last check made it worse: say with --since whether it has eased."), 2)
    elif answers:
        state = _from_options(args)
    if state is not None and state.begun:
        care = keep_check(settings, state)
    if args.json:
        _print_json(care, settings, asks=asks, state=state)
    else:
        _say(state, care, settings, still_worse=since == "still-worse")
    return 0


# -- led in the terminal -----------------------------------------------------------------------------------------------


def _what_comes_first(care: Care, settings: Settings) -> tuple[Care, Settings]:
    """Ask what has to be cleared, and the questions on warning signs, where they are what is missing."""
    from posture.cli.check_in import clearance_once
    from posture.guided.direction_check import blocked_now
    from posture.guided.questions import care_now

    if blocked_now(care, settings) == "not-asked":
        settings = clearance_once(settings, quiet=False)
    if blocked_now(care, settings) == "check-in":
        print(tr("First come the warning signs, as in posture check-in."))
        _check_in()
        print()
        care = care_now(settings)
    return care, settings


def _asked_since() -> str | None:
    """Ask how it was after a check that made it worse; None if the user leaves."""
    from posture.cli.keypress import keys

    with keys() as key:
        try:
            worse = _yes(key, tr("The last check made it worse. Is it still worse than before that check?"))
        except _StopError:
            return None
    return "still-worse" if worse else "eased"


def _lead(repetitions: int) -> DirectionState:
    """Ask how it is, and lead until it is over."""
    from posture.cli.check_in import say_english
    from posture.cli.keypress import keys
    from posture.coach.direction import HONESTLY, STOP_RULES, Stopped, Told, advance

    print(f"{tr_safety(HONESTLY)}\n")
    say_english(HONESTLY, _NUMB, STOP_RULES)
    state = DirectionState(repetitions)
    with keys() as key:
        try:
            numb = _yes(key, tr_safety(_NUMB))
            felt = Felt(0) if numb else _pain(key, tr("Stand up. How strong is the pain now, 0 to 10?"))
        except (_StopError, KeyboardInterrupt):
            return advance(state, Stopped("left"))
        state = advance(state, Told(felt, numb))
        while state.stage != "done":
            try:
                state = _step(key, state)
            except (_StopError, KeyboardInterrupt):
                why = _why(key)
                if why is not None:
                    state = advance(state, Stopped(why))
    return state


def _step(key: Key, state: DirectionState) -> DirectionState:
    """Lead through one repetition, the rest, or the question after it."""
    from posture.coach.direction import STOP_RULES, Moved, Told, Waited, advance, moves, steps

    if state.stage == "moving":
        if state.done == 0:
            often = state.repetitions
            if state.way == "extension":
                print("\n" + trn("Leaning back, {n} time:", "Leaning back, {n} times:", often))
            else:
                print("\n" + trn("Bending forward, {n} time:", "Bending forward, {n} times:", often))
            for place, step in enumerate(steps(state.way), 1):
                print(f"  {place}. {step}")
            print(tr_safety(STOP_RULES))
            print(tr("Enter begins."), flush=True)
            if key(PATIENCE_S) not in ("\r", "\n"):
                raise _StopError
        # Translators: which repetition it is, of how many.
        print(f"  {tr('{number} of {all}', number=state.done + 1, all=state.repetitions)}", end="", flush=True)
        for move in moves(state.way):
            print(f"  {move.says}", end="", flush=True)
            if key(move.takes_s):
                raise _StopError
        print()
        return advance(state, Moved())
    if state.stage == "resting":
        left_s = REST_S - state.rested_s
        if state.rested_s == 0.0:
            print(tr("Now stand and wait a minute. Any key still stops."))
        print(f"  {tr('{seconds} s', seconds=number(left_s))}", flush=True)
        wait_s = min(TICK_S, left_s)
        if key(wait_s):
            raise _StopError
        return advance(state, Waited(wait_s))
    return advance(state, Told(_pain(key, tr("How strong is it now, 0 to 10?"))))


def _why(key: Key) -> Stop | None:
    """Ask what the stop was for; None is to go on."""
    from posture.cli.check_in import say_english

    print("\n" + tr_safety(_STOPPED))
    for place, text in enumerate(STOPS.values(), 1):
        print(f"  {place} {tr_safety(text)}")
    say_english(_STOPPED, *STOPS.values())
    print("  g " + tr("I pressed the wrong key: go on"))
    numbers = "".join(str(place) for place in range(1, len(STOPS) + 1))
    try:
        typed = _one_of(key, tr("Which?"), f"{numbers}g", stops=False)
    except KeyboardInterrupt:
        return "left"
    return None if typed == "g" else tuple(STOPS)[int(typed) - 1]


def _pain(key: Key, question: str) -> Felt:
    from posture.guided.pain_log import plain_word

    level = _level(key, question)
    if level == 0:
        return Felt(0)
    reaches = ", ".join(f"{n} {plain_word(reach)}" for n, reach in enumerate(REACHES, 1))
    print(tr("How far does it reach? {reaches}", reaches=reaches))
    reach = REACHES[int(_one_of(key, tr("Furthest:"), "".join(str(n) for n in range(1, len(REACHES) + 1)))) - 1]
    # Translators: l, r, b and m are the keys that are read; they stay.
    return Felt(level, reach, _SIDE_KEYS[_one_of(key, tr("l left, r right, b both sides, m the middle:"), "lrbm")])


def _level(key: Key, question: str) -> int:
    """Read a number from 0 to 10, ended with Enter."""
    from posture.cli.guide import stop_key

    while True:
        print(f"{question}  ", end="", flush=True)
        typed = ""
        while True:
            pressed = key(PATIENCE_S)
            if stop_key(pressed):
                print()
                raise _StopError
            if pressed in ("\r", "\n"):
                break
            if pressed in ("\x7f", "\b") and typed:
                typed = typed[:-1]
                print("\b \b", end="", flush=True)
            elif pressed.isascii() and pressed.isdigit() and len(typed) < 2:
                typed += pressed
                print(pressed, end="", flush=True)
        print()
        if typed and int(typed) <= 10:
            return int(typed)
        print(tr("A whole number from 0 to 10, then Enter."))


def _yes(key: Key, question: str) -> bool:
    from posture.guided.yes_no import is_yes

    letters = "yn" + trc("answer", "y") + trc("answer", "n")
    # Translators: the letters are those of the answers yes and no.
    return is_yes(_one_of(key, f"{question} {tr('y or n')}", letters))


def _one_of(key: Key, question: str, allowed: str, *, stops: bool = True) -> str:
    from posture.cli.guide import stop_key

    print(f"{question}  ", end="", flush=True)
    while True:
        pressed = key(PATIENCE_S).lower()
        if stops and stop_key(pressed):
            print()
            raise _StopError
        if pressed and pressed in allowed:
            print(pressed)
            return pressed


# -- told by options ---------------------------------------------------------------------------------------------------


def _from_options(args: argparse.Namespace) -> DirectionState:
    """Take a check that was led elsewhere through the same steps."""
    from posture.coach.direction import WAYS, Moved, Stopped, Told, Waited, advance

    if args.before is None or args.numb is None:
        raise PostureError(tr("A check begins with --before and --numb: give both."), 2)
    if args.extension is None and args.stop is None and args.numb == "no" and args.before.level:
        raise PostureError(tr("Give the pain after leaning back with --extension, or --stop with what ended it."), 2)
    state = advance(DirectionState(args.repetitions), Told(args.before, args.numb == "yes"))
    for way in WAYS:
        felt: Felt | None = getattr(args, way)
        if felt is None:
            break
        if state.stage == "done" and state.refused:
            return state
        if state.stage == "done":
            raise PostureError(tr("--flexion is for when leaning back has changed nothing: leave it out."), 2)
        for _ in range(state.repetitions):
            state = advance(state, Moved())
        state = advance(advance(state, Waited(REST_S)), Told(felt))
    if args.flexion is not None and args.extension is None:
        raise PostureError(tr("--flexion comes after --extension: leaning back is tried first."), 2)
    if state.stage == "done":
        if args.stop is not None and not state.refused:
            raise PostureError(tr("--stop is for a check that was not over yet: leave it out."), 2)
        return state
    return advance(state, Stopped(args.stop or "left"))


def _felt(text: str) -> Felt:
    """Read a pain such as 4:thigh:left."""
    level, _, rest = text.partition(":")
    reach, _, side = rest.partition(":")
    if not level.isascii() or not level.isdigit() or int(level[:4]) > 10:
        raise argparse.ArgumentTypeError(tr("{text!r} does not begin with a whole number from 0 to 10", text=text))
    if (reach or "back") not in REACHES or side not in PAIN_SIDES:
        raise argparse.ArgumentTypeError(
            tr(
                "{text!r}: after the number comes {reaches}, then left, right or both",
                text=text,
                reaches=", ".join(REACHES),
            )
        )
    return Felt(int(level), REACHES[REACHES.index(reach or "back")], PAIN_SIDES[PAIN_SIDES.index(side)])


# -- what it came to ---------------------------------------------------------------------------------------------------


def _say(state: DirectionState | None, care: Care, settings: Settings, *, still_worse: bool) -> None:
    from posture.cli.check_in import say_english
    from posture.coach.direction import STILL_WORSE, results
    from posture.guided.direction_check import changes_text, proposal_now

    if state is None:
        print(tr_safety(STILL_WORSE) if still_worse else tr("Noted."))
        say_english(*((STILL_WORSE,) if still_worse else ()))
        return
    print()
    if not state.begun and not state.refused:
        print(tr("Left before it began: nothing was kept."))
    else:
        for text in changes_text(state):
            print(text)
        found = results(state, settings.coach.bias)
        print("\n".join(said.text for said in found))
        say_english(*(text for said in found if said.safety for text in said.english))
    proposal = proposal_now(care, settings)
    if proposal is not None and state.answer == proposal.bias:
        print(
            tr(
                "Proposed: coach.bias {bias}, because {reason}. It is your choice: posture direction --take, or "
                "posture config set coach.bias {bias}.",
                bias=proposal.bias,
                reason=proposal.reason,
            )
        )
    if state.stop in ("numb", "warning") and sys.stdin.isatty():
        _check_in()


def _check_in() -> None:
    """Ask the questions on warning signs at once, as `posture check-in` does."""
    from posture.cli import check_in

    top = argparse.ArgumentParser()
    check_in.add_parser(top.add_subparsers())
    args = top.parse_args(["check-in"])
    print()
    args.run(args)


def _take(settings: Settings) -> None:
    from posture.cli.check_in import off_text, say_english
    from posture.coach.pain import LOOK
    from posture.coach.safety import STOP
    from posture.guided.direction_check import ExercisesOffError, take

    try:
        proposal = take(settings)
    except ExercisesOffError as error:
        raise PostureError(off_text(emergency=error.emergency)) from None
    print(tr("coach.bias = {bias}: plan and reminders follow it.", bias=proposal.bias), tr_safety(STOP))
    if proposal.advice:
        print(proposal.advice)
    say_english(STOP, *((LOOK,) if proposal.have_it_looked_at else ()))


def _print_json(
    care: Care,
    settings: Settings,
    *,
    asks: bool,
    state: DirectionState | None = None,
) -> None:
    from posture.coach.direction import result_texts
    from posture.guided.direction_check import blocked_now, proposal_now

    why, proposal = blocked_now(care, settings), None if care.suspended else proposal_now(care, settings)
    result = None
    if state is not None:
        result = {
            "kept": state.begun,
            "refused": state.refused or None,
            "answer": state.answer if state.begun else None,
            "stop": state.stop,
            "says": result_texts(state, settings.coach.bias),
        }
    shown = {
        "may": why is None,
        "blocked": why,
        "follow_up": asks,
        "bias": settings.coach.bias,
        "proposed": proposal.bias if proposal else None,
        "because": proposal.reason if proposal else None,
        "result": result,
        "checks": [check_json(check) for check in care.directions],
    }
    print(json.dumps(shown, indent=2))


def check_json(check: DirectionCheck) -> dict[str, Any]:
    """A check that was done, for other programs."""

    def felt(of: Felt | None) -> dict[str, Any] | None:
        return None if of is None else {"level": of.level, "reach": of.reach, "side": of.side}

    def tried(way: Way) -> dict[str, Any] | None:
        change = check.changed.get(way)
        return None if change is None else {"change": change, "after": felt(check.after.get(way))}

    return {
        "at": datetime.fromtimestamp(check.at_s, UTC).isoformat(timespec="seconds"),
        "answer": check.answer,
        "before": felt(check.before),
        "extension": tried("extension"),
        "flexion": tried("flexion"),
        "stop": check.stop,
        "followed": check.followed or None,
    }
