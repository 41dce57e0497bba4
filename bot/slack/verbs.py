"""What may stand first after `/pmrole`, when it is no question."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from slack_sdk import WebClient

from bot.slack.admins import Reach
from bot.slack.clicks import Click

_NOTHING = re.compile("")


@dataclass(frozen=True, slots=True)
class VerbCall:
    """A verb that somebody typed.

    Attributes:
        client: Of their workspace.
        click: Who they are, and where.
        rest: What follows the verb, without mark-up and white space around it.
    """

    client: WebClient
    click: Click
    rest: str


@dataclass(frozen=True, slots=True)
class Verb:
    """A word after `/pmrole` by which admins ask for something else than an answer.

    Attributes:
        name: The word, in small letters.
        summary: What it does, in a few words, after an example of its use where it needs more.
        run: Does it, on a thread of `Gestures`.
        rest: What must follow, whatever its capitals; anything else makes it a question that
            merely begins with the word.
        reach: Of which workspaces it changes or shows something.
    """

    name: str
    summary: str
    run: Callable[[VerbCall], None]
    rest: re.Pattern[str] = field(default=_NOTHING)
    reach: Reach = Reach.WORKSPACE


class Verbs:
    """The verbs that there are. Whoever adds one does so before the first event."""

    def __init__(self, *verbs: Verb) -> None:
        """Begin with some."""
        self._verbs: dict[str, Verb] = {}
        self.add(*verbs)

    def add(self, *verbs: Verb) -> None:
        """Add verbs.

        Raises:
            ValueError: if there is one of that name.
        """
        for one in verbs:
            if one.name in self._verbs:
                raise ValueError(f"there is a verb {one.name!r} already")
            self._verbs[one.name] = one

    def find(self, text: str) -> tuple[Verb, str] | None:
        """Return the verb that a text after the command is, and what follows it."""
        first, *others = text.split(maxsplit=1)[:2] or [""]
        verb, follows = self._verbs.get(first.lower()), (others or [""])[0].strip()
        return (verb, follows) if verb and verb.rest.fullmatch(follows) else None

    def __iter__(self) -> Iterator[Verb]:
        """Give the verbs by name."""
        return iter(sorted(self._verbs.values(), key=lambda one: one.name))
