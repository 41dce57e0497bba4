"""The whole: a real Bolt app, faults, edits, changes told, and a port that is taken."""

import time
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.changes import Change, TimedOutError
from playground.finding import NotThereError
from playground.hosting import NotStartedError
from playground.local_slack import LocalSlack
from playground.messages import Message

MODAL = {
    "type": "modal",
    "callback_id": "why",
    "title": {"type": "plain_text", "text": "Why?"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "reason",
            "label": {"type": "plain_text", "text": "Reason"},
            "element": {"type": "plain_text_input", "action_id": "why"},
        }
    ],
}


def teach(app):
    """Give a Bolt app a listener for each thing a person can do."""
    button = {"type": "button", "action_id": "bad", "text": {"type": "plain_text", "text": "bad"}}

    @app.event("app_mention")
    def mentioned(event, say):
        blocks = [{"type": "actions", "elements": [button]}]
        say(text="because", blocks=blocks, thread_ts=event["ts"])

    @app.event("message")
    def said():
        """Acknowledge it."""

    @app.action("bad")
    def clicked(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("why")
    def submitted(ack, body, client, view):
        typed = view["state"]["values"]["reason"]["why"]["value"]
        if typed == "no":
            ack(response_action="errors", errors={"reason": "say more"})
            return
        client.chat_postMessage(channel=body["user"]["id"], text=f"noted: {typed}")
        ack()

    @app.command("/pmrole")
    def commanded(ack, respond, command):
        ack()
        respond(f"you asked {command['text']}")


def test_a_bolt_app_hears_answers_opens_and_is_submitted_to(slack, ann, bolt):
    teach(bolt.app)
    bolt.connect()
    question = ann.says("#careers", f"<@{slack.bot_user}> why?")
    slack.wait_for(lambda: len(ann.sees("#careers", question)) == 2, "the answer")
    ann.clicks(ann.sees("#careers", question)[-1], "bad")
    slack.wait_for(ann.views, "the modal")
    assert ann.submits(ann.views()[0], {"why": "no"})["response_action"] == "errors"
    assert not ann.submits(ann.views()[0], {"why": "too short"})
    assert [one.text for one in ann.direct_messages()] == ["noted: too short"]
    assert ann.views() == []
    ann.commands("/pmrole", "this", channel="#elsewhere")
    slack.wait_for(lambda: ann.sees("#elsewhere"), "the whisper")
    assert ann.sees("#elsewhere")[0].text == "you asked this"
    assert {one.attempts for one in slack.deliveries} <= {0, 1}
    assert not slack.pings


def test_the_bots_own_messages_come_back_to_it_as_events(slack, web):
    web.chat_postMessage(channel="C0CAREERS", text="mine")
    event = slack.deliveries[0].payload["event"]
    assert (event["user"], event["bot_id"], event["app_id"]) == ("U0BOT", "B0BOT", "A0LOCAL")


def test_edits_and_deletions_are_told_with_what_was_before(slack, ann):
    posted = ann.says("#careers", "old")
    ann.edits(posted, "new")
    ann.deletes(posted)
    _, changed, deleted = (one.payload["event"] for one in slack.deliveries)
    assert changed["subtype"] == "message_changed"
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("new", "old")
    assert changed["message"]["edited"]["user"] == ann.id
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", posted.ts)
    assert ann.sees("#careers") == []


def test_a_deleted_message_with_replies_leaves_a_stone(slack, ann):
    root = ann.says("#careers", "question")
    ann.says("#careers", "reply", thread=root)
    ann.deletes(root)
    stone, reply = ann.sees("#careers", root)
    assert (stone.subtype, stone.text, reply.text) == (
        "tombstone", "This message was deleted.", "reply",
    )  # fmt: skip
    event = slack.deliveries[-1].payload["event"]
    assert (event["subtype"], event["message"]["subtype"]) == ("message_changed", "tombstone")


def test_typed_text_is_escaped_but_for_mentions(slack, ann):
    ann.says("#careers", "<@U0BOT> R&D <b> <https://e.example|link>")
    event = slack.deliveries[0].payload["event"]
    assert event["text"] == "<@U0BOT> R&amp;D &lt;b&gt; <https://e.example|link>"
    parts = event["blocks"][0]["elements"][0]["elements"]
    assert [one["type"] for one in parts] == ["user", "text", "link"]
    assert parts[1]["text"] == " R&D <b> "


def test_a_person_cannot_do_what_slack_would_not_let_them(slack, ann):
    posted = ann.says("#careers", "mine")
    gus = slack.person("gus")
    with pytest.raises(NotThereError, match="gus is not in #elsewhere"):
        gus.says("#elsewhere", "x")
    with pytest.raises(NotThereError, match="archived"):
        ann.says("#old", "x")
    with pytest.raises(NotThereError, match="did not write that"):
        gus.edits(posted, "x")
    with pytest.raises(KeyError, match="no person 'bob'"):
        slack.person("bob")


def test_a_message_shortcut_brings_the_message(ann):
    posted = ann.says("#careers", "what does a VP do?")
    payload = ann.uses_shortcut("answer_message", posted).payload
    assert (payload["type"], payload["callback_id"]) == ("message_action", "answer_message")
    assert payload["message"]["text"] == "what does a VP do?"
    assert payload["response_url"]
    assert ann.uses_shortcut("compare").payload["type"] == "shortcut"


def test_pings_are_noted_unless_they_may_be(slack, web):
    slack.pingable.add("U0ADA")
    web.chat_postMessage(channel="C0CAREERS", text="<@U0ADA> <@U0ANN> <!here>")
    assert [one.what for one in slack.pings] == ["<@U0ANN>", "<!here>"]


POST: dict[str, Any] = {"channel": "C0CAREERS", "text": "hi"}


@pytest.mark.parametrize(
    ("what", "status"), [("fatal_error", 200), (429, 429), (500, 500), (503, 503)]
)
def test_a_refused_call_does_nothing_and_the_next_works(slack, web, ann, what, status):
    slack.refuse("chat.postMessage", what, retry_after=7)
    with pytest.raises(SlackApiError) as refused:
        web.chat_postMessage(**POST)
    assert refused.value.response.status_code == status
    if status == 429:
        assert refused.value.response.headers["retry-after"] == "7"
    assert ann.sees("#careers") == []
    web.chat_postMessage(**POST)
    assert [one.error for one in slack.calls] == [str(what), ""]


def test_a_lost_answer_leaves_the_work_done(slack, web, ann):
    slack.refuse("chat.postMessage", 500, after=True)
    with pytest.raises(SlackApiError):
        web.chat_postMessage(**POST)
    assert [one.text for one in ann.sees("#careers")] == ["hi"]


def test_a_call_without_an_answer_times_out(slack, ann):
    slack.refuse("chat.postMessage", "timeout", after=True)
    impatient = WebClient(slack.bot_token, base_url=slack.api_url, timeout=1, retry_handlers=[])
    with pytest.raises(TimeoutError):
        impatient.chat_postMessage(**POST)
    assert len(ann.sees("#careers")) == 1


def test_a_cut_connection_is_tried_again_by_the_client(slack, web, ann):
    slack.refuse("chat.postMessage", "cut")
    web.chat_postMessage(**POST)
    assert [one.error for one in slack.calls] == ["cut", ""]
    assert len(ann.sees("#careers")) == 1


def test_changes_are_told_in_order_until_that_is_ended(slack, web, ann):
    told: list[Change] = []
    end = slack.subscribe(told.append)
    posted = ann.says("#careers", "a")
    web.chat_postMessage(channel="C0CAREERS", text="b", thread_ts=posted.ts)
    slack.wait_for(lambda: [one.kind for one in told].count("call") == 1, "the call")
    end()
    ann.says("#careers", "c")
    messages = [one.value for one in told if isinstance(one.value, Message)]
    assert [one.text for one in messages] == ["a", "b"]
    numbers = [one.number for one in told]
    assert numbers == sorted(set(numbers))


def test_waiting_for_what_does_not_come_ends(slack):
    started = time.monotonic()
    with pytest.raises(TimedOutError, match=r"a miracle did not come within 0\.1 s"):
        slack.wait_for(lambda: False, "a miracle", 0.1)
    assert time.monotonic() - started < 5


def test_a_taken_port_is_said_at_once(slack):
    port = int(slack.address.rpartition(":")[2])
    with pytest.raises(OSError, match="address already in use"), LocalSlack(port=port):
        pass


def test_used_before_it_is_started_it_says_so():
    with pytest.raises(NotStartedError, match="use it in a with statement"):
        LocalSlack().cut_sockets()
