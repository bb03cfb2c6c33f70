"""What the preview says of one look, in words and as JSON; `posture.sensor.preview` has what it judges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from posture.camera.source import open_source
from posture.camera.source_kind import kind_of_source
from posture.coach.bars import Bar, bar_lines, bars_of, wrapped
from posture.history.calibrations import Which
from posture.language import number, tr
from posture.plain_text import cut
from posture.pose.open_model import open_pose_model
from posture.sensor.preview import Preview, Seen
from posture.sensor.view_process import LOOKS_PER_S, played, quick
from posture.settings import Settings


def preview_looks(source: str, settings: Settings, *, pace: bool = False) -> Iterator[Seen]:
    """Look at a camera or a video several times a second; `pace` as in `played`.

    Without a kept calibration one is made of the first still seconds. A PostureError says that there is no such source.
    """
    with open_source(source, quick(settings.camera)) as opened, open_pose_model(settings) as model:
        preview = Preview.by_what_is_kept(model, settings, Which(opened.name, *opened.identity))
        paced = pace and kind_of_source(source) != "camera"
        for _ in played(opened, lambda: LOOKS_PER_S["preview"], pace=paced):
            yield preview.look(opened.retrieve())


def bars_in(seen: Seen) -> tuple[Bar, ...]:
    """The deviations of a look as bars; empty unless somebody sits there."""
    look = seen.observation
    return bars_of(look.levels, look.judged) if look.presence == "sitting" else ()


def block(seen: Seen, columns: int = 80, *, plain: bool = False) -> list[str]:
    """Write a look as lines, none longer than `columns`; `plain` for where only ASCII can be shown."""
    found = [f"{'  ok' if good else '  --'}  {tr(line)}" for good, line in seen.framing.lines]
    found = [cut(line, columns) for line in found]
    found += wrapped(tr(seen.framing.advice), columns)
    found += ["", *wrapped(tr(seen.presence), columns)]
    bars = bars_in(seen)
    found += bar_lines(bars, columns, plain=plain) if bars else []
    return found + (wrapped(tr(seen.note), columns) if seen.note else [])


def legend(dwell_s: float, columns: int = 80) -> list[str]:
    """Say what the signs mean, and how it is ended."""
    text = tr(
        "The mark is the threshold, what is lighter is uncertain; ! counts once it has lasted for "
        "{time} s. Esc or q ends. No picture is kept.",
        time=number(dwell_s),
    )
    return wrapped(text, columns)


def seen_json(seen: Seen) -> dict[str, Any]:
    """A look as one JSON object; docs/commands.md has the keys."""
    look, framing = seen.observation, seen.framing
    return {
        "v": 1,
        "t": round(look.t_s, 2),
        "presence": look.presence,
        "reason": look.reason,
        "levels": {kind: _rounded(level) for kind, level in look.levels.items()},
        "judged": {
            kind: {name: _rounded(value) for name, value in asdict(judged).items()}
            for kind, judged in look.judged.items()
        },
        "light": framing.light,
        "parts": framing.parts,
        "ready": framing.ready,
        "lines": [{"ok": good, "text": tr(line)} for good, line in framing.lines],
        "advice": tr(framing.advice),
        "calibration": seen.calibration,
        "note": tr(seen.note),
    }


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value
