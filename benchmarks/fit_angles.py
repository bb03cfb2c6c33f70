"""Fit the mapping from (landmarks, baseline) to true angles, and print its error on people it has not seen.

    python benchmarks/fit_angles.py rendered_people.npz [--model lite] [--out posture/measure/data] [--leave-out A,B]

The landmark set: frames in sessions of one person, room and camera, the first 4 of each neutral (the calibration), with
true angles; see README.md in this folder. The printed table comes from 5 folds with whole people left out; what is
stored is then fitted on everybody (or on everybody but `--leave-out`, for a check on frames of those people). Same
data, same numbers: the seeds are fixed.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture.measure import angles

Array = NDArray[np.float64]
Array32 = NDArray[np.float32]
FRAME = (640.0, 480.0)
ODD = angles.SIGN < 0

# The yardstick: mean absolute error (deg) of boosted trees on 27 plain features, as handed over with the landmark set;
# `null` answers the median.
YARDSTICK = {
    "null": (3.65, 2.59, 2.40, 4.75, 5.78, 5.12, 7.29, 2.53),
    "lite": (2.26, 1.42, 2.42, 4.14, 4.72, 2.99, 7.51, 2.27),
    "full": (2.07, 1.37, 2.26, 3.85, 4.28, 2.95, 7.20, 2.28),
    "heavy": (1.72, 1.26, 2.07, 3.30, 3.88, 2.76, 6.74, 2.23),
}

# Chosen on left-out people by hand, coarsely. [D]
NETS, HIDDEN = 6, (48, 32)
STEPS, BATCH, RATE, DECAY, DROP = 2500, 256, 3e-3, 0.6, 0.2
DELTA = 0.2  # where the loss turns from square to linear, in sd of the target
RIDGE = 15.0  # odd angles start from a ridge; the others gain nothing from one
# Two thirds of each parameter are zero in the set, so a plain fit answers too little when something is off. Large
# angles count more by this much per sd (to 2.5), and shoulder tilts that are not a lean by 0.25 per 6 deg.
WEIGHT = np.array([0.0, 0.3, 0.4, 0.15, 0.3, 0.4, 0.4, 0.3])
TILT_WEIGHT = 0.25
AUGMENTED = 8  # copies with the camera rolled (sd 2 deg), zoomed (10 %), shifted (3 % of the width), by session


@dataclass
class Variant:
    """The set seen with one choice of baselines: features, those of the baselines against themselves, targets."""

    even: Array
    odd: Array
    base_even: Array
    base_odd: Array
    y: Array
    weight: float


@dataclass
class People:
    """The landmark set of one pose model, frames without anybody dropped."""

    landmarks: Array
    world: Array
    y: Array  # (N, 8) degrees, change from the median of the session's neutral frames
    lean_param: Array  # (N,) side-bend parameter, which the yardstick's lean is measured against
    camera: Array  # (N, 3) pitch deg, lens below eyes cm, log distance cm
    session: NDArray[np.int64]
    person: NDArray[np.str_]
    neutral: NDArray[np.bool_]


def load(path: Path, model: str, leave_out: list[str]) -> People:
    with np.load(path) as data:
        names, truths = list(data["param_names"]), list(data["truth_names"])
        params, truth = data["params"].astype(float), data["truth"].astype(float)
        keep = np.isfinite(data[model][:, 0, 0]) & ~np.isin(data["person"], leave_out)
        p = {name: params[keep, names.index(name)] for name in names}
        t = {name: truth[keep, truths.index(name)] for name in truths}
        people = People(
            data[model][keep].astype(float),
            data[f"{model}_world"][keep].astype(float),
            np.stack(
                [t["shoulder_line_deg"], t["trunk_lat_deg"]]
                + [p[k] for k in ("head_roll", "head_pitch", "head_yaw", "slouch", "head_fwd", "trunk_fwd")],
                axis=1,
            ),
            p["lat_lean"],
            np.stack([p["cam_pitch"], -100 * p["cam_h"], np.log(100 * t["eye_to_cam_m"])], axis=1),
            data["session"][keep],
            data["person"][keep],
            data["neutral"][keep],
        )
    for k in np.unique(people.session):
        m = people.session == k
        people.y[m] -= np.median(people.y[m & people.neutral], axis=0)
    return people


def variant(d: People, which: int, seed: int | None, weight: float) -> Variant:
    """Baselines: 0 the median of a session's neutral frames, 1 to 4 a single one of them; `seed` moves the camera."""
    landmarks, world = d.landmarks.copy(), d.world.copy()
    base, base_world, y = np.empty_like(landmarks), np.empty_like(world), d.y.copy()
    rng = np.random.default_rng(seed)
    for k in np.unique(d.session):
        m = d.session == k
        neutral = np.flatnonzero(m & d.neutral)
        if which == 0:
            base[m], base_world[m] = np.median(landmarks[neutral], axis=0), np.median(world[neutral], axis=0)
        else:
            i = neutral[(which - 1) % len(neutral)]
            base[m], base_world[m], y[m] = landmarks[i], world[i], d.y[m] - d.y[i]
        if seed is not None:
            roll, zoom = np.radians(rng.normal(0, 2)), np.exp(rng.normal(0, 0.1))
            shift = rng.normal(0, 0.03, 2) * FRAME[0]
            turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]]).T
            middle = np.array(FRAME) / 2
            for q in (landmarks, base):
                q[m, :, :2] = (q[m, :, :2] - middle) @ turn * zoom + middle + shift
                q[m, :, 2] *= zoom
            for q in (world, base_world):
                q[m, :, :2] = q[m, :, :2] @ turn
    return Variant(
        *angles.features(landmarks, world, base, base_world, *FRAME),
        *angles.features(base, base_world, base, base_world, *FRAME),
        y,
        weight,
    )


def variants(d: People) -> list[Variant]:
    plain = [variant(d, i, None, 0.25 if i == 0 else 0.0625) for i in range(5)]
    return plain + [variant(d, (0, 1, 0, 2, 0, 3, 0, 4)[i], i, 0.5 / AUGMENTED) for i in range(AUGMENTED)]


class Network:
    """Two tanh layers and a linear bypass, symmetrised over the mirror; trained by Adam with weight decay."""

    def __init__(self, n_even: int, n_odd: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        sizes = (n_even + n_odd, *HIDDEN, 8)
        self.n_even, self.sign = n_even, angles.SIGN.astype(np.float32)
        self.keep, self.flip = (self.sign > 0).astype(np.float32), (self.sign < 0).astype(np.float32)
        w: list[Array32] = [(rng.standard_normal((a, b)) / np.sqrt(a)).astype(np.float32) for a, b in pairwise(sizes)]
        w[-1] *= np.float32(0.3)
        self.p = [*w, np.zeros((n_even, 8), np.float32), np.zeros((n_odd, 8), np.float32)]
        self.p += [np.zeros(b, np.float32) for b in sizes[1:]]
        self.decay = [DECAY] * 3 + [3.0] * 2 + [0.0] * 3
        self.m, self.v, self.t = [np.zeros_like(q) for q in self.p], [np.zeros_like(q) for q in self.p], 0

    def step(self, even: Array32, odd: Array32, y: Array32, weight: Array32, rate: float) -> None:
        w1, w2, w3, l_even, l_odd, b1, b2, b3 = self.p
        n = len(even)
        kept, flipped = even @ w1[: self.n_even] + b1, odd @ w1[self.n_even :]
        h1 = np.tanh(np.concatenate([kept + flipped, kept - flipped]))
        h2 = np.tanh(h1 @ w2 + b2)
        out = h2 @ w3 + b3
        answer = (out[:n] + self.sign * out[n:]) / 2 + even @ l_even * self.keep + odd @ l_odd * self.flip
        g = np.clip((answer - y) / DELTA, -1, 1).astype(np.float32) * weight / n
        g_out = np.concatenate([g, g * self.sign]) / 2
        g2 = (g_out @ w3.T) * (1 - h2 * h2)
        g1 = (g2 @ w2.T) * (1 - h1 * h1)
        plus, minus = g1[:n] + g1[n:], g1[:n] - g1[n:]
        grads = [
            np.concatenate([even.T @ plus, odd.T @ minus]),
            h1.T @ g2,
            h2.T @ g_out,
            even.T @ (g * self.keep),
            odd.T @ (g * self.flip),
            plus.sum(axis=0),
            g2.sum(axis=0),
            g_out.sum(axis=0),
        ]
        self.t += 1
        for q, m, v, grad, decay in zip(self.p, self.m, self.v, grads, self.decay, strict=True):
            m += 0.1 * (grad - m)
            v += 0.001 * (grad * grad - v)
            update = (m / (1 - 0.9**self.t)) / (np.sqrt(v / (1 - 0.999**self.t)) + 1e-8)
            q -= (rate * (update + decay * q)).astype(np.float32)


def fit(d: People, sets: list[Variant], train: NDArray[np.bool_]) -> angles.Fit:
    """All but the sd and the placement, whose numbers stay empty."""
    first = sets[0]
    even_mean, even_sd = first.even[train].mean(axis=0), first.even[train].std(axis=0) + 1e-9
    odd_sd = np.sqrt(np.square(first.odd[train]).mean(axis=0)) + 1e-9
    evens = [np.clip((s.even - even_mean) / even_sd, -angles.CLIP, angles.CLIP) for s in sets]
    odds = [np.clip(s.odd / odd_sd, -angles.CLIP, angles.CLIP) for s in sets]
    scale = d.y[train].std(axis=0)
    weight = 1 + WEIGHT * np.minimum(np.abs(d.y) / scale, 2.5)
    # A lean tips the shoulder line by itself, by 1/0.82 of trunk_lat_deg; what is left is the shoulders' own tilt.
    weight[:, 0] += TILT_WEIGHT * np.minimum(np.abs(d.y[:, 0] + d.y[:, 1] / 0.82), 12) / 6

    ridge = np.zeros((first.odd.shape[1], 8))
    x = np.concatenate([o[train] for o in odds])
    share = np.concatenate([np.full(train.sum(), s.weight * 2) for s in sets])
    for j in np.flatnonzero(ODD):
        w = share * np.tile(weight[train, j], len(sets))
        target = np.concatenate([s.y[train, j] for s in sets])
        ridge[:, j] = np.linalg.solve((x * w[:, None]).T @ x + RIDGE * np.eye(x.shape[1]), (x * w[:, None]).T @ target)

    rest = [s.y - o @ ridge for s, o in zip(sets, odds, strict=True)]
    unit = rest[0][train].std(axis=0)
    e32, o32 = np.stack(evens).astype(np.float32), np.stack(odds).astype(np.float32)
    y32, w32 = (np.stack(rest) / unit).astype(np.float32), weight.astype(np.float32)
    chance = np.array([s.weight for s in sets])
    index = np.flatnonzero(train)
    nets = []
    for seed in range(NETS):
        rng = np.random.default_rng(1000 + seed)
        net = Network(first.even.shape[1], first.odd.shape[1], seed)
        for k in range(STEPS):
            i, s = rng.choice(index, BATCH), rng.choice(len(sets), p=chance)
            even = e32[s, i] * (rng.random((BATCH, e32.shape[2]), np.float32) > DROP) / np.float32(1 - DROP)
            odd = o32[s, i] * (rng.random((BATCH, o32.shape[2]), np.float32) > DROP) / np.float32(1 - DROP)
            rate = RATE * min(1.0, (k + 1) / 50) * 0.5 * (1 + np.cos(np.pi * k / STEPS))
            net.step(even, odd, y32[s, i], w32[i], rate)
        nets.append(net)
    p = [[n.p[i].astype(float) for n in nets] for i in range(8)]
    n_even = first.even.shape[1]
    empty = np.zeros(0)
    return angles.Fit(
        even_mean,
        even_sd,
        odd_sd,
        np.mean(p[3], axis=0) * ~ODD * unit,
        np.mean(p[4], axis=0) * ODD * unit + ridge,
        np.concatenate([w[:n_even] for w in p[0]], axis=1),
        np.concatenate([w[n_even:] for w in p[0]], axis=1),
        np.concatenate(p[5]),
        np.stack(p[1]),
        np.stack(p[6])[:, None],
        np.stack(p[2]) * unit,
        np.stack(p[7])[:, None] * unit,
        np.zeros((6, 8)),
        np.ones(8),
        np.full(8, np.inf),
        *[empty] * 4,
    )


def spread_parts(f: angles.Fit, s: Variant, rows: NDArray[np.bool_]) -> Array:
    e = np.clip((s.even[rows] - f.even_mean) / f.even_sd, -angles.CLIP, angles.CLIP)
    o = np.clip(s.odd[rows] / f.odd_sd, -angles.CLIP, angles.CLIP)
    _, spread, unusual = angles._raw_values(f, e, o)
    values, _ = angles.evaluate(f, s.even[rows], s.odd[rows], s.base_even[rows], s.base_odd[rows])
    return angles.spread_features(values, spread, unusual)


def fit_sd(parts: Array, error: Array, off: NDArray[np.bool_]) -> tuple[Array, Array, Array]:
    """Log-linear scale of Laplace-distributed errors by Newton's method.

    Then stretched so that +-1.645 sd covers 90 % of the frames in which something is off.
    """
    weights, scale, most = np.zeros((parts.shape[2], 8)), np.ones(8), np.ones(8)
    for j in range(8):
        x, r = parts[:, j], np.abs(error[:, j]) + 1e-3
        w = np.zeros(x.shape[1])
        w[0] = np.log(r.mean())
        prior = 5.0 * np.array([0, 1, 1, 1, 1, 1.0])
        for _ in range(50):
            ratio = r / np.exp(np.clip(x @ w, -2, 4))
            curvature = (x * ratio[:, None]).T @ x + np.diag(prior + 1e-6)
            w += 0.7 * np.linalg.solve(curvature, x.T @ (ratio - 1) - prior * w)
        weights[:, j] = w
        b = np.exp(np.clip(x @ w, -2, 4))
        b = np.minimum(b, np.quantile(b[off], 0.95))
        scale[j] = np.quantile((np.abs(error[:, j]) / b)[off], 0.9) / 1.645
        most[j] = scale[j] * b.max()
    return weights, scale, most


def folds(d: People) -> NDArray[np.int64]:
    names = np.unique(d.person)
    place = np.random.default_rng(0).permutation(len(names)) % 5
    return place[np.searchsorted(names, d.person)]


def fit_placement(d: People, fold: NDArray[np.int64]) -> tuple[Array, Array, Array, Array, Array]:
    """Ridge on every neutral frame and the medians; errors on left-out people's medians and single frames."""
    rows, target, where = [], [], []
    for k in np.unique(d.session):
        i = np.flatnonzero((d.session == k) & d.neutral)
        medians = (np.median(d.landmarks[i], axis=0), np.median(d.world[i], axis=0))
        for points, w in [medians, *zip(d.landmarks[i], d.world[i], strict=True)]:
            rows.append(angles.placement_features(points[None], w[None], *FRAME)[0])
            target.append(d.camera[i].mean(axis=0))
            where.append(fold[i[0]])
    x, y, at = np.array(rows), np.array(target), np.array(where)

    def solve(m: NDArray[np.bool_]) -> tuple[Array, Array, Array]:
        mean, sd = x[m].mean(axis=0), x[m].std(axis=0) + 1e-9
        z = np.c_[np.clip((x[m] - mean) / sd, -angles.CLIP, angles.CLIP), np.ones(m.sum())]
        penalty = np.diag(np.r_[np.full(x.shape[1], 10.0), 0.0])
        return mean, sd, np.linalg.solve(z.T @ z + penalty, z.T @ y[m])

    error = np.empty_like(y)
    for f in range(5):
        mean, sd, w = solve(at != f)
        error[at == f] = np.clip((x[at == f] - mean) / sd, -angles.CLIP, angles.CLIP) @ w[:-1] + w[-1] - y[at == f]
    return *solve(np.ones(len(x), bool)), error.std(axis=0), np.abs(error).mean(axis=0)


def stored(f: angles.Fit) -> dict[str, Any]:
    """Networks as float16 (their error is far below theirs), the rest as float32."""
    half = {"w1_even", "w1_odd", "w2", "w3"}
    return {k: getattr(f, k).astype(np.float16 if k in half else np.float32) for k in angles.Fit.__dataclass_fields__}


def row(name: str, values: Array | tuple[float, ...]) -> None:
    print(f"{name:34s}" + "".join(f"{v:9.2f}" for v in values))


def run(path: Path, model: str, out: Path | None, leave_out: list[str], dump: Path | None) -> None:
    d = load(path, model, leave_out)
    sets = variants(d)
    fold = folds(d)
    n, off = len(d.y), ~d.neutral
    values, error, parts = np.zeros((2, n, 8)), np.zeros((2, n, 8)), np.zeros((2, n, 8, 6))
    for f in range(5):
        held = fold == f
        one = fit(d, sets, ~held)
        for v in (0, 1):
            s = sets[v]
            values[v, held], _ = angles.evaluate(one, s.even[held], s.odd[held], s.base_even[held], s.base_odd[held])
            parts[v, held] = spread_parts(one, s, held)
        error[:, held] = values[:, held] - np.stack([sets[0].y[held], sets[1].y[held]])
    inside, sd = np.zeros((2, n, 8)), np.zeros((2, n, 8))
    for f in range(5):
        held = fold == f
        w, k, most = fit_sd(parts[:, ~held].reshape(-1, 8, 6), error[:, ~held].reshape(-1, 8), np.tile(off[~held], 2))
        sd[:, held] = angles.standard_deviation(parts[:, held], w, k, most)
        inside[:, held] = np.abs(error[:, held]) <= 1.645 * sd[:, held]

    y = sets[0].y
    print(f"\n{model}: {n} frames, {len(np.unique(d.person))} people, whole people left out")
    print(" " * 34 + "".join(f"{a.removesuffix('_deg')[:8]:>9s}" for a in angles.ANGLES))
    row("yardstick, null", YARDSTICK["null"])
    row(f"yardstick, {model} (trees)", YARDSTICK[model])
    if model != "heavy":
        row("yardstick, heavy (trees)", YARDSTICK["heavy"])
    row("mean absolute error", np.abs(error[0, off]).mean(axis=0))
    row("  with a single-frame baseline", np.abs(error[1, off]).mean(axis=0))
    row("  on neutral frames", np.abs(error[0, ~off]).mean(axis=0))
    row("bias", error[0, off].mean(axis=0))
    row("slope", (values[0, off] * y[off]).sum(axis=0) / np.square(y[off]).sum(axis=0))
    row("sd, median", np.median(sd[0, off], axis=0))
    row("inside +-1.645 sd (goal 0.90)", inside[:, off].mean(axis=(0, 1)))
    lean = values[0, off, 1]
    # trunk_lat = 0.83 bend + 0.11 tilt and shoulder line = tilt - bend, by regression on the truth.
    bend = (lean - 0.11 * values[0, off, 0]) / 0.94
    print(f"lean against the side-bend parameter, as in the yardstick: {np.abs(bend - d.lean_param[off]).mean():.2f}")
    mean, scale, w, residual, mae = fit_placement(d, fold)
    print(
        f"placement, mean absolute error: pitch {mae[0]:.1f} deg, height {mae[1]:.1f} cm, distance {100 * mae[2]:.0f} %"
    )
    if dump:
        rows: dict[str, Any] = {"neutral": d.neutral, "person": d.person, "session": d.session, "camera": d.camera}
        np.savez(dump, values=values[0], sd=sd[0], y=y, **rows)
    if out:
        whole = fit(d, sets, np.ones(n, bool))
        weights, k, most = fit_sd(parts.reshape(-1, 8, 6), error.reshape(-1, 8), np.tile(off, 2))
        whole = replace(
            whole,
            sd_weights=weights,
            sd_scale=k,
            sd_most=most,
            place_mean=mean,
            place_sd=scale,
            place_weights=w,
            place_residual=residual,
        )
        out.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(out / f"angles_{model}.npz", **stored(whole))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the landmark set (.npz)")
    parser.add_argument("--model", choices=("lite", "full", "heavy"), action="append", help="default: all three")
    parser.add_argument("--out", type=Path, help="folder for angles_MODEL.npz; without it nothing is stored")
    parser.add_argument("--leave-out", default="", help="people to leave out of everything, comma-separated")
    parser.add_argument("--dump", type=Path, help="folder for the left-out answers, frame by frame")
    a = parser.parse_args()
    for model in a.model or ("lite", "full", "heavy"):
        run(a.data, model, a.out, [p for p in a.leave_out.split(",") if p], a.dump and a.dump / f"cv_{model}.npz")


if __name__ == "__main__":
    main()
