"""Quoted sentences as running text, within a share of the message."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from slack_sdk.models.blocks import RichTextElement

from bot.domain import Citation, QuotedSentence
from bot.slack.messages.rich import Words, bullets, one_line, section
from bot.slack.mrkdwn import length

# Of a whole message; what is quoted gets the most of it.
_QUOTED = 4800
_SENTENCE, _INTRODUCTION = 1200, 150
_CITED = 50


class Room:
    """What of a message is left for quotations.

    Attributes:
        cited: The numbers of the citations shown so far.
        left_out: How many quotations did not fit.
    """

    def __init__(self, share: float) -> None:
        """Begin with a share of its full size, 0 to 1."""
        self.cited: set[int] = set()
        self.left_out = 0
        self.sentence = max(40, int(_SENTENCE * share))
        self._left = int(_QUOTED * share)

    def take(self, texts: Iterable[str], quoted: Sequence[QuotedSentence]) -> bool:
        """Use up what texts need, and say whether there was room; else count them as left out."""
        wanted = sum(length(text) + 6 for text in texts)
        cited = self.cited | {one.citation for one in quoted}
        if wanted > self._left or len(cited) > _CITED:
            self.left_out += len(quoted)
            return False
        self._left -= wanted
        self.cited = cited
        return True


def sentence(one: QuotedSentence, limit: int) -> str:
    """Return a sentence with its number, on one line."""
    return f"{one_line(one.text, limit)} [{one.citation}]"


def running_text(
    lead: str,
    sentences: Sequence[QuotedSentence],
    citations: Mapping[int, Citation],
    room: Room,
) -> list[RichTextElement]:
    """Return a lead, then sentences as paragraphs.

    Sentences of one section of an article, in a row, are a paragraph: they were written together.
    Those that share an introduction stand under it as a list.

    Args:
        lead: The bold line above, which may be empty.
        sentences: In reading order.
        citations: By number.
        room: What is left for quotations.
    """
    elements: list[RichTextElement] = []
    open_text: list[Words] = [Words(lead, "bold")] if lead else []
    shown = [one for one in sentences if room.take([_whole(one, room)], [one])]
    for introduction, group in groupby(shown, key=lambda one: one.introduction):
        said = list(group)
        if introduction and len(said) > 1:
            open_text += [
                Words(_gap(open_text, lead)),
                Words(_introduction(introduction), "italic"),
            ]
            elements += [section(open_text), bullets(_plain(one, room) for one in said)]
            open_text = []
            continue
        for part in _paragraphs(said, citations):
            # After a list, Slack leaves no space by itself.
            gap = _gap(open_text, lead) if open_text or not elements else "\n"
            open_text.append(Words(gap))
            if introduction:
                open_text.append(Words(f"{_introduction(introduction)} ", "italic"))
            open_text.append(Words(" ".join(sentence(one, room.sentence) for one in part)))
    if open_text:
        elements.append(section(open_text))
    return elements


def listed(heading: str, sentences: Sequence[QuotedSentence], room: Room) -> list[RichTextElement]:
    """Return sentences as a list under a bold line; nothing if none fits."""
    shown = [one for one in sentences if room.take([_whole(one, room)], [one])]
    if not shown:
        return []
    lines = [
        [Words(f"{_introduction(one.introduction)} ", "italic"), *_plain(one, room)]
        if one.introduction
        else _plain(one, room)
        for one in shown
    ]
    return [section([Words(heading, "bold")]), bullets(lines)]


def _paragraphs(
    sentences: Sequence[QuotedSentence], citations: Mapping[int, Citation]
) -> list[list[QuotedSentence]]:
    def place(one: QuotedSentence) -> object:
        source = citations.get(one.citation)
        return (source.article, source.heading) if source else one.citation

    return [list(group) for _, group in groupby(sentences, key=place)]


def _plain(one: QuotedSentence, room: Room) -> list[Words]:
    return [Words(sentence(one, room.sentence))]


def _whole(one: QuotedSentence, room: Room) -> str:
    return _introduction(one.introduction) + sentence(one, room.sentence)


def _introduction(text: str) -> str:
    return one_line(text, _INTRODUCTION)


def _gap(before: Sequence[Words], lead: str) -> str:
    if not before:
        return ""
    return "\n" if lead and len(before) == 1 else "\n\n"
