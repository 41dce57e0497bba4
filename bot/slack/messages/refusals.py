"""Replies that answer nothing: which meaning is meant, and what the articles do not hold."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, RichTextElement

from bot.domain import ArticleLink, Clarification, NoAnswer
from bot.slack import names
from bot.slack.messages.buttons import (
    control_row,
    distinct,
    feedback,
    question_row,
    suggestions,
)
from bot.slack.messages.limits import BUTTON_TEXT, BUTTON_VALUE, fitted
from bot.slack.messages.rich import Words, bullets, clean, linked, one_line, rich_text, section
from bot.slack.messages.shown import Controls
from bot.slack.messages.sources import updated
from bot.slack.mrkdwn import cut

_MESSAGE, _TITLE, _LINE = 1000, 150, 300
_CHOICES, _ARTICLES = 10, 5


def clarification_blocks(
    reply: Clarification, controls: Controls | None, above: Sequence[Block] = ()
) -> list[Block]:
    """Return a question back, with a button a meaning; listed where there are to be no buttons."""

    def build(share: float) -> list[Block]:
        return [*above, *meanings(share)]

    def meanings(share: float) -> list[Block]:
        prompt = section([Words(cut(clean(reply.prompt).strip(), _MESSAGE) or "Which one?")])
        choices = distinct(reply.choices, int(BUTTON_VALUE * share))[:_CHOICES]
        if controls is None:
            return [rich_text([prompt, *_listed(choices)])]
        faces = [cut(one, BUTTON_TEXT) for one in choices]
        if len(set(faces)) == len(choices):
            return [rich_text([prompt]), *_row(choices, faces)]
        numbers = [str(number) for number in range(1, len(choices) + 1)]
        told = [f"{number}: {one}" for number, one in zip(numbers, choices, strict=True)]
        return [rich_text([prompt, *_listed(told)]), *_row(choices, numbers)]

    return fitted(build)


def no_answer_blocks(
    reply: NoAnswer, controls: Controls | None, above: Sequence[Block] = ()
) -> list[Block]:
    """Return what the person is told, the articles that come near, and what can be done."""

    def build(share: float) -> list[Block]:
        told = cut(clean(reply.message).strip(), max(80, int(_MESSAGE * share)))
        elements = [section([Words(told)])] if told else []
        articles = [article_words(one) for one in reply.closest[:_ARTICLES]]
        listed: list[RichTextElement] = [bullets(articles)] if articles else []
        blocks: list[Block] = [*above]
        if elements or listed:
            blocks.append(rich_text([*elements, *listed]))
        blocks += suggestions(reply.suggestions, controls)
        if controls is not None:
            blocks += control_row(controls, refused=True) + feedback(controls)
        return blocks or [rich_text([section([Words("No answer.")])])]

    return fitted(build)


def article_words(one: ArticleLink) -> list[Words]:
    """Return an article's title, linked where it has a web address, and its date."""
    name = one_line(one.title, _TITLE) or one_line(one.article, _TITLE) or "Untitled"
    return [linked(name, one.url, _TITLE), Words(updated(one.updated))]


def _listed(lines: Sequence[str]) -> list[RichTextElement]:
    return [bullets([Words(one_line(line, _LINE))] for line in lines)] if lines else []


def _row(questions: Sequence[str], faces: Sequence[str]) -> list[Block]:
    return [question_row(questions, names.choose, faces=faces)] if questions else []
