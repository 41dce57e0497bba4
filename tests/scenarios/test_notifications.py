"""What a message does beyond the screen: notifications, previews, mentions."""

import re

import pytest

from bot.answering.answerer import Answerer
from tests.builds import write_articles
from tests.library import index_of
from tests.scenarios.conftest import VP, Office, office_in, text_of

HOSTILE = """# Head of product &lt;!channel&gt;

## What does a head of product do, <@U0ANN>?

The head of product leads @here every team &lt;!channel&gt; and tells <@U0ANN> and <#C0GENERAL>.
A head of product writes *bold words*, `code`, ~struck~ text and [a link](https://evil.example).
The head of product is paid <https://evil.example|by a bank> &amp; asks :tada: @everyone for help.

## Whom does a head of product report to?

> The head of product reports to &lt;!subteam^S1|the board&gt; and to &lt;!everyone&gt;.
"""
BROADCASTS = re.compile(r"<!|<@|<#|@(?:here|channel|everyone)\b")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Give what answers from articles that would like to ping everybody."""
    folder = tmp_path_factory.mktemp("hostile")
    write_articles(folder / "knowledge", {"head-of-product.md": HOSTILE})
    live = index_of(folder / "knowledge", folder / "index")
    yield Answerer.open(live)
    live.close()


@pytest.fixture
def besieged(slack, hostile, tmp_path):
    office = office_in(
        slack,
        hostile,
        database_url=f"sqlite:///{tmp_path / 'state.db'}",
        ask_channel="C0GENERAL",
    )
    office.start()
    yield office
    office.stop()


def test_hostile_articles_ping_nobody_on_any_surface(besieged):
    question = "what does a head of product do?"
    asked = besieged.gus.says("#careers", f"{besieged.mention} {question}")
    (reply,) = besieged.replies(besieged.gus, asked)
    assert "leads @" in text_of(reply)
    assert "here every team <!channel>" in text_of(reply)
    besieged.gus.writes(question)
    besieged.direct_replies(besieged.gus)
    besieged.gus.commands("/pmrole", question)
    besieged.whispers(besieged.gus, "#careers")
    besieged.settle()
    besieged.gus.clicks(reply, "passages")
    besieged.view(besieged.gus, "Passages")
    besieged.ada.opens_home()
    besieged.wait(besieged.ada.home, "the Home tab")
    besieged.settle()
    assert besieged.pings == []


def test_marks_of_an_article_are_shown_and_do_not_format(besieged):
    asked = besieged.gus.says("#careers", f"{besieged.mention} what does a head of product do?")
    (reply,) = besieged.replies(besieged.gus, asked)
    styles = [
        part
        for block in reply.blocks
        if block["type"] == "rich_text"
        for section in block["elements"]
        for part in section.get("elements", [])
        if part.get("type") != "text"
    ]
    assert [one for one in styles if one["type"] in {"user", "usergroup", "broadcast"}] == []
    assert not BROADCASTS.search(reply.text)


@pytest.mark.parametrize("text", ["<!channel> what does a CPO do?", "@everyone when do zebras go?"])
def test_a_hostile_question_pings_nobody_where_it_is_repeated(besieged, text):
    besieged.slack.pingable.add(besieged.gus.id)
    asked = besieged.gus.says("#careers", f"{besieged.mention} {text}")
    (reply,) = besieged.replies(besieged.gus, asked)
    besieged.settle()
    besieged.gus.clicks(reply, "ask_human")
    besieged.posted("#general")
    besieged.settle()
    assert besieged.pings == []


SURFACES = {
    "an answer": VP,
    "a comparison": "CPO vs head of product",
    "articles that come closest": "what does a PL do",
    "a refusal": "when do zebras migrate?",
    "a question back": "what does a TPM do",
    "help": "help",
    "a greeting": "hello",
}


@pytest.mark.parametrize("question", SURFACES.values(), ids=SURFACES)
def test_a_notification_reads_as_a_sentence(shared_office, question):
    asked = shared_office.ann.says("#careers", f"{shared_office.mention} {question}")
    (reply,) = shared_office.replies(shared_office.ann, asked)
    first = reply.text.splitlines()[0]
    assert re.match(r"[A-Z][^*_`|<>]{15,}", first)
    assert not re.search(r"[*`]\w|\w[*`]|<https?:|&lt;", reply.text)
    assert len(reply.text) <= 4000


def test_an_answers_notification_says_the_answer_first_and_its_source_last(shared_office):
    asked = shared_office.ann.says("#careers", f"{shared_office.mention} {VP}")
    (reply,) = shared_office.replies(shared_office.ann, asked)
    assert reply.text.startswith("A VP of product (VPP) is")
    assert reply.text.splitlines()[-1].startswith("From: VP of product")


def every_message(office: Office) -> None:
    """Make the bot post by every way it has."""
    office.slack.pingable.update({office.ann.id})
    asked = office.ann.says("#careers", f"{office.mention} {VP}")
    office.replies(office.ann, asked)
    refused = office.ann.says("#careers", f"{office.mention} when do zebras migrate?")
    office.replies(office.ann, refused)
    office.ann.commands("/pmrole", VP)
    (answer,) = office.whispers(office.ann, "#careers")
    office.ann.commands("/pmrole", VP, "#elsewhere")
    (elsewhere,) = office.whispers(office.ann, "#elsewhere")
    office.settle()
    office.ann.clicks(answer, "share")
    office.ann.clicks(elsewhere, "share")
    office.posted("#elsewhere")
    office.ann.writes(VP)
    office.direct_replies(office.ann)
    office.settle()


def test_no_message_unfolds_an_address(shared_office):
    every_message(shared_office)
    calls = [*shared_office.called("chat.postMessage"), *shared_office.called("response_url")]
    unfolding = [
        one
        for one in calls
        if one.fields.get("text")
        and (one.fields.get("unfurl_links"), one.fields.get("unfurl_media")) != OFF
        and (str(one.fields.get("unfurl_links")), str(one.fields.get("unfurl_media"))) != OFF_TEXT
    ]
    assert len(calls) >= 8
    assert unfolding == []


def test_every_message_has_words_for_those_who_do_not_see_it(shared_office):
    every_message(shared_office)
    calls = [*shared_office.called("chat.postMessage"), *shared_office.called("response_url")]
    assert [one for one in calls if one.fields.get("blocks") and not one.fields.get("text")] == []


OFF, OFF_TEXT = (False, False), ("False", "False")
