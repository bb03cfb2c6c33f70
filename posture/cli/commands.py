"""The commands by what they are for, and examples of each: what `posture --help` shows. Imports nothing."""

from __future__ import annotations

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("first steps", ("setup", "demo", "preview", "calibrate", "doctor")),
    (
        "every day",
        (
            "open",
            "status",
            "start",
            "stop",
            "restart",
            "pause",
            "resume",
            "toggle",
            "snooze",
            "standing",
            "autostart",
            "launcher",
        ),
    ),
    ("how it was", ("summary", "report", "why", "glossary")),
    (
        "for your back",
        ("stretch", "exercises", "plan", "log", "check-in", "direction", "self-check", "about"),
    ),
    ("settings and places", ("config", "profile", "completion")),
    ("your data", ("history", "export", "import", "forget")),
    ("other programs, and how it works", ("events", "logs", "run", "measure", "replay", "evaluate", "bench")),
)
"""The commands in the order of `posture --help`, under the title of their group."""

OTHERS = "more"
"""The title for a command that no group has."""

EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "": (
        ("posture", "how it stands now, or the first steps"),
        ("posture setup", "the first steps, one after the other"),
        ("posture pause 30m", "close the camera for half an hour"),
        ("posture summary --day yesterday", "how yesterday was"),
        ("posture stretch side-bend", "be led through the side-bend"),
        ("posture config list reminder", "the settings that speak of reminders"),
    ),
    "setup": (("posture setup", "all steps"), ("posture setup calibrate", "one of them again")),
    "demo": (("posture demo", "a recorded morning in a minute, no camera needed"),),
    "preview": (("posture preview", "in a window"), ("posture preview --text", "in words")),
    "calibrate": (
        ("posture calibrate", "after the camera or the chair was moved"),
        ("posture calibrate --standing", "once more while you stand, at a desk that is raised"),
    ),
    "doctor": (
        ("posture doctor", "what works, and what to do"),
        ("posture doctor --privacy", "what is shut, tried out"),
    ),
    "open": (("posture open", "today"), ("posture open stretch", "one of its pages")),
    "status": (("posture status", "at a glance"), ("posture status --bars", "with a bar for each deviation")),
    "start": (("posture start", "in the background"), ("posture start --set coach.stand_after=45m", "with a setting")),
    "restart": (("posture restart", "after an update"),),
    "pause": (
        ("posture pause 30m", "for half an hour"),
        ("posture pause until 14:00", "until a time of day"),
        ("posture pause", "until posture resume"),
    ),
    "resume": (("posture resume", "ends a pause, a snooze, a meeting"),),
    "toggle": (("posture toggle", "for a keyboard shortcut: pause, and watch again"),),
    "snooze": (("posture snooze 20m", "no reminders for twenty minutes"),),
    "standing": (("posture standing", "you stand now"), ("posture standing off", "the camera decides again")),
    "launcher": (("posture launcher on", "a place in the menu of programs"),),
    "autostart": (("posture autostart on", "start with the session"),),
    "summary": (("posture summary", "today"), ("posture summary --week", "this week, a line a day")),
    "report": (("posture report --open", "today as a page"), ("posture report --month --open", "this month")),
    "why": (("posture why", "what the last reminder rested on"),),
    "stretch": (
        ("posture stretch", "what fits now"),
        ("posture stretch side-bend", "by its name, or the beginning of it"),
        ("posture stretch walk --no-camera", "timed only"),
    ),
    "exercises": (
        ("posture exercises", "all that fit you"),
        ("posture exercises show bird dog", "how one is done"),
        ("posture exercises --position desk --minutes 2", "short ones at the desk"),
    ),
    "plan": (("posture plan", "today and this week"), ("posture plan --minutes 15", "with more time")),
    "log": (
        ("posture log pain 3 --where low", "a pain of 3 of 10"),
        ("posture log list", "what was logged"),
    ),
    "check-in": (("posture check-in", "a short list of questions, y or n each"),),
    "direction": (("posture direction", "be led through it"),),
    "self-check": (
        ("posture self-check side-bend", "how far it goes today"),
        ("posture self-check side-bend --stretch ql_stand", "before and after a stretch"),
    ),
    "glossary": (("posture glossary", "all words"), ("posture glossary QL", "one of them")),
    "about": (("posture about", "which topics there are"), ("posture about cold-and-heat", "one of them")),
    "config": (
        ("posture config list camera", "the settings that speak of the camera"),
        ("posture config set coach.stand_after 45m", "change one"),
        ("posture config reset coach.stand_after", "back to its default"),
    ),
    "profile": (("posture profile list", "all places"), ("posture profile new couch", "another place")),
    "completion": (("posture completion bash > ~/.local/share/bash-completion/completions/posture", "for bash"),),
    "history": (("posture history stats", "how much is stored, and where"),),
    "export": (("posture export --output posture.json", "all of it, as JSON"),),
    "import": (("posture import posture.json", "take it in on another machine"),),
    "forget": (("posture forget --before 2026-01-01", "asks first"), ("posture forget --all", "everything")),
    "events": (
        ("posture events", "what happened last"),
        ("posture events --follow --json", "for other programs: a JSON object a line, as it happens"),
    ),
    "logs": (("posture logs -f", "as it is written"),),
    "run": (("posture run", "watch in this terminal, until Ctrl-C"),),
    "measure": (("posture measure picture.jpg --json", "the angles of one picture"),),
    "replay": (("posture replay video.mp4 --calibrate 10", "as if it were the camera"),),
    "bench": (("posture bench --seconds 60", "for a minute"),),
}
"""Of each command, lines to type and what they do; "" is posture itself."""
