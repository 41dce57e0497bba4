"""A file on its way to become an article: what it would be, what became of it."""

import json
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    Option,
    StaticSelectElement,
)

from bot.slack import names
from bot.slack.messages.buttons import button, confirmation, plain
from bot.slack.messages.limits import OPTION_TEXT, OPTION_VALUE, OPTIONS, fitted, size
from bot.slack.messages.notices import notice
from bot.slack.messages.rich import (
    Words,
    bullets,
    clean,
    one_line,
    paragraph,
    quote,
    rich_text,
    section,
)
from bot.slack.messages.shown import Shown
from bot.slack.messages.sources import context, words
from bot.slack.messages.spoken import as_text
from bot.slack.mrkdwn import length
from bot.uploads.naming import FileName
from bot.uploads.previewing import Preview, Sample

# The value that stands for the top level: an option's may not be empty.
TOP = "/"
_TITLE, _NAME, _QUESTION, _QUOTE, _NOTE, _NOTES, _PATH = 150, 90, 160, 300, 200, 5, 200
_REASON = 700
# Of all folders to choose from together: half of what a message may hold.
_PICKER_BYTES = 6000


def refused_upload(reason: str) -> Shown:
    """Say why a file does not become an article."""
    return notice(f"Not added. {words(reason, _REASON)}")


def preview_message(
    name: FileName, preview: Preview, topics: Sequence[str], chosen: Mapping[str, str]
) -> Shown:
    """Show what a file would be as an article, and ask whether to add it.

    Args:
        name: The file's name.
        preview: What it would be.
        topics: The folders to choose from.
        chosen: What the buttons are to carry; `chosen_of` reads it.
    """
    spoken = f"{preview.title}: {preview.passages} passages. Add it to the knowledge?"

    def build(share: float) -> list[Block]:
        return [*_article(name, preview, share), *_choices(preview, topics, chosen)]

    return Shown(as_text(spoken), fitted(build))


def chosen_of(value: str, state: Mapping[str, Any]) -> dict[str, str]:
    """Return what a button of a preview carries, with the folder that was chosen beside it.

    Args:
        value: The button's value.
        state: The payload's `state`, which holds what is selected in the message.
    """
    try:
        carried = json.loads(value)
    except ValueError:
        carried = {}
    pairs = carried.items() if isinstance(carried, dict) else ()
    chosen = {str(key): str(held) for key, held in pairs}
    held = (state.get("values") or {}).get(names.UPLOAD_TOPIC) or {}
    option = (held.get(names.UPLOAD_TOPIC) or {}).get("selected_option") or {}
    picked = str(option.get("value") or "")
    return chosen | ({"topic": "" if picked == TOP else picked} if picked else {})


def stored_message(title: str, path: str, *, became: str) -> Shown:
    """Say that an article is in the folder, and what its index comes to.

    Args:
        title: The article's title.
        path: Its path.
        became: What its index comes to, as a sentence.
    """
    stored = [Words(one_line(title, _TITLE) or path, "bold"), Words(" is stored as ")]
    stored += [Words(one_line(path, _PATH), "italic"), Words(f". {became}")]
    return Shown(as_text(f"{title} is stored. {became}"), [paragraph(stored)])


def forget_message(found: Sequence[tuple[str, str]]) -> Shown:
    """Offer to take articles away: their paths and titles, at most five."""
    said = "Take this article away?" if len(found) == 1 else "Which article is to be taken away?"
    blocks: list[Block] = [paragraph([Words(said, "bold")])]
    for number, (path, title) in enumerate(found):
        named = [Words(one_line(title, _TITLE), "bold"), Words(f" {one_line(path, _PATH)}")]
        sure = confirmation(
            "Take the article away?",
            f"{path} leaves the knowledge folder, and its answers go with it.",
            "Take it away",
            "Keep it",
        )
        away = button("Take it away", names.forget(number), path, confirm=sure, style="danger")
        blocks += [paragraph(named), ActionsBlock(elements=[away])]
    return Shown(said, blocks)


def forgotten_message(path: str) -> Shown:
    """Say that an article was taken away, with a button to bring it back."""
    said = [Words(one_line(path, _PATH), "italic"), Words(" is taken away.")]
    back = button("Bring it back", names.BRING_BACK, path)
    return Shown(
        as_text(f"{path} is taken away."), [paragraph(said), ActionsBlock(elements=[back])]
    )


def _article(name: FileName, preview: Preview, share: float) -> list[Block]:
    title = one_line(preview.title, int(_TITLE * share) + 30) or name.slug
    size = f"{name.shown}: {preview.words:,} words, {_passages(preview.passages)}"
    blocks: list[Block] = [
        paragraph([Words(title, "bold"), Words(f"\n{one_line(size, _NAME + 60)}")])
    ]
    if preview.samples:
        blocks.append(paragraph([Words("Questions it would answer:")]))
        blocks += [_sample(sample, share) for sample in preview.samples]
    else:
        none = "I found no question that it would answer for sure. It can be added all the same."
        blocks.append(paragraph([Words(none)]))
    if preview.notes:
        notes = [
            [Words(one_line(one, int(_NOTE * share) + 20) or "…")] for one in preview.notes[:_NOTES]
        ]
        blocks.append(rich_text([section([Words("To mend in it:")]), bullets(notes)]))
    if preview.twin:
        twin = f"It has {preview.twin.why} as {preview.twin.path} (“{preview.twin.title}”)."
        blocks += context([words(twin, 500)])
    return blocks


def _sample(sample: Sample, share: float) -> Block:
    known = f" (so far answered from “{one_line(sample.known, 80)}”)" if sample.known else ""
    asked = [Words(one_line(sample.question, _QUESTION) or "…", "bold"), Words(known)]
    quoted = one_line(sample.quote, int(_QUOTE * share) + 30) or "…"
    return rich_text([section(asked), quote([Words(quoted)])])


def _passages(count: int) -> str:
    return f"{count:,} passage{'' if count == 1 else 's'}"


def _choices(preview: Preview, topics: Sequence[str], chosen: Mapping[str, str]) -> list[Block]:
    options = _options(topics, preview.topic)
    first = next((one for one in options if one.value == (preview.topic or TOP)), None)
    value = json.dumps(dict(chosen) | {"topic": preview.topic})
    picker = StaticSelectElement(
        action_id=names.UPLOAD_TOPIC,
        placeholder=plain("Choose a folder", 150),
        options=options,
        initial_option=first,
    )
    row = [button("Add", names.UPLOAD_ADD, value, style="primary")]
    if preview.twin:
        face = f"Replace {preview.twin.path}"
        replacing = json.dumps(dict(chosen) | {"replaces": preview.twin.path})
        row.append(button(face, names.UPLOAD_REPLACE, replacing))
    row.append(button("Discard", names.UPLOAD_DISCARD, value))
    return [
        ActionsBlock(block_id=names.UPLOAD_TOPIC, elements=[picker]),
        ActionsBlock(elements=row),
    ]


def _options(topics: Sequence[str], suggested: str) -> list[Option]:
    """Return the folders to choose from, as many as a message has room for."""
    wanted = dict.fromkeys(["", *([suggested] if suggested in topics else []), *topics])
    fit = [one for one in wanted if one == clean(one) and length(one) <= OPTION_VALUE]
    options = [
        Option(text=plain(one or "(no folder)", OPTION_TEXT), value=one or TOP)
        for one in fit[:OPTIONS]
        if not one or one.strip()  # a folder without a visible name cannot be told from none
    ]
    sizes = accumulate(size(one.to_dict()) for one in options)
    return [one for one, so_far in zip(options, sizes, strict=True) if so_far <= _PICKER_BYTES]
