"""Pop-ups: passages, why an answer did not help, which titles to compare, an answer."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    DividerBlock,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.slack import names
from bot.slack.messages.buttons import plain
from bot.slack.messages.comparisons import lists_of
from bot.slack.messages.limits import (
    OPTION_TEXT,
    OPTION_VALUE,
    OPTIONS,
    VIEW_BLOCKS,
    VIEW_BYTES,
    VIEW_TITLE,
    size,
)
from bot.slack.messages.rich import Words, clean, linked, one_line, paragraph, quote, rich_text
from bot.slack.messages.rich import section as words_section
from bot.slack.messages.shown import Passage, Shown
from bot.slack.messages.sources import context, updated, words
from bot.slack.messages.spoken import title_case
from bot.slack.mrkdwn import cut, length

# What can be wrong with an answer, by the word that is kept.
REASONS = {
    "off_topic": "It answers another question",
    "wrong": "It is wrong or out of date",
    "incomplete": "It leaves out what I wanted to know",
    "unclear": "It is hard to understand",
    "other": "Something else",
}
COMMENT_CHARACTERS = 1000

_PASSAGES, _PASSAGE = 10, 2500
_TITLE, _HEADING = 150, 250
# Of the options of each of three pickers: far more than a hundred titles need.
_PICKER_BYTES = VIEW_BYTES // 4
# Slack shows none of these in a modal.
_NOT_IN_MODALS = {"context_actions", "markdown"}


def passages_view(passages: Sequence[Passage]) -> View:
    """Show the passages that were searched out for an answer, the best first."""
    blocks: list[Block] = []
    for passage in passages[:_PASSAGES]:
        blocks += [DividerBlock()] if blocks else []
        blocks += _passage(passage)
    if not blocks:
        blocks = [paragraph([Words("The passages of this answer are no longer kept.")])]
    return View(
        type="modal",
        callback_id=names.PASSAGES_VIEW,
        title=plain("Passages", VIEW_TITLE),
        close=plain("Close", VIEW_TITLE),
        blocks=blocks,
    )


def reason_view(answer_id: str) -> View:
    """Ask why an answer did not help. The answer's id is the view's private metadata."""
    options = [Option(text=plain(said, OPTION_TEXT), value=kept) for kept, said in REASONS.items()]
    return View(
        type="modal",
        callback_id=names.FEEDBACK_REASON,
        private_metadata=answer_id,
        title=plain("Not helpful", VIEW_TITLE),
        submit=plain("Send", VIEW_TITLE),
        close=plain("Skip", VIEW_TITLE),
        blocks=[
            InputBlock(
                block_id=names.REASON,
                label=plain("What is wrong with the answer?", 2000),
                element=RadioButtonsElement(action_id=names.REASON, options=options),
            ),
            InputBlock(
                block_id=names.COMMENT,
                label=plain("What would have helped?", 2000),
                hint=plain("Kept without your name, so please leave out names.", 2000),
                optional=True,
                element=PlainTextInputElement(
                    action_id=names.COMMENT, multiline=True, max_length=COMMENT_CHARACTERS
                ),
            ),
        ],
    )


def compare_view(titles: Sequence[str], first: str | None, answer_id: str | None) -> View:
    """Ask for two or three titles to compare. The answer's id is the view's private metadata.

    Args:
        titles: What can be chosen, as shown; the first hundred are. They are the options' values.
        first: The title chosen at the start, if it is one of them.
        answer_id: The answer that is to be compared with; None outside of any.
    """
    options = _options(titles)
    if len(options) < 2:
        few = [Words("There are not two titles to compare in the articles.")]
        return View(
            type="modal",
            callback_id=names.COMPARE_TITLES,
            title=plain("Compare titles", VIEW_TITLE),
            close=plain("Close", VIEW_TITLE),
            blocks=[paragraph(few)],
        )
    chosen = next((one for one in options if one.value == first), None)
    return View(
        type="modal",
        callback_id=names.COMPARE_TITLES,
        private_metadata=answer_id or "",
        title=plain("Compare titles", VIEW_TITLE),
        submit=plain("Compare", VIEW_TITLE),
        close=plain("Cancel", VIEW_TITLE),
        blocks=[
            _picker(names.FIRST_TITLE, "First title", options, chosen),
            _picker(names.SECOND_TITLE, "Second title", options),
            _picker(names.THIRD_TITLE, "Third title", options, optional=True),
        ],
    )


def answer_view(shown: Shown) -> View:
    """Show a message as a pop-up: tables as lists, without thumbs, which modals cannot hold."""
    blocks: list[Block] = []
    for block in shown.blocks:
        kind: Any = block.type
        if kind == "table":
            table = lists_of(block.to_dict())
            blocks += [table] if table else []
        elif kind not in _NOT_IN_MODALS:
            blocks.append(block)
    return View(
        type="modal",
        callback_id=names.ANSWER_VIEW,
        title=plain("PM Role", VIEW_TITLE),
        close=plain("Close", VIEW_TITLE),
        blocks=blocks[:VIEW_BLOCKS] or [paragraph([Words("No answer.")])],
    )


def _passage(passage: Passage) -> list[Block]:
    name = one_line(passage.title, _TITLE) or one_line(passage.article, _TITLE) or "Untitled"
    headings = [one for one in passage.heading if one != passage.title]
    grey = " › ".join(headings)
    where = words(grey, _HEADING) + updated(passage.updated) if grey else updated(passage.updated)
    text = cut(clean(passage.text).strip(), _PASSAGE) or "…"
    title = words_section([linked(name, passage.url, _TITLE, "bold")])
    shown: list[Block] = [rich_text([title, quote([Words(text)])])]
    grey_line = where.removeprefix(", ")
    return shown + (context([grey_line]) if grey_line.strip() else [])


def _options(titles: Sequence[str]) -> list[Option]:
    """Return a title an option, each once; one that no value can hold is left out."""
    fit = [one for one in dict.fromkeys(titles) if one.strip() and one == clean(one)]
    fit = [one for one in fit if length(one) <= OPTION_VALUE]
    options = [
        Option(text=plain(title_case(one_line(one, OPTION_TEXT)) or "–", OPTION_TEXT), value=one)
        for one in fit[:OPTIONS]
    ]
    sizes = accumulate(size(one.to_dict()) for one in options)
    return [one for one, so_far in zip(options, sizes, strict=True) if so_far <= _PICKER_BYTES]


def _picker(
    name: str,
    label: str,
    options: Sequence[Option],
    chosen: Option | None = None,
    *,
    optional: bool = False,
) -> InputBlock:
    return InputBlock(
        block_id=name,
        label=plain(label, 2000),
        optional=optional,
        element=StaticSelectElement(
            action_id=name,
            placeholder=plain("Choose a title", 150),
            options=list(options),
            initial_option=chosen,
        ),
    )
