"""Every limit of blocks and views: met it passes, exceeded by one it is refused with a reason."""

import pytest

from playground.blocks import problems_of, problems_of_view


def plain_text(size):
    return {"type": "plain_text", "text": "x" * size}


def mrkdwn(size):
    return {"type": "mrkdwn", "text": "x" * size}


def actions(**element):
    return {"type": "actions", "elements": [{"action_id": "a", **element}]}


def button(**fields):
    return actions(type="button", **{"text": plain_text(1), **fields})


def confirm(**fields):
    usual = {name: plain_text(1) for name in ("title", "text", "confirm", "deny")}
    return button(confirm={**usual, **fields})


def option(text=1, value=1):
    return {"text": plain_text(text), "value": "x" * value}


def select(**fields):
    return actions(type="static_select", **{"options": [option()], **fields})


def feedback_buttons(count=1, text=1, value=1):
    one = {"text": plain_text(text), "value": "x" * value}
    elements = [
        {"type": "feedback_buttons", "action_id": str(n), "positive_button": one,
         "negative_button": one} for n in range(count)
    ]  # fmt: skip
    return {"type": "context_actions", "elements": elements}


def table(rows=1, columns=1, text=1):
    cell = {"type": "raw_text", "text": "x" * text}
    return {"type": "table", "rows": [[cell] * columns] * rows}


def label(**fields):
    element = {"type": "plain_text_input", "action_id": "a"}
    return {"type": "input", "label": plain_text(1), "element": element, **fields}


def card(**fields):
    return {"type": "card", "title": mrkdwn(1), **fields}


def container(**fields):
    return {"type": "container", "title": plain_text(1), "child_blocks": [{"type": "divider"}],
            **fields}  # fmt: skip


LIMITS = [
    ("section text", 3000, lambda n: {"type": "section", "text": mrkdwn(n)}),
    ("section field", 2000, lambda n: {"type": "section", "fields": [mrkdwn(n)]}),
    ("section fields", 10, lambda n: {"type": "section", "fields": [mrkdwn(1)] * n}),
    ("header", 150, lambda n: {"type": "header", "text": plain_text(n)}),
    ("context elements", 10, lambda n: {"type": "context", "elements": [mrkdwn(1)] * n}),
    (
        "actions elements",
        25,
        lambda n: {
            "type": "actions",
            "elements": [
                {"type": "button", "action_id": str(i), "text": plain_text(1)} for i in range(n)
            ],
        },
    ),
    ("context actions", 5, lambda n: feedback_buttons(count=n)),
    ("feedback text", 75, lambda n: feedback_buttons(text=n)),
    ("feedback value", 2000, lambda n: feedback_buttons(value=n)),
    ("block id", 255, lambda n: {"type": "divider", "block_id": "x" * n}),
    ("action id", 255, lambda n: button(action_id="x" * n)),
    ("button text", 75, lambda n: button(text=plain_text(n))),
    ("button value", 2000, lambda n: button(value="x" * n)),
    ("button url", 3000, lambda n: button(url="https://".ljust(n, "x"))),
    ("accessibility label", 75, lambda n: button(accessibility_label="x" * n)),
    ("agent prompt", 4000, lambda n: button(agent_prompt="x" * n)),
    ("confirm title", 100, lambda n: confirm(title=plain_text(n))),
    ("confirm text", 300, lambda n: confirm(text=mrkdwn(n))),
    ("confirm button", 30, lambda n: confirm(confirm=plain_text(n))),
    ("deny button", 30, lambda n: confirm(deny=plain_text(n))),
    ("placeholder", 150, lambda n: select(placeholder=plain_text(n))),
    ("options", 100, lambda n: select(options=[option()] * n)),
    ("option text", 75, lambda n: select(options=[option(text=n)])),
    ("option value", 150, lambda n: select(options=[option(value=n)])),
    ("overflow options", 5, lambda n: actions(type="overflow", options=[option()] * n)),
    (
        "option group label",
        75,
        lambda n: actions(
            type="static_select", option_groups=[{"label": plain_text(n), "options": [option()]}]
        ),
    ),
    (
        "image url",
        3000,
        lambda n: {"type": "image", "alt_text": "a", "image_url": "https://".ljust(n, "x")},
    ),
    (
        "alt text",
        2000,
        lambda n: {"type": "image", "alt_text": "x" * n, "image_url": "https://e.example"},
    ),
    ("input label", 2000, lambda n: label(label=plain_text(n))),
    ("input hint", 2000, lambda n: label(hint=plain_text(n))),
    ("markdown", 12_000, lambda n: {"type": "markdown", "text": "x" * n}),
    ("table rows", 100, lambda n: table(rows=n)),
    ("table columns", 20, lambda n: table(columns=n)),
    ("table characters", 10_000, lambda n: table(text=n)),
    ("card title", 150, lambda n: card(title=mrkdwn(n))),
    ("card subtitle", 150, lambda n: card(subtitle=mrkdwn(n))),
    ("card body", 200, lambda n: card(body=mrkdwn(n))),
    ("carousel", 10, lambda n: {"type": "carousel", "elements": [card()] * n}),
    ("container title", 150, lambda n: container(title=plain_text(n))),
    ("container blocks", 10, lambda n: container(child_blocks=[{"type": "divider"}] * n)),
]


@pytest.mark.parametrize(("limit", "make"), [one[1:] for one in LIMITS], ids=[o[0] for o in LIMITS])
def test_the_limit_passes_and_one_more_is_refused_with_a_reason(limit, make):
    assert problems_of([make(limit)]) == []
    (problem, *_) = problems_of([make(limit + 1)])
    assert "[json-pointer:/blocks" in problem


VIEW_LIMITS = [
    ("title", 24, lambda n: {"title": plain_text(n)}),
    ("submit", 24, lambda n: {"submit": plain_text(n)}),
    ("close", 24, lambda n: {"close": plain_text(n)}),
    ("private metadata", 3000, lambda n: {"private_metadata": "x" * n}),
    ("callback id", 255, lambda n: {"callback_id": "x" * n}),
    ("external id", 255, lambda n: {"external_id": "x" * n}),
    ("blocks", 100, lambda n: {"blocks": [{"type": "divider"}] * n}),
]


@pytest.mark.parametrize(
    ("limit", "make"), [one[1:] for one in VIEW_LIMITS], ids=[one[0] for one in VIEW_LIMITS]
)
def test_the_limit_of_a_view_passes_and_one_more_is_refused(limit, make):
    view = {"type": "modal", "title": plain_text(1), "blocks": [{"type": "divider"}]}
    assert problems_of_view({**view, **make(limit)}) == []
    assert "[json-pointer:/view" in problems_of_view({**view, **make(limit + 1)})[0]


def data_table(rows, header="raw_text"):
    cells = [[{"type": "raw_text", "text": "x"}] for _ in range(rows - 1)]
    first = {"type": header, "text": "x"} if header == "raw_text" else RICH
    return {"type": "data_table", "caption": "c", "rows": [[first], *cells]}


RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}
DIVIDER = {"type": "divider"}


def test_a_data_table_has_a_plain_header_and_even_rows():
    assert problems_of([data_table(2)]) == problems_of([data_table(101)]) == []
    assert "no fewer than 2" in problems_of([data_table(1)])[0]
    assert "no more than 101" in problems_of([data_table(102)])[0]
    assert "must not hold rich_text" in problems_of([data_table(2, "rich_text")])[0]
    uneven = data_table(2)
    uneven["rows"][1] *= 2
    assert "same number of cells" in problems_of([uneven])[0]


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        ([DIVIDER] * 51, "no more than 50 items"),
        ([table(), table()], "only_one_table_allowed"),
        ([{"type": "section", "text": mrkdwn(2700)}] * 5, "msg_blocks_too_long"),
        ([{"type": "markdown", "text": "x" * 6001}] * 2, "markdown must be less than 12001"),
        ([{"type": "divider", "block_id": "a"}] * 2, "already exists for another block"),
        (
            [{"type": "actions", "elements": button()["elements"] * 2}],
            "already exists for another element",
        ),
        ([{"type": "section"}], "missing required field: text or fields"),
        ([{"type": "section", "text": mrkdwn(1), "color": "red"}], "invalid additional property"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": " "}}], "must not be blank"),
        ([{"type": "section", "text": {"type": "html", "text": "x"}}], "unsupported type: html"),
        ([{"type": "header", "text": mrkdwn(1)}], "unsupported type: mrkdwn"),
        ([{"type": "section", "text": "x"}], "must provide an object"),
        ([{"text": mrkdwn(1)}], "unsupported type: None"),
        ([button(style="pink")], "must be one of: primary, danger"),
        ([button(url="javascript:alert(1)")], "invalid url"),
        ([{"type": "image", "alt_text": "a"}], "either image_url or slack_file"),
        ([actions(type="static_select")], "either options or option_groups"),
        ([actions(type="feedback_buttons")], "unsupported type: feedback_buttons"),
        (
            [
                {
                    "type": "section",
                    "text": mrkdwn(1),
                    "accessory": feedback_buttons()["elements"][0],
                }
            ],
            "unsupported type: feedback_buttons",
        ),
        ([{"type": "rich_text", "elements": []}], "no fewer than 1 items"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]}], "more than 0"),
    ],
)
def test_what_else_is_refused(blocks, reason):
    assert reason in problems_of(blocks)[0]


@pytest.mark.parametrize("surface", ["modal", "home"])
@pytest.mark.parametrize("block", [table(), feedback_buttons(), card(), container()])
def test_some_blocks_stand_in_messages_only(surface, block):
    assert problems_of([block]) == []
    assert "unsupported type" in problems_of([block], surface)[0]


def test_a_modal_with_inputs_has_something_to_submit_and_a_home_tab_has_neither_title_nor_submit():
    view = {"type": "modal", "title": plain_text(1), "blocks": [label()]}
    assert problems_of_view(view) == ["missing required field: submit [json-pointer:/view]"]
    assert problems_of_view({**view, "submit": plain_text(1)}) == []
    home = {"type": "home", "blocks": [DIVIDER]}
    assert problems_of_view({**home, "title": plain_text(1)}) == [
        "invalid additional property: title [json-pointer:/view]"
    ]


def test_an_emoji_counts_two():
    assert (
        problems_of([{"type": "header", "text": {"type": "plain_text", "text": "🎉" * 75}}]) == []
    )
    assert problems_of([{"type": "header", "text": {"type": "plain_text", "text": "🎉" * 76}}])
