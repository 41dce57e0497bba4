"""Response URLs and clicks on messages."""

import pytest
from slack_sdk.webhook import WebhookClient

from playground.finding import NotThereError

TEXT = {"type": "plain_text", "text": "Press"}
BUTTONS = {
    "type": "actions",
    "block_id": "row",
    "elements": [
        {"type": "button", "action_id": "share", "value": "1", "text": TEXT},
        {"type": "button", "action_id": "ask", "value": "a", "text": TEXT},
    ],
}
FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": TEXT, "value": "up:1"},
            "negative_button": {"text": TEXT, "value": "down:1"},
        }
    ],
}


@pytest.fixture
def command(ann):
    return ann.commands("/pmrole", "hello", channel="#elsewhere")


def test_an_answer_is_for_the_asker_unless_it_says_otherwise(slack, ann, command):
    hook = WebhookClient(command.response_url)
    assert hook.send(text="whisper").body == "ok"
    assert hook.send(text="aloud", response_type="in_channel").status_code == 200
    assert [one.text for one in ann.sees("#elsewhere")] == ["whisper", "aloud"]
    assert [one.text for one in slack.person("ada").sees("#elsewhere")] == ["aloud"]
    assert [one.method for one in slack.calls] == ["response_url", "response_url"]


def test_the_sixth_use_is_refused(command):
    hook = WebhookClient(command.response_url)
    statuses = [hook.send(text="x").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [404]
    assert "used_url" in hook.send(text="x").body


def test_after_half_an_hour_it_is_refused(command, clock):
    hook = WebhookClient(command.response_url)
    clock.now += 30 * 60
    assert hook.send(text="x").status_code == 200
    clock.now += 1
    assert "expired_url" in hook.send(text="x").body


def test_an_address_that_was_never_given_out_is_refused(slack):
    answer = WebhookClient(f"{slack.address}/commands/T0LOCAL/nonsense").send(text="x")
    assert answer.status_code == 404


def test_what_cannot_be_shown_is_refused_with_the_reason(slack, command):
    answer = WebhookClient(command.response_url).send(text="x", blocks=[{"type": "nope"}])
    assert (answer.status_code, "invalid_blocks" in answer.body) == (500, True)
    assert slack.calls[-1].error == "invalid_blocks"
    assert "no_text" in WebhookClient(command.response_url).send(text="").body


def test_a_clicked_message_is_replaced_and_deleted(web, ann):
    web.chat_postEphemeral(channel="C0CAREERS", user=ann.id, text="old", blocks=[BUTTONS])
    (message,) = ann.sees("#careers")
    payload = ann.clicks(message, "share").payload
    hook = WebhookClient(payload["response_url"])
    hook.send(text="new", replace_original=True)
    assert [one.text for one in ann.sees("#careers")] == ["new"]
    hook.send(delete_original=True)
    assert ann.sees("#careers") == []


def test_a_click_tells_who_where_and_what(web, ann):
    root = ann.says("#careers", "why?")
    fields = {"channel": root.channel, "thread_ts": root.ts, "text": "x", "blocks": [BUTTONS]}
    ts = web.chat_postMessage(**fields)["ts"]
    payload = ann.clicks(ann.sees("#careers", root)[-1], "share").payload
    assert payload["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "C0CAREERS",
        "is_ephemeral": False,
        "thread_ts": root.ts,
    }
    assert payload["message"]["ts"] == ts
    assert payload["channel"] == {"id": "C0CAREERS", "name": "careers"}
    (action,) = payload["actions"]
    assert (action["type"], action["block_id"], action["value"]) == ("button", "row", "1")


def test_a_click_on_an_ephemeral_message_comes_without_the_message(web, ann):
    web.chat_postEphemeral(channel="C0CAREERS", user=ann.id, text="x", blocks=[BUTTONS])
    payload = ann.clicks(ann.sees("#careers")[0], "share").payload
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload


@pytest.mark.parametrize("verdict", ["up:1", "down:1"])
def test_feedback_is_one_of_two(web, ann, verdict):
    web.chat_postMessage(channel="C0CAREERS", text="x", blocks=[FEEDBACK])
    (action,) = ann.clicks(ann.sees("#careers")[0], "feedback", verdict).payload["actions"]
    assert (action["type"], action["value"]) == ("feedback_buttons", verdict)


@pytest.mark.parametrize(
    ("action_id", "value", "what"),
    [
        ("nope", None, "there are: share, ask, feedback"),
        ("share", "2", "has the value '1'"),
        ("feedback", "sideways", "feedback is one of"),
    ],
)
def test_what_is_not_there_cannot_be_clicked(web, ann, action_id, value, what):
    web.chat_postMessage(channel="C0CAREERS", text="x", blocks=[BUTTONS, FEEDBACK])
    with pytest.raises(NotThereError, match=what):
        ann.clicks(ann.sees("#careers")[0], action_id, value)


def test_another_persons_whisper_cannot_be_clicked(slack, web, ann):
    web.chat_postEphemeral(channel="C0CAREERS", user=ann.id, text="x", blocks=[BUTTONS])
    (message,) = ann.sees("#careers")
    with pytest.raises(NotThereError, match="gus sees no such message"):
        slack.person("gus").clicks(message, "share")


SELECTS = [
    (
        {"type": "static_select", "options": [{"text": TEXT, "value": "v"}]},
        "Press",
        {"selected_option": {"text": TEXT, "value": "v"}},
    ),
    (
        {"type": "overflow", "options": [{"text": TEXT, "value": "v"}]},
        "v",
        {"selected_option": {"text": TEXT, "value": "v"}},
    ),
    (
        {"type": "checkboxes", "options": [{"text": TEXT, "value": "v"}]},
        ["v"],
        {"selected_options": [{"text": TEXT, "value": "v"}]},
    ),
    ({"type": "users_select"}, "U0ANN", {"selected_user": "U0ANN"}),
    ({"type": "multi_channels_select"}, ["C1"], {"selected_channels": ["C1"]}),
    ({"type": "datepicker"}, "2026-01-02", {"selected_date": "2026-01-02"}),
    ({"type": "datetimepicker"}, 1_700_000_000, {"selected_date_time": 1_700_000_000}),
]


@pytest.mark.parametrize(("element", "selected", "told"), SELECTS)
def test_what_is_chosen_is_told_by_the_kind_of_element(web, ann, element, selected, told):
    row = {"type": "actions", "elements": [{**element, "action_id": "pick"}]}
    web.chat_postMessage(channel="C0CAREERS", text="x", blocks=[row])
    delivery = ann.clicks(ann.sees("#careers")[0], "pick", selected=selected)
    (action,) = delivery.payload["actions"]
    assert action.items() >= {**told, "type": element["type"]}.items()
