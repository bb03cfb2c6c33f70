"""No text that a user can ever see claims what was never shown (evidence, section 5), corrects, blames or nags.

The texts are found mechanically: every string of the package but docstrings, all data files in it, the documents.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "posture"

_STATE = r"(tight\w*|weak\w*|short(ened|er)?|stiff\w*|imbalanced?|overactive|knotted)"
_MUSCLE = r"(ql|quadratus( lumborum)?|muscles?|hip.flexors?|psoas|iliopsoas|glutes?|piriformis)"
CLAIMS = {
    "a tight or weak muscle": rf"\b{_STATE}\b.{{0,40}}\b{_MUSCLE}\b"
    rf"|\b{_MUSCLE}\b.{{0,25}}\b(is|are|seems?|looks?|got)\b.{{0,15}}\b{_STATE}\b",
    "a spinal curve": r"\b(lordo|kypho|scolio)\w*|\bspinal curv\w*|\bcurv\w* of (the|your) spine\b|\b(flat|hunch)back\b"
    r"|\byour spine\b.{0,30}\b(curv|straight|bent)\w*|\balign\w*.{0,20}\bspine\b",
    "the state of a disc or a nerve": r"\b(intervertebral|herniat\w*|sciatica?|nerves?)\b"
    r"|\bdiscs?\b(?! (with|icon|shape))|\bslipped dis[ck]\b"
    r"|\bbulging dis[ck]\b",
    "prevention, cure or relief": r"\b(prevent|cure|heal|treat|reliev|fix|reduc|eliminat|eas|lessen|end|stop)\w*\b"
    r"(?! at\b).{0,25}\b(pains?|aches?|injur\w*|conditions?|disease|disorders?|symptoms?)\b|\bpain.?free\b|\btherap\w*"
    r"|\b(get rid of|no more)\b.{0,20}\b(pains?|aches?)\b|\bmedical(ly)? (grade|proven|tested)\b|\bclinically\b",
    "a benefit for the bowel": r"\bibs\b|\birritable bowel\b|\bdigesti\w*",
    "one correct posture": r"\b(correct|perfect|ideal|proper|right|good|bad|wrong|poor|best|(un)?healthy) posture\b",
    "a composite score": r"\b(posture|health|spine|back) (score|grade|rating|index)\b|\bscore of\b.{0,20}\bposture\b",
    "a diagnosis": r"\bdiagnos\w*|\bsyndrome\b|\byou (suffer|are suffering)\b",
    "a cause of pain": r"\b(caus(e|es|ed|ing)|leads? to|due to|results? in)\b.{0,30}\b(pains?|aches?)\b"
    r"|\b(pains?|aches?)\b.{0,25}\b(caused by|due to|comes? from)\b",
    "a benefit for health": r"\b(good|better|bad|worse|best|health(y|ier)|safer?) for (your|the) (back|spine|neck)\b"
    r"|\b(protect|strengthen|improv|correct)\w* (your |the )?(backs?|spine|posture|health|muscles?)\b",
    "a correction": r"\b(sit(s|ting)?|stand(s|ing)?|sat|stood) (up )?(straight|properly|correctly|well|nicely)\b"
    r"|\bstraighten (up|your)\b|\bsit up\b|\bshoulders back\b|\bchin (in|back)\b|\bupright posture\b"
    r"|\b(head|back) over (the|your) shoulders\b",
    "a reproach": r"\b(sit(s|ting)?|stand(s|ing)?|sat|stood) (badly|wrong(ly)?|poorly)\b|\b(bad|wrong|poor) sitting\b"
    r"|\b(stop|still|again) (slouch|slump|hunch)\w*|\byou (should|ought to|failed|forgot|ignored|never|slouched)\b"
    r"|\b(bad habits?|lazy|shame)\b",
    "a medicine": r"\b(ibuprofen|paracetamol|acetaminophen|aspirin|naproxen|diclofenac|opioids?|painkillers?)\b",
}
# A sentence that denies it claims nothing.
DENIED = re.compile(r"\b(not|never|no(?! more| longer)|nor|without|nothing|none|cannot)\b", re.IGNORECASE)
PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in CLAIMS.items()}


def sentences(text: str) -> Iterator[str]:
    for part in re.split(r"(?<=[.!?;:])\s+|\n\s*\n|\n(?=\s*[-|*#0-9])|(?<=[a-z])\.(?=\\n)", text):
        one = " ".join(part.split())
        if one:
            yield one


def claims(text: str) -> list[tuple[str, str]]:
    return [
        (name, sentence)
        for sentence in sentences(text)
        for name, pattern in PATTERNS.items()
        if pattern.search(sentence) and not DENIED.search(sentence)
    ]


def strings_of(path: Path) -> Iterator[str]:
    """All strings of a module but docstrings (also of attributes); an f-string with its gaps as an ellipsis."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            silent |= {id(part) for part in node.values}
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.value


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)


def texts() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for path in sorted(PACKAGE.rglob("*.py")):
        found += [(str(path.relative_to(ROOT)), text) for text in strings_of(path)]
    for path in sorted(PACKAGE.rglob("*.toml")):
        if path.name == "note_words.toml":
            continue  # what users write, and the program never says
        found += [(str(path.relative_to(ROOT)), text) for text in leaves(tomllib.loads(path.read_text("utf-8")))]
    others = [path for path in sorted(PACKAGE.rglob("*")) if path.suffix in (".html", ".md", ".txt", ".js", ".svg")]
    for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), *others):
        said, _, _ = path.read_text(encoding="utf-8").partition("## Words of a note")  # what users write
        found.append((str(path.relative_to(ROOT)), said))
    return found


def test_no_text_claims_what_was_never_shown() -> None:
    found = [(where, *one) for where, text in texts() for one in claims(text)]
    assert not found, "\n".join(f"{where}: {name}: {sentence}" for where, name, sentence in found)


def test_the_walk_reaches_all_kinds_of_text() -> None:
    everything = "\n".join(text for _, text in texts())
    for known in (
        "Breathe into the open {side} flank.",  # the library
        "Shift your weight, roll the shoulders",  # a reminder
        "New numbness or weakness in one leg or arm",  # the check-in
        "lead through an exercise, checked by the camera",  # help
        "not a medical device",  # the README
        "well held.",  # what stretch says at the end
    ):
        assert known in everything, known


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Your left QL is tight.", "a tight or weak muscle"),
        ("Stretch the shortened muscle.", "a tight or weak muscle"),
        ("It corrects the curvature of your spine.", "a spinal curve"),
        ("This takes pressure off the disc.", "the state of a disc or a nerve"),
        ("Ten minutes a day prevent back pain.", "prevention, cure or relief"),
        ("Stretching relieves your pain.", "prevention, cure or relief"),
        ("No more back pain!", "prevention, cure or relief"),
        ("It may help with IBS.", "a benefit for the bowel"),
        ("Sit in the correct posture.", "one correct posture"),
        ("Bad posture again!", "one correct posture"),
        ("Your posture score is 83.", "a composite score"),
        ("We diagnose it for you.", "a diagnosis"),
        ("Slumping causes back pain.", "a cause of pain"),
        ("Your neck pain comes from the screen.", "a cause of pain"),
        ("Standing is better for your back.", "a benefit for health"),
        ("It improves your posture.", "a benefit for health"),
        ("Sit up straight.", "a correction"),
        ("Slide the head back over the shoulders.", "a correction"),
        ("Calibrate again once you sit well.", "a correction"),
        ("You sat badly today.", "a reproach"),
        ("You are still slouching.", "a reproach"),
        ("You ignored the last five reminders.", "a reproach"),
        ("Take a painkiller.", "a medicine"),
    ],
)
def test_a_claim_would_be_found(text: str, name: str) -> None:
    assert name in [found for found, _ in claims(f"All is well. {text} Breathe.")]


@pytest.mark.parametrize(
    "text",
    [
        "It does not diagnose, treat or prevent any condition.",
        "You leaned left more today; lengthening that side may feel good.",
        "Never a composite posture score.",
        "The disk is full: free some space.",
        "Stop at new leg symptoms, sharp pain or dizziness.",
        "Any other position will do: sit back, stand up, or sit another way for a while.",
        "Sit upright and still for ten seconds.",
        "Side by side says nothing of a cause.",
    ],
)
def test_what_denies_or_observes_is_let_through(text: str) -> None:
    assert claims(text) == []
