"""A reply as lines of a terminal."""

import shutil
import sys
import textwrap

from bot.domain import Answer, ArticleLink, Clarification, Comparison, Exchange, QuotedSentence
from bot.machine import shown_sentences

_BOLD, _DIM, _END = "\033[1m", "\033[2m", "\033[0m"


def render(exchange: Exchange) -> str:
    """Return a reply for a terminal: bold and dim where standard output is one."""
    reply = exchange.reply
    lines: list[str] = []
    if isinstance(reply, Answer | Comparison):
        lines += [_bold(reply.lead), ""]
        if reply.question.resolved:
            lines += [_dim(f"Understood as: {reply.question.resolved}"), ""]
        lines += [_quoted(one) for one in reply.sentences]
        if isinstance(reply, Comparison):
            lines += _rows(reply)
        if reply.disagreement:
            lines += ["", _bold("Sources disagree"), *map(_quoted, reply.disagreement)]
        lines += ["", *(_dim(_wrapped(one)) for one in source_lines(exchange))]
    elif isinstance(reply, Clarification):
        lines += [reply.prompt, *(f"  - {choice}" for choice in reply.choices)]
    else:
        lines += [_wrapped(reply.message), *map(_link, reply.closest)]
    suggestions = getattr(reply, "suggestions", ())
    if suggestions:
        lines += ["", _dim("Ask next:"), *(f"  {one}" for one in suggestions)]
    return "\n".join(lines)


def _rows(comparison: Comparison) -> list[str]:
    lines: list[str] = []
    for row in comparison.rows:
        lines += ["", _bold(row.dimension)]
        for title, cell in zip(comparison.titles, row.cells, strict=True):
            text = numbered(cell) if cell else "not in the articles"
            lines.append(_wrapped(f"{title}: {text}", "  "))
    return lines


def source_lines(exchange: Exchange) -> list[str]:
    """Return a line for each article that a shown sentence is quoted from."""
    reply = exchange.reply
    if not isinstance(reply, Answer | Comparison):
        return []
    shown = {one.citation for one in shown_sentences(exchange)}
    lines = []
    for one in reply.citations:
        if one.number in shown:
            where = " › ".join([one.title, *one.heading])
            details = [one.url or one.article]
            if one.updated:
                details.append(f"updated {one.updated.isoformat()}")
            lines.append(f"[{one.number}] {where} ({', '.join(details)})")
    return lines


def _quoted(sentence: QuotedSentence) -> str:
    return _wrapped(numbered(sentence))


def numbered(sentence: QuotedSentence) -> str:
    """Return a quoted sentence with what introduces it and the number of its citation."""
    introduction = f"{sentence.introduction} " if sentence.introduction else ""
    return f"{introduction}{sentence.text} [{sentence.citation}]"


def _link(link: ArticleLink) -> str:
    return _wrapped(f"- {link.title} ({link.url or link.article})", "  ")


def _wrapped(text: str, indent: str = "") -> str:
    width = min(100, shutil.get_terminal_size((96, 24)).columns)
    return textwrap.fill(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _bold(text: str) -> str:
    return f"{_BOLD}{text}{_END}" if sys.stdout.isatty() else text


def _dim(text: str) -> str:
    return f"{_DIM}{text}{_END}" if sys.stdout.isatty() else text
