"""The commands by what they are for, and examples of each: all that `posture --help` shows.

It is known here, so that none of their modules is imported to show it, and only that of the one which runs else.
"""

from __future__ import annotations

from posture.language import mark, sentence_start, tr

GROUPS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        mark("first steps"),
        (
            ("setup", "setup", mark("the first steps: safety, camera, preview, calibration, notification, autostart")),
            ("demo", "demo", mark("see it work on a bundled clip, no camera needed")),
            ("preview", "preview", mark("see what the camera sees, and what would count")),
            ("calibrate", "calibrate", mark("learn how you sit upright before this camera")),
            ("doctor", "doctor", mark("check camera, model, notifications and data folder")),
        ),
    ),
    (
        mark("every day"),
        (
            (
                "open",
                "open",
                mark("the window: today, what the camera sees, stretches, your back, history, preferences"),
            ),
            ("status", "status", mark("what the daemon sees and does, at a glance")),
            ("start", "start", mark("watch in the background, with an icon in the tray")),
            ("stop", "start", mark("end the watch")),
            ("restart", "start", mark("end the watch and begin a new one")),
            ("pause", "pause", mark("close the camera for a while")),
            ("resume", "pause", mark("watch again; end a pause and a snooze")),
            ("toggle", "pause", mark("pause, or watch again: for a keyboard shortcut")),
            ("snooze", "pause", mark("go on watching, but say nothing for a while")),
            ("standing", "pause", mark("say that you are standing")),
            ("autostart", "autostart", mark("start with the session, or no longer")),
            ("launcher", "launcher", mark("an entry in the menu of programs, or no longer")),
        ),
    ),
    (
        mark("how it was"),
        (
            ("summary", "summary", mark("how a day, a week, a month or a year was")),
            ("report", "report", mark("a day, a week, a month or a year as a page with charts")),
            ("why", "why", mark("explain the last reminder, or why there was none")),
            ("glossary", "glossary", mark("what the words mean that posture uses")),
        ),
    ),
    (
        mark("for your back"),
        (
            ("stretch", "stretch", mark("lead through an exercise, checked by the camera")),
            ("exercises", "exercises", mark("list the exercises, or show one")),
            ("plan", "plan", mark("a small programme for today and this week")),
            ("log", "log", mark("log a pain or a tension, or list what was logged")),
            ("check-in", "check_in", mark("a short list of warning signs; y or n each")),
            ("direction", "direction", mark("try whether leaning back or bending forward changes the pain; optional")),
            ("self-check", "self_check", mark("how far it goes today: a trend, not a verdict")),
            ("about", "about", mark("what is known about warmth, massage, rest and more")),
        ),
    ),
    (
        mark("settings and places"),
        (
            ("config", "config", mark("look at the settings and change them")),
            ("profile", "profile", mark("a calibration for each place: desk, couch, docked")),
            ("completion", "completion", mark("completion for bash, zsh or fish")),
        ),
    ),
    (
        mark("your data"),
        (
            ("history", "history", mark("what is stored: how much, whether it is whole, delete")),
            ("export", "export", mark("what is stored, as json, csv, or for ActivityWatch")),
            ("import", "import_", mark("take in what `posture export` wrote")),
            ("forget", "forget", mark("remove what is kept, for good")),
        ),
    ),
    (
        mark("other programs, and how it works"),
        (
            ("events", "events", mark("what happens, as it happens, also for other programs")),
            ("logs", "events", mark("what the daemon has noted")),
            ("run", "run", mark("watch now")),
            ("measure", "measure", mark("measure one picture")),
            ("replay", "replay", mark("run the whole pipeline on a video")),
            (
                "evaluate",
                "evaluate",
                mark("how right the measures are, on frames with known truth or on labelled landmarks"),
            ),
            ("bench", "bench", mark("measure what watching costs on this machine")),
        ),
    ),
)
"""The commands in the order of `posture --help`, under the title of their group: name, module in this room, summary."""

MODULES = {name: module for _, group in GROUPS for name, module, _ in group}
"""Of each command, the module whose `add_parser` adds it; kin have one together."""
_SUMMARIES = {name: summary for _, group in GROUPS for name, _, summary in group}

EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "": (
        ("posture", mark("how it stands now, or the first steps")),
        ("posture setup", mark("the first steps, one after the other")),
        ("posture pause 30m", mark("close the camera for half an hour")),
        ("posture summary --day yesterday", mark("how yesterday was")),
        ("posture stretch side-bend", mark("be led through the side-bend")),
        ("posture config list reminder", mark("the settings that speak of reminders")),
    ),
    "setup": (("posture setup", mark("all steps")), ("posture setup calibrate", mark("one of them again"))),
    "demo": (("posture demo", mark("a recorded morning in a minute, no camera needed")),),
    "preview": (("posture preview", mark("in a window")), ("posture preview --text", mark("in words"))),
    "calibrate": (
        ("posture calibrate", mark("after the camera or the chair was moved")),
        ("posture calibrate --standing", mark("once more while you stand, at a desk that is raised")),
    ),
    "doctor": (
        ("posture doctor", mark("what works, and what to do")),
        ("posture doctor --privacy", mark("what is shut, tried out")),
    ),
    "open": (("posture open", mark("today")), ("posture open stretch", mark("one of its pages"))),
    "status": (
        ("posture status", mark("at a glance")),
        ("posture status --bars", mark("with a bar for each deviation")),
    ),
    "start": (
        ("posture start", mark("in the background")),
        ("posture start --set coach.stand_after=45m", mark("with a setting")),
    ),
    "restart": (("posture restart", mark("after an update")),),
    "pause": (
        ("posture pause 30m", mark("for half an hour")),
        ("posture pause until 14:00", mark("until a time of day")),
        ("posture pause", mark("until posture resume")),
    ),
    "resume": (("posture resume", mark("ends a pause, a snooze, a meeting")),),
    "toggle": (("posture toggle", mark("for a keyboard shortcut: pause, and watch again")),),
    "snooze": (("posture snooze 20m", mark("no reminders for twenty minutes")),),
    "standing": (
        ("posture standing", mark("you stand now")),
        ("posture standing off", mark("the camera decides again")),
    ),
    "launcher": (("posture launcher on", mark("a place in the menu of programs")),),
    "autostart": (("posture autostart on", mark("start with the session")),),
    "summary": (("posture summary", mark("today")), ("posture summary --week", mark("this week, a line a day"))),
    "report": (
        ("posture report --open", mark("today as a page")),
        ("posture report --month --open", mark("this month")),
    ),
    "why": (("posture why", mark("what the last reminder rested on")),),
    "stretch": (
        ("posture stretch", mark("what fits now")),
        ("posture stretch side-bend", mark("by its name, or the beginning of it")),
        ("posture stretch walk --no-camera", mark("timed only")),
    ),
    "exercises": (
        ("posture exercises", mark("all that fit you")),
        ("posture exercises show bird dog", mark("how one is done")),
        ("posture exercises --position desk --minutes 2", mark("short ones at the desk")),
    ),
    "plan": (("posture plan", mark("today and this week")), ("posture plan --minutes 15", mark("with more time"))),
    "log": (
        ("posture log pain 3 --where low", mark("a pain of 3 of 10")),
        ("posture log list", mark("what was logged")),
    ),
    "check-in": (("posture check-in", mark("a short list of questions, y or n each")),),
    "direction": (("posture direction", mark("be led through it")),),
    "self-check": (
        ("posture self-check side-bend", mark("how far it goes today")),
        ("posture self-check side-bend --stretch ql_stand", mark("before and after a stretch")),
    ),
    "glossary": (("posture glossary", mark("all words")), ("posture glossary QL", mark("one of them"))),
    "about": (("posture about", mark("which topics there are")), ("posture about cold-and-heat", mark("one of them"))),
    "config": (
        ("posture config list camera", mark("the settings that speak of the camera")),
        ("posture config set coach.stand_after 45m", mark("change one")),
        ("posture config reset coach.stand_after", mark("back to its default")),
    ),
    "profile": (("posture profile list", mark("all places")), ("posture profile new couch", mark("another place"))),
    "completion": (("posture completion bash > ~/.local/share/bash-completion/completions/posture", mark("for bash")),),
    "history": (("posture history stats", mark("how much is stored, and where")),),
    "export": (("posture export --output posture.json", mark("all of it, as JSON")),),
    "import": (("posture import posture.json", mark("take it in on another machine")),),
    "forget": (
        ("posture forget --before 2026-01-01", mark("asks first")),
        ("posture forget --all", mark("everything")),
    ),
    "events": (
        ("posture events", mark("what happened last")),
        ("posture events --follow --json", mark("for other programs: a JSON object a line, as it happens")),
    ),
    "logs": (("posture logs -f", mark("as it is written")),),
    "run": (("posture run", mark("watch in this terminal, until Ctrl-C")),),
    "measure": (("posture measure picture.jpg --json", mark("the angles of one picture")),),
    "replay": (("posture replay video.mp4 --calibrate 10", mark("as if it were the camera")),),
    "bench": (("posture bench --seconds 60", mark("for a minute")),),
}
"""Of each command, lines to type and what they do; "" is posture itself."""


def summary(name: str) -> str:
    """What a command is for, as `posture --help` says it."""
    return tr(_SUMMARIES[name])


def summary_sentence(name: str) -> str:
    """As `summary`, as a sentence."""
    return tr("{sentence}.", sentence=sentence_start(summary(name)))
