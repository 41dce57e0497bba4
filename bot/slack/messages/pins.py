"""Approved answers: above a reply, in the form that approves one, in the admins' list."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    InputBlock,
    PlainTextInputElement,
)
from slack_sdk.models.views import View

from bot.slack import names
from bot.slack.messages.buttons import button, confirmation, plain
from bot.slack.messages.limits import VIEW_TITLE, fits_a_message
from bot.slack.messages.rich import (
    Style,
    Words,
    clean,
    linked,
    one_line,
    paragraph,
    quote,
    rich_text,
)
from bot.slack.messages.rich import section as words_section
from bot.slack.messages.shown import Pinned, Shown
from bot.slack.messages.sources import readable
from bot.slack.messages.spoken import as_text
from bot.slack.mrkdwn import cut

NEAR = "These articles come near."
QUESTION_CHARACTERS, ANSWER_CHARACTERS = 300, 1500
_LISTED, _LINE = 15, 300
NO_PINS = (
    "No answer is approved yet. Use “Use this answer” in the menu of a message in which a person "
    "answered a question."
)


@dataclass(frozen=True, slots=True)
class PinLine:
    """An approved answer in the admins' list.

    Attributes:
        id: What its button calls it.
        pinned: The answer.
        ended_why: Why it is shown no more; empty while it is.
    """

    id: int
    pinned: Pinned
    ended_why: str = ""


def approved_blocks(pinned: Pinned) -> list[Block]:
    """Return who approved an answer and when, and the answer."""
    answer = cut(clean(pinned.answer).strip(), ANSWER_CHARACTERS) or "…"
    source = linked("See where it was written", pinned.source_url, 60)
    below = [words_section([source])] if source.url else []
    asked = one_line(pinned.question, QUESTION_CHARACTERS)
    above = [*_approval(pinned), *([Words(f" for “{asked}”", "italic")] if asked else [])]
    return [rich_text([words_section(above), quote([Words(answer)]), *below])]


def approved_spoken(pinned: Pinned) -> str:
    """Return an approved answer as plain text."""
    return f"Approved answer: {cut(clean(pinned.answer).strip(), ANSWER_CHARACTERS)}"


def pin_view(question: str, answer: str, metadata: str) -> View:
    """Ask an admin for the question and the words of an approved answer.

    Args:
        question: What stands in its field at first; it may be empty.
        answer: Likewise.
        metadata: What the view's private metadata holds.
    """
    return View(
        type="modal",
        callback_id=names.PIN_ANSWER,
        private_metadata=metadata,
        title=plain("Use this answer", VIEW_TITLE),
        submit=plain("Approve", VIEW_TITLE),
        close=plain("Cancel", VIEW_TITLE),
        blocks=[
            _input(names.PINNED_QUESTION, "Question", question, QUESTION_CHARACTERS, _ASKED_SO),
            _input(names.PINNED_ANSWER, "Answer", answer, ANSWER_CHARACTERS, _SHOWN_SO),
        ],
    )


_ASKED_SO = "Written so that it can be understood alone, with the job titles it is about."
_SHOWN_SO = (
    "Shown with your name and the date, above what the articles say, until one of them changes."
)


def pins_message(lines: Sequence[PinLine]) -> Shown:
    """List approved answers with buttons that remove them; those that ended say why."""
    if not lines:
        return Shown(NO_PINS, [paragraph([Words(NO_PINS)])])
    shown, ended = [one for one in lines if not one.ended_why], [*_ended(lines)]
    blocks: list[Block] = [paragraph([Words(f"{len(shown)} approved answers", "bold")])]
    for line in shown[:_LISTED]:
        more = _listed(line)
        if not fits_a_message([*blocks, *more, *ended]):
            break
        blocks += more
    left = len(shown) - (len(blocks) - 1) // 2
    if left:
        blocks.append(paragraph([Words(f"and {left} more", "italic")]))
    return Shown(as_text(f"{len(shown)} approved answers"), [*blocks, *ended])


def _listed(line: PinLine) -> list[Block]:
    said = [Words(one_line(line.pinned.question, _LINE) or "…", "bold"), Words("\n")]
    said += [Words(one_line(line.pinned.answer, _LINE) or "…"), Words("\n")]
    said += _approval(line.pinned, "plain")
    remove = button("Remove", names.REMOVE_PIN, str(line.id), confirm=_REMOVE, style="danger")
    return [paragraph(said), ActionsBlock(elements=[remove])]


_REMOVE = confirmation(
    "Remove this answer?", "It is shown no more. What the articles say stays.", "Remove"
)


def _ended(lines: Sequence[PinLine]) -> list[Block]:
    ended = [one for one in lines if one.ended_why][:5]
    if not ended:
        return []
    said = [Words("Shown no more", "bold")]
    for one in ended:
        why = one_line(one.ended_why, 100)
        said.append(Words(f"\n{one_line(one.pinned.question, 100) or '…'}: {why}"))
    return [paragraph(said)]


def _approval(pinned: Pinned, style: Style = "bold") -> list[Words]:
    return [
        Words("Approved by ", style),
        Words(one_line(pinned.approved_by, 80) or "an admin", style),
        Words(f" on {readable(pinned.approved_on)}", style),
    ]


def _input(name: str, label: str, value: str, most: int, hint: str) -> InputBlock:
    return InputBlock(
        block_id=name,
        label=plain(label, 2000),
        hint=plain(hint, 2000),
        element=PlainTextInputElement(
            action_id=name,
            initial_value=cut(value, most) if value else None,
            max_length=most,
            multiline=True,
        ),
    )
