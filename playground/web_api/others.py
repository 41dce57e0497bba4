"""Methods that are the only one of their family here."""

import re
from dataclasses import replace
from typing import Any

from playground.blocks import problems_of, problems_of_view
from playground.web_api.calling import (
    Answer,
    Caller,
    Fields,
    Method,
    RefusedError,
    refused_arguments,
)


def _add_reaction(caller: Caller, fields: Fields) -> Answer:
    channel = caller.channel(fields["channel"], member=True)
    if channel.is_archived:
        raise RefusedError("is_archived")
    if not re.fullmatch(r"[\w+'-]+(::skin-tone-[2-6])?", str(fields["name"])):
        raise RefusedError("invalid_name")
    if not re.fullmatch(r"\d+\.\d+", str(fields["timestamp"])):
        raise RefusedError("bad_timestamp")
    message = caller.workspace.message(channel.id, str(fields["timestamp"]))
    if message is None or message.visible_to:
        raise RefusedError("message_not_found")
    reaction = (str(fields["name"]), caller.workspace.bot_user)
    if reaction in message.reactions:
        raise RefusedError("already_reacted")
    message = replace(message, reactions=(*message.reactions, reaction))
    caller.workspace.keep(message)
    caller.world.changes.announce("message", message)
    return {}


def _validate_blocks(_: Caller, fields: Fields) -> Answer:
    given = [name for name in ("blocks", "view", "message") if fields.get(name)]
    if len(given) != 1:
        raise refused_arguments("must provide exactly one of `blocks`, `view`, or `message`")
    (name,) = given
    problems = _problems(name, fields[name])
    if problems:
        raise RefusedError(f"invalid_{name}", errors=[_error(one) for one in problems])
    return {}


def _problems(name: str, value: Any) -> list[str]:  # noqa: ANN401 - whatever the app wants checked
    if name == "view":
        return problems_of_view(value)
    if name == "message":
        return problems_of(value.get("blocks", []) if isinstance(value, dict) else value)
    return problems_of(value, pointer="")


def _error(problem: str) -> dict[str, str]:
    message, _, pointer = problem.removesuffix("]").partition(" [json-pointer:")
    return {"code": "failed_constraint", "message": message, "pointer": pointer}


METHODS = {
    "reactions.add": Method(_add_reaction, ("reactions:write",), ("channel", "name", "timestamp")),
    "blocks.validate": Method(_validate_blocks, (), (), ("blocks", "view", "message")),
}
