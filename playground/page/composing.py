"""What somebody types into the page, as Slack's clients would send it."""

import re
from collections.abc import Iterable

from playground.channels import Channel
from playground.people import Person

_COMMAND = re.compile(r"(/[\w-]+)(?:\s+(.*))?", re.DOTALL)


def with_mentions(text: str, people: Iterable[Person], channels: Iterable[Channel]) -> str:
    """Turn "@PM Role" and "#careers" into mentions of who and what bears that name."""
    names: dict[str, str] = {}
    for one in people:
        names |= {f"@{one.real_name}": f"<@{one.id}>", f"@{one.name}": f"<@{one.id}>"}
    names |= {f"#{one.name}": f"<#{one.id}>" for one in channels if one.name}
    known = {name.lower(): mention for name, mention in names.items()}
    longest = sorted(known, key=len, reverse=True)
    any_name = "|".join(map(re.escape, longest))
    found = re.compile(rf"(?<![\w<])(?:{any_name})(?!\w)", re.IGNORECASE)
    return found.sub(lambda name: known[name[0].lower()], text)


def command_in(text: str) -> tuple[str, str] | None:
    """Return a slash command and the words after it; None for anything else."""
    found = _COMMAND.fullmatch(text.strip())
    return (found[1], found[2] or "") if found else None
