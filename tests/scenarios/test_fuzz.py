"""Whatever comes over the socket is acknowledged, and the bot answers on."""

import copy
import json
import random

import pytest

from tests.scenarios.conftest import VP

SEEDS = range(12)
EACH = 25
_WRONG: tuple[object, ...] = (
    None,
    "",
    0,
    -1,
    True,
    [],
    {},
    [None],
    {"a": 1},
    "x" * 5000,
    "\x00\ud7ff￿",
    1e308,
    [[[]]],
)


def well_formed(office):
    """Return one payload of every kind, as Slack sends them."""
    slack, ann = office.slack, office.ann
    channel = slack.channels["#careers"].id
    message = {"type": "message", "user": ann.id, "text": VP, "ts": "1700000000.000001"}
    place = {"channel": channel, "channel_type": "channel", "team": slack.team}
    edited = {**message, "text": "b", "edited": {"user": ann.id, "ts": "1700000001.000001"}}
    events = (
        {**message, **place, "type": "app_mention", "text": f"{office.mention} {VP}"},
        {**message, **place, "thread_ts": "1700000000.000000"},
        {**message, **place, "channel": ann.direct_channel, "channel_type": "im"},
        {
            **place,
            "type": "message",
            "subtype": "message_changed",
            "message": edited,
            "previous_message": message,
        },
        {
            **place,
            "type": "message",
            "subtype": "message_changed",
            "message": {**message, "subtype": "tombstone"},
            "previous_message": message,
        },
        {
            **place,
            "type": "message",
            "subtype": "message_deleted",
            "deleted_ts": "1700000000.000001",
            "previous_message": message,
        },
        {"type": "app_home_opened", "user": ann.id, "channel": ann.direct_channel, "tab": "home"},
        {
            "type": "app_home_opened",
            "user": ann.id,
            "channel": ann.direct_channel,
            "tab": "messages",
        },
        {"type": "app_uninstalled"},
        {"type": "tokens_revoked", "tokens": {"bot": ["U1"]}},
    )
    who = {
        "user": {"id": ann.id, "team_id": slack.team},
        "team": {"id": slack.team},
        "trigger_id": "1.2.3",
        "response_url": f"{slack.address}/actions/T/none",
    }
    container = {"type": "message", "message_ts": "1700000000.000001", "channel_id": channel}
    here = {**who, "container": container, "channel": {"id": channel}, "message": message}
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": "compare_titles",
        "private_metadata": "a",
        "state": {
            "values": {"first_title": {"first_title": {"selected_option": {"value": "CPO"}}}}
        },
    }
    actions = [
        {"type": "button", "action_id": name, "block_id": "b", "value": value}
        for name, value in (
            ("ask:0", VP),
            ("choose:1", VP),
            ("passages", "a"),
            ("share", "a"),
            ("ask_human", "a"),
            ("compare_with", "a"),
            ("feedback", "down:a"),
        )
    ]
    interactive = (
        *({**here, "type": "block_actions", "actions": [one]} for one in actions),
        {**who, "type": "view_submission", "view": view},
        {**who, "type": "view_submission", "view": {**view, "callback_id": "feedback_reason"}},
        {**who, "type": "view_closed", "view": view},
        {**who, "type": "shortcut", "callback_id": "compare_titles_shortcut"},
        {**here, "type": "message_action", "callback_id": "answer_message"},
    )
    command = {
        "command": "/pmrole",
        "text": VP,
        "team_id": slack.team,
        "user_id": ann.id,
        "channel_id": channel,
        "trigger_id": "1.2.3",
        "response_url": f"{slack.address}/commands/T/none",
    }
    outer = {"type": "event_callback", "team_id": slack.team, "event_id": "Ev1"}
    return (
        *(("events_api", {**outer, "event": event}) for event in events),
        *(("interactive", payload) for payload in interactive),
        ("slash_commands", command),
    )


def places_in(value, path=()):
    """Return the path to everything within a payload."""
    found = [path] if path else []
    if isinstance(value, dict | list):
        steps = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in steps:
            found += places_in(inner, (*path, key))
    return found


def spoil(payload, rng):
    """Return a payload with a few of its parts missing or of another kind."""
    spoiled = copy.deepcopy(payload)
    for _ in range(rng.randint(1, 3)):
        places = places_in(spoiled)
        if not places:
            break
        *way, last = rng.choice(places)
        inner = spoiled
        for step in way:
            inner = inner[step]
        if rng.random() < 0.4:
            del inner[last]
        else:
            inner[last] = copy.deepcopy(rng.choice(_WRONG))
    return spoiled


@pytest.mark.parametrize("seed", SEEDS)
def test_spoiled_payloads_of_every_kind_are_acknowledged(shared_office, seed):
    rng, office = random.Random(seed), shared_office  # noqa: S311 - the same payloads each time
    kinds = well_formed(office)
    sent = []
    for number in range(EACH):
        kind, payload = kinds[(seed * EACH + number) % len(kinds)]
        if "event_id" in payload:
            payload = {**payload, "event_id": f"Ev{seed}x{number}"}
        sent.append((office.slack.sends(spoil(payload, rng), kind), payload))
    office.wait(lambda: all(one.is_over for one in office.slack.deliveries), "acknowledgements")
    lost = [one for one, _ in sent if office.slack.delivery(one.id).attempts != 1]
    assert not lost, json.dumps([one.payload for one in lost])[:2000]
    assert all(office.slack.delivery(one.id).acked_at is not None for one, _ in sent)


@pytest.mark.parametrize("payload", [None, [], "text", 7, True, {}, [[]], {"event": 1}])
@pytest.mark.parametrize("kind", ["events_api", "interactive", "slash_commands"])
def test_payloads_that_are_no_payloads_are_acknowledged(shared_office, kind, payload):
    sent = shared_office.slack.sends(payload, kind)
    shared_office.wait(lambda: shared_office.slack.delivery(sent.id).is_over, "the end of it")
    assert shared_office.slack.delivery(sent.id).attempts == 1


def test_frames_that_are_no_envelopes_do_not_end_the_connection(shared_office):
    for frame in (
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"type": 7}',
        '{"type": "events_api"}',
        "\x00",
        '{"envelope_id": [], "type": "events_api", "payload": {}}',
        "{" * 10_000,
    ):
        shared_office.slack.sends_frame(frame)
    assert shared_office.slack.connections == 1


def test_the_bot_answers_after_all_that(shared_office):
    asked = shared_office.ann.says("#careers", f"{shared_office.mention} {VP}")
    (answer,) = shared_office.replies(shared_office.ann, asked)
    assert "VP of product" in answer.text
