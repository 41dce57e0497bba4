"""What the bot says of its own accord, and what it passes on to people."""

import re

from slack_sdk.models.blocks import Block, MarkdownTextObject, SectionBlock

from bot.slack import names
from bot.slack.messages.buttons import question_row
from bot.slack.messages.limits import SECTION_TEXT
from bot.slack.messages.rich import (
    Words,
    bullets,
    clean,
    is_member,
    linked,
    quote,
    rich_text,
    section,
)
from bot.slack.messages.shown import Shown
from bot.slack.messages.sources import context, words
from bot.slack.messages.spoken import as_text
from bot.slack.mrkdwn import clip, cut, length, read

# In the order of what people ask most; each is answered from the articles as they come. Slack shows
# at most four prompts.
EXAMPLES = (
    "What does a VP of Product do?",
    "CPO vs Head of Product",
    "What's next after senior PM?",
    "How do I become a group product manager?",
)
FAILED = "Something went wrong, and it is in the log (reference {reference})."
# What the text of such a message begins with; the question follows.
HUMAN_REQUEST = "A question that the articles do not answer: "
_QUESTION = 2500
_QUESTION_LINE = 300
_MARK = re.compile(r"(?<![^\s(])([*_~`]+)(?=\S)(.*?)(?<=\S)\1(?![^\s).,;:!?])")


def notice(text: str) -> Shown:
    """Return a line of the bot's own as a message; its mrkdwn is kept.

    Args:
        text: mrkdwn; what others wrote in it must have been escaped.
    """
    said = clean(text)
    if length(said) > SECTION_TEXT or not said.strip():
        said = clip(read(said), SECTION_TEXT) or "…"
    block = SectionBlock(text=MarkdownTextObject(text=said, verbatim=True))
    return Shown(as_text(_MARK.sub(r"\2", read(said))), [block])


def help_message() -> Shown:
    """Say what the bot knows and how to ask, with examples to press."""
    opening = (
        "Ask me about product careers. I answer with sentences quoted from articles and name each "
        "one. What the articles do not hold, I do not answer."
    )
    ways = (
        ("In a channel", ": mention me with your question; I answer in the thread."),
        ("In a direct message", ": write to me as you would to a person."),
        (f"{names.COMMAND} and a question", ": only you see the answer, and you may share it."),
        (f"{names.COMMAND} compare CPO, head of product", ": two or three titles side by side."),
        (f"{names.COMMAND} path product manager", ": how to become one."),
    )
    text = rich_text(
        [
            section([Words(opening)]),
            bullets([Words(way, "bold"), Words(what)] for way, what in ways),
        ]
    )
    spoken = " ".join([opening, *(f"{way}{what}" for way, what in ways)])
    return Shown(as_text(spoken), [text, question_row(EXAMPLES, names.ask)])


def question_line(text: str) -> list[Block]:
    """Say which question a message answers, where nobody can read it; nothing for no words."""
    asked = words(text, _QUESTION_LINE)
    return context([f"“{asked}”"]) if asked else []


def known_now(text: str) -> list[Block]:
    """Say which question somebody asked long ago, above the answer that there is by now."""
    asked = words(text, _QUESTION_LINE)
    return context([f"You asked “{asked}”, and wanted to be told. The articles answer it now:"])


def human_request(text: str, asker_id: str, permalink: str) -> Shown:
    """Return a question for people, asked for somebody who agreed to it.

    Args:
        text: The question, as the asker wrote it.
        asker_id: The asker, who is mentioned.
        permalink: Where the conversation is; empty where only the asker saw it.
    """
    asked = cut(clean(text).strip(), _QUESTION) or "…"
    who = Words(asker_id, user=asker_id) if is_member(asker_id) else Words("Someone")
    opening = [who, Words(" asks what the articles do not answer:")]
    elements: list[Block] = [rich_text([section(opening), quote([Words(asked)])])]
    link = linked("See the conversation", permalink, SECTION_TEXT)
    if link.url:
        elements.append(rich_text([section([link])]))
    return Shown(as_text(f"{HUMAN_REQUEST}{asked}"), elements)
