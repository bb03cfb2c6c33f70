"""The commands by what they are for, and examples of each: what `posture --help` shows. Imports nothing heavy."""

from __future__ import annotations

from posture.language import mark

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (mark("first steps"), ("setup", "demo", "preview", "calibrate", "doctor")),
    (
        mark("every day"),
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
    (mark("how it was"), ("summary", "report", "why", "glossary")),
    (
        mark("for your back"),
        ("stretch", "exercises", "plan", "log", "check-in", "direction", "self-check", "about"),
    ),
    (mark("settings and places"), ("config", "profile", "completion")),
    (mark("your data"), ("history", "export", "import", "forget")),
    (mark("other programs, and how it works"), ("events", "logs", "run", "measure", "replay", "evaluate", "bench")),
)
"""The commands in the order of `posture --help`, under the title of their group."""

OTHERS = mark("more")
"""The title for a command that no group has."""

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
