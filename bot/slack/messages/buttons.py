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
_CONFIRM_TITLE, _CONFIRM_TEXT, _CONFIRM_BUTTON = 100, 300, 30


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
            button(face, action_id(first + number), question)
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
        row.append(button("Show passages", names.PASSAGES, named))
    if compare and controls.compare:
        row.append(button("Compare with…", names.COMPARE_WITH, named))
    if (passages or compare) and controls.share:
        row.append(button("Share to channel", names.SHARE, named, confirm=_SHARE))
    if refused and controls.human:
        row.append(button("Ask a human", names.ASK_HUMAN, named, confirm=_HUMAN))
    if refused and controls.tell:
        row.append(button("Tell me when you know", names.TELL_ME, named, confirm=_TELL))
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


def button(
    face: str,
    action_id: str,
    value: str,
    *,
    confirm: ConfirmObject | None = None,
    style: str | None = None,
) -> ButtonElement:
    """Return a button.

    Args:
        face: What is written on it.
        action_id: What Slack calls its click.
        value: What it stands for, at most 2,000 characters.
        confirm: What is asked before the click counts.
        style: "primary" or "danger", where it is to stand out.
    """
    return ButtonElement(
        text=plain(face, BUTTON_TEXT),
        action_id=action_id,
        value=value,
        confirm=confirm,
        style=style,
    )


def confirmation(title: str, text: str, yes: str, no: str = "Cancel") -> ConfirmObject:
    """Return what is asked before a click counts, with what stands on its two buttons."""
    return ConfirmObject(
        title=plain(title, _CONFIRM_TITLE),
        text=plain(text, _CONFIRM_TEXT),
        confirm=plain(yes, _CONFIRM_BUTTON),
        deny=plain(no, _CONFIRM_BUTTON),
    )


_SHARE = confirmation(
    "Share to channel?",
    "Everyone in this channel will see your question, the answer and your name.",
    "Share",
)
_HUMAN = confirmation(
    "Ask a human?",
    "Your question, with your name, will be posted where people can answer it.",
    "Post it",
)
_TELL = confirmation(
    "Tell me when you know?",
    "Your question is kept with your name until the articles answer it. Then you get one direct "
    "message.",
    "Tell me",
)


def distinct(questions: Iterable[str], limit: int) -> list[str]:
    """Return questions on one line, each once, without those beyond a length."""
    asked = (" ".join(clean(one).split()) for one in questions)
    return list(dict.fromkeys(one for one in asked if one and length(one) <= limit))
