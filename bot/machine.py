"""The machine interface: an exchange as one JSON object (docs/machine-interface.md)."""

from typing import Any

from bot.domain import Answer, Citation, Clarification, Comparison, Exchange, QuotedSentence
from index.hits import Hit

_KINDS = {Answer: "answer", Comparison: "comparison", Clarification: "clarification"}


def as_json(exchange: Exchange, identity: str | None = None) -> dict[str, Any]:
    """Return the object that `pmrole ask --json` prints."""
    reply = exchange.reply
    sentences = shown_sentences(exchange)
    citations = reply.citations if isinstance(reply, Answer | Comparison) else ()
    return {
        "id": identity,
        "question": reply.question.text,
        "kind": _KINDS.get(type(reply), "no_answer"),
        "titles": list(reply.question.titles),
        "confidence": round(getattr(reply, "confidence", 0.0), 4),
        "text": plain_text(exchange),
        "sentences": [{"text": one.text, "citation": one.citation} for one in sentences],
        "citations": [_citation(one) for one in citations],
        "passages": [_passage(hit) for hit in exchange.hits],
        "suggestions": list(getattr(reply, "suggestions", ())),
        "milliseconds": exchange.milliseconds,
    }


def shown_sentences(exchange: Exchange) -> list[QuotedSentence]:
    """Return every quoted sentence of a reply, in the order shown, each once."""
    reply = exchange.reply
    if not isinstance(reply, Answer | Comparison):
        return []
    shown = [*reply.sentences]
    if isinstance(reply, Comparison):
        shown += [cell for row in reply.rows for cell in row.cells if cell is not None]
    return list(dict.fromkeys([*shown, *reply.disagreement]))


def plain_text(exchange: Exchange) -> str:
    """Return the whole reply as plain text, citation numbers in brackets."""
    reply = exchange.reply
    lines: list[str] = []
    if isinstance(reply, Answer | Comparison):
        lines.append(reply.lead)
        lines += [_numbered(one) for one in reply.sentences]
        if isinstance(reply, Comparison):
            for row in reply.rows:
                lines.append(row.dimension)
                for title, cell in zip(reply.titles, row.cells, strict=True):
                    text = _numbered(cell) if cell else "not in the articles"
                    lines.append(f"- {title}: {text}")
        if reply.disagreement:
            lines.append("Sources disagree")
            lines += [_numbered(one) for one in reply.disagreement]
    elif isinstance(reply, Clarification):
        lines.append(reply.prompt)
        lines += [f"- {choice}" for choice in reply.choices]
    else:
        lines.append(reply.message)
        lines += [f"- {link.title}" for link in reply.closest]
    return "\n".join(lines)


def _numbered(sentence: QuotedSentence) -> str:
    introduction = f"{sentence.introduction} " if sentence.introduction else ""
    return f"{introduction}{sentence.text} [{sentence.citation}]"


def _citation(one: Citation) -> dict[str, Any]:
    return {
        "number": one.number,
        "article": one.article,
        "title": one.title,
        "heading": list(one.heading),
        "quote": one.quote,
        "start": one.span.start,
        "end": one.span.end,
        "url": one.url,
        "updated": one.updated.isoformat() if one.updated else None,
    }


def _passage(hit: Hit) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "article": hit.article,
        "heading": list(hit.heading),
        "text": hit.text,
    }
