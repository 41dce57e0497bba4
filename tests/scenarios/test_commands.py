"""`/pmrole`, wherever it is typed."""

import pytest

from bot.slack.admins import ADMINS_ONLY
from bot.slack.listeners.commands import AUTO_OFF, AUTO_ON
from tests.scenarios.conftest import VP, buttons_of, text_of


@pytest.mark.parametrize("channel", ["#careers", "#elsewhere", "#private"])
def test_only_the_asker_sees_the_answer_also_where_the_bot_is_no_member(shared_office, channel):
    shared_office.ann.commands("/pmrole", VP, channel)
    (answer,) = shared_office.whispers(shared_office.ann, channel)
    assert answer.text.startswith("A VP of product")
    assert "Share to channel" in buttons_of(answer)
    assert answer not in shared_office.ada.sees(channel)
    assert shared_office.called("chat.postMessage") == []


def test_it_works_in_the_conversation_with_the_bot(shared_office):
    shared_office.ann.commands("/pmrole", VP, shared_office.ann.direct_channel)
    (answer,) = shared_office.whispers(shared_office.ann, shared_office.ann.direct_channel)
    assert answer.text.startswith("A VP of product")


@pytest.mark.parametrize("text", ["", "   ", "help", "HELP"], ids=repr)
def test_without_a_question_it_tells_how_to_ask(shared_office, text):
    shared_office.ann.commands("/pmrole", text)
    (answer,) = shared_office.whispers(shared_office.ann, "#careers")
    assert answer.text.startswith("Ask me about product careers.")


@pytest.mark.parametrize(
    "text",
    [
        "compare CPO, head of product",
        "compare CPO and head of product",
        "compare a CPO with a head of product",
        "Compare CPO vs. head of product",
    ],
)
def test_titles_are_compared_in_a_table(shared_office, text):
    shared_office.ann.commands("/pmrole", text)
    (answer,) = shared_office.whispers(shared_office.ann, "#careers")
    assert [one["type"] for one in answer.blocks].count("table") == 1
    assert "Chief product officer vs Head of product" in text_of(answer)


def test_three_titles_are_compared_in_a_table(shared_office):
    shared_office.ann.commands("/pmrole", "compare CPO, VP of product, head of product")
    (answer,) = shared_office.whispers(shared_office.ann, "#careers")
    (table,) = [one for one in answer.blocks if one["type"] == "table"]
    assert {len(row) for row in table["rows"]} == {4}


@pytest.mark.parametrize("text", ["path CPO", "path to CPO", "path to a CPO"])
def test_the_way_to_a_title_is_told(shared_office, text):
    shared_office.ann.commands("/pmrole", text)
    (answer,) = shared_office.whispers(shared_office.ann, "#careers")
    assert "Chief product officer: the way there" in text_of(answer)


def test_what_the_articles_do_not_hold_cannot_be_shared(shared_office):
    shared_office.ann.commands("/pmrole", "when do zebras migrate?")
    (answer,) = shared_office.whispers(shared_office.ann, "#careers")
    assert "Share to channel" not in buttons_of(answer)


def test_a_suggestion_on_a_private_answer_is_answered_privately(shared_office):
    shared_office.ann.commands("/pmrole", VP, "#elsewhere")
    (answer,) = shared_office.whispers(shared_office.ann, "#elsewhere")
    shared_office.ann.clicks(answer, "ask:0")
    _, second = shared_office.whispers(shared_office.ann, "#elsewhere", 2)
    assert buttons_of(answer)[0] in text_of(second)
    assert "Share to channel" in buttons_of(second)


@pytest.mark.parametrize("person", ["ada", "ole"])
def test_admins_and_owners_switch_answers_on_and_off(shared_office, person):
    admin = shared_office.slack.person(person)
    admin.commands("/pmrole", "auto on", "#general")
    (told,) = shared_office.whispers(admin, "#general")
    assert told.text == AUTO_ON.replace("`", "")
    assert shared_office.state.channels.get("T0LOCAL", "C0GENERAL").auto_answer
    admin.commands("/pmrole", "Auto  OFF", "#general")
    *_, told = shared_office.whispers(admin, "#general", 2)
    assert told.text == AUTO_OFF
    assert not shared_office.state.channels.get("T0LOCAL", "C0GENERAL").auto_answer


@pytest.mark.parametrize("person", ["ann", "gus"])
def test_others_are_refused(shared_office, person):
    member = shared_office.slack.person(person)
    member.commands("/pmrole", "auto on", "#careers")
    (told,) = shared_office.whispers(member, "#careers")
    assert told.text == ADMINS_ONLY
    assert not shared_office.state.channels.get("T0LOCAL", "C0CAREERS").auto_answer


def test_while_slack_does_not_say_who_is_an_admin_nobody_is(shared_office):
    shared_office.slack.refuse("users.info", "internal_error")
    shared_office.gus.commands("/pmrole", "auto on", "#careers")
    (told,) = shared_office.whispers(shared_office.gus, "#careers")
    assert told.text == ADMINS_ONLY


def test_every_command_is_acknowledged_with_nothing_that_others_could_see(shared_office):
    shared_office.ann.commands("/pmrole", VP)
    shared_office.whispers(shared_office.ann, "#careers")
    shared_office.settle()
    commands = [one for one in shared_office.slack.deliveries if one.kind == "slash_commands"]
    assert not [one for one in commands if one.response or one.error]
