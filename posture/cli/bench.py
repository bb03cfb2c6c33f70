"""`posture bench`: what watching costs, measured on the running program at real pace."""

from __future__ import annotations

import argparse
import json
import os
from typing import Any

from posture.cli.overrides import add_overrides
from posture.cli.progress import progress
from posture.errors import PostureError
from posture.language import mark, number, tr

COMPARED = ("every-frame", "fps=2")
COMPARED_S = 20.0
"""A fixed rate costs the same each second, so a shorter run is enough."""

STAGES = {
    # Translators: parts of a look at the camera, in a table of what each costs.
    "capture": mark("capture"),
    "decode": mark("decode"),
    "gate": mark("gate"),
    "inference": mark("inference"),
    "rest": mark("rest"),
}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `bench`."""
    parser = commands.add_parser(
        "bench",
        description=tr(
            "Run the whole program at real pace, in folders of its own that are removed afterwards, and measure "
            "what it costs, both processes counted, watching and paused; and for comparison what looking at "
            "every frame and twice a second would cost on the same source. A video is played as a camera would "
            "give it, by a process that is not counted. The first ten seconds are calibration."
        ),
    )
    parser.add_argument(
        "--source",
        metavar="SOURCE",
        help=tr("a video file, the address of a stream, or a camera by index, path or name (default: the setting)"),
    )
    parser.add_argument(
        "--seconds", type=float, default=60.0, metavar="N", help=tr("monitored time (default %(default)g)")
    )
    parser.add_argument(
        "--policy",
        default="default",
        metavar="POLICY",
        help=tr("default (with the comparison), every-frame, or fps=N; the last two run the model at every look"),
    )
    add_overrides(parser, "camera.mode=glance")
    parser.add_argument("--json", action="store_true", help=tr("one JSON object"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure, and print a table or an object."""
    from posture.camera.source_kind import is_elsewhere
    from posture.cli.bench_program import measure_program
    from posture.machine import processor, processor_name, system_name
    from posture.monitor.bench import interval_of, measure
    from posture.settings_file import load_settings

    settings = load_settings(overrides=args.overrides)
    interval_of(args.policy)
    if not 1 <= args.seconds <= 86400:
        raise PostureError(tr("--seconds {seconds:g} is not between 1 and 86400.", seconds=args.seconds), 2)
    source = args.source or settings.camera.source
    with progress(args.policy, 1.0) as done:
        # No daemon watches a stream, and none looks at a fixed rate.
        if args.policy == "default" and not is_elsewhere(source):
            found = measure_program(settings, args.overrides, source, args.seconds, done)
        else:
            found = measure(settings, source, args.seconds, args.policy, done)
    machine = {
        "machine": f"{system_name()} {processor()}",
        "processor": processor_name(),
        "cores": os.cpu_count(),
    }
    found = {"source": source, **machine, **found}
    if args.policy == "default":
        compared: dict[str, Any] = {}
        for policy in COMPARED:
            with progress(policy, 1.0) as done:
                compared[policy] = measure(settings, source, min(args.seconds, COMPARED_S), policy, done)
        found["compared"] = compared
        own = max(found["cpu_ms_per_s"], 1e-3)
        found["times_less_cpu_than"] = {
            name: round(report["cpu_ms_per_s"] / own, 1) for name, report in compared.items()
        }
    if args.json:
        print(json.dumps(found))
    else:
        _show(found)
    return 0


def _show(found: dict[str, Any]) -> None:
    from rich.table import Table

    from posture.cli.terminal import PlainConsole

    columns = [found, *found.get("compared", {}).values()]
    table = Table(
        title=tr("{source}: CPU per monitored second, both processes", source=found["source"]), title_justify="left"
    )
    table.add_column("")
    for report in columns:
        table.add_column(f"{report['policy']}, {number(report['seconds'])} s", justify="right")

    def row(label: str, *keys: str, unit: str = "") -> None:
        cells = []
        for report in columns:
            value: Any = report
            for key in keys:
                value = value.get(key) if isinstance(value, dict) else None
            cells.append("-" if value is None else f"{_number(value)}{unit}")
        table.add_row(label, *cells)

    row(tr("CPU in all"), "cpu_ms_per_s", unit=" ms")
    for stage, name in STAGES.items():
        row(f"  {tr(name)}", "cpu_ms_per_s_of", stage, unit=" ms")
    row(tr("CPU while paused"), "paused_cpu_ms_per_s", unit=" ms")
    row(tr("looks a minute"), "per_minute", "looks")
    row(tr("inferences a minute"), "per_minute", "inferences")
    row(tr("camera open a minute"), "per_minute", "camera_open_s", unit=" s")
    row(tr("inference p50"), "infer_ms", "p50", unit=" ms")
    row(tr("inference p95"), "infer_ms", "p95", unit=" ms")
    row(tr("change to event p50"), "latency_s", "p50", unit=" s")
    row(tr("change to event p95"), "latency_s", "p95", unit=" s")
    row(tr("peak memory, sensor"), "peak_rss_mb", "sensor", unit=" MB")
    row(tr("peak memory, daemon"), "peak_rss_mb", "daemon", unit=" MB")
    console = PlainConsole()
    console.print(table)
    console.print(
        tr(
            "{machine}: {processor}, {cores} cores.",
            machine=found["machine"],
            processor=found["processor"],
            cores=found["cores"],
        )
    )
    if not found["whole_program"]:
        console.print(tr("The looks alone were measured, without the rest of the program."))
    elif found["left_out"]:
        console.print(
            tr(
                "Without a desktop (notifications and tray), for there is no dbus-daemon to start one: install it to "
                "have that counted."
            )
        )


def _number(value: float) -> str:
    text = f"{value:g}"
    return text if "e" in text else number(value, len(text.partition(".")[2]))
