"""What a message is to whoever sends it, and which buttons it may carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from slack_sdk.models.blocks import Block


class Shown(NamedTuple):
    """A message: the text of notifications and screen readers, and the blocks of the screen.

    `text` is escaped for Slack and holds no mark-up; it begins with what matters most.
    """

    text: str
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class Controls:
    """Which buttons a reply may have; those that make no sense for its kind are left out.

    Attributes:
        answer_id: What the buttons call the answer; at most 100 characters.
        share: Share to channel: for an answer that only the asker sees.
        human: Ask a human: for a question that the articles do not answer.
        tell: Tell me when you know: likewise.
        compare: Compare with...: for an answer about a title.
        feedback: Thumbs.
        passages: Show passages.
    """

    answer_id: str
    share: bool = False
    human: bool = False
    tell: bool = False
    compare: bool = True
    feedback: bool = True
    passages: bool = True


@dataclass(frozen=True, slots=True)
class Pinned:
    """An answer in a person's words that an admin approved, shown before what the articles say.

    Attributes:
        question: What it was approved for, so that the reader sees if it was another question.
        answer: As plain text.
        approved_by: The admin's name; a mention would call them each time it is shown.
        approved_on: The day.
        source_url: Where it was written; empty if that is not known.
    """

    question: str
    answer: str
    approved_by: str
    approved_on: date
    source_url: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article, as "Show passages" shows it."""

    title: str
    heading: tuple[str, ...]
    text: str
    article: str = ""
    url: str | None = None
    updated: date | None = None

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Passage":
        """Read a passage of a kept answer: JSON with the names of the attributes.

        Raises:
            KeyError: if it has no title, heading or text.
            ValueError: if its date is none.
        """
        updated = values.get("updated")
        return cls(
            title=str(values["title"]),
            heading=tuple(str(one) for one in values["heading"]),
            text=str(values["text"]),
            article=str(values.get("article") or ""),
            url=values.get("url"),
            updated=date.fromisoformat(updated) if updated else None,
        )
