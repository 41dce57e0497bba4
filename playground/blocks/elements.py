"""Interactive elements, and which block may hold which."""

from collections.abc import Iterator, Mapping

from playground.blocks.checks import (
    Check,
    anything,
    boolean,
    both,
    by_type,
    list_of,
    matching,
    one_of,
    problem,
    shape,
    string,
    url,
    whole,
)
from playground.blocks.rich_text import rich_text
from playground.blocks.texts import (
    confirm,
    image_element,
    option,
    option_group,
    plain_option,
    plain_text,
)

_action_id = {"action_id": string(255)}
_user_ids = list_of(string(255), 100)


def _element(
    kind: str, required: Mapping[str, Check], optional: Mapping[str, Check]
) -> Mapping[str, Check]:
    return {kind: shape({"type": one_of(kind), **required}, {**_action_id, **optional})}


def _input(kind: str, optional: Mapping[str, Check], **required: Check) -> Mapping[str, Check]:
    common = {"placeholder": plain_text(150), "confirm": confirm, "focus_on_load": boolean}
    return _element(kind, required, {**common, **optional})


def _one_list(value: object, pointer: str) -> Iterator[str]:
    if isinstance(value, dict) and ("options" in value) == ("option_groups" in value):
        yield problem("must provide either options or option_groups", pointer)


_choices = {"options": list_of(plain_option, 100), "option_groups": list_of(option_group, 100)}
_several = {"max_selected_items": whole(1, 100)}
_conversations = {
    "default_to_current_conversation": boolean,
    "filter": shape(
        {},
        {
            "include": list_of(one_of("im", "mpim", "private", "public"), 4),
            "exclude_external_shared_channels": boolean,
            "exclude_bot_users": boolean,
        },
    ),
}
_dispatch = shape(
    {"trigger_actions_on": list_of(one_of("on_enter_pressed", "on_character_entered"), 2)}
)
_typed = {"dispatch_action_config": _dispatch}
_lengths = {"min_length": whole(0, 3000), "max_length": whole(1, 3000)}
_date = matching(r"\d{4}-\d{2}-\d{2}", "must be a date written as YYYY-MM-DD")
_time = matching(r"([01]\d|2[0-3]):[0-5]\d", "must be a time written as HH:mm")

_static = {
    kind: both(check, _one_list)
    for kind, check in {
        **_input("static_select", {**_choices, "initial_option": plain_option}),
        **_input(
            "multi_static_select",
            {**_choices, **_several, "initial_options": list_of(plain_option, 100)},
        ),
    }.items()
}

BUTTON = _element(
    "button",
    {"text": plain_text(75)},
    {
        "url": url(),
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "confirm": confirm,
        "accessibility_label": string(75),
        "agent_prompt": string(4000),
        "visible_to_user_ids": _user_ids,
    },
)
OVERFLOW = _element("overflow", {"options": list_of(plain_option, 5)}, {"confirm": confirm})
WORKFLOW_BUTTON = _element(
    "workflow_button",
    {"text": plain_text(75), "workflow": anything},
    {"style": one_of("primary", "danger"), "accessibility_label": string(75)},
)
SELECTS = {
    "static_select": _static["static_select"],
    **_input("external_select", {"initial_option": option, "min_query_length": whole(0, 3000)}),
    **_input("users_select", {"initial_user": string(255)}),
    **_input(
        "conversations_select",
        {**_conversations, "initial_conversation": string(255), "response_url_enabled": boolean},
    ),
    **_input("channels_select", {"initial_channel": string(255), "response_url_enabled": boolean}),
}
MULTI_SELECTS = {
    "multi_static_select": _static["multi_static_select"],
    **_input(
        "multi_external_select",
        {**_several, "initial_options": list_of(option, 100), "min_query_length": whole(0, 3000)},
    ),
    **_input("multi_users_select", {**_several, "initial_users": _user_ids}),
    **_input(
        "multi_conversations_select",
        {**_several, **_conversations, "initial_conversations": _user_ids},
    ),
    **_input("multi_channels_select", {**_several, "initial_channels": _user_ids}),
}
PICKERS = {
    **_input("datepicker", {"initial_date": _date}),
    **_input("timepicker", {"initial_time": _time, "timezone": string(255)}),
    **_input("datetimepicker", {"initial_date_time": whole(0, 9_999_999_999)}),
}
BOXES = {
    **_input("checkboxes", {"initial_options": list_of(option, 10)}, options=list_of(option, 10)),
    **_input("radio_buttons", {"initial_option": option}, options=list_of(option, 10)),
}
FIELDS = {
    **_input(
        "plain_text_input",
        {**_typed, **_lengths, "initial_value": string(3000, 0), "multiline": boolean},
    ),
    **_input("email_text_input", {**_typed, "initial_value": string(3000, 0)}),
    **_input("url_text_input", {**_typed, "initial_value": string(3000, 0)}),
    **_input(
        "number_input",
        {
            **_typed,
            "initial_value": string(100, 0),
            "min_value": string(100),
            "max_value": string(100),
        },
        is_decimal_allowed=boolean,
    ),
    **_input("rich_text_input", {**_typed, "initial_value": rich_text}),
    **_element(
        "file_input", {}, {"filetypes": list_of(string(50), 100), "max_files": whole(1, 10)}
    ),
}
_feedback = shape(
    {"text": plain_text(75), "value": string(2000)}, {"accessibility_label": string(75)}
)
CONTEXT_ACTIONS = {
    **_element(
        "feedback_buttons", {"positive_button": _feedback, "negative_button": _feedback}, {}
    ),
    **_element(
        "icon_button",
        {"icon": one_of("trash"), "text": plain_text(75)},
        {
            "value": string(2000),
            "accessibility_label": string(75),
            "confirm": confirm,
            "visible_to_user_ids": _user_ids,
        },
    ),
}

in_actions = by_type(
    {
        **BUTTON, **OVERFLOW, **WORKFLOW_BUTTON, **SELECTS, **MULTI_SELECTS, **PICKERS, **BOXES,
        "rich_text_input": FIELDS["rich_text_input"],
    }
)  # fmt: skip
in_section = by_type(
    {
        **BUTTON, **OVERFLOW, **WORKFLOW_BUTTON, **SELECTS, **MULTI_SELECTS, **BOXES,
        "datepicker": PICKERS["datepicker"], "timepicker": PICKERS["timepicker"],
        "image": image_element,
    }
)  # fmt: skip
in_input = by_type({**SELECTS, **MULTI_SELECTS, **PICKERS, **BOXES, **FIELDS})
in_card = by_type(BUTTON)
in_context_actions = by_type(CONTEXT_ACTIONS)
