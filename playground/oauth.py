"""Installing the app: somebody allows it, and the app exchanges a code for a token."""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import urlencode

from playground.tickets import TicketError
from playground.web_api.calling import Answer, Fields, RefusedError
from playground.workspace import Workspace
from playground.world import Code, World


@dataclass(frozen=True, slots=True)
class Wish:
    """What the app asks to be allowed, from the address it sends people to."""

    client_id: str
    scopes: frozenset[str]
    redirect_uri: str
    state: str

    @classmethod
    def read(cls, query: Fields) -> "Wish":
        """Read it from the query of an address."""
        return cls(
            str(query.get("client_id", "")),
            frozenset(one for one in str(query.get("scope", "")).split(",") if one),
            str(query.get("redirect_uri", "")),
            str(query.get("state", "")),
        )

    def refusal(self, world: World) -> str:
        """Return why Slack would show nobody this wish, or nothing."""
        if self.client_id != world.app.client_id:
            return "invalid_client_id"
        if not self.scopes:
            return "no_scopes"
        return "" if self.redirect_uri else "bad_redirect_uri"


def allow(world: World, wish: Wish, team: str, user: str) -> str:
    """Allow the app in a workspace; return where that sends the browser."""
    code = world.codes.give(Code(team, user, wish.scopes, wish.redirect_uri))
    return f"{wish.redirect_uri}?{urlencode({'code': code, 'state': wish.state})}"


def deny(wish: Wish) -> str:
    """Deny it; return where that sends the browser."""
    query = urlencode({"error": "access_denied", "state": wish.state})
    return f"{wish.redirect_uri}?{query}"


def install(world: World, workspace: Workspace, scopes: frozenset[str] | None) -> str:
    """Put the app into a workspace; return its token there."""
    token = world.tokens.install(workspace.team, scopes)
    world.changes.announce("installed", workspace.team)
    return token.text


def exchange(world: World, fields: Fields, authorization: str) -> Answer:
    """Answer `oauth.v2.access`: a code for a token, once.

    Raises:
        RefusedError: invalid_client_id, bad_client_secret, invalid_code, bad_redirect_uri.
    """
    client_id, secret = _client(fields, authorization)
    if client_id != world.app.client_id:
        raise RefusedError("invalid_client_id")
    if secret != world.app.client_secret:
        raise RefusedError("bad_client_secret")
    try:
        code = world.codes.use(str(fields.get("code", "")))
    except TicketError as error:
        raise RefusedError("invalid_code") from error
    if str(fields.get("redirect_uri") or code.redirect_uri) != code.redirect_uri:
        raise RefusedError("bad_redirect_uri")
    workspace = world.workspaces[code.team]
    return {
        "access_token": install(world, workspace, code.scopes),
        "token_type": "bot",
        "scope": ",".join(sorted(code.scopes)),
        "bot_user_id": workspace.bot_user,
        "app_id": world.app.id,
        "team": {"id": workspace.team, "name": workspace.name},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": {"id": code.user},
    }


def _client(fields: Fields, authorization: str) -> tuple[str, str]:
    if authorization.startswith("Basic "):
        try:
            text = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise RefusedError("invalid_client_id") from error
        client_id, _, secret = text.partition(":")
        return client_id, secret
    return str(fields.get("client_id", "")), str(fields.get("client_secret", ""))
