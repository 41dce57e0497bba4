"""The form in which admins say how the bot behaves in a channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    Option,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.slack import names
from bot.slack.messages.buttons import plain
from bot.slack.messages.limits import OPTION_TEXT, OPTION_VALUE, OPTIONS, VIEW_TITLE
from bot.slack.messages.rich import one_line
from bot.slack.mrkdwn import length

THREAD, EPHEMERAL = "thread", "ephemeral"
# The bar for questions that do not mention the bot; empty is the bot's own.
BARS = {
    "": "My own: 0.85",
    "0.5": "0.50, answers more",
    "0.7": "0.70",
    "0.9": "0.90",
    "0.95": "0.95",
}
_HOW = {THREAD: "In the thread, for everybody", EPHEMERAL: "To the asker alone"}


@dataclass(frozen=True, slots=True)
class ChannelForm:
    """What the form shows at first.

    Attributes:
        auto_answer: Whether plain questions are answered that do not mention the bot.
        reply: Where answers go.
        confidence: The bar for those questions; None for the bot's own.
        topics: The folders that are answered from; empty for all.
        folders: All folders, with what to call each.
    """

    auto_answer: bool
    reply: Literal["thread", "ephemeral"]
    confidence: float | None
    topics: tuple[str, ...]
    folders: tuple[tuple[str, str], ...]


def channel_settings_view(form: ChannelForm, metadata: str) -> View:
    """Return the form.

    Args:
        form: What stands in it at first.
        metadata: What the view's private metadata holds.
    """
    blocks: list[Block] = [_auto(form), _reply(form), _confidence(form)]
    topics = _topics(form)
    return View(
        type="modal",
        callback_id=names.CHANNEL_SETTINGS,
        private_metadata=metadata,
        title=plain("This channel", VIEW_TITLE),
        submit=plain("Save", VIEW_TITLE),
        close=plain("Cancel", VIEW_TITLE),
        blocks=blocks + ([topics] if topics else []),
    )


def _auto(form: ChannelForm) -> InputBlock:
    on = Option(text=plain("Answer questions that do not mention me", OPTION_TEXT), value="on")
    return InputBlock(
        block_id=names.AUTO_ANSWER,
        label=plain("Without being called", 2000),
        hint=plain("Where I am sure; else I stay silent. I must be a member of the channel.", 2000),
        optional=True,
        element=CheckboxesElement(
            action_id=names.AUTO_ANSWER,
            options=[on],
            initial_options=[on] if form.auto_answer else None,
        ),
    )


def _reply(form: ChannelForm) -> InputBlock:
    options = [Option(text=plain(said, OPTION_TEXT), value=kept) for kept, said in _HOW.items()]
    return InputBlock(
        block_id=names.REPLY_TO,
        label=plain("Where answers go", 2000),
        element=RadioButtonsElement(
            action_id=names.REPLY_TO,
            options=options,
            initial_option=next(one for one in options if one.value == form.reply),
        ),
    )


def _confidence(form: ChannelForm) -> InputBlock:
    kept = "" if form.confidence is None else f"{form.confidence:g}"
    bars = {**BARS, **({} if kept in BARS else {kept: kept})}
    options = [
        Option(text=plain(said, OPTION_TEXT), value=bar or names.DEFAULT)
        for bar, said in bars.items()
    ]
    return InputBlock(
        block_id=names.CONFIDENCE,
        label=plain("How sure I must be to answer without being called", 2000),
        element=StaticSelectElement(
            action_id=names.CONFIDENCE,
            options=options,
            initial_option=next(one for one in options if one.value == (kept or names.DEFAULT)),
        ),
    )


def _topics(form: ChannelForm) -> InputBlock | None:
    """Return the picker of topics; None where there are not two."""
    options = _options(form.folders)
    if len(options) < 2:
        return None
    chosen = [one for one in options if one.value in form.topics]
    return InputBlock(
        block_id=names.TOPICS,
        label=plain("Topics to answer from", 2000),
        hint=plain("Other articles are not searched in this channel. None means all.", 2000),
        optional=True,
        element=StaticMultiSelectElement(
            action_id=names.TOPICS,
            placeholder=plain("All topics", 150),
            options=options,
            initial_options=chosen or None,
        ),
    )


def _options(folders: Sequence[tuple[str, str]]) -> list[Option]:
    fit = [(folder, name) for folder, name in folders if length(folder) <= OPTION_VALUE]
    return [
        Option(text=plain(one_line(name, OPTION_TEXT) or "–", OPTION_TEXT), value=folder)
        for folder, name in fit[:OPTIONS]
    ]
