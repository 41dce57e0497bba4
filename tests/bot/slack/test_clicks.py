"""What clicks and commands say, whatever their payload holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.asked import Asked, Surface
from bot.slack.clicks import Click, value_of
from bot.slack.listeners.commands import question_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
FIELDS = ["team", "user", "container", "message", "channel", "view", "trigger_id", "response_url"]


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_any_payload_is_read_without_an_error(payload):
    click = Click.of(payload)
    assert isinstance(click.user, str)
    assert isinstance(click.message_ts, str)


@given(st.dictionaries(st.sampled_from(["value", "selected_option"]), JSON))
def test_any_action_has_a_value_or_none(action):
    assert isinstance(value_of(action), str)


def click_in(**container):
    return Click.of(
        {
            "team": {"id": "T1"},
            "user": {"id": "U1"},
            "channel": {"id": container.pop("channel", "C1")},
            "container": {"message_ts": "2.0", **container},
            "response_url": "https://example.com/reply",
        }
    )


def test_a_suggestion_in_a_thread_is_answered_in_that_thread():
    assert click_in(thread_ts="1.0").asks("why?").root == "1.0"


def test_a_suggestion_of_a_message_at_the_top_is_answered_under_it():
    assert click_in().asks("why?").root == "2.0"


def test_a_suggestion_in_a_direct_message_is_answered_in_place():
    assert click_in(channel="D1").asks("why?").root == ""


def test_a_suggestion_that_only_one_person_sees_is_answered_to_that_person():
    asked = click_in(is_ephemeral=True).asks("why?")
    assert asked.response_url == "https://example.com/reply"
    assert asked.place is None


def test_a_question_survives_being_kept():
    asked = Asked(Surface.MENTION, "T1", "U1", "what is a PM?", "C1", "1.0", "1.0")
    assert Asked.from_dict(asked.as_dict()) == asked


def test_the_response_address_is_not_in_the_log():
    asked = Asked(Surface.COMMAND, "T1", "U1", "why?", "C1", response_url="https://secret.example")
    assert "secret" not in repr(asked)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("compare CPO, Head of Product", "CPO vs Head of Product"),
        ("compare PM and PO and TPM", "PM vs PO vs TPM"),
        ("Compare vp of product with head of product", "vp of product vs head of product"),
        ("path group product manager", "How do I become a group product manager?"),
        ("path to CPO", "How do I become a CPO?"),
        ("what does a VP do", "what does a VP do"),
        ("  ", ""),
        ("compare", "compare"),
    ],
)
def test_the_words_after_the_command_are_a_question(typed, asked):
    assert question_of(typed) == asked
