"""What the preview says of a picture: the parts in it, the light, and what to do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import Points, person_of, pose_of, sitter

from posture.camera.frame import Frame
from posture.perception.framing import Framing, Light, Place, _face_luma, framing_of
from posture.pose.landmarks import Landmark

PARTS = ("head", "left shoulder", "right shoulder", "hips")
OF = {
    "head": (Landmark.NOSE, Landmark.LEFT_EYE, Landmark.RIGHT_EYE),
    "left shoulder": (Landmark.LEFT_SHOULDER,),
    "right shoulder": (Landmark.RIGHT_SHOULDER,),
    "hips": (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
}
ALL: dict[str, Place] = dict.fromkeys(PARTS, "inside")
FACE = slice(190, 241), slice(295, 346)
"""From the eyes at 190 to the mouth at 240, from eye to eye."""


def inside() -> Points:
    """The made-up sitter, with hips that are not at the very edge."""
    points = sitter()
    points[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP], 1] = 460
    return points


def picture(mean: float = 120.0, face: float | None = None) -> Frame:
    """A room of broad stripes about a grey, and a face of another one."""
    image = np.full((480, 640, 3), mean, np.float64)
    for left in range(0, 640, 160):
        image[:, left : left + 80] += min(mean, 40.0)
        image[:, left + 80 : left + 160] -= min(mean, 40.0)
    if face is not None:
        image[FACE] = face
    return Frame(np.clip(image, 0, 255).astype(np.uint8), 0.0)


def framing(points: Points | None = None, frame: Frame | None = None) -> Framing:
    points = inside() if points is None else points
    return framing_of(picture() if frame is None else frame, pose_of(points), 0.6)


# -- parts -------------------------------------------------------------------------------------------------------------


def test_all_of_a_sitter_is_in_the_picture() -> None:
    assert framing() == Framing("good", ALL)
    assert tuple(framing().parts) == PARTS
    assert framing().ready


@pytest.mark.parametrize(("part", "landmark"), [(part, landmark) for part in PARTS for landmark in OF[part]])
@pytest.mark.parametrize(
    ("x", "y", "seen"),
    [
        (320.0, 240.0, True),
        (12.9, 240.0, True), (12.7, 240.0, False), (627.1, 240.0, True), (627.3, 240.0, False),
        (320.0, 9.7, True), (320.0, 9.5, False), (320.0, 470.3, True), (320.0, 470.5, False),
        (-5.0, 240.0, False), (700.0, 240.0, False), (320.0, -5.0, False), (320.0, 500.0, False),
    ],
)  # fmt: skip
def test_what_is_within_a_fiftieth_of_an_edge_is_cut_off(
    part: str, landmark: Landmark, x: float, y: float, seen: bool
) -> None:
    """And shoulders there are judged coarsely."""
    points = inside()
    points[landmark, :2] = x, y
    cut: Place = "edge" if "shoulder" in part else "outside"
    assert framing(points).parts == ALL | {part: "inside" if seen else cut}


@pytest.mark.parametrize(("part", "landmark"), [(part, landmark) for part in PARTS for landmark in OF[part]])
def test_what_the_model_is_not_sure_of_is_not_in_it(part: str, landmark: Landmark) -> None:
    for visibility, place in ((0.6, "inside"), (0.59, "outside")):
        points = inside()
        points[landmark, 3] = visibility
        assert framing(points).parts == ALL | {part: place}


@pytest.mark.parametrize("part", ["left shoulder", "right shoulder"])
def test_shoulders_far_out_are_out_of_it_as_the_measures_say(part: str) -> None:
    """Six tenths of a shoulder width under the picture."""
    for beyond, place in ((0.55, "edge"), (0.65, "outside")):
        points = inside()
        rows = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]
        points[rows, 1] = 480 + beyond * 240  # the sitter's shoulders are 240 px apart
        found = framing(points)
        assert found.parts[part] == place
        assert found.ready == (place == "edge") == person_of(points).geometry.shoulders_usable


def test_nobody_is_ready_who_is_not_upright_in_the_picture() -> None:
    points = inside()
    points[:, 1] = 480 - points[:, 1]
    found = framing(points)
    assert not found.ready
    assert found.lines == ((False, "the picture is not upright"), (True, "light: good"))
    assert found.advice == "Turn the camera, or set camera.rotate to auto."


def test_at_the_edge_of_the_margin_it_is_in_the_picture() -> None:
    points = np.zeros((33, 4))
    points[:, 3] = 0.9
    for x, y in ((2.0, 2.0), (98.0, 98.0)):  # of 100: a fiftieth is 2
        points[:, :2] = x, y
        found = framing_of(picture(), pose_of(points, 100, 100), 0.6)
        assert found.parts == ALL


# -- light -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mean", "light"), [(120.0, "good"), (66.0, "good"), (50.0, "dim"), (30.0, "dim")])
def test_dim_light(mean: float, light: Light) -> None:
    assert framing(frame=picture(mean)).light == light
    assert framing_of(picture(mean), None, 0.6) == Framing(light, {})


def test_sixty_is_not_dim() -> None:
    even = np.full((480, 640, 3), 60, np.uint8)
    for left in range(0, 640, 160):
        even[:, left : left + 40], even[:, left + 80 : left + 120] = 100, 20
    frame = Frame(even, 0.0)
    darker = Frame(even - np.uint8(1), 0.0)
    assert framing_of(frame, None, 0.6).light == "good"
    assert framing_of(darker, None, 0.6).light == "dim"


def test_light_in_which_nothing_can_be_seen() -> None:
    black, grey = np.zeros((480, 640, 3), np.uint8), np.full((480, 640, 3), 90, np.uint8)
    assert framing_of(Frame(black, 0.0), None, 0.6) == Framing("too dark", {})
    assert framing_of(Frame(grey, 0.0), None, 0.6) == Framing("lens covered", {})
    assert framing(frame=Frame(grey, 0.0)).light == "lens covered"
    # Poor light matters where nobody is found.
    assert framing_of(picture(15.0), None, 0.6).light == "too dark"
    assert framing(frame=picture(15.0)).light == "dim"


def test_a_face_against_a_window() -> None:
    mean = float(picture(200.0).image.mean())
    # The face itself makes the mean a little darker.
    assert framing(frame=picture(200.0, mean - 64.0)).light == "from behind"
    assert framing(frame=picture(200.0, mean - 56.0)).light == "good"
    assert framing_of(picture(200.0, mean - 64.0), None, 0.6).light == "good"


def test_a_face_that_is_not_in_the_picture_has_no_light() -> None:
    points = inside()
    points[Landmark.NOSE, 3] = 0.1
    assert framing(points, picture(200.0, 20.0)).light == "good"


def test_dim_is_dim_even_from_behind() -> None:
    assert framing(frame=picture(59.0, 0.0)).light == "dim"


@pytest.mark.parametrize(("rows", "columns"), [(slice(170, 190), FACE[1]), (slice(241, 260), FACE[1])])
def test_the_face_is_from_the_eyes_to_the_mouth(rows: slice, columns: slice) -> None:
    """What is dark above and below does not count; nor what is at its sides."""
    frame = picture(200.0)
    frame.image[rows, columns] = 0
    assert framing(frame=frame).light == "good"
    frame.image[FACE] = 0
    assert framing(frame=frame).light == "from behind"


def test_a_face_partly_out_of_the_picture_is_the_rest_of_it() -> None:
    """Only the mouth is beyond an edge: head is in the picture by eyes and nose."""
    for move, column in ((-285.0, slice(0, 61)), (285.0, slice(580, 640))):
        points = inside()
        points[[0, 2, 5, 9, 10], 0] += move
        points[Landmark.MOUTH_RIGHT if move < 0 else Landmark.MOUTH_LEFT, 0] += move / 5
        points[[0, 2, 5], 0] = points[[0, 2, 5], 0].clip(15, 625)
        frame = picture(200.0)
        frame.image[190:241, column] = 0
        assert framing(points, frame).light == "from behind"


@pytest.mark.parametrize(
    ("move", "rows", "columns"),
    [
        ((0, 0), (190, 241), (295, 346)),
        ((-315, 0), (190, 241), (0, 31)),
        ((315, 0), (190, 241), (610, 640)),
        ((0, -210), (0, 31), (295, 346)),
        ((0, 260), (450, 480), (295, 346)),
    ],
)
def test_the_light_of_a_face_is_the_mean_of_its_box(
    move: tuple[int, int], rows: tuple[int, int], columns: tuple[int, int]
) -> None:
    image = np.random.default_rng(2).integers(0, 256, (480, 640, 3)).astype(np.uint8)
    points = sitter()
    points[:, :2] += move
    expected = float(image[slice(*rows), slice(*columns)].mean())
    assert _face_luma(Frame(image, 0.0), pose_of(points)) == pytest.approx(expected)


def test_a_face_out_of_the_picture_is_white() -> None:
    points = sitter()
    points[:, 0] += 900
    assert _face_luma(Frame(np.zeros((480, 640, 3), np.uint8), 0.0), pose_of(points)) == 255.0


# -- what is shown -----------------------------------------------------------------------------------------------------


def test_the_lines() -> None:
    assert framing().lines == (
        (True, "head: in the picture"),
        (True, "left shoulder: in the picture"),
        (True, "right shoulder: in the picture"),
        (True, "hips: in the picture"),
        (True, "light: good"),
    )
    shoulders: dict[str, Place] = {"left shoulder": "edge", "right shoulder": "outside"}
    assert Framing("good", shoulders).lines[:2] == (
        (False, "left shoulder: cut off by the edge of the picture, judged coarsely"),
        (False, "right shoulder: not in the picture"),
    )
    assert Framing("dim", dict.fromkeys(PARTS, "outside")).lines == (
        (False, "head: not in the picture"),
        (False, "left shoulder: not in the picture"),
        (False, "right shoulder: not in the picture"),
        (True, "hips: not in the picture, needed for some stretches only"),
        (False, "light: dim, a lamp in front of you helps"),
    )


@pytest.mark.parametrize(
    ("light", "line"),
    [
        ("good", (True, "light: good")),
        ("dim", (False, "light: dim, a lamp in front of you helps")),
        ("from behind", (False, "light: from behind you, turn or close a blind")),
        ("too dark", (False, "light: too dark to see anybody")),
        ("lens covered", (False, "the lens seems to be covered")),
    ],
)
def test_the_line_of_the_light(light: Light, line: tuple[bool, str]) -> None:
    assert Framing(light, {}).lines == ((False, "nobody is seen"), line)
    assert Framing(light, ALL).lines[-1] == line


@pytest.mark.parametrize(
    ("found", "advice"),
    [
        (Framing("good", {}), "Sit down before the camera."),
        (Framing("dim", {}), "Sit down before the camera."),
        (Framing("too dark", {}), "See to the light first."),
        (Framing("lens covered", {}), "See to the light first."),
        (Framing("good", ALL | {"head": "outside"}), "Tilt the screen so that your head is in the picture."),
        (Framing("good", dict.fromkeys(PARTS, "outside")), "Tilt the screen so that your head is in the picture."),
        (
            Framing("good", ALL | {"left shoulder": "outside"}),
            "Sit in the middle, or farther away, so that both shoulders are in the picture.",
        ),
        (
            Framing("dim", ALL | {"left shoulder": "edge", "right shoulder": "outside"}),
            "Sit in the middle, or farther away, so that both shoulders are in the picture.",
        ),
        (
            Framing("good", ALL | {"left shoulder": "edge"}),
            "This will do. To see more of your shoulders, sit in the middle and farther back, or tilt the screen.",
        ),
        (Framing("good", ALL | {"hips": "outside"}), "All that is needed is in the picture."),
        (Framing("good", ALL), "All that is needed is in the picture."),
    ],
)
def test_what_to_do(found: Framing, advice: str) -> None:
    assert found.advice == advice
    assert found.ready == advice.startswith(("All that is needed", "This will do"))


@given(st.lists(st.sampled_from(["inside", "edge", "outside"]), min_size=4, max_size=4), st.booleans())
def test_ready_is_head_and_both_shoulders(places: list[Place], upright: bool) -> None:
    found = Framing("good", dict(zip(PARTS, places, strict=True)), upright)
    assert found.ready == (upright and "outside" not in places[:3])
