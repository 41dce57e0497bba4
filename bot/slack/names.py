"""What the bot's commands, buttons, pop-ups and shortcuts are called, here and in Slack's manifest.

A person never sees these names, except the command. A button's value says what it acts on.
"""

from typing import Final

COMMAND: Final = "/pmrole"

# Buttons whose value is a question, several in a message: "ask:0", "choose:2".
ASK: Final = "ask"
CHOOSE: Final = "choose"

# Buttons whose value is the id of a kept answer.
PASSAGES: Final = "passages"
COMPARE_WITH: Final = "compare_with"
SHARE: Final = "share"
ASK_HUMAN: Final = "ask_human"
TELL_ME: Final = "tell_me"

# Thumbs; the values are "up:<answer id>" and "down:<answer id>".
FEEDBACK: Final = "feedback"
UP: Final = "up"
DOWN: Final = "down"

# Buttons of the Home tab.
HOME_COMPARE: Final = "home_compare"

# Buttons of the list of approved answers; the value is the number of one.
REMOVE_PIN: Final = "remove_pin"

# Buttons for admins. The two decisions have the number of the reindex that waits as value, the last
# one has a generation.
REINDEX: Final = "reindex"
HISTORY: Final = "history"
PUBLISH_ANYWAY: Final = "publish_anyway"
KEEP_OLD: Final = "keep_old"
ROLL_BACK: Final = "roll_back"

# What is chosen of a file that may become an article; the values say which file.
UPLOAD_TOPIC: Final = "upload_topic"
UPLOAD_ADD: Final = "upload_add"
UPLOAD_REPLACE: Final = "upload_replace"
UPLOAD_DISCARD: Final = "upload_discard"

# Buttons whose value is the path of an article, the first several in a message: "forget:0".
FORGET: Final = "forget"
BRING_BACK: Final = "bring_back"

# Views, by callback id.
FEEDBACK_REASON: Final = "feedback_reason"
COMPARE_TITLES: Final = "compare_titles"
PASSAGES_VIEW: Final = "passages_view"
ANSWER_VIEW: Final = "answer_view"
PIN_ANSWER: Final = "pin_answer"
CHANNEL_SETTINGS: Final = "channel_settings"

# Their inputs: each is both the block's id and the action's, so state.values[NAME][NAME].
REASON: Final = "reason"
COMMENT: Final = "comment"
FIRST_TITLE: Final = "first_title"
SECOND_TITLE: Final = "second_title"
THIRD_TITLE: Final = "third_title"
PINNED_QUESTION: Final = "pinned_question"
PINNED_ANSWER: Final = "pinned_answer"
AUTO_ANSWER: Final = "auto_answer"
REPLY_TO: Final = "reply_to"
CONFIDENCE: Final = "confidence"
TOPICS: Final = "topics"

# The option that stands for what the bot does unless told otherwise.
DEFAULT: Final = "default"

# Shortcuts, by callback id.
ANSWER_MESSAGE: Final = "answer_message"
USE_THIS_ANSWER: Final = "use_this_answer"
ADD_TO_KNOWLEDGE: Final = "add_to_knowledge"
COMPARE_SHORTCUT: Final = "compare_titles_shortcut"


def ask(number: int) -> str:
    """Return the action id of a message's nth button that asks its value, from 0."""
    return f"{ASK}:{number}"


def choose(number: int) -> str:
    """Return the action id of the nth meaning that a clarification offers, from 0."""
    return f"{CHOOSE}:{number}"


def forget(number: int) -> str:
    """Return the action id of the nth article that can be taken away, from 0."""
    return f"{FORGET}:{number}"
