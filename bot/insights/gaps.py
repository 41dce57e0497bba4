"""What people could not find: questions that mean the same, together, the most asked first."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import numpy as np
import numpy.typing as npt

from bot.answering.answerer import Answerer
from bot.domain import Answer, ArticleLink, Comparison
from bot.insights.meanings import Meaning, Meanings, Subject
from bot.state.questions import QuestionRecord
from bot.state.store import State
from index.embedding import Matrix

Flags = npt.NDArray[np.bool_]
Why = Literal["no_answer", "closest", "unsure", "disliked"]

# From this cosine on, questions about one subject are one gap. Measured by
# `python -m bench paraphrases` (bench/quality.md, "The same question in other words").
SAME_GAP = 0.65
# An answer that is likelier wrong than right is one that somebody should look at.
UNSURE = 0.5
# Different texts that are looked at: their meanings fit into what `Meanings` keeps at hand.
MOST = 4000
_NEAREST = 3
# Gaps looked at for each one wanted: some of them may be filled by now.
_TRIED = 3
_BLOCK = 256


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that was not answered well.

    Attributes:
        text: As it is kept.
        asked_at: Seconds since 1970.
        why: It was refused, answered with doubt, or its answer was found bad.
    """

    text: str
    asked_at: float
    why: Why


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that mean the same.

    Attributes:
        example: The one most asked; of several the first.
        count: How often any of them was asked.
        since: When the first was, in seconds since 1970.
        whys: How many were refused, doubtful or found bad.
        nearest: The articles that come nearest, best first.
    """

    example: str
    count: int
    since: float
    whys: Mapping[str, int]
    nearest: tuple[ArticleLink, ...] = ()


@dataclass(frozen=True, slots=True)
class GapReport:
    """What people could not find.

    Attributes:
        gaps: The most asked first.
        missed: How many questions they were made from.
        textless: How many more there are whose text is not kept.
    """

    gaps: tuple[Gap, ...]
    missed: int
    textless: int


class Gaps:
    """Finds gaps in what the articles hold. Safe between threads."""

    def __init__(self, answerer: Answerer, state: State, meanings: Meanings) -> None:
        """Look at the questions of a state, and at the articles that answer now."""
        self._answerer, self._state, self._meanings = answerer, state, meanings

    def report(self, since: float, limit: int, *, most: int = MOST) -> GapReport:
        """Return the gaps that are still open.

        Args:
            since: Look at questions from this time on, in seconds since 1970.
            limit: The most gaps.
            most: Different texts that are looked at; of more, the newest. Each one is embedded the
                first time, which takes some milliseconds.

        Raises:
            StateError: if the database cannot be read.
            EncoderBusyError: if too many questions are being answered.
        """
        missed = missed_among(
            self._state.questions.since(since), self._state.feedback.disliked(since)
        )
        told = [one for one in missed if one.text.strip()]
        open_gaps = self._open(find_gaps(told, self._meanings.of, most=most), limit)
        return GapReport(tuple(open_gaps), len(told), len(missed) - len(told))

    def _open(self, gaps: Sequence[Gap], limit: int) -> Iterator[Gap]:
        """Give the gaps that the articles do not fill by now, with the articles nearest to each."""
        opened = (gap for gap in gaps[: _TRIED * limit] if not self._is_filled(gap))
        for gap in islice(opened, limit):
            hits = self._answerer.search(gap.example)
            links = {
                one.article: ArticleLink(one.article, one.title, one.url, one.updated)
                for one in hits
            }
            yield Gap(gap.example, gap.count, gap.since, gap.whys, tuple(links.values())[:_NEAREST])

    def _is_filled(self, gap: Gap) -> bool:
        """Tell whether the gap's question is answered well now; a bad answer may be there still."""
        if gap.whys.get("disliked"):
            return False
        reply = self._answerer.ask(gap.example).reply
        return isinstance(reply, Answer | Comparison) and reply.confidence >= UNSURE


def missed_among(records: Sequence[QuestionRecord], disliked: frozenset[str]) -> list[Missed]:
    """Return the questions that were not answered well, in the order given.

    Args:
        records: What was asked.
        disliked: The references of questions whose answers people found bad.
    """
    found = []
    for one in records:
        why = _why(one, disliked)
        if why is not None:
            found.append(Missed(one.text, one.asked_at, why))
    return found


def _why(one: QuestionRecord, disliked: frozenset[str]) -> Why | None:
    if one.outcome == "small_talk":
        return None
    if one.outcome in {"no_answer", "closest"}:
        return "no_answer" if one.outcome == "no_answer" else "closest"
    if one.reference in disliked:
        return "disliked"
    answered = one.outcome in {"answer", "comparison"}
    return "unsure" if answered and one.confidence < UNSURE else None


def find_gaps(
    missed: Sequence[Missed],
    meanings_of: Callable[[Sequence[str]], Sequence[Meaning]],
    *,
    same: float = SAME_GAP,
    most: int = MOST,
) -> list[Gap]:
    """Put questions that mean the same together, the most asked first.

    The same questions give the same gaps, in whatever order they come.

    Args:
        missed: The questions.
        meanings_of: What questions mean, by their texts.
        same: The least cosine of two questions that mean the same.
        most: Different texts that are looked at; of more, the newest.
    """
    by_text: dict[str, list[Missed]] = defaultdict(list)
    for one in missed:
        by_text[" ".join(one.text.split())].append(one)
    newest = heapq.nlargest(most, by_text, key=lambda text: (_last(by_text[text]), text))
    # Who comes first leads a group: the question most asked, the shortest of equals.
    texts = sorted(newest, key=lambda text: (-len(by_text[text]), len(text), text))
    gaps = [
        _gap([texts[place] for place in group], by_text)
        for group in groups_of(meanings_of(texts), same)
    ]
    return sorted(gaps, key=lambda gap: (-gap.count, gap.since, gap.example))


def _last(asked: Sequence[Missed]) -> float:
    return max(one.asked_at for one in asked)


def _gap(texts: Sequence[str], by_text: Mapping[str, Sequence[Missed]]) -> Gap:
    asked = [one for text in texts for one in by_text[text]]
    whys = Counter(one.why for one in asked)
    since = min(one.asked_at for one in asked)
    return Gap(texts[0], len(asked), since, dict(sorted(whys.items())))


def groups_of(meanings: Sequence[Meaning], same: float = SAME_GAP) -> Iterator[list[int]]:
    """Give the places of questions that mean the same, the leader of each group first.

    Args:
        meanings: Of the questions, those that should lead first.
        same: The least cosine of two questions that mean the same.
    """
    subjects: dict[Subject, list[int]] = defaultdict(list)
    for place, meaning in enumerate(meanings):
        subjects[meaning.subject].append(place)
    for places in subjects.values():
        vectors = np.stack([meanings[place].vector for place in places])
        leaders = _leaders(vectors, same)
        nearest = np.argmax(vectors @ vectors[leaders].T, axis=1)
        groups = [[places[leader]] for leader in leaders]
        led = set(leaders)
        for row, group in enumerate(nearest.tolist()):
            if row not in led:
                groups[group].append(places[row])
        yield from groups


def _none(block: Matrix) -> Flags:
    return np.zeros(len(block), dtype=np.bool_)


def _leaders(vectors: Matrix, same: float) -> list[int]:
    """Return the rows that no row before them that leads comes near to."""
    leaders: list[int] = []
    for start in range(0, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK]
        near = np.any(block @ vectors[leaders].T >= same, axis=1) if leaders else _none(block)
        among = block @ block.T >= same
        for row in range(len(block)):
            if not near[row]:
                leaders.append(start + row)
                near |= among[row]
    return leaders
