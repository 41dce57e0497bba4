"""Admins set how the bot behaves in a channel, in a form."""

import pytest

from bot.slack.admins import ADMINS_ONLY
from bot.slack.listeners.channel_settings import NO_CHANNEL
from bot.state.channels import ChannelSettings
from tests.scenarios.conftest import VP, Office, text_of

PAY = "how much does a product manager earn?"


@pytest.fixture(autouse=True)
def _as_before(shared_office):
    """Let every test begin with a channel in which nothing is set."""
    yield
    shared_office.settle()
    workspace = shared_office.slack.workspace()
    for channel in workspace.channels:
        shared_office.state.channels.put(workspace.team, channel, ChannelSettings())


def form_of(office: Office, channel="#careers"):
    office.ada.commands("/pmrole", "settings", channel)
    return office.view(office.ada, "This channel")


def save(office: Office, values, channel="#careers"):
    before = len(office.whispers(office.ada, channel, 0))
    office.ada.submits(form_of(office, channel), values)
    saved = office.whispers(office.ada, channel, before + 1)[-1]
    assert saved.text.startswith("Saved")
    office.settle()


def settings_of(office: Office, channel="#careers") -> ChannelSettings:
    workspace = office.slack.workspace()
    (id_,) = [one.id for one in workspace.channels.values() if f"#{one.name}" == channel]
    return office.state.channels.get(workspace.team, id_)


def test_everything_is_kept_as_the_form_says(shared_office):
    values = {
        "auto_answer": ["on"],
        "reply_to": "ephemeral",
        "confidence": "0.7",
        "topics": ["roles", "craft"],
    }
    save(shared_office, values)
    kept = settings_of(shared_office)
    assert (kept.auto_answer, kept.reply, kept.confidence) == (True, "ephemeral", 0.7)
    assert sorted(kept.topics) == ["craft", "roles"]


def test_the_form_shows_what_is_set_and_sent_unchanged_changes_nothing(shared_office):
    values = {"auto_answer": ["on"], "confidence": "0.95", "topics": ["hiring"]}
    save(shared_office, values)
    before = settings_of(shared_office)
    save(shared_office, {})
    assert settings_of(shared_office) == before


def test_everything_can_be_taken_back(shared_office):
    save(shared_office, {"auto_answer": ["on"], "confidence": "0.95", "topics": ["hiring"]})
    save(shared_office, {"auto_answer": [], "confidence": "default", "topics": []})
    assert settings_of(shared_office) == ChannelSettings()


def test_other_channels_stay_as_they_are(shared_office):
    save(shared_office, {"reply_to": "ephemeral"})
    assert settings_of(shared_office, "#elsewhere") == ChannelSettings()


def test_articles_of_other_topics_are_not_quoted_there(shared_office):
    asked = shared_office.ann.says("#careers", f"{shared_office.mention} {VP}")
    (everywhere,) = shared_office.replies(shared_office.ann, asked)
    assert "[1]" in text_of(everywhere)
    save(shared_office, {"topics": ["hiring"]})
    shared_office.ann.says("#careers", f"{shared_office.mention} {VP}", asked)
    narrowed = shared_office.replies(shared_office.ann, asked, 2)[-1]
    paths = {one.path for one in shared_office.answerer.generation().passages.articles()}
    shared_office.settle()
    quoted = shared_office.state.questions.recent(1)[0].articles
    assert {one for one in quoted if not one.startswith("hiring/")} == set()
    assert {one for one in paths if one.startswith("hiring/")}
    assert text_of(narrowed) != text_of(everywhere)


def test_they_are_quoted_in_direct_messages_and_other_channels(shared_office):
    save(shared_office, {"topics": ["hiring"]})
    shared_office.ann.commands("/pmrole", VP, "#elsewhere")
    assert "[1]" in text_of(shared_office.whispers(shared_office.ann, "#elsewhere")[-1])
    shared_office.ann.writes(VP)
    assert "[1]" in text_of(shared_office.direct_replies(shared_office.ann)[-1])


def test_answers_go_to_the_asker_alone_where_that_is_set(shared_office):
    save(shared_office, {"reply_to": "ephemeral"})
    shared_office.ann.says("#careers", f"{shared_office.mention} {VP}")
    assert "[1]" in text_of(shared_office.whispers(shared_office.ann, "#careers")[-1])


def test_only_admins_may_open_it(shared_office):
    shared_office.gus.commands("/pmrole", "settings")
    assert shared_office.whispers(shared_office.gus, "#careers")[-1].text == ADMINS_ONLY
    assert shared_office.gus.views() == []


def test_there_is_nothing_to_set_in_a_direct_message(shared_office):
    direct = shared_office.ada.direct_channel
    shared_office.ada.commands("/pmrole", "settings", direct)
    assert shared_office.whispers(shared_office.ada, direct)[-1].text == NO_CHANNEL
    assert shared_office.ada.views() == []


def test_settings_followed_by_more_is_a_question(shared_office):
    shared_office.ada.commands("/pmrole", "settings of a roadmap tool?")
    shared_office.whispers(shared_office.ada, "#careers")
    assert shared_office.ada.views() == []


def test_a_change_is_in_the_audit(shared_office):
    save(shared_office, {"topics": ["hiring"]})
    (act,) = shared_office.state.audit.recent(1)
    assert act.act == "changed the settings of a channel"
    assert act.user == shared_office.ada.id
    assert act.detail["topics"] == "hiring"
