"""A call of any method: who calls, whether that is allowed, what it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass

from playground.web_api import assistant, chat, conversations, files, others, people, views
from playground.web_api.calling import (
    Answer,
    Caller,
    Fields,
    Method,
    RefusedError,
    check_required,
    decoded,
)
from playground.world import Call, World

METHODS: Mapping[str, Method] = {
    **assistant.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **others.METHODS,
    **people.METHODS,
    **views.METHODS,
}


@dataclass(frozen=True, slots=True)
class Request:
    """A call as it came: the method, the token, and the arguments."""

    method: str
    token: str
    fields: Fields


def answer(world: World, request: Request) -> Answer:
    """Do what a call asks for, if it may; return what it is answered."""
    with world.lock:
        try:
            return {"ok": True, **_run(world, request)}
        except RefusedError as refused:
            return {"ok": False, "error": refused.error, **refused.more}


def record(world: World, request: Request, answered: Answer, error: str) -> None:
    """Remember a call, and announce it."""
    fields = _read_fields(request)
    call = Call(request.method, fields, request.token, world.times.now(), error, answered)
    with world.lock:
        world.calls.append(call)
    world.changes.announce("call", call)


def authorised(world: World, token: str) -> Caller:
    """Return who a bot token belongs to.

    Raises:
        RefusedError: not_authed, invalid_auth, token_revoked, account_inactive.
    """
    if not token:
        raise RefusedError("not_authed")
    if token == world.app.app_token:
        raise RefusedError("not_allowed_token_type")
    known = world.tokens.find(token)
    if known is None:
        raise RefusedError("invalid_auth")
    if known.state != "alive":
        raise RefusedError(known.state)
    return Caller(world, world.workspaces[known.team], known.scopes)


def _run(world: World, request: Request) -> Answer:
    method = METHODS.get(request.method)
    if method is None:
        raise RefusedError("unknown_method", req_method=request.method)
    caller = authorised(world, request.token)
    caller.needs(*method.scopes)
    fields = decoded(method, request.fields)
    check_required(method, fields)
    return method.run(caller, fields)


def _read_fields(request: Request) -> Fields:
    method = METHODS.get(request.method)
    try:
        return decoded(method, request.fields) if method else request.fields
    except RefusedError:
        return request.fields
