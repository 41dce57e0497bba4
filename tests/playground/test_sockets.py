"""Socket Mode: hello, acknowledgements, redelivery, cut and shared connections."""

import asyncio
import contextlib
import time

import aiohttp
import pytest
from slack_sdk import WebClient

from tests.playground.browsing import fetch


def events(listener):
    return [one.payload["event"]["type"] for one in listener.heard if one.type == "events_api"]


def test_an_acknowledged_event_is_delivered_once_and_timed(slack, ann, listen):
    listener = listen()
    ann.writes("hello")
    slack.wait_for(lambda: slack.deliveries[0].is_over, "the acknowledgement")
    (delivery,) = slack.deliveries
    assert (delivery.attempts, delivery.error) == (1, "")
    assert 0 < delivery.ack_ms < 3000
    assert delivery.tries[0].via.startswith("socket-")
    (request,) = listener.heard
    assert (request.retry_attempt, request.retry_reason) == (0, "")
    assert request.payload["event"]["channel_type"] == "im"


def test_a_mention_is_two_events_of_one_message(slack, ann, listen):
    listener = listen()
    posted = ann.says("#careers", f"<@{slack.bot_user}> hello")
    slack.wait_for(lambda: len(listener.heard) == 2, "both events")
    payloads = [one.payload for one in listener.heard]
    assert {one["event"]["type"] for one in payloads} == {"message", "app_mention"}
    assert {one["event"]["ts"] for one in payloads} == {posted.ts}
    assert len({one["event_id"] for one in payloads}) == 2


def test_a_mention_in_a_direct_message_is_one_event(slack, ann, listen):
    listener = listen()
    ann.writes(f"<@{slack.bot_user}> hello")
    slack.wait_for(lambda: slack.deliveries[0].is_over, "the acknowledgement")
    assert events(listener) == ["message"]


def test_nothing_is_heard_of_channels_without_the_bot(slack, ann):
    ann.says("#elsewhere", "hello")
    assert slack.deliveries == []
    ann.invites_bot("#elsewhere")
    ann.says("#elsewhere", "hello")
    kinds = [one.payload["event"]["type"] for one in slack.deliveries]
    assert kinds == ["member_joined_channel", "message", "message"]
    ann.removes_bot("#elsewhere")
    ann.says("#elsewhere", "hello")
    assert len(slack.deliveries) == 3


def test_what_is_not_acknowledged_comes_three_times_more_and_says_so(slack, ann, listen):
    slack.ack_within_s, slack.redeliver_after = 0.1, (0.0, 0.05, 0.1)
    listener = listen(acks=False)
    ann.writes("hello")
    slack.wait_for(lambda: slack.deliveries[0].is_over, "the end of it")
    (delivery,) = slack.deliveries
    assert (delivery.attempts, delivery.acked_at, delivery.error) == (4, None, "timeout")
    told = [(one.retry_attempt, one.retry_reason) for one in listener.heard]
    assert told == [(0, ""), (1, "timeout"), (2, "timeout"), (3, "timeout")]
    assert len({one.payload["event_id"] for one in listener.heard}) == 1
    assert len({one.envelope_id for one in listener.heard}) == 4


def test_a_retry_that_is_acknowledged_is_the_last(slack, ann, listen):
    slack.ack_within_s, slack.redeliver_after = 0.1, (0.05, 0.05, 0.05)
    listener = listen(acks=False)
    ann.writes("hello")
    slack.wait_for(lambda: listener.heard, "the first delivery")
    listener.acks = True
    slack.wait_for(lambda: slack.deliveries[0].is_over, "the acknowledgement")
    assert slack.deliveries[0].attempts == 2
    assert slack.deliveries[0].error == ""


def test_the_pauses_before_redelivery_are_slacks_unless_set(slack):
    assert slack.redeliver_after == (0.0, 60.0, 300.0)
    assert slack.ack_within_s == 3.0


def test_commands_and_interactions_are_not_retried(slack, ann, listen):
    slack.ack_within_s, slack.redeliver_after = 0.1, (0.0, 0.0, 0.0)
    listener = listen(acks=False)
    ann.commands("/pmrole", "hello")
    ann.uses_shortcut("compare")
    slack.wait_for(lambda: all(one.is_over for one in slack.deliveries), "the end of them")
    assert [one.attempts for one in slack.deliveries] == [1, 1]
    assert {one.error for one in slack.deliveries} == {"operation_timeout"}
    assert {one.type for one in listener.heard} == {"slash_commands", "interactive"}
    assert {one.retry_attempt for one in listener.heard} == {None}


def test_events_while_no_socket_is_open_come_as_retries_only(slack, ann, listen):
    slack.redeliver_after = (0.0, 0.3, 0.3)
    ann.writes("hello")
    slack.wait_for(lambda: slack.deliveries[0].attempts == 2, "the first retry")
    listener = listen()
    slack.wait_for(lambda: listener.heard, "the second retry")
    assert listener.heard[0].retry_attempt in {2, 3}  # 3 if connecting took longer than the pause


def test_connections_share_envelopes_each_to_one_of_them(slack, ann, listen):
    listeners = [listen() for _ in range(3)]
    assert slack.connections == 3
    for number in range(12):
        ann.writes(str(number))
    slack.wait_for(lambda: all(one.is_over for one in slack.deliveries), "all acknowledged")
    heard = [one.payload["event"]["text"] for each in listeners for one in each.heard]
    assert sorted(heard, key=int) == [str(number) for number in range(12)]
    assert all(each.heard for each in listeners)
    assert {one.attempts for one in slack.deliveries} == {1}


@pytest.fixture
def socket_url(slack):
    """Give addresses of new sockets."""
    web = WebClient(base_url=slack.api_url)
    return lambda: web.apps_connections_open(app_token=slack.app_token)["url"]


def test_hello_counts_the_connections_and_the_eleventh_is_turned_away(socket_url):
    urls = [socket_url() for _ in range(11)]

    async def connect():
        async with aiohttp.ClientSession() as session:
            sockets = [await session.ws_connect(url) for url in urls]
            return [await one.receive_json() for one in sockets]

    *hellos, last = asyncio.run(connect())
    assert [one["num_connections"] for one in hellos] == list(range(1, 11))
    assert (last["type"], last["reason"]) == ("disconnect", "too_many_websockets")


@pytest.mark.parametrize(
    ("reason", "ends"), [("warning", False), ("refresh_requested", True), ("link_disabled", True)]
)
def test_a_socket_is_told_why_it_ends_and_a_warning_ends_none(slack, socket_url, reason, ends):
    async def connect():
        async with aiohttp.ClientSession() as session:
            socket = await session.ws_connect(socket_url())
            await socket.receive_json()
            asking = asyncio.create_task(asyncio.to_thread(slack.ask_to_reconnect, reason))
            told, closing = await socket.receive_json(), False
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    closing = (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
            await asking
            return told["reason"], closing

    assert asyncio.run(connect()) == (reason, ends)


def test_a_ticket_opens_one_socket_only(slack, socket_url):
    url = socket_url()

    async def connect():
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(url) as socket:
                hello = await socket.receive_json()
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(url)
            return hello, refused.value.status

    hello, status = asyncio.run(connect())
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert hello["connection_info"] == {"app_id": slack.app_id}
    assert status == 401


@pytest.mark.parametrize("clean", [True, False])
def test_a_client_whose_socket_is_cut_comes_back_and_loses_nothing(slack, ann, listen, clean):
    slack.ack_within_s, slack.redeliver_after = 0.3, (0.3,) * 50
    listener = listen()
    slack.cut_sockets(clean=clean)
    slack.wait_for(lambda: not slack.connections, "the cut")
    ann.writes("hello")
    slack.wait_for(lambda: listener.heard, "the retry", 120)
    assert listener.heard[0].retry_attempt > 0


def test_a_silent_socket_takes_nothing(slack, ann, listen):
    slack.redeliver_after = ()
    listener = listen()
    slack.silence_sockets()
    assert slack.connections == 0
    ann.writes("hello")
    slack.wait_for(lambda: slack.deliveries[0].is_over, "the end of it")
    assert listener.heard == []


def test_a_client_asked_to_reconnect_opens_a_new_socket_first(slack, ann, listen):
    listener = listen()
    slack.ask_to_reconnect("refresh_requested")
    slack.wait_for(lambda: slack.connections == 1, "the new socket")
    ann.writes("hello")
    slack.wait_for(lambda: slack.deliveries[0].is_over, "the acknowledgement")
    assert len(listener.heard) == 1


def test_sockets_can_be_refused_for_a_while(slack, socket_url):
    slack.refuse_sockets(60)
    url = socket_url().replace("ws:", "http:")
    assert fetch(url).status == 503


def test_the_answer_to_a_command_is_shown_to_whoever_typed_it(slack, ann, listen):
    listen(answers={"slash_commands": {"text": "only you", "response_type": "ephemeral"}})
    command = ann.commands("/pmrole", "hello", channel="#elsewhere")
    slack.wait_for(lambda: slack.delivery(command.delivery).is_over, "the answer")
    (seen,) = ann.sees("#elsewhere")
    assert (seen.text, seen.visible_to) == ("only you", ann.id)


def test_an_answer_to_a_command_that_slack_refuses_is_told(slack, ann, listen):
    listen(answers={"slash_commands": {"blocks": [{"type": "nope"}]}})
    command = ann.commands("/pmrole", "hello")
    slack.wait_for(lambda: slack.delivery(command.delivery).is_over, "the answer")
    assert slack.delivery(command.delivery).error == "invalid_blocks"


@pytest.mark.parametrize("payload", [None, [], "text", {}, {"type": "event_callback"}, 7])
def test_any_payload_at_all_can_be_sent(slack, listen, payload):
    listener = listen()
    delivery = slack.sends(payload, envelope_id="odd")
    ann = slack.person("ann")
    ann.writes("still alive")
    slack.wait_for(lambda: slack.deliveries[1].is_over, "the next one")
    assert slack.delivery(delivery.id).payload == payload
    # The client handles envelopes side by side, so either may come first.
    heard = [one.payload for one in listener.heard if isinstance(one.payload, dict)]
    assert "still alive" in [one["event"]["text"] for one in heard if "event" in one]


def test_frames_that_are_no_envelopes_can_be_sent(slack, ann, listen):
    listener = listen()
    for frame in ("no json", "[]", "{}", '{"type": "hello"}'):
        slack.sends_frame(frame)
    ann.writes("still alive")
    slack.wait_for(lambda: listener.heard, "the message")
    assert events(listener) == ["message"]


def test_the_clients_frames_are_kept_even_if_they_make_no_sense(slack, listen):
    listener = listen()
    for frame in ("nonsense", "[]", '{"envelope_id": ["x"]}'):
        listener.client.send_message(frame)
    slack.wait_for(lambda: len(slack.frames) == 3, "the frames")
    assert slack.connections == 1


def test_hundreds_of_messages_are_delivered_and_none_twice(slack, ann, listen):
    listener = listen()
    for number in range(300):
        ann.writes(str(number))
    slack.wait_for(lambda: all(one.is_over for one in slack.deliveries), "all of them", 30)
    heard = [one.payload["event"]["text"] for one in listener.heard]
    assert sorted(heard, key=int) == [str(number) for number in range(300)]


def test_it_closes_at_once_with_sockets_and_deliveries_under_way(slack, ann, listen):
    listen(acks=False)
    ann.writes("hello")
    started = time.monotonic()
    slack.__exit__()
    assert time.monotonic() - started < 5
