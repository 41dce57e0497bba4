"""`pmrole chat`: a conversation in the terminal, with tables and numbers to press."""

import argparse
import sys
from collections.abc import Iterator
from typing import Protocol

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.cli import OK
from bot.cli.asking import open_answerer
from bot.cli.terminal import numbered, source_lines
from bot.domain import Answer, Clarification, Comparison, Exchange, Message, NoAnswer
from bot.machine import plain_text
from bot.settings import Settings

_MOST_COLUMNS = 120  # longer lines are hard to read
_INTRODUCTION = (
    "Ask about product careers. A number asks what stands beside it, an empty line starts a new "
    "thread, Ctrl-D leaves."
)


def chat(_options: argparse.Namespace, settings: Settings) -> int:
    """Answer question after question, each in the context of those before, until input ends."""
    console = Console(highlight=False)
    console.width = min(console.width, _MOST_COLUMNS)
    talk = Talk(open_answerer(settings), console)
    asking = sys.stdin.isatty()
    if asking:
        console.print(_INTRODUCTION)
    while True:
        try:
            text = input("\n> " if asking else "").strip()
        except EOFError:
            return OK
        talk.hear(text)


class Answers(Protocol):
    """What answers a question in the context of the messages before it."""

    def ask(self, text: str, thread: tuple[Message, ...]) -> Exchange:
        """Answer a question."""
        ...


class Talk:
    """One conversation: what was said, and what the latest reply offers to ask."""

    def __init__(self, answerer: Answers, console: Console) -> None:
        self._answerer, self._console = answerer, console
        self._thread: list[Message] = []
        self._offered: tuple[str, ...] = ()

    def hear(self, text: str) -> None:
        """Answer a question, or the one that a number stands for; nothing starts a new thread."""
        if not text:
            self._thread, self._offered = [], ()
            return
        if text.isdecimal() and self._offered:
            if not 1 <= int(text) <= len(self._offered):
                self._console.print(
                    f"There is no {text}: 1 to {len(self._offered)}, or a question."
                )
                return
            text = self._offered[int(text) - 1]
            self._console.print(Text(text, "italic"))
        exchange = self._answerer.ask(text, tuple(self._thread))
        self._offered = offered(exchange)
        for part in shown(exchange):
            self._console.print(part)
        self._thread += [Message("user", text), Message("bot", plain_text(exchange))]


def offered(exchange: Exchange) -> tuple[str, ...]:
    """Return what a reply offers to ask: the meanings to choose from, or what to ask next."""
    reply = exchange.reply
    return reply.choices if isinstance(reply, Clarification) else reply.suggestions


def shown(exchange: Exchange) -> Iterator[RenderableType]:
    """Give the parts of a reply, from its lead to what can be asked next."""
    reply = exchange.reply
    match reply:
        case Answer() | Comparison():
            yield from _answered(reply)
            yield Text()
            yield Text("\n".join(source_lines(exchange)), "dim")
        case Clarification():
            yield Text(reply.prompt)
        case NoAnswer():
            yield Text(reply.message)
            for link in reply.closest:
                yield Text(f"• {link.title} ({link.url or link.article})")
    if offers := offered(exchange):
        yield Text()
        for number, text in enumerate(offers, 1):
            yield Text.assemble((f" {number} ", "reverse"), f" {text}")


def _answered(reply: Answer | Comparison) -> Iterator[RenderableType]:
    yield Text(reply.lead, "bold")
    if reply.question.resolved:
        yield Text(f"Understood as: {reply.question.resolved}", "dim")
    yield Text()
    yield Text("\n".join(numbered(one) for one in reply.sentences))
    if isinstance(reply, Comparison):
        yield Padding(_card(reply), (1, 0, 0, 0))
    if reply.disagreement:
        yield Text("\nSources disagree", "bold")
        yield Text("\n".join(numbered(one) for one in reply.disagreement))


def _card(comparison: Comparison) -> Table:
    card = Table(show_lines=True)
    card.add_column("Aspect", style="bold", no_wrap=True)
    for title in comparison.titles:
        card.add_column(Text(title), ratio=1)
    for row in comparison.rows:
        missing = Text("not in the articles", "dim italic")
        cells = [Text(numbered(cell)) if cell else missing for cell in row.cells]
        card.add_row(Text(row.dimension), *cells)
    return card
