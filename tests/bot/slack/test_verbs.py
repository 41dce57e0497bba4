"""A first word after the command is a verb only where what follows fits it."""

import re

import pytest

from bot.slack.verbs import Verb, Verbs


def nothing(_call):
    """Do nothing."""


REINDEX = Verb("reindex", "index", nothing)
AUTO = Verb("auto", "switch", nothing, re.compile("on|off", re.IGNORECASE))
BACK = Verb("rollback", "return", nothing, re.compile("[0-9Z]*"))


@pytest.fixture
def verbs():
    return Verbs(REINDEX, AUTO, BACK)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("reindex", (REINDEX, "")),
        ("  ReIndex \n", (REINDEX, "")),
        ("auto ON", (AUTO, "ON")),
        ("auto \t off ", (AUTO, "off")),
        ("rollback", (BACK, "")),
        ("rollback 12Z", (BACK, "12Z")),
    ],
)
def test_a_verb_is_found_with_what_follows_it(verbs, text, found):
    assert verbs.find(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "reindex the articles?",
        "auto",
        "auto onwards",
        "autopilot",
        "rollback plan",
        "help",
    ],
)
def test_anything_else_is_a_question(verbs, text):
    assert verbs.find(text) is None


def test_two_verbs_of_one_name_are_a_mistake_and_they_are_listed_by_name(verbs):
    with pytest.raises(ValueError, match="'auto'"):
        verbs.add(Verb("auto", "again", nothing))
    assert [one.name for one in verbs] == ["auto", "reindex", "rollback"]
