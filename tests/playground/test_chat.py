"""chat.*: what is posted, seen, changed and refused."""

import pytest
from slack_sdk import WebClient

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}


def test_a_posted_message_is_seen_with_its_blocks_named(slack, web, ann):
    answer = web.chat_postMessage(channel="C0CAREERS", text="hi", blocks=[SECTION])
    assert answer["channel"] == "C0CAREERS"
    (seen,) = ann.sees("#careers")
    assert (seen.ts, seen.text, seen.user, seen.bot_id) == (answer["ts"], "hi", "U0BOT", "B0BOT")
    assert (
        seen.blocks == answer["message"]["blocks"]
        or list(seen.blocks) == answer["message"]["blocks"]
    )
    assert seen.blocks[0]["block_id"]
    assert slack.calls[-1].fields["blocks"] == [SECTION]


def test_a_channel_can_be_named_and_a_person_is_a_direct_message(web, ann):
    assert web.chat_postMessage(channel="#careers", text="hi")["channel"] == "C0CAREERS"
    assert web.chat_postMessage(channel="U0ANN", text="hi")["channel"] == "D0ANN"
    assert [one.text for one in ann.direct_messages()] == ["hi"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "G0PRIVATE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0ELSEWHERE", "text": "x"}, "not_in_channel"),
        ({"channel": "C0OLD", "text": "x"}, "is_archived"),
        ({"channel": "C0CAREERS", "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"channel": "C0CAREERS", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"channel": "C0CAREERS", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
        ({"channel": "C0CAREERS", "text": "x", "blocks": [{"type": "nope"}]}, "invalid_blocks"),
        ({"channel": "C0CAREERS", "text": "x", "blocks": "[no"}, "invalid_blocks_format"),
        (
            {"channel": "C0CAREERS", "text": "x", "attachments": [{"text": "a"}] * 101},
            "too_many_attachments",
        ),
    ],
)
def test_what_slack_refuses_is_refused(slack, web, error_of, fields, error):
    assert error_of(web.chat_postMessage, **fields) == error
    assert slack.calls[-1].error == error


def test_a_message_without_content_is_refused(web, error_of):
    empty = {"json": {"channel": "C0CAREERS", "text": " "}}
    assert error_of(web.api_call, api_method="chat.postMessage", **empty) == "no_text"


def test_a_missing_argument_is_named(web, error_of, slack):
    assert error_of(web.api_call, api_method="chat.postMessage", json={"text": "x"}) == (
        "invalid_arguments"
    )
    told = slack.calls[-1].answer["response_metadata"]["messages"]
    assert told == ["[ERROR] missing required field: channel"]


def test_invalid_blocks_come_with_reasons(slack, web, error_of):
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    assert error_of(web.chat_postMessage, channel="C0CAREERS", blocks=[long], text="x") == (
        "invalid_blocks"
    )
    (told,) = slack.calls[-1].answer["errors"]
    assert told == "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"


def test_too_much_text_in_all_blocks_has_its_own_error(web, error_of):
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": "x" * 3000}}] * 5
    fields = {"channel": "C0CAREERS", "text": "x", "blocks": blocks}
    assert error_of(web.chat_postMessage, **fields) == "msg_blocks_too_long"


def test_a_very_long_text_is_cut_with_a_warning(web):
    answer = web.chat_postMessage(channel="C0CAREERS", text="x" * 40_001)
    assert len(answer["message"]["text"]) == 40_000
    assert answer["response_metadata"]["warnings"] == ["message_truncated"]


def test_replies_stand_in_the_thread_only_unless_broadcast(web, ann):
    question = ann.says("#careers", "why?")
    web.chat_postMessage(channel=question.channel, text="inside", thread_ts=question.ts)
    web.chat_postMessage(
        channel=question.channel, text="both", thread_ts=question.ts, reply_broadcast=True
    )
    assert [one.text for one in ann.sees("#careers")] == ["why?", "both"]
    assert [one.text for one in ann.sees("#careers", question)] == ["why?", "inside", "both"]


def test_a_reply_is_no_thread_of_its_own(web, ann, error_of):
    question = ann.says("#careers", "why?")
    reply = ann.says("#careers", "yes, why?", thread=question)
    fields = {"channel": reply.channel, "text": "x", "thread_ts": reply.ts}
    assert error_of(web.chat_postMessage, **fields) == "cannot_reply_to_message"


def test_an_update_without_blocks_removes_them_and_keeps_metadata(web, ann):
    metadata = {"event_type": "pmrole_answer", "event_payload": {"question": "1"}}
    answer = web.chat_postMessage(
        channel="C0CAREERS", text="a", blocks=[SECTION], metadata=metadata
    )
    web.chat_update(channel="C0CAREERS", ts=answer["ts"], text="b")
    (seen,) = ann.sees("#careers")
    assert (seen.text, seen.blocks, seen.metadata) == ("b", (), metadata)
    assert seen.edited_at > seen.ts


def test_an_update_of_more_than_4000_characters_is_refused(web, error_of):
    ts = web.chat_postMessage(channel="C0CAREERS", text="a")["ts"]
    web.chat_update(channel="C0CAREERS", ts=ts, text="x" * 4000)
    fields = {"channel": "C0CAREERS", "ts": ts, "text": "x" * 4001}
    assert error_of(web.chat_update, **fields) == "msg_too_long"


def test_messages_of_others_and_messages_that_are_gone_cannot_be_changed(web, ann, error_of):
    posted = ann.says("#careers", "mine")
    there = {"channel": posted.channel, "ts": posted.ts}
    assert error_of(web.chat_update, **there, text="x") == "cant_update_message"
    assert error_of(web.chat_delete, **there) == "cant_delete_message"
    own = {"channel": "C0CAREERS", "ts": web.chat_postMessage(channel="C0CAREERS", text="a")["ts"]}
    web.chat_delete(**own)
    assert error_of(web.chat_delete, **own) == "message_not_found"
    assert error_of(web.chat_update, **own, text="x") == "message_not_found"


def test_an_ephemeral_message_is_seen_by_one_person_and_by_no_method(slack, web, ann, error_of):
    ts = web.chat_postEphemeral(channel="C0CAREERS", user="U0ANN", text="psst")["message_ts"]
    assert [one.text for one in ann.sees("#careers")] == ["psst"]
    assert slack.person("gus").sees("#careers") == []
    assert error_of(web.chat_update, channel="C0CAREERS", ts=ts, text="x") == "message_not_found"
    assert web.conversations_history(channel="C0CAREERS")["messages"] == []


def test_an_ephemeral_message_needs_its_reader_in_the_channel(slack, web, error_of):
    slack.person("ann").invites_bot("#elsewhere")
    fields = {"channel": "C0ELSEWHERE", "user": "U0GUS", "text": "psst"}
    assert error_of(web.chat_postEphemeral, **fields) == "user_not_in_channel"


def test_an_ephemeral_reply_shows_only_in_a_thread_that_has_begun(web, ann):
    quiet, busy = ann.says("#careers", "a"), ann.says("#careers", "b")
    ann.says("#careers", "reply", thread=busy)
    for root in (quiet, busy):
        fields = {"channel": root.channel, "user": "U0ANN", "text": "psst"}
        web.chat_postEphemeral(**fields, thread_ts=root.ts)
    assert [one.text for one in ann.sees("#careers", quiet)] == ["a"]
    assert [one.text for one in ann.sees("#careers", busy)] == ["b", "reply", "psst"]


def test_a_permalink_names_channel_message_and_thread(slack, web, ann, error_of):
    root = ann.says("#careers", "a")
    reply = ann.says("#careers", "b", thread=root)
    link = web.chat_getPermalink(channel=reply.channel, message_ts=reply.ts)["permalink"]
    place = f"{slack.address}/archives/C0CAREERS/p{reply.ts.replace('.', '')}"
    assert link == f"{place}?thread_ts={root.ts}"
    fields = {"channel": "C0CAREERS", "message_ts": "1.000001"}
    assert error_of(web.chat_getPermalink, **fields) == "message_not_found"


def test_metadata_comes_back_when_asked_for(web):
    metadata = {"event_type": "answer", "event_payload": {"question": "q"}}
    web.chat_postMessage(channel="C0CAREERS", text="a", metadata=metadata)
    plain = web.conversations_history(channel="C0CAREERS")["messages"][0]
    assert "metadata" not in plain
    full = web.conversations_history(channel="C0CAREERS", include_all_metadata=True)
    assert full["messages"][0]["metadata"] == metadata


@pytest.mark.parametrize(("token", "error"), [("", "not_authed"), ("xoxb-nobody", "invalid_auth")])
def test_a_bad_token_is_refused(slack, error_of, token, error):
    web = WebClient(token or None, base_url=slack.api_url)
    assert error_of(web.auth_test) == error


def test_the_wrong_kind_of_token_is_refused(slack, web, error_of):
    app_level = WebClient(slack.app_token, base_url=slack.api_url)
    assert error_of(app_level.auth_test) == "not_allowed_token_type"
    opening = {"app_token": slack.bot_token}
    assert error_of(web.apps_connections_open, **opening) == "not_allowed_token_type"


def test_a_revoked_token_and_an_uninstalled_app_are_told_apart(slack, web, error_of):
    slack.revoke_token()
    assert error_of(web.auth_test) == "token_revoked"
    slack.uninstall()
    assert error_of(web.auth_test) == "account_inactive"
    kinds = [one.payload["event"]["type"] for one in slack.deliveries]
    assert kinds == ["tokens_revoked", "tokens_revoked", "app_uninstalled"]


def test_auth_revoke_ends_the_token(web, error_of):
    assert web.auth_revoke(test=True)["revoked"] is False
    assert web.auth_revoke()["revoked"] is True
    assert error_of(web.auth_test) == "token_revoked"


def test_an_unknown_method_is_refused(web, error_of):
    assert error_of(web.api_call, api_method="chat.shout") == "unknown_method"


def test_tokens_and_secrets_stay_out_of_what_is_printed(slack, web):
    web.auth_test()
    shown = repr(slack.calls) + repr(slack._world.app) + repr(slack._world.tokens.alive("T0LOCAL"))
    for secret in (slack.bot_token, slack.app_token, slack.signing_secret, slack.client_secret):
        assert secret not in shown
