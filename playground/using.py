"""What somebody does with the app's elements, views and shortcuts, told to the app."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground import interactions, viewing
from playground.blocks import problems_of_view
from playground.delivery import Delivery
from playground.finding import (
    NotThereError,
    Selected,
    action_of,
    find_element,
    state_of,
    values_of,
)
from playground.interactions import By
from playground.messages import Message
from playground.people import Person
from playground.response_urls import show
from playground.views import View
from playground.web_api.calling import RefusedError
from playground.workspace import Workspace
from playground.world import ResponseTo, Trigger, World


@dataclass(frozen=True, slots=True)
class At:
    """Somebody at work in a workspace."""

    world: World
    workspace: Workspace
    person: Person

    @property
    def by(self) -> By:
        """Who does it, for payloads."""
        return By(self.world.app, self.workspace, self.person)

    def trigger(self, view_id: str = "") -> str:
        """Return a new trigger id, good for one view."""
        trigger = Trigger(self.workspace.team, self.person.id, view_id)
        return self.world.new_trigger(trigger)


def command(at: At, channel_id: str, name: str, text: str) -> tuple[Delivery, str, str]:
    """Type a slash command; return its delivery, response URL and trigger id."""
    world = at.world
    to = ResponseTo(at.workspace.team, channel_id, at.person.id)
    url, trigger = world.new_response_url("commands", to), at.trigger()
    channel = at.workspace.channels[channel_id]
    payload = interactions.slash_command(at.by, channel, name, text, url, trigger)

    def answered(response: Any) -> str:  # noqa: ANN401 - whatever the app answered
        if not isinstance(response, dict) or not (response.get("text") or response.get("blocks")):
            return ""
        with world.lock:
            try:
                show(world, to, response)
            except RefusedError as refused:
                return refused.error
        return ""

    return world.deliveries.submit("slash_commands", payload, answered), url, trigger


def use_message(
    at: At, message: Message, action_id: str, value: str | None, selected: Selected
) -> Delivery:
    """Use an element of a message."""
    found = find_element(message.blocks, action_id, value)
    action = action_of(found, value, selected, at.world.times.next())
    chosen = at.workspace.chosen.setdefault((message.ts, at.person.id), {})
    if selected is not None:
        chosen.setdefault(found.block_id, {})[action_id] = state_of(found.element, selected)
    channel = at.workspace.channels[message.channel]
    to = ResponseTo(at.workspace.team, channel.id, at.person.id, message.ts)
    url = at.world.new_response_url("actions", to)
    payload = interactions.message_action(at.by, message, channel, action, url, at.world.address)
    payload["state"] = {"values": values_of(message.blocks, chosen)}
    payload["trigger_id"] = at.trigger()
    return at.world.deliveries.submit("interactive", payload)


def use_view(at: At, view: View, action_id: str, value: str | None, selected: Selected) -> Delivery:
    """Use an element of a modal or a Home tab; what is chosen stays in it."""
    found = find_element(view.blocks, action_id, value)
    action = action_of(found, value, selected, at.world.times.next())
    kept = view.values.get(found.block_id, {}).get(action_id)
    if kept is not None:
        new = state_of(found.element, value if selected is None else selected)
        held = {**view.values[found.block_id], action_id: {**kept, **new}}
        view = viewing.fill(at.world, at.workspace, view, {**view.values, found.block_id: held})
    payload = interactions.view_action(at.by, view, action)
    payload["trigger_id"] = at.trigger(view.id)
    return at.world.deliveries.submit("interactive", payload)


def submit(at: At, view: View, values: Mapping[str, Any]) -> Delivery:
    """Fill in a modal and submit it; what the app answers is done once it has answered.

    Raises:
        NotThereError: The modal has no submit button, no such input, or an input is empty that
            must not be.
    """
    if "submit" not in view.content:
        raise NotThereError(f"the modal {view.title!r} has nothing to submit")
    view = viewing.fill(at.world, at.workspace, view, filled(view, values))
    payload = interactions.view_submission(at.by, view)
    payload["trigger_id"] = at.trigger(view.id)

    def answered(response: Any) -> str:  # noqa: ANN401 - whatever the app answered
        with at.world.lock:
            return _obey(at, view, response if isinstance(response, dict) else {})

    return at.world.deliveries.submit("interactive", payload, answered)


def filled(view: View, values: Mapping[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return what stands in a modal's inputs after somebody filled it in.

    Inputs are named by action id or block id.

    Raises:
        NotThereError: There is no such input, or one is empty that must not be.
    """
    state = {block: dict(held) for block, held in view.values.items()}
    left, empty = dict(values), []
    for block_id, element, optional in viewing.inputs_of(view):
        action_id = element["action_id"]
        given = [name for name in (action_id, block_id) if name in left]
        if given:
            entered = state_of(element, left.pop(given[0]))
            state[block_id][action_id] = {**state[block_id][action_id], **entered}
        if not optional and viewing.is_empty(state[block_id][action_id]):
            empty.append(action_id)
    if left:
        raise NotThereError(f"no inputs {sorted(left)}; there are: {state}")
    if empty:
        raise NotThereError(f"please complete the required fields {empty}")
    return state


def close(at: At, view: View, *, everything: bool) -> Delivery | None:
    """Close a modal; the app is told if it asked to be."""
    viewing.close(at.world, at.workspace, view, everything=everything)
    if not view.content.get("notify_on_close"):
        return None
    payload = interactions.view_closed(at.by, view, cleared=everything)
    return at.world.deliveries.submit("interactive", payload)


def shortcut(at: At, callback_id: str, message: Message | None) -> Delivery:
    """Use a shortcut, from anywhere or on a message."""
    ts = at.world.times.next()
    if message is None:
        payload = interactions.global_shortcut(at.by, callback_id, ts)
    else:
        channel = at.workspace.channels[message.channel]
        address = at.world.address
        payload = interactions.message_shortcut(at.by, message, channel, callback_id, address)
        to = ResponseTo(at.workspace.team, channel.id, at.person.id)
        payload["action_ts"] = ts
        payload["response_url"] = at.world.new_response_url("app", to)
    payload["trigger_id"] = at.trigger()
    return at.world.deliveries.submit("interactive", payload)


def _obey(at: At, view: View, response: dict[str, Any]) -> str:
    """Do what the answer to a submission says; return why Slack refuses it, or nothing."""
    content = response.get("view")
    match response.get("response_action"):
        case None:
            viewing.close(at.world, at.workspace, view)
        case "clear":
            viewing.close(at.world, at.workspace, view, everything=True)
        case "errors":
            return _refused_errors(view, response.get("errors"))
        case "update" | "push" as action:
            if problems := problems_of_view(content):
                return f"invalid view: {problems[0]}"
            return _change(at, view, str(action), content)
        case other:
            return f"unknown response_action: {other}"
    return ""


def _change(at: At, view: View, action: str, content: Any) -> str:  # noqa: ANN401 - checked before
    if action == "update":
        viewing.update(at.world, at.workspace, view, content)
    elif len(at.workspace.views[view.user]) >= viewing.STACK_MOST:
        return "push_limit_reached"
    else:
        viewing.push_modal(at.world, at.workspace, view.user, content)
    return ""


def _refused_errors(view: View, errors: object) -> str:
    inputs = {one["block_id"] for one in view.blocks if one["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        return "errors without a message"
    unknown = sorted(set(errors) - inputs)
    return f"errors for blocks that are no inputs: {unknown}" if unknown else ""
