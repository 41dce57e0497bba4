"""views.*: modals and Home tabs."""

from playground import viewing
from playground.blocks import problems_of_view
from playground.blocks.payloads import is_too_large
from playground.tickets import ExpiredTicketError, TicketError, UsedTicketError
from playground.views import View, shape_of
from playground.web_api.calling import (
    Answer,
    Caller,
    Fields,
    Method,
    RefusedError,
    refused_arguments,
)
from playground.world import Trigger


def _open(caller: Caller, fields: Fields) -> Answer:
    content = _checked(fields, "modal")
    trigger = _exchanged(caller, fields)
    _free(caller, content, None)
    view = viewing.open_modal(caller.world, caller.workspace, trigger.user, content)
    return {"view": shape_of(view)}


def _push(caller: Caller, fields: Fields) -> Answer:
    content = _checked(fields, "modal")
    trigger = _exchanged(caller, fields)
    stack = caller.workspace.views.get(trigger.user, [])
    if not stack or trigger.view_id not in {one.id for one in stack}:
        raise RefusedError("not_found")
    if len(stack) >= viewing.STACK_MOST:
        raise RefusedError("push_limit_reached")
    _free(caller, content, None)
    view = viewing.push_modal(caller.world, caller.workspace, trigger.user, content)
    return {"view": shape_of(view)}


def _update(caller: Caller, fields: Fields) -> Answer:
    if not (fields.get("view_id") or fields.get("external_id")):
        raise refused_arguments("missing required field: view_id or external_id")
    old = _found(caller, fields)
    content = _checked(fields, old.kind)
    if fields.get("hash") and fields["hash"] != old.hash:
        raise RefusedError("hash_conflict")
    _free(caller, content, old)
    view = viewing.update(caller.world, caller.workspace, old, content)
    return {"view": shape_of(view)}


def _publish(caller: Caller, fields: Fields) -> Answer:
    content = _checked(fields, "home")
    person = caller.workspace.people.get(str(fields["user_id"]))
    if person is None or person.is_bot:
        raise refused_arguments("invalid `user_id`")
    if not caller.world.manifest.has_home_tab:
        raise RefusedError("not_enabled")
    old = caller.workspace.homes.get(person.id)
    if fields.get("hash") and (old is None or fields["hash"] != old.hash):
        raise RefusedError("hash_conflict")
    _free(caller, content, old)
    view = viewing.publish(caller.world, caller.workspace, person.id, content)
    return {"view": shape_of(view)}


def _checked(fields: Fields, kind: str) -> Fields:
    view = fields["view"]
    problems = problems_of_view(view)
    if problems:
        raise refused_arguments(*problems)
    content: Fields = view
    if content["type"] != kind:
        raise refused_arguments(f"unsupported type: {content['type']} [json-pointer:/view/type]")
    if is_too_large(content):
        raise RefusedError("view_too_large")
    return content


def _exchanged(caller: Caller, fields: Fields) -> Trigger:
    try:
        trigger = caller.world.triggers.use(str(fields["trigger_id"]))
    except ExpiredTicketError as error:
        raise RefusedError("expired_trigger_id") from error
    except UsedTicketError as error:
        raise RefusedError("exchanged_trigger_id") from error
    except TicketError as error:
        raise RefusedError("invalid_trigger_id") from error
    if trigger.team != caller.workspace.team:
        raise RefusedError("invalid_trigger_id")
    return trigger


def _found(caller: Caller, fields: Fields) -> View:
    workspace = caller.workspace
    view = workspace.view(str(fields.get("view_id") or ""))
    if external := fields.get("external_id"):
        view = view or viewing.by_external_id(workspace, str(external))
    if view is None:
        raise RefusedError("not_found")
    return view


def _free(caller: Caller, content: Fields, old: View | None) -> None:
    """Refuse an external id that another view has."""
    external = str(content.get("external_id") or "")
    other = viewing.by_external_id(caller.workspace, external) if external else None
    if other and (old is None or other.id != old.id):
        raise RefusedError("duplicate_external_id")


METHODS = {
    "views.open": Method(_open, (), ("trigger_id", "view"), ("view",)),
    "views.push": Method(_push, (), ("trigger_id", "view"), ("view",)),
    "views.update": Method(_update, (), ("view",), ("view",)),
    "views.publish": Method(_publish, (), ("user_id", "view"), ("view",)),
}
