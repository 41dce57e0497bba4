"""What slack_sdk's models build within the limits passes, and nothing at all breaks the check."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models import blocks as sdk
from slack_sdk.models.views import View

from playground.blocks import pings_of, problems_of, problems_of_view
from playground.blocks.checks import units


def text(most, least=1):
    """Give texts within a limit that are not only blanks, in any script."""
    return (
        st.text(st.characters(exclude_categories=["Cs"]), min_size=least, max_size=most)
        .map(lambda one: one[: most // 2] if units(one) > most else one)
        .filter(lambda one: one.strip())
    )


ids = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=255).filter(
    lambda one: units(one) <= 255
)
plain = text(75).map(lambda one: sdk.PlainTextObject(text=one))
options = st.builds(sdk.Option, text=plain, value=text(150))
option_lists = st.lists(options, min_size=1, max_size=100)
confirms = st.builds(
    sdk.ConfirmObject, title=text(100), text=text(300), confirm=text(30), deny=text(30),
    style=st.sampled_from([None, "primary", "danger"]),
)  # fmt: skip
buttons = st.builds(
    sdk.ButtonElement, text=text(75), action_id=ids, value=text(2000),
    style=st.sampled_from([None, "primary", "danger"]), confirm=st.none() | confirms,
)  # fmt: skip
selects = st.builds(
    sdk.StaticSelectElement, action_id=ids, options=option_lists, placeholder=text(150)
)
overflows = st.builds(
    sdk.OverflowMenuElement, action_id=ids, options=st.lists(options, min_size=1, max_size=5)
)
feedback = st.builds(
    sdk.FeedbackButtonsElement,
    action_id=ids,
    positive_button=st.builds(sdk.FeedbackButtonObject, text=text(75), value=text(2000)),
    negative_button=st.builds(sdk.FeedbackButtonObject, text=text(75), value=text(2000)),
)
parts = st.one_of(
    st.builds(sdk.RichTextElementParts.Text, text=text(500)),
    st.builds(sdk.RichTextElementParts.User, user_id=ids),
    st.builds(sdk.RichTextElementParts.Link, url=st.just("https://e.example"), text=text(50)),
)
sections = st.builds(sdk.RichTextSectionElement, elements=st.lists(parts, min_size=1, max_size=5))
rich_texts = st.builds(
    sdk.RichTextBlock,
    elements=st.lists(
        sections
        | st.builds(
            sdk.RichTextListElement,
            elements=st.lists(sections, min_size=1, max_size=3),
            style=st.sampled_from(["bullet", "ordered"]),
            indent=st.integers(0, 8),
        )
        | st.builds(sdk.RichTextQuoteElement, elements=st.lists(parts, min_size=1, max_size=3)),
        min_size=1,
        max_size=4,
    ),
)
everywhere = st.one_of(
    st.builds(sdk.SectionBlock, text=text(3000), accessory=st.none() | buttons | selects),
    st.builds(sdk.SectionBlock, fields=st.lists(text(200), min_size=1, max_size=10)),
    st.builds(sdk.HeaderBlock, text=text(150)),
    st.builds(sdk.DividerBlock),
    st.builds(
        sdk.ContextBlock,
        elements=st.lists(text(300).map(lambda one: sdk.MarkdownTextObject(text=one)), max_size=10,
                          min_size=1),
    ),
    st.builds(
        sdk.ActionsBlock,
        elements=st.lists(
            buttons | selects | overflows, min_size=1, max_size=25, unique_by=lambda b: b.action_id
        ),
    ),
    st.builds(sdk.ImageBlock, image_url=st.just("https://e.example/a.png"), alt_text=text(2000)),
    rich_texts,
)  # fmt: skip
in_messages = everywhere | st.one_of(
    st.builds(sdk.MarkdownBlock, text=text(4000)),
    st.builds(sdk.ContextActionsBlock, elements=st.lists(feedback, min_size=1, max_size=1)),
    st.builds(
        sdk.TableBlock,
        rows=st.lists(
            st.lists(st.builds(sdk.RawTextObject, text=text(20)), min_size=1, max_size=20),
            min_size=1,
            max_size=20,
        ),
    ),
)


@settings(max_examples=200, deadline=None)
@given(in_messages)
def test_a_block_that_the_sdk_calls_valid_passes_in_a_message(block):
    assert problems_of([block.to_dict()]) == []


@settings(max_examples=100, deadline=None)
@given(everywhere, st.sampled_from(["modal", "home"]))
def test_a_block_that_the_sdk_calls_valid_passes_in_a_view(block, kind):
    title = "Title" if kind == "modal" else None
    view = View(type=kind, blocks=[block], callback_id="c", private_metadata="m", title=title)
    assert problems_of_view(json.loads(json.dumps(view.to_dict()))) == []


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["type", "text", "elements", "blocks", "fields"]) | st.text(), inner
            )
        ),
    )
)
def test_no_value_at_all_breaks_the_check(value):
    assert problems_of(value) == [] or problems_of([value])
    problems_of_view(value)
    problems_of_view({"type": "modal", "blocks": value, "title": value})
    pings_of("", [value] if isinstance(value, dict) else [])
