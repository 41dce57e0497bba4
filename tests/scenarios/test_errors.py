"""Something breaks within the bot: people get a sentence, the log gets the rest, nobody secrets."""

import logging
import re

import pytest

from bot.slack.desk import BUSY
from index.errors import EncoderBusyError
from tests.scenarios.breaking import CPO, held_answerer
from tests.scenarios.conftest import VP, text_of, value_of

TOLD = re.compile(r"Something went wrong, and it is in the log \(reference ([0-9a-f]{8})\)\.")
SECRET = "does the umbrella company pay my colleague Zebulon"


@pytest.fixture(scope="module")
def answerer(library):
    return held_answerer(library)


@pytest.fixture
def office(shared_office, answerer):
    answerer.begin()
    return shared_office


@pytest.fixture
def broken(office, answerer):
    answerer.failures["officer"] = RuntimeError("the encoder broke on a verse")
    return office


def reference_in(message):
    found = TOLD.fullmatch(message.text)
    assert found, message.text
    return found[1]


def traceback_of(caplog, reference):
    """Return the one record that explains a reference."""
    (record,) = [one for one in caplog.records if one.getMessage().startswith(reference)]
    assert record.exc_info
    return str(record.exc_info[1])


def test_a_failed_answer_is_a_sentence_with_a_reference_that_the_log_explains(broken, caplog):
    asked = broken.ann.says("#careers", f"{broken.mention} {CPO}")
    (told,) = broken.replies(broken.ann, asked)
    broken.settle()
    assert traceback_of(caplog, reference_in(told)) == "the encoder broke on a verse"
    assert "Traceback" in caplog.text


def test_a_failed_command_is_told_to_who_typed_it(broken, caplog):
    broken.ann.commands("/pmrole", CPO)
    (told,) = broken.whispers(broken.ann, "#careers")
    broken.settle()
    assert traceback_of(caplog, reference_in(told))
    assert broken.posted("#careers", 0) == []


def test_the_bot_answers_on_after_a_failure(broken):
    for _ in range(20):
        broken.gus.writes(CPO)
    broken.direct_replies(broken.gus, 20)
    broken.ann.writes(VP)
    assert "VP of product" in broken.direct_replies(broken.ann)[0].text


def test_an_encoder_with_too_much_to_do_asks_people_to_come_again(office, answerer):
    answerer.failures["officer"] = EncoderBusyError("256 questions wait already")
    office.gus.writes(CPO)
    assert [one.text for one in office.direct_replies(office.gus)] == [BUSY]


def test_a_failure_that_cannot_be_told_is_in_the_log(broken, caplog):
    broken.slack.refuse("chat.postMessage", "msg_too_long")
    broken.gus.writes(CPO)
    broken.settle()
    assert "the asker could not be told: Slack answered msg_too_long" in caplog.text


def test_a_failed_edit_leaves_the_answer_and_is_in_the_log(office, answerer, caplog):
    asked = office.ann.says("#careers", f"{office.mention} {VP}")
    (before,) = office.replies(office.ann, asked)
    office.settle()
    answerer.failures["officer"] = RuntimeError("the encoder broke on a verse")
    office.ann.edits(asked, f"{office.mention} {CPO}")
    office.settle()
    assert office.replies(office.ann, asked) == [before]
    assert "the edit failed" in caplog.text


def test_a_click_that_fails_is_told_to_who_clicked(office, caplog):
    asked = office.ann.says("#careers", f"{office.mention} {VP}")
    (answer,) = office.replies(office.ann, asked)
    office.settle()
    office.slack.refuse("views.open", "internal_error")
    office.gus.clicks(answer, "passages", value_of(answer, "passages"))
    (told,) = office.whispers(office.gus, "#careers")
    assert traceback_of(caplog, reference_in(told))


def test_a_question_from_the_home_tab_that_fails_is_told_where_its_answer_would_be(broken, caplog):
    broken.ann.opens_home()
    broken.wait(broken.ann.home, "the Home tab")
    buttons = [
        one
        for block in broken.ann.home().blocks
        for one in block.get("elements", [])
        if "officer" in str(one.get("value")).lower()
    ]
    broken.ann.clicks(broken.ann.home(), buttons[0]["action_id"], buttons[0]["value"])
    broken.wait(lambda: TOLD.search(text_of(broken.view(broken.ann))), "what went wrong")
    (reference,) = TOLD.findall(text_of(broken.view(broken.ann)))
    assert traceback_of(caplog, reference)


def test_actions_views_and_shortcuts_that_nobody_knows_are_acknowledged(office):
    user, team = {"id": office.ann.id}, {"id": office.slack.team}
    base = {"user": user, "team": team, "trigger_id": "1.2.3", "api_app_id": "A1", "token": "t"}
    action = {"type": "button", "action_id": "of_next_year", "block_id": "b", "value": "v"}
    view = {"id": "V1", "type": "modal", "callback_id": "of_next_year", "state": {"values": {}}}
    sent = [
        office.slack.sends({**base, **payload}, kind="interactive")
        for payload in (
            {"type": "block_actions", "actions": [action], "container": {"type": "message"}},
            {"type": "view_submission", "view": view},
            {"type": "view_closed", "view": view},
            {"type": "shortcut", "callback_id": "of_next_year"},
            {"type": "message_action", "callback_id": "of_next_year", "message": {}},
            {"type": "block_suggestion", "action_id": "of_next_year", "view": view},
            {"type": "of_next_year"},
        )
    ]
    sent.append(office.slack.sends({"command": "/of_next_year", "text": ""}, "slash_commands"))
    office.settle()
    assert [office.slack.delivery(one.id).acked_at is not None for one in sent] == [True] * 8


def test_neither_slack_nor_the_log_at_info_holds_a_secret(office, answerer, caplog):
    """Every surface, with and without trouble, and everything that is logged meanwhile."""
    caplog.set_level(logging.INFO)
    answerer.failures["Ragnarok"] = RuntimeError("the encoder broke on a verse")
    slack, ann = office.slack, office.ann
    asked = ann.says("#careers", f"{office.mention} {SECRET}")
    ann.says("#careers", f"{office.mention} {SECRET} and Ragnarok")
    office.gus.writes(SECRET)
    slack.refuse("chat.postMessage", "not_in_channel")
    slack.refuse("chat.postMessage", 429)
    office.ada.writes(f"{SECRET}?")
    ann.commands("/pmrole", SECRET)
    ann.commands("/pmrole", "Ragnarok")
    slack.sends({"event": {"type": "app_mention", "text": SECRET, "user": [SECRET]}})
    slack.sends_frame(f"{{{SECRET}")
    office.settle()
    ann.edits(asked, f"{office.mention} {SECRET}!")
    office.settle()
    slack.cut_sockets(clean=True)
    office.wait(lambda: slack.connections == 1, "another connection")
    office.restart()
    ann.deletes(asked)
    office.settle()
    logged = caplog.text
    assert "NoAnswer from" in logged or "Answer from" in logged
    secrets = (SECRET, "Zebulon", "umbrella", "Ragnarok", slack.bot_token, slack.app_token)
    assert [one for one in (*secrets, "/commands/T") if one in logged] == []
    for message in (one for room in slack.workspace().channels for one in slack.messages(room)):
        if message.user == slack.bot_user:
            said = f"{message.text} {message.blocks}"
            hidden = ("broke on a verse", "Traceback", "RuntimeError", slack.bot_token)
            assert [one for one in hidden if one in said] == []
