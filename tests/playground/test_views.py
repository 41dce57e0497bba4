"""Modals and Home tabs: triggers, stacks, submissions, closing."""

import pytest
from slack_sdk import WebClient

from playground.finding import NotThereError

TEXT = {"type": "plain_text", "text": "Text"}
INPUT = {
    "type": "input",
    "block_id": "reason",
    "label": TEXT,
    "element": {"type": "plain_text_input", "action_id": "why"},
}
OPTIONS = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("a", "b")]
PICKER = {
    "type": "input",
    "block_id": "titles",
    "label": TEXT,
    "optional": True,
    "element": {"type": "multi_static_select", "action_id": "chosen", "options": OPTIONS},
}


def modal(*blocks, title="A modal", **more):
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title},
        "submit": TEXT,
        "blocks": list(blocks) or [INPUT],
        **more,
    }


def home(text):
    return {"type": "home", "blocks": [{"type": "section", "text": {**TEXT, "text": text}}]}


@pytest.fixture
def trigger(ann):
    return lambda: ann.commands("/pmrole", "x").trigger_id


def test_a_modal_opens_for_whoever_pulled_the_trigger(slack, web, ann, trigger):
    view = web.views_open(trigger_id=trigger(), view=modal(callback_id="why"))["view"]
    (seen,) = ann.views()
    assert (seen.id, seen.title, seen.callback_id) == (view["id"], "A modal", "why")
    assert view["state"]["values"] == {
        "reason": {"why": {"type": "plain_text_input", "value": None}}
    }
    assert (view["root_view_id"], view["app_id"], view["bot_id"]) == (
        view["id"],
        "A0LOCAL",
        "B0BOT",
    )
    assert slack.person("gus").views() == []


def test_a_trigger_is_good_once(web, trigger, error_of):
    once = trigger()
    web.views_open(trigger_id=once, view=modal())
    assert error_of(web.views_open, trigger_id=once, view=modal()) == "exchanged_trigger_id"


def test_a_trigger_is_good_for_three_seconds(web, trigger, error_of, clock):
    once = trigger()
    clock.now += 3.1
    assert error_of(web.views_open, trigger_id=once, view=modal()) == "expired_trigger_id"
    assert error_of(web.views_open, trigger_id="1.2.3", view=modal()) == "invalid_trigger_id"


def test_an_invalid_view_is_refused_with_reasons_and_keeps_the_trigger(
    slack, web, trigger, error_of
):
    once = trigger()
    assert error_of(web.views_open, trigger_id=once, view=modal(title="x" * 25)) == (
        "invalid_arguments"
    )
    assert slack.calls[-1].answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]
    assert web.views_open(trigger_id=once, view=modal())["ok"]


def test_a_very_large_view_is_refused(web, trigger, error_of):
    rows = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}} for _ in range(90)]
    fields = {"trigger_id": trigger(), "view": modal(*rows)}
    assert error_of(web.views_open, **fields) == "view_too_large"


def test_submitting_closes_the_modal_and_tells_what_was_entered(web, ann, trigger, listen):
    listener = listen()
    web.views_open(trigger_id=trigger(), view=modal(INPUT, PICKER, private_metadata="id-7"))
    (view,) = ann.views()
    assert ann.submits(view, {"why": "because", "titles": ["b"]}) is None
    assert ann.views() == []
    payload = listener.heard[-1].payload
    assert (payload["type"], payload["user"]["id"]) == ("view_submission", ann.id)
    assert payload["view"]["private_metadata"] == "id-7"
    assert payload["view"]["state"]["values"] == {
        "reason": {"why": {"type": "plain_text_input", "value": "because"}},
        "titles": {"chosen": {"type": "multi_static_select", "selected_options": [OPTIONS[1]]}},
    }


@pytest.mark.parametrize(
    ("values", "what"),
    [({}, "required"), ({"why": "x", "nope": "y"}, "no inputs"), ({"chosen": ["z"]}, "no option")],
)
def test_what_a_person_cannot_submit(web, ann, trigger, values, what):
    web.views_open(trigger_id=trigger(), view=modal(INPUT, PICKER))
    (view,) = ann.views()
    with pytest.raises(NotThereError, match=what):
        ann.submits(view, values)


def test_errors_keep_the_modal_open(web, ann, trigger, listen):
    errors = {"response_action": "errors", "errors": {"reason": "say more"}}
    listen(answers={"interactive": errors})
    web.views_open(trigger_id=trigger(), view=modal())
    (view,) = ann.views()
    assert ann.submits(view, {"why": "x"}) == errors
    assert [one.id for one in ann.views()] == [view.id]


@pytest.mark.parametrize(
    ("response", "titles", "error"),
    [
        ({"response_action": "clear"}, [], ""),
        ({"response_action": "update", "view": modal(title="New")}, ["New"], ""),
        ({"response_action": "push", "view": modal(title="Top")}, ["A modal", "Top"], ""),
        ({"response_action": "push", "view": {"type": "modal"}}, ["A modal"], "invalid view"),
        ({"response_action": "errors", "errors": {"nope": "x"}}, ["A modal"], "errors for blocks"),
        ({"response_action": "dance"}, ["A modal"], "unknown response_action"),
    ],
)
def test_what_the_answer_to_a_submission_does(slack, ann, listen, response, titles, error):
    listen(answers={"interactive": response})
    web = WebClient(slack.bot_token, base_url=slack.api_url)
    web.views_open(trigger_id=ann.commands("/pmrole").trigger_id, view=modal())
    (view,) = ann.views()
    ann.submits(view, {"why": "x"})
    assert [one.title for one in ann.views()] == titles
    assert slack.deliveries[-1].error.startswith(error)


def test_a_modal_is_pushed_from_a_modal_and_no_higher_than_three(web, ann, trigger, error_of):
    button = {"type": "actions", "elements": [
        {"type": "button", "action_id": "more", "text": TEXT},
    ]}  # fmt: skip
    web.views_open(trigger_id=trigger(), view=modal(button))

    def pull():
        delivery = ann.clicks(ann.views()[-1], "more")
        return delivery.payload["trigger_id"]

    for _ in range(2):
        web.views_push(trigger_id=pull(), view=modal(button))
    first, second, third = ann.views()
    assert third.root == second.root == first.id
    assert third.previous == second.id
    fields = {"trigger_id": pull(), "view": modal(button)}
    assert error_of(web.views_push, **fields) == "push_limit_reached"
    assert error_of(web.views_push, trigger_id=trigger(), view=modal()) == "not_found"
    ann.closes(third)
    assert ann.views() == [first, second]
    ann.closes(second, everything=True)
    assert ann.views() == []


def test_closing_is_told_to_an_app_that_asked(slack, web, ann, trigger):
    for asked in (False, True):
        web.views_open(trigger_id=trigger(), view=modal(notify_on_close=asked))
        ann.closes(ann.views()[0])
    kinds = [one.payload.get("type") for one in slack.deliveries]
    assert kinds == [None, None, "view_closed"]
    assert slack.deliveries[-1].payload["is_cleared"] is False


def test_an_update_keeps_what_was_entered_and_minds_the_hash(web, ann, trigger, error_of):
    opened = web.views_open(trigger_id=trigger(), view=modal(INPUT, PICKER, external_id="mine"))
    view = opened["view"]
    picker = {**PICKER, "dispatch_action": True}
    web.views_update(view_id=view["id"], view=modal(INPUT, picker, external_id="mine"))
    ann.clicks(ann.views()[0], "chosen", selected=["a"])
    updated = web.views_update(external_id="mine", view=modal(picker, title="New"))["view"]
    chosen = updated["state"]["values"]["titles"]["chosen"]
    assert chosen["selected_options"] == [OPTIONS[0]]
    fields = {"view_id": view["id"], "view": modal(), "hash": view["hash"]}
    assert error_of(web.views_update, **fields) == "hash_conflict"
    assert error_of(web.views_update, view_id="V0", view=modal()) == "not_found"


def test_an_external_id_belongs_to_one_view(web, trigger, error_of):
    web.views_open(trigger_id=trigger(), view=modal(external_id="mine"))
    fields = {"trigger_id": trigger(), "view": modal(external_id="mine")}
    assert error_of(web.views_open, **fields) == "duplicate_external_id"


def test_a_home_tab_is_published_for_one_person_and_comes_with_the_event(slack, web, ann, error_of):
    ann.opens_home()
    assert "view" not in slack.deliveries[-1].payload["event"]
    web.views_publish(user_id=ann.id, view=home("one"))
    again = web.views_publish(user_id=ann.id, view=home("two"))["view"]
    assert ann.home().blocks[0]["text"]["text"] == "two"
    assert slack.person("gus").home() is None
    ann.opens_home()
    event = slack.deliveries[-1].payload["event"]
    assert (event["tab"], event["view"]["id"]) == ("home", again["id"])
    assert event["channel"] == "D0ANN"
    ann.opens_home("messages")
    assert slack.deliveries[-1].payload["event"]["tab"] == "messages"
    fields = {"user_id": ann.id, "view": home("three"), "hash": "old"}
    assert error_of(web.views_publish, **fields) == "hash_conflict"
    assert error_of(web.views_publish, user_id="U0NOBODY", view=home("x")) == "invalid_arguments"


def test_a_click_in_a_view_names_the_view_and_no_channel(web, ann):
    button = {"type": "button", "action_id": "ask:1", "value": "what?", "text": TEXT}
    content = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
    view = web.views_publish(user_id=ann.id, view=content)["view"]
    payload = ann.clicks(ann.home(), "ask:1").payload
    assert payload["container"] == {"type": "view", "view_id": view["id"]}
    assert payload["actions"][0]["value"] == "what?"
    assert not {"channel", "message", "response_url"} & payload.keys()
