"""A question as it came from Slack, in a form that outlives the process that heard it."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from bot.state.threads import Place


class Surface(StrEnum):
    """Where a question was asked."""

    MENTION = "mention"
    THREAD = "thread"
    AUTO = "auto"
    DIRECT = "direct message"
    COMMAND = "command"
    SHORTCUT = "shortcut"
    BUTTON = "button"


# Nobody called the bot there: what is no question, and what it does not know, it leaves alone.
UNCALLED = frozenset({Surface.THREAD, Surface.AUTO})


def new_reference() -> str:
    """Return what the log and a person are to call something by."""
    return secrets.token_hex(4)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question from any surface.

    Attributes:
        surface: Where it was asked.
        team: The workspace's id.
        user: The asker's id.
        text: As the person wrote it, without mark-up.
        channel: The channel's id.
        message_ts: The time stamp of the message that asks; empty where no message does.
        root: The thread to answer in, by the time stamp of its first message; empty for the top
            level.
        response_url: Where to answer so that only the asker sees it; empty to post a message.
        open_thread: The thread the asker has open, to show such an answer in; empty outside one.
        reference: What the log and the asker both call it by.
    """

    surface: Surface
    team: str
    user: str
    text: str
    channel: str
    message_ts: str = ""
    root: str = ""
    response_url: str = field(default="", repr=False)
    open_thread: str = ""
    reference: str = field(default_factory=new_reference)

    @property
    def place(self) -> Place | None:
        """Where the conversation goes on; None where no message can follow another."""
        if self.response_url:
            return None
        return Place(self.team, self.channel, self.root)

    @property
    def key(self) -> str:
        """What the question is known by in the bot's own message, and if it comes again."""
        return f"{self.channel} {self.message_ts or self.reference}"

    @property
    def in_public(self) -> bool:
        """Whether others than the asker would see the answer: not in a direct message."""
        return not self.response_url and not self.channel.startswith("D")

    def as_dict(self) -> dict[str, str]:
        """Return what `from_dict` reads."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Asked":
        """Read what `as_dict` returned."""
        return cls(**{**values, "surface": Surface(values["surface"])})
