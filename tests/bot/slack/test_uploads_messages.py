"""Whatever a file is called and holds, its preview is one that Slack takes, and pings nobody."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.messages.uploads import (
    chosen_of,
    forget_message,
    forgotten_message,
    preview_message,
    refused_upload,
    stored_message,
)
from bot.uploads.likeness import Twin
from bot.uploads.naming import FileName, readable
from bot.uploads.previewing import Preview, Sample
from playground.blocks import pings_of
from tests.bot.slack.nasty import texts
from tests.bot.slack.payloads import faults_of_message

paths = st.text(st.sampled_from("abz-/é<&>*_ "), min_size=1, max_size=200)
samples = st.builds(Sample, texts, texts, texts)
previews = st.builds(
    Preview,
    title=texts,
    words=st.integers(0, 60_000),
    passages=st.integers(1, 900),
    samples=st.lists(samples, max_size=3).map(tuple),
    notes=st.lists(texts, max_size=8).map(tuple),
    topic=st.sampled_from(["", "roles", "gone"]),
    twin=st.none() | st.builds(Twin, paths, texts, st.just("the same title")),
)
CHOSEN = {"file": "F1", "sha256": "0" * 64, "title": "x" * 200}


def faults(shown):
    sent = {"text": shown.text, "blocks": [block.to_dict() for block in shown.blocks]}
    return faults_of_message(sent), list(pings_of(sent["text"], sent["blocks"]))


@settings(deadline=None)
@given(name=texts, preview=previews, topics=st.lists(paths, max_size=120, unique=True))
def test_a_preview_is_inside_slacks_limits_and_mentions_nobody(name, preview, topics):
    file = FileName(readable(name), "slug", ".md")
    assert faults(preview_message(file, preview, ("", "roles", *topics), CHOSEN)) == ([], [])


@given(texts)
def test_a_refusal_of_anything_can_be_sent(reason):
    assert faults(refused_upload(reason)) == ([], [])


@given(texts, paths)
def test_what_became_of_it_can_be_sent(title, path):
    for shown in (
        stored_message(title, path, became="I answer from it now."),
        forgotten_message(path),
        forget_message([(path, title)] * 5),
    ):
        assert faults(shown) == ([], [])


def test_a_button_carries_which_file_and_which_folder():
    preview = Preview("Guilds", 60, 3, (), (), "roles", Twin("roles/a.md", "A", "the same title"))
    shown = preview_message(FileName("“a.md”", "a", ".md"), preview, ("", "roles"), CHOSEN)
    values = {
        one["action_id"]: one["value"]
        for block in shown.blocks
        for one in block.to_dict().get("elements", [])
        if one.get("type") == "button"
    }
    assert chosen_of(values["upload_add"], {}) == CHOSEN | {"topic": "roles"}
    assert chosen_of(values["upload_replace"], {}) == CHOSEN | {"replaces": "roles/a.md"}


@pytest.mark.parametrize(("picked", "topic"), [("hiring", "hiring"), ("/", "")])
def test_what_is_chosen_in_the_message_goes_before(picked, topic):
    option = {"selected_option": {"value": picked}}
    state = {"values": {"upload_topic": {"upload_topic": option}}}
    assert chosen_of(json.dumps({"topic": "roles"}), state) == {"topic": topic}


@pytest.mark.parametrize("value", ["", "no json", "[1, 2]", '"text"', "null"])
def test_a_forged_button_carries_nothing(value):
    assert chosen_of(value, {"values": {"upload_topic": None}}) == {}
