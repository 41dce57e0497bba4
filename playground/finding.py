"""Elements of a message or a view, and what using one sends."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Selected = str | int | Sequence[str] | None


_CHOICES = {"static_select", "external_select", "radio_buttons", "overflow"}
_SEVERAL_CHOICES = {"multi_static_select", "multi_external_select", "checkboxes"}
_SELECTED = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
}


class NotThereError(AssertionError):
    """Somebody was to use something that is not before them."""


@dataclass(frozen=True, slots=True)
class Found:
    """An element, and the block it stands in."""

    block_id: str
    element: dict[str, Any]


def find_element(
    blocks: Sequence[dict[str, Any]], action_id: str, value: str | None = None
) -> Found:
    """Find an element by its action id; by its value too if several have the same.

    Raises:
        NotThereError: There is none; those that there are, are named.
    """
    everything = list(_elements(blocks))
    found = [one for one in everything if one.element.get("action_id") == action_id]
    if value is not None and len(found) > 1:
        found = [one for one in found if one.element.get("value") == value]
    if not found:
        there = ", ".join(str(one.element.get("action_id")) for one in everything) or "none"
        raise NotThereError(f"no element {action_id!r} to use; there are: {there}")
    return found[0]


def _elements(blocks: Sequence[dict[str, Any]]) -> Iterator[Found]:
    for block in blocks:
        held = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        held += block.get("actions", []) if block["type"] == "card" else []
        for element in held:
            if isinstance(element, dict) and "action_id" in element:
                yield Found(str(block.get("block_id", "")), element)
        nested = block.get("child_blocks", [])
        yield from _elements([*nested, *_cards(block)])


def _cards(block: dict[str, Any]) -> list[dict[str, Any]]:
    return block["elements"] if block["type"] == "carousel" else []


def action_of(found: Found, value: str | None, selected: Selected, ts: str) -> dict[str, Any]:
    """Return an action as `block_actions` tells it."""
    element = found.element
    action = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": found.block_id,
        "action_ts": ts,
    }
    match element["type"]:
        case "button" | "icon_button" | "workflow_button":
            action |= _button(element, value)
        case "feedback_buttons":
            action |= _feedback(element, value)
        case _:
            action |= state_of(element, value if selected is None else selected)
    if "placeholder" in element:
        action["placeholder"] = element["placeholder"]
    return action


def _button(element: dict[str, Any], value: str | None) -> dict[str, Any]:
    if value is not None and element.get("value") != value:
        raise NotThereError(f"{element['action_id']!r} has the value {element.get('value')!r}")
    return {key: element[key] for key in ("text", "value", "style", "url") if key in element}


def _feedback(element: dict[str, Any], value: str | None) -> dict[str, Any]:
    buttons = [element["positive_button"], element["negative_button"]]
    for name, button in zip(("positive", "negative"), buttons, strict=True):
        if value in {button["value"], name}:
            return {"text": button["text"], "value": button["value"]}
    raise NotThereError(f"feedback is one of {[one['value'] for one in buttons]}, not {value!r}")


def state_of(element: dict[str, Any], selected: Selected) -> dict[str, Any]:
    """Return what stands in an input once something is chosen or typed; None empties it.

    Options are named by value or by text.

    Raises:
        NotThereError: There is no such option.
    """
    kind = str(element["type"])
    if kind in _CHOICES:
        return {"selected_option": _option(element, selected)}
    if kind in _SEVERAL_CHOICES:
        return {"selected_options": [_option(element, one) for one in _several(selected)]}
    if kind == "rich_text_input":
        return {"rich_text_value": _rich_text(selected)}
    if name := _SELECTED.get(kind):
        return {name: _several(selected) if name.endswith("s") else selected}
    return {"value": selected}


def values_of(
    blocks: Sequence[dict[str, Any]], chosen: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return what stands in a message's inputs, as the `state` of a payload tells it.

    Args:
        blocks: The message's.
        chosen: What somebody chose in them since, by block and action; the rest is as it came.
    """
    values: dict[str, dict[str, Any]] = {}
    for found in _elements(blocks):
        kind, action_id = str(found.element["type"]), found.element["action_id"]
        if kind in _CHOICES - {"overflow"}:
            came = {"selected_option": found.element.get("initial_option")}
        elif kind in _SEVERAL_CHOICES:
            came = {"selected_options": found.element.get("initial_options", [])}
        else:
            continue
        held = chosen.get(found.block_id, {}).get(action_id, came)
        values.setdefault(found.block_id, {})[action_id] = {"type": kind, **held}
    return values


def _several(selected: Selected) -> list[Any]:
    if selected is None:
        return []
    return [selected] if isinstance(selected, str | int) else list(selected)


def _option(element: dict[str, Any], wanted: object) -> dict[str, Any] | None:
    if wanted is None:
        return None
    if "external" in element["type"]:
        return {"text": {"type": "plain_text", "text": str(wanted)}, "value": str(wanted)}
    options: list[dict[str, Any]] = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    for one in options:
        if wanted in {one["value"], one["text"]["text"]}:
            return one
    raise NotThereError(f"no option {wanted!r}; there are: {[one['value'] for one in options]}")


def _rich_text(typed: Selected) -> dict[str, Any] | None:
    if typed is None:
        return None
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(typed)}]}
    return {"type": "rich_text", "elements": [section]}
