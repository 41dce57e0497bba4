"""Whether a message that does not mention the bot is meant for it. Pure."""

import re

from bot.state.threads import ThreadState

_SOMEONE = re.compile(r"<@[^>]+>|<!(?:subteam|here|channel|everyone)[^>]*>")
_ASKS = re.compile(
    r"\?\s*$"
    r"|^(?:(?:and|but|so|ok(?:ay)?|hm+|also|then)[,\s]+)*"
    r"(?:what|who|whose|when|where|which|why|how|is|are|was|do|does|did|can|could|should|would"
    r"|will|explain|compare|tell me|define|list|describe)(?:'?s|'?re|'?d)?\b",
    re.IGNORECASE,
)
# "shall we have lunch", "did you send it", "who is our designer": said to people, not to a library.
_TO_PEOPLE = re.compile(
    r"\b(?:can|could|are|were|did|have|will|would|do|don't) you\b"
    r"(?! (?:please )?(?:explain|tell|compare|list|describe|define|elaborate|show|give)\b)"
    # "how do we hire one" is for the articles all the same
    r"|(?<!how )(?<!what )(?<!why )(?<!who )(?<!whom )"
    r"\b(?:shall|can|could|are|were|did|have|will|do|don't) we\b"
    r"|\b(?:our|your)\b",
    re.IGNORECASE,
)
# A question with one of these leans on what was said before it.
_BACK = re.compile(
    r"\b(?:they|them|their|theirs|he|she|him|his|her|it|its|that|those|these|this|one|ones|there"
    r"|and|but|about|else|more|other|also|too|then|next|instead)\b"
    r"|^\W*(?:why|how(?: so| come)?|when|since when)\W*$",
    re.IGNORECASE,
)
# "and a CPO?", "what about startups" are follow-ups; an essay is told to someone else.
_MOST_WORDS = 60


def is_follow_up(text: str, speaker: str, thread: ThreadState | None) -> bool:
    """Tell whether an untagged reply in a thread goes on asking the bot.

    Only in a thread where the bot answers, only by the person it answered last, only while nobody
    else has joined in, and only a question that names nobody.

    Args:
        text: The message with Slack's mark-up.
        speaker: Who wrote it.
        thread: What is known of the thread; None where the bot never answered.
    """
    if thread is None or thread.others or speaker != thread.asker:
        return False
    return is_plain_question(text)


def leans_back(text: str) -> bool:
    """Tell whether a question has words that stand for something said before it."""
    return bool(_BACK.search(text))


def is_plain_question(text: str) -> bool:
    """Tell whether a message asks something, of nobody in particular.

    Args:
        text: The message with Slack's mark-up.
    """
    if _SOMEONE.search(text) or _TO_PEOPLE.search(text) or len(text.split()) > _MOST_WORDS:
        return False
    return bool(_ASKS.search(text.strip()))
