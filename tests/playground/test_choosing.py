"""What somebody chose in a message comes with every later click, as Slack sends it."""

import pytest
from slack_sdk import WebClient


def option(value):
    return {"text": {"type": "plain_text", "text": value.title()}, "value": value}


BLOCKS = [
    {
        "type": "actions",
        "block_id": "where",
        "elements": [
            {
                "type": "static_select",
                "action_id": "topic",
                "options": [option("roles"), option("craft")],
                "initial_option": option("roles"),
            },
            {"type": "checkboxes", "action_id": "how", "options": [option("now")]},
            {
                "type": "button",
                "action_id": "add",
                "text": {"type": "plain_text", "text": "Add"},
                "value": "v",
            },
        ],
    }
]


@pytest.fixture
def listener(listen):
    return listen()


@pytest.fixture
def posted(slack, ann, web: WebClient):
    answer = web.chat_postMessage(channel=ann.direct_channel, text="Where?", blocks=BLOCKS)
    (message,) = [one for one in slack.messages(ann.direct_channel) if one.ts == answer["ts"]]
    return message


def states(slack, listener, count):
    """Return the `state` of each click, once there are so many."""

    def found():
        payloads = [one.payload for one in listener.heard if one.type == "interactive"]
        return [one["state"]["values"] for one in payloads]

    slack.wait_for(lambda: len(found()) >= count, "the clicks")
    return found()


def test_at_first_it_is_what_the_message_came_with(slack, listener, ann, posted):
    ann.clicks(posted, "add")
    (state,) = states(slack, listener, 1)
    assert state == {
        "where": {
            "topic": {"type": "static_select", "selected_option": option("roles")},
            "how": {"type": "checkboxes", "selected_options": []},
        }
    }


def test_then_it_is_what_was_chosen(slack, listener, ann, posted):
    ann.clicks(posted, "topic", selected="craft")
    ann.clicks(posted, "how", selected=["now"])
    ann.clicks(posted, "add")
    *_, state = states(slack, listener, 3)
    assert state["where"]["topic"]["selected_option"] == option("craft")
    assert state["where"]["how"]["selected_options"] == [option("now")]


def test_what_one_person_chose_is_nobody_elses(slack, listener, ann, web):
    answer = web.chat_postMessage(channel="C0CAREERS", text="Where?", blocks=BLOCKS)
    (message,) = [one for one in slack.messages("#careers") if one.ts == answer["ts"]]
    ann.clicks(message, "topic", selected="craft")
    slack.person("gus").clicks(message, "add")
    _, state = states(slack, listener, 2)
    assert state["where"]["topic"]["selected_option"] == option("roles")
