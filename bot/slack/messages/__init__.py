"""What people see in Slack: messages, pop-ups and the Home tab, as Block Kit. Pure functions.

Whatever the articles hold, what is made here is inside Slack's limits, formats only what the bot
formats, and mentions nobody but whom it is told to.
"""

from bot.slack.messages.channel_settings import ChannelForm, channel_settings_view
from bot.slack.messages.home import AdminPanel, Home, Topic, home_view
from bot.slack.messages.insights import gap_summary, gaps_message, stats_message, week_line
from bot.slack.messages.modals import (
    COMMENT_CHARACTERS,
    REASONS,
    answer_view,
    compare_view,
    passages_view,
    reason_view,
)
from bot.slack.messages.notices import (
    EXAMPLES,
    FAILED,
    HUMAN_REQUEST,
    help_message,
    human_request,
    known_now,
    notice,
    question_line,
)
from bot.slack.messages.pins import QUESTION_CHARACTERS, PinLine, pin_view, pins_message
from bot.slack.messages.reindexing import (
    admin_act,
    decided_message,
    history_message,
    outcome_message,
    progress_message,
)
from bot.slack.messages.rendering import render
from bot.slack.messages.shown import Controls, Passage, Pinned, Shown

__all__ = [
    "COMMENT_CHARACTERS",
    "EXAMPLES",
    "FAILED",
    "HUMAN_REQUEST",
    "QUESTION_CHARACTERS",
    "REASONS",
    "AdminPanel",
    "ChannelForm",
    "Controls",
    "Home",
    "Passage",
    "PinLine",
    "Pinned",
    "Shown",
    "Topic",
    "admin_act",
    "answer_view",
    "channel_settings_view",
    "compare_view",
    "decided_message",
    "gap_summary",
    "gaps_message",
    "help_message",
    "history_message",
    "home_view",
    "human_request",
    "known_now",
    "notice",
    "outcome_message",
    "passages_view",
    "pin_view",
    "pins_message",
    "progress_message",
    "question_line",
    "reason_view",
    "render",
    "stats_message",
    "week_line",
]
