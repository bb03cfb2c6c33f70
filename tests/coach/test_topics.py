"""The topics of about.toml: each is said in a few neutral sentences, with a source that has a name."""

from __future__ import annotations

import re

import pytest

from posture.coach.about import Topic, find_topic, topics
from posture.errors import PostureError

ASKED_FOR = ("cold-and-heat", "massage", "rest", "walking-desk", "stress", "ball", "how-long-it-lasts")


@pytest.mark.parametrize("name", ASKED_FOR)
def test_what_people_ask_about_is_there(name: str) -> None:
    assert find_topic(name).text


@pytest.mark.parametrize("name", ["Cold and Heat", "cold_and_heat", " COLD-AND-HEAT "])
def test_a_topic_is_found_as_people_write_it(name: str) -> None:
    assert find_topic(name).id == "cold-and-heat"


def test_an_unknown_topic_names_those_there_are() -> None:
    with pytest.raises(PostureError, match=r"'acupuncture'; there are cold-and-heat, .*exercise") as caught:
        find_topic("acupuncture")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.id)
def test_a_topic_is_short_and_names_its_sources(topic: Topic) -> None:
    assert len(re.findall(r"[.!?](?= |$)", topic.text)) <= 4
    assert len(topic.text) < 400
    assert topic.sources
    for source in topic.sources:
        assert re.search(r"[A-Za-z]{4}", source)
        assert "section" not in source
    assert not re.search(r"\b(ibuprofen|paracetamol|aspirin|magnesium|vitamin|supplements? that)\b", topic.text, re.I)


def test_ids_are_unique() -> None:
    assert len({topic.id for topic in topics()}) == len(topics())
