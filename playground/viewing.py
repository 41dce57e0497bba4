"""Views come, change and go: kept, announced; and what stands in their inputs."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from playground.posting import with_ids
from playground.views import StateValues, View
from playground.workspace import Workspace
from playground.world import World

STACK_MOST = 3
_INITIAL = {
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_date": "selected_date",
    "initial_time": "selected_time",
    "initial_date_time": "selected_date_time",
    "initial_user": "selected_user",
    "initial_users": "selected_users",
    "initial_conversation": "selected_conversation",
    "initial_conversations": "selected_conversations",
    "initial_channel": "selected_channel",
    "initial_channels": "selected_channels",
    "initial_value": "value",
}
_EMPTY: dict[str, dict[str, Any]] = {
    "static_select": {"selected_option": None},
    "external_select": {"selected_option": None},
    "users_select": {"selected_user": None},
    "conversations_select": {"selected_conversation": None},
    "channels_select": {"selected_channel": None},
    "multi_static_select": {"selected_options": []},
    "multi_external_select": {"selected_options": []},
    "multi_users_select": {"selected_users": []},
    "multi_conversations_select": {"selected_conversations": []},
    "multi_channels_select": {"selected_channels": []},
    "checkboxes": {"selected_options": []},
    "radio_buttons": {"selected_option": None},
    "datepicker": {"selected_date": None},
    "timepicker": {"selected_time": None},
    "datetimepicker": {"selected_date_time": None},
    "plain_text_input": {"value": None},
    "email_text_input": {"value": None},
    "url_text_input": {"value": None},
    "number_input": {"value": None},
    "rich_text_input": {"rich_text_value": None},
    "file_input": {"files": []},
}


def open_modal(world: World, workspace: Workspace, user: str, content: dict[str, Any]) -> View:
    """Show a modal as the only one of somebody's stack."""
    view = _made(world, workspace, user, content)
    return _stacked(world, workspace, [view])


def push_modal(world: World, workspace: Workspace, user: str, content: dict[str, Any]) -> View:
    """Put a modal on top of somebody's stack."""
    stack = workspace.views[user]
    view = _made(world, workspace, user, content)
    view = replace(view, root=stack[0].id, previous=stack[-1].id)
    return _stacked(world, workspace, [*stack, view])


def update(world: World, workspace: Workspace, old: View, content: dict[str, Any]) -> View:
    """Give a view new content; inputs that stay keep what stands in them."""
    view = replace(
        _made(world, workspace, old.user, content), id=old.id, root=old.root, previous=old.previous
    )
    kept = {
        block: {action: old.values.get(block, {}).get(action, now) for action, now in held.items()}
        for block, held in view.values.items()
    }
    view = replace(view, values=kept)
    workspace.show(view)
    world.changes.announce("view", view)
    return view


def publish(world: World, workspace: Workspace, user: str, content: dict[str, Any]) -> View:
    """Make a view somebody's Home tab."""
    old = workspace.homes.get(user)
    view = _made(world, workspace, user, content)
    view = replace(view, id=old.id, root=old.id) if old else view
    workspace.homes[user] = view
    world.changes.announce("view", view)
    return view


def close(world: World, workspace: Workspace, view: View, *, everything: bool = False) -> None:
    """Take a modal away with all above it; or the whole stack."""
    stack = workspace.views.get(view.user, [])
    ids = [one.id for one in stack]
    kept = [] if everything or view.id not in ids else stack[: ids.index(view.id)]
    workspace.views[view.user] = kept
    world.changes.announce("view_closed", view)


def fill(world: World, workspace: Workspace, view: View, values: StateValues) -> View:
    """Note what somebody put into the inputs of a view."""
    view = replace(view, values=values)
    workspace.show(view)
    world.changes.announce("view", view)
    return view


def by_external_id(workspace: Workspace, external_id: str) -> View | None:
    """Find a view by the app's own id for it."""
    shown = [one for stack in workspace.views.values() for one in stack]
    shown += workspace.homes.values()
    return next((one for one in shown if one.external_id == external_id), None)


def inputs_of(view: View) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Give the id of each block that holds inputs, the element, and whether it may stay empty."""
    for block in view.blocks:
        held = [block.get("element"), block.get("accessory")]
        held += block.get("elements", []) if block["type"] == "actions" else []
        for element in held:
            if isinstance(element, dict) and element.get("type") in _EMPTY:
                optional = block["type"] != "input" or bool(block.get("optional"))
                yield block["block_id"], element, optional


def is_empty(state: Mapping[str, Any]) -> bool:
    """Return whether nothing stands in an input."""
    return not any(value for key, value in state.items() if key != "type")


def _made(world: World, workspace: Workspace, user: str, content: dict[str, Any]) -> View:
    id_ = world.new_id("V")
    content = {**content, "blocks": list(with_ids(content["blocks"]))}
    digest = f"{int(world.times.now())}.{secrets.token_hex(4)}"
    view = View(id_, workspace.team, user, content, digest, world.app.id, workspace.bot_id, id_)
    return replace(view, values=_initial_values(view))


def _initial_values(view: View) -> StateValues:
    values: StateValues = {}
    for block_id, element, _ in inputs_of(view):
        state = {"type": element["type"], **_EMPTY[element["type"]]}
        state |= {_INITIAL[key]: one for key, one in element.items() if key in _INITIAL}
        values.setdefault(block_id, {})[element["action_id"]] = state
    return values


def _stacked(world: World, workspace: Workspace, stack: list[View]) -> View:
    workspace.views[stack[-1].user] = stack
    world.changes.announce("view", stack[-1])
    return stack[-1]
