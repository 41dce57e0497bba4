"""The `rich_text` block."""

from playground.blocks.checks import (
    Check,
    boolean,
    by_type,
    list_of,
    matching,
    one_of,
    shape,
    string,
    url,
    whole,
)

_MOST_ELEMENTS = 1000  # a bound for sanity: Slack documents none

_style = shape(
    {},
    dict.fromkeys(
        [
            "bold",
            "italic",
            "strike",
            "code",
            "underline",
            "highlight",
            "client_highlight",
            "unlink",
        ],
        boolean,
    ),
)
_styled = {"style": _style}


def _part(kind: str, required: dict[str, Check], optional: dict[str, Check]) -> dict[str, Check]:
    return {kind: shape({"type": one_of(kind), **required}, {**_styled, **optional})}


_parts = by_type(
    {
        **_part("text", {"text": string(13_000)}, {}),
        **_part("link", {"url": url()}, {"text": string(13_000), "unsafe": boolean}),
        **_part("emoji", {"name": string(255)}, {"unicode": string(255), "skin_tone": whole(1, 6)}),
        **_part("user", {"user_id": string(255)}, {}),
        **_part("channel", {"channel_id": string(255)}, {}),
        **_part("usergroup", {"usergroup_id": string(255)}, {}),
        **_part("team", {"team_id": string(255)}, {}),
        **_part("broadcast", {"range": one_of("here", "channel", "everyone")}, {}),
        **_part("color", {"value": matching(r"#[0-9A-Fa-f]{6}", "must be a colour")}, {}),
        **_part(
            "date",
            {"timestamp": whole(0, 9_999_999_999), "format": string(255)},
            {"url": url(), "fallback": string(255)},
        ),
    }
)
_inner = {"elements": list_of(_parts, _MOST_ELEMENTS, least=0)}
_border = {"border": whole(0, 1)}
_section = shape({"type": one_of("rich_text_section"), **_inner})
_list = shape(
    {
        "type": one_of("rich_text_list"),
        "style": one_of("bullet", "ordered"),
        "elements": list_of(by_type({"rich_text_section": _section}), _MOST_ELEMENTS),
    },
    {"indent": whole(0, 8), "offset": whole(0, 100_000), **_border},
)

rich_text = by_type(
    {
        "rich_text": shape(
            {
                "type": one_of("rich_text"),
                "elements": list_of(
                    by_type(
                        {
                            "rich_text_section": _section,
                            "rich_text_list": _list,
                            "rich_text_preformatted": shape(
                                {"type": one_of("rich_text_preformatted"), **_inner},
                                {**_border, "language": string(255)},
                            ),
                            "rich_text_quote": shape(
                                {"type": one_of("rich_text_quote"), **_inner}, _border
                            ),
                        }
                    ),
                    _MOST_ELEMENTS,
                ),
            },
            {"block_id": string(255)},
        )
    }
)
