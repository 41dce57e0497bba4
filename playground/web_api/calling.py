"""What all methods share: who calls, what a method needs, and how it refuses."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.channels import Channel
from playground.workspace import Workspace
from playground.world import World

Fields = dict[str, Any]
Answer = dict[str, Any]


class RefusedError(Exception):
    """A call is refused: the error's name, and what else the answer holds."""

    def __init__(self, error: str, **more: Any) -> None:  # noqa: ANN401 - any JSON
        super().__init__(error)
        self.error, self.more = error, more


def refused_arguments(*messages: str) -> RefusedError:
    """Return the refusal of arguments, with a message for each."""
    told = [f"[ERROR] {one}" for one in messages]
    return RefusedError("invalid_arguments", response_metadata={"messages": told})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the app in one workspace, with the scopes it has there; None is all scopes."""

    world: World
    workspace: Workspace
    scopes: frozenset[str] | None

    def needs(self, *scopes: str) -> None:
        """Refuse unless the app has one of these scopes.

        Raises:
            RefusedError: missing_scope.
        """
        if self.scopes is None or not scopes or self.scopes & set(scopes):
            return
        raise RefusedError(
            "missing_scope", needed=",".join(scopes), provided=",".join(sorted(self.scopes))
        )

    def channel(self, name: object, *, member: bool = False) -> Channel:
        """Find a channel that the bot can see; and that it is in, if asked.

        Raises:
            RefusedError: channel_not_found, not_in_channel.
        """
        found = self.workspace.channel(str(name or ""))
        inside = found is not None and self.workspace.bot_user in found.members
        if found is None or (found.kind != "channel" and not inside):
            raise RefusedError("channel_not_found")
        if member and not inside:
            raise RefusedError("not_in_channel")
        return found


Run = Callable[[Caller, Fields], Answer]


@dataclass(frozen=True, slots=True)
class Method:
    """A method: what does its work, and what it asks for before.

    `json_fields` are decoded if they come as JSON text, as they do in a form.
    """

    run: Run
    scopes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    json_fields: tuple[str, ...] = ()
    bad_json: Mapping[str, str] = field(default_factory=dict)


def decoded(method: Method, fields: Fields) -> Fields:
    """Return the fields with JSON text read.

    Raises:
        RefusedError: Text that is no JSON.
    """
    read = dict(fields)
    for name in method.json_fields:
        if isinstance(text := read.get(name), str) and text:
            try:
                read[name] = json.loads(text)
            except ValueError as error:
                if name in method.bad_json:
                    raise RefusedError(method.bad_json[name]) from error
                raise refused_arguments(f"invalid JSON in field: {name}") from error
    return read


def check_required(method: Method, fields: Fields) -> None:
    """Refuse a call that lacks an argument.

    Raises:
        RefusedError: invalid_arguments, each missing argument named.
    """
    missing = [name for name in method.required if fields.get(name) in (None, "")]
    if missing:
        raise refused_arguments(*(f"missing required field: {name}" for name in missing))


def is_set(value: object) -> bool:
    """Return whether an argument says yes, as JSON or in a form."""
    return value is True or str(value).lower() in {"true", "1"}


def whole_number(fields: Fields, name: str, otherwise: int, error: str) -> int:
    """Read a number that may come as text.

    Raises:
        RefusedError: It is none; named as given.
    """
    try:
        return int(fields.get(name) or otherwise)
    except (TypeError, ValueError) as bad:
        raise RefusedError(error) from bad
