"""What somebody does on the page is done in the local Slack, and the app hears of it."""

import json

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.playground.test_views import TEXT, modal
from tests.playground.visiting import CAREERS

BUTTON = {"type": "button", "action_id": "press", "text": TEXT, "value": "one"}
BOUNDARY = "a-boundary"


@pytest.fixture
def view(web, ann):
    """Open a modal for Ann."""
    return web.views_open(trigger_id=ann.commands("/pmrole", "x").trigger_id, view=modal())["view"]


def snapshot(visitor, person="ann"):
    updates = visitor.updates(person)
    first = next(updates)["snapshot"]
    updates.close()
    return first


def upload(visitor, fields, name, content):
    parts = [f'name="{key}"\r\n\r\n{value}' for key, value in fields.items()]
    parts.append(f'name="file"; filename="{name}"\r\n\r\n{content}')
    body = "".join(f"--{BOUNDARY}\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    headers = {"Content-Type": kind, "Origin": visitor.address}
    status, held = visitor.ask("POST", "/page/upload", f"{body}--{BOUNDARY}--\r\n", **headers)
    return status, json.loads(held)


def test_a_message_is_written_edited_and_deleted(visitor):
    _, said = visitor.do(do="say", channel=CAREERS, text="Hello")
    visitor.do(do="edit", channel=CAREERS, ts=said["ts"], text="Hello @Gus Guest")
    (message,) = snapshot(visitor)["messages"]
    assert (message["text"], message["isEdited"]) == ("Hello <@U0GUS>", True)
    updates = visitor.updates()
    next(updates)
    assert visitor.do(do="delete", channel=CAREERS, ts=said["ts"]) == (200, {})
    assert next(updates)["update"]["gone"] == [{"channel": CAREERS, "ts": said["ts"]}]
    updates.close()


def test_a_file_is_shared_with_its_text(visitor, slack):
    fields = {"as": "ann", "channel": CAREERS, "text": "See this"}
    assert upload(visitor, fields, "notes.md", "# Notes")[0] == 200
    (message,) = snapshot(visitor)["messages"]
    assert message["files"] == [{"name": "notes.md", "size": 7}]
    assert slack.messages(CAREERS)[0].files[0].content == b"# Notes"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"as": "eve", "channel": CAREERS}, "no person"),
        ({"as": "gus", "channel": "#private"}, "gus is not in #private"),
        ({"as": "ann"}, "channel"),
    ],
)
def test_a_file_that_cannot_be_shared_is_refused(visitor, fields, reason):
    status, held = upload(visitor, fields, "notes.md", "# Notes")
    assert status == 409
    assert reason in held["reason"]


def test_a_button_of_a_message_is_pressed(visitor, listen, web):
    app = listen()
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    posted = web.chat_postMessage(channel=CAREERS, text="Press", blocks=blocks)
    asked = {"channel": CAREERS, "ts": posted["ts"], "action": "press", "value": "one"}
    assert visitor.do(do="click", **asked) == (200, {})
    app.slack.wait_for(lambda: snapshot(visitor)["deliveries"][-1]["isOver"], "the press")
    (shown,) = [one for one in snapshot(visitor)["deliveries"] if "press" in one["what"]]
    assert shown["what"] == "block_actions: press"
    assert shown["ackMs"] > 0


def test_a_modal_is_filled_in_and_sent(visitor, listen, view):
    listen()
    asked = {"do": "submit", "view": view["id"], "values": {"why": "Because"}}
    assert visitor.do(**asked) == (200, {"errors": {}})
    assert snapshot(visitor)["views"] == []


def test_errors_of_a_modal_come_back_by_block(visitor, listen, view):
    wrong = {"response_action": "errors", "errors": {"reason": "Say more"}}
    listen(answers={"interactive": wrong})
    asked = {"do": "submit", "view": view["id"], "values": {"why": "Because"}}
    assert visitor.do(**asked) == (200, {"errors": {"reason": "Say more"}})
    assert snapshot(visitor)["views"][0]["values"]["reason"]["why"]["value"] == "Because"


def test_an_answer_that_slack_refuses_is_told(visitor, listen, view):
    listen(answers={"interactive": {"response_action": "update", "view": {"type": "modal"}}})
    status, held = visitor.do(do="submit", view=view["id"], values={"why": "Because"})
    assert status == 409
    assert held["reason"].startswith("Slack refused the app's answer: invalid view")


def test_a_submission_that_nobody_acknowledges_is_told_as_slack_tells_it(visitor, slack, view):
    slack.ack_within_s = 0.05
    status, held = visitor.do(do="submit", view=view["id"], values={"why": "Because"})
    assert status == 409
    assert held["reason"].startswith("We had some trouble connecting")


def test_a_modal_is_closed(visitor, view):
    assert [one["title"] for one in snapshot(visitor)["views"]] == ["A modal"]
    visitor.do(do="close", view=view["id"], everything=True)
    assert snapshot(visitor)["views"] == []


def test_both_tabs_of_the_app_and_the_shortcuts_are_deliveries(visitor, web):
    posted = web.chat_postMessage(channel=CAREERS, text="A question")
    visitor.do(do="home")
    visitor.do(do="messages")
    visitor.do(do="shortcut", callback="compare_titles_shortcut")
    visitor.do(do="shortcut", callback="answer_message", channel=CAREERS, ts=posted["ts"])
    visitor.do(do="say", channel=CAREERS, text="/pmrole help")
    told = [one["what"] for one in snapshot(visitor)["deliveries"]]
    assert told[-5:] == [
        "app_home_opened",
        "app_home_opened",
        "shortcut: compare_titles_shortcut",
        "message_action: answer_message",
        "/pmrole help",
    ]


def test_the_bot_is_invited(visitor):
    visitor.do(do="invite", channel="C0ELSEWHERE")
    held = {one["name"]: one["hasBot"] for one in snapshot(visitor)["channels"]}
    assert held["elsewhere"] is True


def test_what_the_app_does_is_told_at_once(visitor, web):
    updates = visitor.updates()
    next(updates)
    web.assistant_threads_setSuggestedPrompts(
        channel_id="D0ANN", prompts=[{"title": "Ask", "message": "Ask me"}]
    )
    told = next(updates)["update"]
    assert told["prompts"] == [{"title": "Ask", "message": "Ask me"}]
    assert [one["method"] for one in told["calls"]] == ["assistant.threads.setSuggestedPrompts"]
    updates.close()


def test_a_socket_that_opens_is_told(visitor, listen):
    updates = visitor.updates()
    next(updates)
    listen()
    told = next(updates)["update"]
    while "sockets" not in told:
        told = next(updates)["update"]
    assert told["sockets"] == 1
    updates.close()


@pytest.mark.parametrize(
    ("method", "fields", "reason"),
    [
        (
            "chat.postMessage",
            {"channel": CAREERS, "text": "x", "blocks": [{"type": "nothing"}]},
            "unsupported type: nothing",
        ),
        ("blocks.validate", {"blocks": [{"type": "nothing"}]}, "unsupported type: nothing"),
        ("reactions.add", {"channel": CAREERS, "name": "x", "timestamp": "1"}, "reactions:write"),
    ],
)
def test_a_call_that_slack_refuses_is_told_with_the_reason(visitor, slack, method, fields, reason):
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    with pytest.raises(SlackApiError):
        client.api_call(method, json=fields)
    call = snapshot(visitor)["calls"][-1]
    assert call["method"] == method
    assert any(reason in one for one in call["reasons"])
