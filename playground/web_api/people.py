"""users.* and auth.*: who somebody is, and who calls."""

from playground import events
from playground.people import shape_of
from playground.web_api.calling import Answer, Caller, Fields, Method, RefusedError, is_set


def _users_info(caller: Caller, fields: Fields) -> Answer:
    person = caller.workspace.people.get(str(fields["user"]))
    if person is None:
        raise RefusedError("user_not_found")
    locale = {"locale": "en-GB"} if is_set(fields.get("include_locale")) else {}
    return {"user": shape_of(person) | locale}


def _auth_test(caller: Caller, _: Fields) -> Answer:
    workspace = caller.workspace
    return {
        "url": f"{caller.world.address}/",
        "team": workspace.name,
        "team_id": workspace.team,
        "user": workspace.people[workspace.bot_user].name,
        "user_id": workspace.bot_user,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def _auth_revoke(caller: Caller, fields: Fields) -> Answer:
    if is_set(fields.get("test")):
        return {"revoked": False}
    world, workspace = caller.world, caller.workspace
    world.tokens.end(workspace.team, "token_revoked")
    world.changes.announce("uninstalled", workspace.team)
    ts = world.times.next()
    world.send_event(workspace, events.tokens_revoked(workspace.bot_user, ts))
    world.send_event(workspace, events.app_uninstalled(ts))
    return {"revoked": True}


METHODS = {
    "users.info": Method(_users_info, ("users:read",), ("user",)),
    "auth.test": Method(_auth_test),
    "auth.revoke": Method(_auth_revoke),
}
