"""conversations, users, assistant, reactions, files and blocks."""

import pytest
from slack_sdk import WebClient

from playground.local_slack import LocalSlack
from tests.playground.browsing import fetch

MANIFEST = {
    "features": {
        "app_home": {"home_tab_enabled": False, "messages_tab_enabled": True},
        "slash_commands": [{"command": "/pmrole"}],
        "shortcuts": [{"callback_id": "answer_message"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "channels:history", "im:read"]}},
    "settings": {"event_subscriptions": {"bot_events": ["app_mention", "message.im"]}},
}


@pytest.mark.parametrize(
    ("name", "admin", "owner", "guest"),
    [
        ("ann", False, False, False),
        ("gus", False, False, True),
        ("ada", True, False, False),
        ("ole", True, True, False),
    ],
)
def test_users_info_says_who_may_what(slack, web, name, admin, owner, guest):
    user = web.users_info(user=slack.person(name).id)["user"]
    roles = (user["is_admin"], user["is_owner"], user["is_restricted"], user["is_bot"])
    assert roles == (admin, owner, guest, False)


def test_nobody_is_not_found(web, error_of):
    assert error_of(web.users_info, user="U0NOBODY") == "user_not_found"


def test_auth_test_names_the_bot(web):
    answer = web.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0BOT", "B0BOT", "T0LOCAL")


def test_channels_are_described_by_kind(web, error_of):
    careers = web.conversations_info(channel="C0CAREERS", include_num_members=True)["channel"]
    assert (careers["name"], careers["is_member"], careers["num_members"]) == ("careers", True, 5)
    assert web.conversations_info(channel="C0ELSEWHERE")["channel"]["is_member"] is False
    assert web.conversations_info(channel="C0OLD")["channel"]["is_archived"] is True
    assert web.conversations_info(channel="D0ANN")["channel"]["user"] == "U0ANN"
    assert error_of(web.conversations_info, channel="G0PRIVATE") == "channel_not_found"


def test_members_come_in_pages(web, error_of):
    first = web.conversations_members(channel="C0CAREERS", limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    rest = web.conversations_members(channel="C0CAREERS", limit=3, cursor=cursor)
    assert len(first["members"]) == 3
    assert sorted(first["members"] + rest["members"]) == [
        "U0ADA", "U0ANN", "U0BOT", "U0GUS", "U0OLE",
    ]  # fmt: skip
    assert rest["response_metadata"]["next_cursor"] == ""
    fields = {"channel": "C0CAREERS", "cursor": "nonsense"}
    assert error_of(web.conversations_members, **fields) == "invalid_cursor"


def test_a_direct_message_is_opened_by_user(web, error_of):
    opened = web.conversations_open(users="U0ANN", return_im=True)["channel"]
    assert (opened["id"], opened["user"]) == ("D0ANN", "U0ANN")
    assert error_of(web.conversations_open, users="U0NOBODY") == "user_not_found"
    assert error_of(web.conversations_open, users=[]) == "users_list_not_supplied"


def test_history_is_newest_first_and_within_its_bounds(web, ann, error_of):
    posted = [ann.says("#careers", str(number)) for number in range(5)]
    ann.says("#careers", "reply", thread=posted[0])

    def texts(**fields):
        found = web.conversations_history(channel="C0CAREERS", **fields)["messages"]
        return "".join(one["text"] for one in found)

    assert texts() == "43210"
    assert texts(latest=posted[2].ts) == "10"
    assert texts(latest=posted[2].ts, inclusive=True) == "210"
    assert texts(oldest=posted[2].ts, limit=1) == "4"
    assert error_of(web.conversations_history, channel="C0ELSEWHERE") == "not_in_channel"


def test_replies_are_oldest_first_with_the_question(web, ann, error_of):
    root = ann.says("#careers", "root")
    ann.says("#careers", "a", thread=root)
    reply = ann.says("#careers", "b", thread=root)
    found = web.conversations_replies(channel="C0CAREERS", ts=root.ts)["messages"]
    assert [one["text"] for one in found] == ["root", "a", "b"]
    by_reply = web.conversations_replies(channel="C0CAREERS", ts=reply.ts)["messages"]
    assert by_reply == found
    assert (found[0]["reply_count"], found[0]["latest_reply"]) == (2, reply.ts)
    assert found[1]["parent_user_id"] == "U0ANN"
    fields = {"channel": "C0CAREERS", "ts": "1.000001"}
    assert error_of(web.conversations_replies, **fields) == "thread_not_found"


def test_a_status_stays_until_the_bot_writes_or_two_minutes_pass(web, ann, clock):
    question = ann.writes("why?")
    fields = {"channel_id": question.channel, "thread_ts": question.ts}
    web.assistant_threads_setStatus(**fields, status="is reading", loading_messages=["a", "b"])
    assert ann.status(question).text == "is reading"
    web.chat_postMessage(channel=question.channel, thread_ts=question.ts, text="because")
    assert ann.status(question) is None
    web.assistant_threads_setStatus(**fields, status="again")
    clock.now += 121
    assert ann.status(question) is None
    web.assistant_threads_setStatus(**fields, status="again")
    web.assistant_threads_setStatus(**fields, status="")
    assert ann.status(question) is None


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"loading_messages": ["x" * 51]}, "invalid_arguments"),
        ({"loading_messages": ["x"] * 11}, "invalid_arguments"),
        ({"thread_ts": "1.000001"}, "invalid_thread_ts"),
        ({"channel_id": "C0ELSEWHERE"}, "channel_not_found"),
    ],
)
def test_a_status_that_slack_refuses(web, ann, error_of, fields, error):
    question = ann.writes("why?")
    good = {"channel_id": question.channel, "thread_ts": question.ts, "status": "is reading"}
    assert error_of(web.assistant_threads_setStatus, **{**good, **fields}) == error


def test_prompts_are_offered_except_in_a_thread_where_that_fails_silently(web, ann, error_of):
    prompts = [{"title": "One", "message": "What?"}]
    web.assistant_threads_setSuggestedPrompts(
        channel_id="D0ANN", prompts=prompts, thread_ts="1.000001"
    )
    assert ann.prompts() == ()
    web.assistant_threads_setSuggestedPrompts(channel_id="D0ANN", thread_ts=None, prompts=prompts)
    assert [(one.title, one.message) for one in ann.prompts()] == [("One", "What?")]
    fields = {"channel_id": "D0ANN", "prompts": prompts * 5, "thread_ts": None}
    assert error_of(web.assistant_threads_setSuggestedPrompts, **fields) == "invalid_arguments"


def test_a_reaction_is_added_once(web, ann, error_of):
    posted = ann.says("#careers", "hi")
    fields = {"channel": posted.channel, "timestamp": posted.ts, "name": "eyes"}
    web.reactions_add(**fields)
    assert ann.sees("#careers")[0].reactions == (("eyes", "U0BOT"),)
    assert error_of(web.reactions_add, **fields) == "already_reacted"
    assert error_of(web.reactions_add, **{**fields, "name": "no way!"}) == "invalid_name"
    assert error_of(web.reactions_add, **{**fields, "timestamp": "x"}) == "bad_timestamp"


def test_a_shared_file_is_downloaded_with_the_token_only(web, ann):
    ann.writes("an article", files=[("vp.md", b"# VP")])
    (message,) = ann.direct_messages()
    assert message.subtype == "file_share"
    file = web.files_info(file=message.files[0].id)["file"]
    assert (file["name"], file["size"], file["filetype"]) == ("vp.md", 4, "markdown")
    url = file["url_private_download"]
    assert fetch(url, token=web.token).text == "# VP"
    page = fetch(url)
    assert (page.status, page.content_type) == (200, "text/html")
    assert "Sign in" in page.text


def test_files_where_the_bot_is_not_are_not_found(web, ann, error_of):
    ann.says("#elsewhere", "secret", files=[("a.md", b"x")])
    (message,) = ann.sees("#elsewhere")
    assert error_of(web.files_info, file=message.files[0].id) == "file_not_found"


def test_the_bot_uploads_a_file_in_three_steps(web, ann, error_of):
    web.files_upload_v2(
        channel="C0CAREERS", content="hello", filename="a.txt", initial_comment="here"
    )
    (seen,) = ann.sees("#careers")
    assert (seen.text, seen.files[0].name, seen.files[0].content) == ("here", "a.txt", b"hello")
    url = web.files_getUploadURLExternal(filename="b.txt", length=5)
    fields = {"files": [{"id": url["file_id"], "title": "b"}]}
    assert error_of(web.files_completeUploadExternal, **fields) == "file_not_found"


def test_blocks_are_validated_on_request(slack, web, error_of):
    good = [{"type": "divider"}]
    assert web.api_call("blocks.validate", json={"blocks": good})["ok"]
    bad = {"json": {"blocks": [{"type": "section"}]}}
    assert error_of(web.api_call, api_method="blocks.validate", **bad) == "invalid_blocks"
    assert slack.calls[-1].answer["errors"] == [
        {
            "code": "failed_constraint",
            "message": "missing required field: text or fields",
            "pointer": "/0",
        }
    ]
    both = {"json": {"blocks": good, "message": {"blocks": good}}}
    assert error_of(web.api_call, api_method="blocks.validate", **both) == "invalid_arguments"


def test_a_manifest_bounds_scopes_events_commands_and_shortcuts(error_of):
    with LocalSlack(manifest=MANIFEST) as slack:
        web = WebClient(slack.bot_token, base_url=slack.api_url)
        ann = slack.person("ann")
        assert error_of(web.users_info, user="U0ANN") == "missing_scope"
        assert slack.calls[-1].answer["needed"] == "users:read"
        assert slack.calls[-1].answer["provided"] == "channels:history,chat:write,im:read"
        assert error_of(web.conversations_info, channel="C0CAREERS") == "missing_scope"
        assert web.conversations_info(channel="D0ANN")["channel"]["is_im"]
        home = {"type": "home", "blocks": [{"type": "divider"}]}
        assert error_of(web.views_publish, user_id="U0ANN", view=home) == "not_enabled"
        prompts = {"channel_id": "D0ANN", "prompts": [{"title": "a", "message": "b"}]}
        assert error_of(web.assistant_threads_setSuggestedPrompts, **prompts, thread_ts="1") == (
            "missing_scope"
        )
        ann.says("#careers", "plain")
        assert slack.deliveries == []
        ann.says("#careers", f"<@{slack.bot_user}> hello")
        ann.writes("hello")
        kinds = [one.payload["event"]["type"] for one in slack.deliveries]
        assert kinds == ["app_mention", "message"]
        with pytest.raises(AssertionError, match="not a valid command"):
            ann.commands("/other")
        with pytest.raises(AssertionError, match="no shortcut 'other'"):
            ann.uses_shortcut("other")
