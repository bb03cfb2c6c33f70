"""`posture check-in`: ask for warning signs, one key for each answer."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from posture.coach.safety import QUESTIONS, suspended_text
from posture.errors import PostureError
from posture.language import dated, english_at_hand, speak, tr, tr_safety
from posture.output import terminal_columns
from posture.plain_text import width, wrapped

if TYPE_CHECKING:
    from posture.coach.pain import Referral
    from posture.guided.questions import Asked, Asking
    from posture.settings import Settings


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `check-in`."""
    parser = commands.add_parser(
        "check-in",
        description=tr(
            "Answer a short list of warning signs, one key each: y or n; Esc or q leaves, and a warning sign "
            "that you have named counts all the same. It turns exercise prompts off until you clear it. It "
            "asks; it does not diagnose. With --conditions it asks what takes exercises out until a "
            "clinician has agreed."
        ),
    )
    parser.add_argument(
        "--clear", action="store_true", help=tr("it has been looked at: turn exercise prompts on again")
    )
    parser.add_argument("--show", action="store_true", help=tr("show the last answer and what follows from it"))
    parser.add_argument(
        "--conditions", action="store_true", help=tr("say what has to be cleared first, such as a hip replacement")
    )
    parser.add_argument("--markdown", action="store_true", help=tr("print the questions as the page docs/check-in.md"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Ask, say what follows, and store the answers."""
    from posture.guided.questions import CLEARED, care_now, clear_signs
    from posture.settings_file import load_settings

    if args.markdown:
        speak("en")  # as the documents are
        print(page(), end="")
        return 0
    settings = load_settings()
    if args.show:
        care = care_now(settings)
        if care.checked_in_s is not None and not care.suspended:
            print(f"{dated(datetime.fromtimestamp(care.checked_in_s), '%a %d %b %H:%M')}:")
        print(
            "\n".join(care.verdict.texts)
            if care.verdict
            else tr("No check-in is open: posture check-in asks the questions.")
        )
        if care.verdict:
            say_english(*care.verdict.english)
        print(_conditions_line(settings))
    elif args.clear:
        care = care_now(settings)
        if care.suspended and not _looked_at():
            say(f"{tr('Nothing was cleared.')} {off_text(emergency=care.emergency)}")
            return 0
        clear_signs(settings)
        say(tr_safety(CLEARED))
        say_english(CLEARED)
    elif args.conditions:
        ask_conditions()
    else:
        ask_signs(settings)
    return 0


def _looked_at() -> bool:
    """Ask whether a clinician has looked at it; without a terminal the option says so."""
    from posture.guided.questions import LOOKED_AT, Asking

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    return bool(ask(Asking((LOOKED_AT,))).yes)


def ask_signs(settings: Settings) -> Asked:
    """Ask for warning signs, store the answers and say what follows."""
    from posture.coach.safety import SUSPENDED, SUSPENDED_EMERGENCY
    from posture.guided.questions import LEFT_WITH_A_SIGN, NOTHING_KEPT, SIGNS_HEAD, keep_signs, signs

    # Translators: y and n are the letters of the answers yes and no; q and Esc are keys, and stay.
    print(f"{tr_safety(SIGNS_HEAD)} {tr('y or n; Esc or q leaves.')}\n")
    asking = ask(signs())
    asked = keep_signs(settings, asking)
    if not asked.kept:
        print(f"\n{tr(NOTHING_KEPT)}")
        return asked
    left = () if asking.over else (LEFT_WITH_A_SIGN,)
    if left:
        print()
        say(tr_safety(LEFT_WITH_A_SIGN))
    print()
    for text in asked.texts:
        say(text)
    still_off = () if asked.open_emergency is None else (SUSPENDED_EMERGENCY if asked.open_emergency else SUSPENDED,)
    say_english(*left, *still_off, *asked.english, *map(english_of, asked.referrals))
    return asked


def say(text: str) -> None:
    """Print a text, with its lines no longer than the terminal is wide."""
    print("\n".join(wrapped(text, terminal_columns())) if sys.stdout.isatty() else text)


def off_text(*, emergency: bool) -> str:
    """Say why exercise prompts are off; in another language with the English of it."""
    from posture.coach.safety import SUSPENDED, SUSPENDED_EMERGENCY, beside

    english = beside(SUSPENDED_EMERGENCY if emergency else SUSPENDED)
    return " ".join(filter(None, (suspended_text(emergency=emergency), english)))


def english_of(referral: Referral) -> str:
    """Give advice to see a clinician in English."""
    return referral.message.format(**referral.values)


def say_english(*messages: str) -> None:
    """Say what goes with safety texts that were shown in another language; nothing in English."""
    if messages and (english := english_at_hand(*messages)):
        say(english)


def ask_conditions() -> None:
    """Ask what takes exercises out, and keep it in the setting; who skips it is asked again another time."""
    from posture.guided.questions import CONDITIONS_HEAD, conditions, keep_conditions

    say(f"{tr_safety(CONDITIONS_HEAD)} {tr('y or n; Esc or q skips.')}")
    say(
        tr(
            "The answers stay on this machine, in the setting coach.clearance; posture check-in --conditions "
            "asks again."
        )
    )
    print()
    asking = ask(conditions())
    cleared = keep_conditions(asking)
    if not asking.over:
        print()
        if not cleared.kept:
            say(tr("Skipped: nothing is left out until you have answered posture check-in --conditions."))
            return
        say(tr("Your yes counts; the rest was not asked. posture check-in --conditions asks all of it again."))
    print()
    say(cleared.says)
    if cleared.left_out:
        say(tr("Ask a clinician which of them suit you: posture stretch ID --anyway does one all the same."))


def clearance_once(settings: Settings, *, quiet: bool) -> Settings:
    """Ask what takes exercises out if that has not been answered yet and somebody is there to answer; the settings."""
    from posture.settings_file import load_settings

    if settings.coach.clearance or quiet or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return settings
    ask_conditions()
    print()
    return load_settings()


def _conditions_line(settings: Settings) -> str:
    from posture.guided.questions import conditions_line

    return conditions_line(settings) or (
        tr("What has to be cleared first has not been answered yet: posture check-in --conditions.")
    )


def ask(asking: Asking) -> Asking:
    """Ask until it is over or the user leaves.

    Answers that end after a yes, or that are broken off, are those of somebody who has left: no yes is lost.
    """
    from posture.cli.guide import stop_key
    from posture.cli.keypress import keys
    from posture.coach.safety import beside
    from posture.guided.questions import answered
    from posture.guided.yes_no import is_no, is_yes

    yes, no = tr("yes"), tr("no")
    columns = max(40, terminal_columns() - len("  ") - max(width(yes), width(no)))
    if english := beside(*asking.questions):
        say(english)
        print()
    with keys() as key:
        while (question := asking.now) is not None:
            head = f"{asking.at + 1:2d}/{len(asking.questions)}  "
            print("\n".join(wrapped(head + question.text, columns, len(head))), end="  ", flush=True)
            answer = ""
            while not (is_yes(answer) or is_no(answer)):
                try:
                    typed = key(3600.0) if sys.stdin.isatty() else _line()
                except (PostureError, KeyboardInterrupt):
                    if not asking.yes:
                        raise
                    return asking
                if stop_key(typed):
                    return asking
                answer = typed.lower()
            print(yes if is_yes(answer) else no)
            asking = answered(asking, is_yes(answer))
    return asking


def _line() -> str:
    """Read the first character of the next line, where single keys cannot be read."""
    line = sys.stdin.readline()
    if not line:
        raise PostureError(tr("The answers ended before the questions; nothing was kept: answer in a terminal."))
    return line.strip()[:1]


LANGUAGES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt_BR": "Brazilian Portuguese",
    "ja": "Japanese",
}
MEANS = {
    "emergency": "help now; exercise prompts are off",
    "urgent": "a clinician, today or tomorrow; exercise prompts are off",
    "routine": "an appointment",
}


def _left_out_rows() -> list[str]:
    from posture.coach.packaged import packaged
    from posture.coach.safety import CONDITION_QUESTIONS

    rows = []
    for name, question in CONDITION_QUESTIONS.items():
        out = [exercise.name for exercise in packaged() if name in exercise.unless]
        left = [exercise.name for exercise in packaged() if name not in exercise.unless]
        told = f"all but: {'; '.join(left)}" if len(left) < 3 else "; ".join(out)
        rows.append(f"| `{name}` | {question} | {told} |")
    return rows


def page() -> str:
    """Write the questions, what a yes leads to, and the words of a note as the page docs/check-in.md."""
    from posture.coach.note_words import note_words
    from posture.coach.safety import ADVICE, IN_A_NOTE

    lines = [
        "# The check-in",
        "",
        "This page is written by `posture check-in --markdown`, from `posture/coach/safety.py` and "
        "`posture/coach/note_words.toml`. Where the questions come from: docs/evidence.md, section 5; what "
        "follows: docs/safety.md.",
        "",
        "| | question | a yes is |",
        "|---|---|---|",
    ]
    lines += [f"| `{asked.id}` | {asked.text} | **{asked.rank}**: {MEANS[asked.rank]} |" for asked in QUESTIONS]
    lines += ["", "What is said, by the worst of the answers:", ""]
    lines += [f"- **{rank}**: {text}" for rank, text in ADVICE.items()]
    lines += [
        "",
        "## What has to be cleared first",
        "",
        "`posture check-in --conditions` asks, as `posture setup` does; the answers are the setting `coach.clearance`. "
        "With osteoporosis what is left out is far bending (evidence, section 3) and far twisting; that and all others "
        "are choices of ours, on the side of caution.",
        "",
        "| | question | left out until a clinician has agreed |",
        "|---|---|---|",
        *_left_out_rows(),
        "",
        "## Words of a note",
        "",
        "Words in a note (`posture log pain 3 --note TEXT`) are not answers, so none of them leads to the advice of "
        "the table above. Each leads to the same sentence:",
        "",
        f"> {IN_A_NOTE}",
        "",
        "The net is wide on purpose: a word too many costs a sentence. A `*` stands for any letters, a `/` gives a "
        "choice, and what stands around a `+` must both be there. Case, accents, apostrophes and, in long words, a "
        "letter that is off do not count. Notes may be in any of these languages, whichever the program speaks.",
    ]
    for code, words in note_words().items():
        lines += ["", f"### {LANGUAGES[code]}", "", "| leads to the question | words |", "|---|---|"]
        lines += [f"| `{name}` | {', '.join(f'`{entry}`' for entry in entries)} |" for name, entries in words.items()]
    return "\n".join(lines) + "\n"
