"""Whether a question turns on words that no article holds.

"Best laptop for product managers" is near every passage on product managers, and no signal of the
hits tells that it asks for something else. Most words that no article holds say little, "in plain
English"; the one that carries a question shows by being left out: the question then means another
thing, which the passages suddenly come nearer to.
"""

from collections.abc import Sequence

from bot.answering.evidence import ABOUT_A_THING
from bot.answering.question_words import content_stems
from bot.answering.subject import is_other_trade
from bot.domain import Question
from index.generation import Words
from index.hits import Hit
from index.retrieval import Retriever

# Passages whose sentences are compared, as many as speak for an answer.
_COMPARED = 5
# How far the question's vector turns, 1 less the cosine, and how much nearer the best sentence
# comes: what parts the traps from the good questions of bench/quality.md, "I don't know".
_TURNED, _NEARER = 0.20, 0.03


def turns_on_unknown_words(question: Question, hits: Sequence[Hit], retriever: Retriever) -> bool:
    """Tell whether what carries a question stands in none of the articles.

    Of a title outside product, which the articles only touch on, the words must stand in the very
    passages found. A question on pay, interviews or the way up is about a job, whatever else it
    names: "PM pay in Berlin". It costs two embeddings, and only where a question has such words.

    Args:
        question: As understood.
        hits: Its passages, best first.
        retriever: What found them.
    """
    if question.intent not in ABOUT_A_THING or not hits:
        return False
    lexical = retriever.generation.lexical
    missing = _missing(question, hits, lexical)
    left = " ".join(
        word for word in question.query.split() if not _all_in(lexical.terms(word), missing)
    )
    if not left or left == " ".join(question.query.split()):
        return False
    whole, rest = retriever.embed_queries([question.query, left])
    if 1 - float(whole @ rest) < _TURNED:
        return False
    nearest = max(one.cosine for hit in hits[:_COMPARED] for one in hit.sentences)
    return retriever.best_cosine(hits[:_COMPARED], rest) - nearest >= _NEARER


def _missing(question: Question, hits: Sequence[Hit], lexical: Words) -> frozenset[str]:
    """Return the stems asked about that no article holds, or of another trade no passage found."""
    asked = [one for one in content_stems(question.outline.replace("TITLE", " ")) if len(one) > 1]
    if not is_other_trade(question):
        return frozenset(term for term in asked if not lexical.holds(term))
    read = " ".join(" ".join([one.title, *one.heading, one.text]) for one in hits[:_COMPARED])
    return frozenset(asked) - frozenset(lexical.terms(read))


def _all_in(terms: Sequence[str], missing: frozenset[str]) -> bool:
    return bool(terms) and all(term in missing for term in terms)
