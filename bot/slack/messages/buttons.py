"""The buttons under a reply."""

from collections.abc import Callable, Iterable, Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextActionsBlock,
    FeedbackButtonObject,
    FeedbackButtonsElement,
    PlainTextObject,
)

from bot.slack import names
from bot.slack.messages.limits import ACTIONS, BUTTON_TEXT
from bot.slack.messages.rich import Words, clean, paragraph
from bot.slack.messages.shown import Controls
from bot.slack.mrkdwn import cut, length

# A longer question is no suggestion; a button's value may have 2,000 characters.
_SUGGESTION = 300
_SUGGESTIONS = 3


def plain(text: str, limit: int) -> PlainTextObject:
    """Return a text that is shown as it is; emoji names in it stay words."""
    return PlainTextObject(text=cut(text, limit), emoji=False)


def suggestions(questions: Iterable[str], controls: Controls | None) -> list[Block]:
    """Offer the next questions: as buttons, or as a line where there are to be none."""
    asked = distinct(questions, _SUGGESTION)[:_SUGGESTIONS]
    if not asked:
        return []
    if controls is None:
        return [paragraph([Words("Ask next: ", "italic"), Words(" · ".join(asked))])]
    return [question_row(asked, names.ask)]


def question_row(
    questions: Sequence[str],
    action_id: Callable[[int], str],
    *,
    faces: Sequence[str] | None = None,
    first: int = 0,
) -> ActionsBlock:
    """Return buttons that ask their value.

    Args:
        questions: At most 25, each at most 2,000 characters.
        action_id: Names the nth button, from 0.
        faces: What to write on them, where it is not the question.
        first: The number of the first button.
    """
    shown = faces or questions
    return ActionsBlock(
        elements=[
            ButtonElement(
                text=plain(face, BUTTON_TEXT), action_id=action_id(first + number), value=question
            )
            for number, (face, question) in enumerate(
                zip(shown[:ACTIONS], questions[:ACTIONS], strict=True)
            )
        ]
    )


def control_row(
    controls: Controls, *, passages: bool = False, compare: bool = False, refused: bool = False
) -> list[Block]:
    """Return the buttons that a reply of this kind has, where the controls want them."""
    named = controls.answer_id
    row = []
    if passages and controls.passages:
        row.append(_button("Show passages", names.PASSAGES, named))
    if compare and controls.compare:
        row.append(_button("Compare with…", names.COMPARE_WITH, named))
    if (passages or compare) and controls.share:
        row.append(_button("Share to channel", names.SHARE, named, confirm=_SHARE))
    if refused and controls.human:
        row.append(_button("Ask a human", names.ASK_HUMAN, named, confirm=_HUMAN))
    if refused and controls.tell:
        row.append(_button("Tell me when you know", names.TELL_ME, named, confirm=_TELL))
    return [ActionsBlock(elements=row)] if row else []


def feedback(controls: Controls) -> list[Block]:
    """Return the thumbs, where the controls want them."""
    if not controls.feedback:
        return []
    thumbs = FeedbackButtonsElement(
        action_id=names.FEEDBACK,
        positive_button=FeedbackButtonObject(
            text=plain("Helpful", BUTTON_TEXT),
            accessibility_label="This answer helped",
            value=f"{names.UP}:{controls.answer_id}",
        ),
        negative_button=FeedbackButtonObject(
            text=plain("Not helpful", BUTTON_TEXT),
            accessibility_label="This answer did not help; say why",
            value=f"{names.DOWN}:{controls.answer_id}",
        ),
    )
    return [ContextActionsBlock(elements=[thumbs])]


_SHARE = ConfirmObject(
    title=PlainTextObject(text="Share to channel?"),
    text=PlainTextObject(
        text="Everyone in this channel will see your question, the answer and your name."
    ),
    confirm=PlainTextObject(text="Share"),
    deny=PlainTextObject(text="Cancel"),
)
_HUMAN = ConfirmObject(
    title=PlainTextObject(text="Ask a human?"),
    text=PlainTextObject(
        text="Your question, with your name, will be posted where people can answer it."
    ),
    confirm=PlainTextObject(text="Post it"),
    deny=PlainTextObject(text="Cancel"),
)
_TELL = ConfirmObject(
    title=PlainTextObject(text="Tell me when you know?"),
    text=PlainTextObject(
        text="Your question is kept with your name until the articles answer it. Then you get one "
        "direct message."
    ),
    confirm=PlainTextObject(text="Tell me"),
    deny=PlainTextObject(text="Cancel"),
)


def _button(
    face: str, action_id: str, value: str, confirm: ConfirmObject | None = None
) -> ButtonElement:
    return ButtonElement(
        text=plain(face, BUTTON_TEXT), action_id=action_id, value=value, confirm=confirm
    )


def distinct(questions: Iterable[str], limit: int) -> list[str]:
    """Return questions on one line, each once, without those beyond a length."""
    asked = (" ".join(clean(one).split()) for one in questions)
    return list(dict.fromkeys(one for one in asked if one and length(one) <= limit))
