"""What is rarely done, and what is refused when it is done badly."""

import pytest
from slack_sdk.webhook import WebhookClient

from playground.blocks import problems_of, problems_of_view
from playground.finding import NotThereError, find_element, state_of
from tests.playground.browsing import fetch

TEXT = {"type": "plain_text", "text": "x"}
OPTION = {"text": TEXT, "value": "v"}


def action(kind, **fields):
    return [{"type": "actions", "elements": [{"type": kind, "action_id": "a", **fields}]}]


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        (action("datepicker", initial_date="tomorrow"), "must be a date"),
        (action("timepicker", initial_time="25:00"), "must be a time"),
        (action("datetimepicker", initial_date_time="soon"), "must be an integer"),
        (action("datetimepicker", initial_date_time=-1), "must be between 0"),
        (action("users_select", focus_on_load="yes"), "must be a boolean"),
        (action("button", text=TEXT, value=7), "must be a string"),
        (action("overflow", options="none"), "must provide an array"),
        ([{"type": "divider", "block_id": ""}], "must be more than 0 characters"),
        ([{"type": "card", "subtitle": TEXT}], "must provide at least one of hero_image"),
        (
            [{"type": "container", "child_blocks": [{"type": "divider"}]}],
            "title or rich_text_title",
        ),
        (
            [
                {
                    "type": "container",
                    "title": TEXT,
                    "child_blocks": [{"type": "divider"}],
                    "is_collapsible": True,
                    "has_header_divider": True,
                }
            ],
            "has_header_divider cannot be set",
        ),
        (
            [{"type": "table", "rows": [[{"type": "raw_number", "value": "7", "text": "7"}]]}],
            "must be a number",
        ),
        (
            [
                {
                    "type": "table",
                    "rows": [[{"type": "raw_text", "text": "a"}]],
                    "column_settings": ["left"],
                }
            ],
            "must provide an object",
        ),
    ],
)
def test_values_of_the_wrong_kind_are_refused(blocks, reason):
    assert reason in problems_of(blocks)[0]


def test_a_column_may_go_without_settings():
    table = {
        "type": "table",
        "rows": [[{"type": "raw_number", "value": 7, "text": "7"}] * 2],
        "column_settings": [None, {"align": "right"}],
    }
    assert problems_of([table]) == []


def test_a_view_without_blocks_or_of_no_kind_is_refused():
    assert problems_of_view({"type": "modal", "title": TEXT}) == [
        "missing required field: blocks [json-pointer:/view]"
    ]
    assert problems_of_view({"type": "tab"}) == ["unsupported type: tab [json-pointer:/view/type]"]
    assert problems_of_view([]) == ["must provide an object [json-pointer:/view]"]


@pytest.mark.parametrize(
    ("element", "selected", "state"),
    [
        (
            {"type": "external_select"},
            "x",
            {"selected_option": {"text": TEXT, "value": "x"}},
        ),
        ({"type": "static_select", "options": [OPTION]}, None, {"selected_option": None}),
        (
            {"type": "static_select", "option_groups": [{"label": TEXT, "options": [OPTION]}]},
            "v",
            {"selected_option": OPTION},
        ),
        ({"type": "checkboxes", "options": [OPTION]}, None, {"selected_options": []}),
        ({"type": "checkboxes", "options": [OPTION]}, "v", {"selected_options": [OPTION]}),
        ({"type": "multi_users_select"}, ["U1"], {"selected_users": ["U1"]}),
        ({"type": "rich_text_input"}, None, {"rich_text_value": None}),
        ({"type": "plain_text_input"}, "typed", {"value": "typed"}),
    ],
)  # fmt: skip
def test_what_stands_in_an_input(element, selected, state):
    assert state_of(element, selected) == state


def test_typed_rich_text_is_rich_text():
    typed = state_of({"type": "rich_text_input"}, "hello")["rich_text_value"]
    assert problems_of([typed]) == []


def test_elements_are_found_in_cards_carousels_and_containers():
    button = {"type": "button", "action_id": "deep", "text": TEXT}
    card = {"type": "card", "block_id": "c", "title": TEXT, "actions": [button]}
    blocks = [{"type": "container", "child_blocks": [{"type": "carousel", "elements": [card]}]}]
    assert find_element(blocks, "deep").block_id == "c"


def test_a_reaction_of_a_person_is_told(slack, ann):
    posted = ann.says("#careers", "hi")
    ann.reacts(posted, "eyes")
    event = slack.deliveries[-1].payload["event"]
    assert (event["type"], event["reaction"], event["item"]["ts"]) == (
        "reaction_added", "eyes", posted.ts,
    )  # fmt: skip


def test_a_reaction_shows_in_history(web, ann):
    posted = ann.says("#careers", "hi")
    ann.reacts(posted.ts, "eyes")
    (message,) = web.conversations_history(channel="C0CAREERS")["messages"]
    assert message["reactions"] == [{"name": "eyes", "users": [ann.id], "count": 1}]


def test_threads_have_titles_and_sessions(slack, web, ann, error_of):
    question = ann.writes("why?")
    there = {"channel_id": question.channel, "thread_ts": question.ts}
    web.assistant_threads_setTitle(**there, title="Why")
    assert slack.workspace().thread_titles == {(question.channel, question.ts): "Why"}
    method = "agents.sessions.setStatus"
    assert web.api_call(method, json={**there, "status": "active"})["ok"]
    bad = {"api_method": method, "json": {**there, "status": "dancing"}}
    assert error_of(web.api_call, **bad) == "invalid_status"
    bad = {"api_method": method, "json": {"channel_id": question.channel, "status": "active"}}
    assert error_of(web.api_call, **bad) == "thread_ts_required"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"channel_id": "C0CAREERS", "prompts": [{"title": "a", "message": "b"}]}, "channel_not_"),
        ({"channel_id": "D0ANN", "prompts": [{"title": "a"}]}, "invalid_arguments"),
        ({"channel_id": "D0ANN", "prompts": "[no json"}, "invalid_arguments"),
    ],
)
def test_prompts_that_slack_refuses(web, error_of, fields, error):
    call = {"api_method": "assistant.threads.setSuggestedPrompts", "json": fields}
    assert error_of(web.api_call, **call).startswith(error)


def test_more_that_slack_refuses(web, ann, error_of):
    many = "x" * 12_001
    fields = {"channel": "C0CAREERS", "markdown_text": many}
    assert error_of(web.chat_postMessage, **fields) == "msg_too_long"
    web.chat_postMessage(channel="C0CAREERS", markdown_text="**bold**")
    assert ann.sees("#careers")[0].text == "**bold**"
    fields = {"channel": "C0CAREERS", "ts": "1.000001"}
    for bound in ("oldest", "latest"):
        bad = {"channel": "C0CAREERS", bound: "yesterday"}
        assert error_of(web.conversations_history, **bad) == f"invalid_ts_{bound}"
    assert error_of(web.conversations_members, channel="C0CAREERS", limit="x") == "invalid_limit"
    assert error_of(web.conversations_open, users="U0ANN,U0GUS") == "invalid_user_combination"
    assert web.conversations_open(channel="D0ANN")["channel"]["id"] == "D0ANN"
    reaction = {"channel": "C0OLD", "timestamp": "1.000001", "name": "eyes"}
    assert error_of(web.reactions_add, **reaction) == "is_archived"
    assert (
        error_of(web.reactions_add, **{**reaction, "channel": "C0CAREERS"}) == "message_not_found"
    )
    assert error_of(web.files_info, file="F0") == "file_not_found"
    empty = {"filename": "a", "length": 0}
    assert error_of(web.files_getUploadURLExternal, **empty) == "invalid_arguments"
    upload = {"api_method": "files.completeUploadExternal", "params": {"files": "a"}}
    assert error_of(web.api_call, **upload) == "invalid_arguments"
    update = {"api_method": "views.update", "params": {"view": '{"type": "home"}'}}
    assert error_of(web.api_call, **update) == "invalid_arguments"


def test_a_view_of_the_wrong_kind_is_refused(web, ann, error_of):
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    trigger = ann.commands("/pmrole").trigger_id
    assert error_of(web.views_open, trigger_id=trigger, view=home) == "invalid_arguments"


def test_an_upload_of_the_wrong_length_or_to_nowhere_is_refused(slack, web):
    url = web.files_getUploadURLExternal(filename="a.txt", length=5)["upload_url"]
    assert fetch(url, {"a": "bcd efg"}).status == 400
    assert fetch(f"{slack.address}/upload/v1/T0LOCAL-F0", {"a": "b"}).status == 404
    page = fetch(f"{slack.address}/files-pri/T0LOCAL-F0/download/a.txt", token=web.token)
    assert "Sign in" in page.text


def test_a_response_url_and_a_download_can_go_wrong_too(slack, web, ann):
    ann.writes("", files=[("a.md", b"x")])
    command = ann.commands("/pmrole", "x")
    hook = WebhookClient(command.response_url)
    slack.refuse("response_url", "expired_url")
    slack.refuse("response_url", 503)
    slack.refuse("response_url", 500, after=True)
    assert [hook.send(text=str(number)).status_code for number in range(3)] == [404, 503, 500]
    assert [one.text for one in ann.sees("#careers")] == ["2"]
    assert [one.error for one in slack.called("response_url")] == ["expired_url", "503", "500"]
    slack.refuse("files.download", 500)
    url = web.files_info(file=ann.direct_messages()[0].files[0].id)["file"]["url_private_download"]
    assert fetch(url, token=web.token).status == 500
    assert fetch(url, token=web.token).text == "x"


def test_what_a_click_did_not_come_from_cannot_be_replaced_or_deleted(ann):
    command = ann.commands("/pmrole", "x")
    hook = WebhookClient(command.response_url)
    assert "message_not_found" in hook.send(delete_original=True).body
    posted = ann.says("#careers", "mine")
    url = ann.uses_shortcut("answer_message", posted).payload["response_url"]
    assert WebhookClient(url).send(text="a", replace_original=True).status_code == 200


def test_secrets_can_come_in_the_form_of_an_exchange(slack):
    form = {"client_id": slack.client_id, "client_secret": "guess", "code": "x"}
    assert "bad_client_secret" in fetch(f"{slack.address}/api/oauth.v2.access", form).text


def test_the_workspace_is_there_to_be_read(slack, ann):
    assert set(slack.channels) == {"#general", "#careers", "#elsewhere", "#private", "#old"}
    assert slack.channels["#private"].kind == "group"
    ann.says("#careers", "hi")
    assert [one.text for one in slack.messages("#careers")] == ["hi"]
    assert slack.messages("#nowhere") == []
    assert slack.bot_id == "B0BOT"


def test_a_person_sees_no_view_that_is_closed(web, ann):
    modal = {"type": "modal", "title": TEXT, "blocks": [{"type": "divider"}]}
    web.views_open(trigger_id=ann.commands("/pmrole").trigger_id, view=modal)
    (view,) = ann.views()
    with pytest.raises(NotThereError, match="nothing to submit"):
        ann.submits(view)
    ann.closes(view)
    with pytest.raises(NotThereError, match="has no view 'x' open"):
        ann.closes(view)
