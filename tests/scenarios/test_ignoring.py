"""What nobody asked the bot is left alone, and acknowledged."""

import pytest

from tests.scenarios.breaking import held_answerer
from tests.scenarios.conftest import VP


@pytest.fixture(scope="module")
def answerer(library):
    held = held_answerer(library)
    yield held
    held.gate.set()


@pytest.fixture
def office(shared_office, answerer):
    answerer.begin()
    return shared_office


@pytest.fixture
def quiet(office, answerer):
    """Give an office; nothing was asked or said in it by the end."""
    calls = len(office.slack.calls)
    yield office
    office.settle()
    assert answerer.asked == []
    assert [one for one in office.slack.calls[calls:] if one.method.startswith("chat.")] == []
    assert all(one.attempts == 1 for one in office.slack.deliveries)


def send(office, **event):
    """Let Slack tell of a message."""
    number = len(office.slack.deliveries)
    usual = {"type": "message", "ts": f"1700000000.{number:06}", "team": office.slack.team}
    channel = {"channel": office.slack.channels["#careers"].id, "channel_type": "channel"}
    return office.slack.sends(
        {
            "type": "event_callback",
            "team_id": office.slack.team,
            "event_id": f"Ev{number}",
            "event": {**usual, **channel, **event},
        }
    )


@pytest.mark.parametrize("kind", ["app_mention", "message"])
def test_another_bot(quiet, kind):
    text = f"{quiet.mention} {VP}"
    send(quiet, type=kind, bot_id="B0OTHER", user="U0OTHER", text=text)
    send(quiet, type=kind, bot_id="B0OTHER", subtype="bot_message", text=text)


def test_another_bot_that_writes_to_it(quiet):
    direct = quiet.gus.direct_channel
    send(quiet, channel=direct, channel_type="im", bot_id="B0OTHER", user="U0OTHER", text=VP)


@pytest.mark.parametrize("kind", ["app_mention", "message"])
def test_itself(quiet, kind):
    text = f"{quiet.mention} {VP}"
    send(quiet, type=kind, user=quiet.slack.bot_user, bot_id=quiet.slack.bot_id, text=text)
    send(quiet, type=kind, user=quiet.slack.bot_user, text=text)


def test_somebody_who_joins_with_a_question_for_a_name(quiet):
    quiet.ole.invites_bot("#elsewhere")
    text = f"<@U0NEW> has joined the channel. {quiet.mention} {VP}"
    send(quiet, subtype="channel_join", user="U0NEW", text=text)


@pytest.mark.parametrize(
    "subtype",
    [
        "channel_leave",
        "channel_topic",
        "channel_purpose",
        "channel_name",
        "channel_archive",
        "pinned_item",
        "reminder_add",
        "me_message",
        "reply_broadcast",
        "assistant_app_thread",
        "message_replied",
        "a_subtype_of_next_year",
    ],
)
def test_what_slack_says_by_itself(quiet, subtype):
    for channel, kind in (
        (quiet.slack.channels["#careers"].id, "channel"),
        (quiet.gus.direct_channel, "im"),
    ):
        text = f"{quiet.mention} {VP}"
        send(
            quiet, subtype=subtype, user=quiet.gus.id, text=text, channel=channel, channel_type=kind
        )


def test_slackbot(quiet):
    send(quiet, user="USLACKBOT", bot_id="B01", text=VP, channel_type="im")


def test_people_who_talk_to_each_other(quiet):
    thread = quiet.ann.says("#careers", "what does a VP of Product do?")
    quiet.gus.says("#careers", "he decides, I think?", thread)


def test_reactions_and_other_events_that_it_does_not_hear(quiet):
    send(quiet, type="reaction_added", user=quiet.ann.id, reaction="eyes")
    send(quiet, type="an_event_of_next_year")


def test_its_own_answers_and_what_becomes_of_them(office, answerer):
    asked = office.ann.says("#careers", f"{office.mention} {VP}")
    (answer,) = office.replies(office.ann, asked)
    office.settle()
    office.ann.edits(asked, f"{office.mention} {VP}?")  # the bot changes its answer: an event too
    office.settle()
    said = len(answerer.asked)
    own = {"user": office.slack.bot_user, "bot_id": office.slack.bot_id, "ts": answer.ts}
    changed = {**own, "text": f"{office.mention} {VP}", "edited": {"user": "U", "ts": answer.ts}}
    send(office, subtype="message_changed", message=changed, previous_message={**own, "text": "a"})
    office.settle()
    assert len(answerer.asked) == said
    assert len(office.replies(office.ann, asked)) == 1


def test_a_file_with_a_question_is_a_question(office):
    office.gus.writes(VP, files=[("notes.txt", b"some notes")])
    assert office.direct_replies(office.gus)
