"""Which questions an old and a new generation are compared by."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, zip_longest

# 195 take about ten seconds of both generations, on two busy cores.
MAX_QUESTIONS = 300
# What people asked most often goes first, and leaves room for what the articles promise.
MOST_ASKED = 100

Questions = Mapping[str, Sequence[str]]


def saved_questions(
    most_asked: Iterable[str], *of_articles: Questions, limit: int = MAX_QUESTIONS
) -> tuple[str, ...]:
    """Return questions to compare answers by, each once whatever its capitals.

    Args:
        most_asked: What people asked, the most frequent first; `MOST_ASKED` of them are taken.
        of_articles: What articles say they answer, by article: of the old generation and of the
            new one. Where there are too many, every article has its first before any its second.
        limit: The most that are returned.
    """
    people = _distinct(most_asked)[:MOST_ASKED]
    articles = [
        _distinct(chain.from_iterable(one.get(path, ()) for one in of_articles))
        for path in sorted(set(chain.from_iterable(of_articles)))
    ]
    by_turns = (one for row in zip_longest(*articles) for one in row if one)
    return tuple(_distinct([*people, *by_turns])[:limit])


def _distinct(texts: Iterable[str]) -> list[str]:
    seen: dict[str, str] = {}
    for text in texts:
        seen.setdefault(" ".join(text.casefold().split()), text)
    seen.pop("", None)
    return list(seen.values())
