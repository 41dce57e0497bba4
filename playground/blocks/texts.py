"""Text objects, and what is made of them: options, confirmations, images."""

from collections.abc import Iterator

from playground.blocks.checks import (
    Check,
    boolean,
    both,
    by_type,
    list_of,
    one_of,
    problem,
    shape,
    string,
    url,
)


def _not_blank(value: object, pointer: str) -> Iterator[str]:
    if isinstance(value, str) and value and not value.strip():
        yield problem("must not be blank", pointer)


def plain_text(most: int) -> Check:
    """Text without mark-up."""
    text = both(string(most), _not_blank)
    return by_type({"plain_text": shape({"type": one_of("plain_text"), "text": text}, _PLAIN)})


def text(most: int) -> Check:
    """Text, with or without mark-up."""
    inner = both(string(most), _not_blank)
    return by_type(
        {
            "plain_text": shape({"type": one_of("plain_text"), "text": inner}, _PLAIN),
            "mrkdwn": shape({"type": one_of("mrkdwn"), "text": inner}, {"verbatim": boolean}),
        }
    )


_PLAIN = {"emoji": boolean}

TEXT_MOST = 3000
CONTEXT_TEXT_MOST = 3000  # not documented; what a section may hold

option = shape(
    {"text": text(75), "value": string(150)},
    {"description": text(75), "url": url()},
)
plain_option = shape(
    {"text": plain_text(75), "value": string(150)},
    {"description": plain_text(75), "url": url()},
)
option_group = shape({"label": plain_text(75), "options": list_of(plain_option, 100)})
confirm = shape(
    {
        "title": plain_text(100),
        "text": text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    {"style": one_of("primary", "danger")},
)

_slack_file = shape({}, {"id": string(255), "url": url()})


def _one_source(value: object, pointer: str) -> Iterator[str]:
    if isinstance(value, dict) and ("image_url" in value) == ("slack_file" in value):
        yield problem("must provide either image_url or slack_file", pointer)


image_element = both(
    shape(
        {"type": one_of("image"), "alt_text": string(2000)},
        {"image_url": url(), "slack_file": _slack_file},
    ),
    _one_source,
)
image_block = both(
    shape(
        {"type": one_of("image"), "alt_text": string(2000, least=0)},
        {
            "block_id": string(255),
            "image_url": url(),
            "slack_file": _slack_file,
            "title": plain_text(2000),
        },
    ),
    _one_source,
)
