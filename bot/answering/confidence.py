"""How likely it is that the passages found answer the question, and when to abstain.

A logistic regression over a few signals that carry over between corpora. The weights shipped were
fitted on tests/data/calibration.jsonl over the shipped articles and on WikiQA, which is not shipped
(bench/quality.md, "I don't know"); `pmrole calibrate` fits them to another folder.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from bot.domain import Intent, Question
from bot.errors import BotError
from index.lexical import LexicalIndex, coverage, stems
from index.retrieval import Hit

# Passages whose sentences may be shown, and of those the ones that speak for an answer.
DEPTH = 10
_WEIGHED = 5
# Stems of words that ask, and say nothing of what is asked about.
ASKING = frozenset(
    [
        "about",
        "am",
        "ani",
        "anyon",
        "are",
        "by",
        "can",
        "could",
        "did",
        "do",
        "doe",
        "explain",
        "for",
        "from",
        "get",
        "give",
        "got",
        "had",
        "has",
        "have",
        "hey",
        "hi",
        "how",
        "i",
        "id",
        "im",
        "is",
        "it",
        "kind",
        "know",
        "let",
        "like",
        "list",
        "make",
        "mani",
        "me",
        "mean",
        "much",
        "my",
        "need",
        "of",
        "on",
        "or",
        "our",
        "out",
        "pleas",
        "pls",
        "say",
        "shall",
        "should",
        "so",
        "some",
        "someon",
        "someth",
        "tell",
        "than",
        "thank",
        "that",
        "their",
        "them",
        "they",
        "thi",
        "this",
        "to",
        "too",
        "us",
        "vs",
        "was",
        "we",
        "were",
        "what",
        "whats",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "whose",
        "whi",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)
# One on pay, interviews or the way up is about a job, whatever else it names: "PM pay in Berlin".
_MEANING = (Intent.DEFINITION, Intent.ORGANISATION, Intent.PROCESS, Intent.SKILLS)
# "PM of the UK", "CPO of Spotify": letters with a name behind are a person in office.
_OFFICE = re.compile(r"\bTITLEs? of (?:the )?(?!Product|TITLE)[A-Z]")
# Who holds a post, what someone said or did, what will happen: articles do not hold it.
_NEWS = re.compile(
    r"^who(?:'s|s| is| are| was| were) (?:the |our |my |your )?(?:current |new )?TITLE"
    r"(?:\?|$| (?:at|of|for|in|right now|today|now)\b)"
    r"|\b(?:did|has|have) (?:our |my |the )(?:\w+ )?TITLE"
    r"|\bwill (?:our|my|the|there|\w+ replace)\b"
    r"|\b(?:our|my) (?:\w+ )?TITLE (?:said|say|announced?|did|decided?)\b"
    r"|\bhow many (?:people|\w+s) (?:work |are |do we have )?in (?:our|my)\b"
    r"|\bhow many TITLEs? (?:work|are employed)\b"
    r"|\bwh(?:o|ich (?:compan|firm)\w+) (?:is|are) hiring\b"
    r"|\bwhen(?:'s|s| is| are| was| will) (?:our|my|the next)\b"
    r"|\b(?:phone|mobile) number\b|\bemail address\b|\bcontact details\b|^translate\b",
    re.IGNORECASE,
)


class CalibrationError(BotError):
    """A calibration cannot be read, or cannot be fitted to the questions given."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against an answer in the best hits.

    Attributes:
        passage: The best passage's cosine.
        sentence: The best sentence's cosine.
        coverage: The largest share of the question's words, weighted by rarity, in one sentence.
        outside: 1 if the question names only titles outside the subject ("vp of sales").
        doubt: Where no more than letters name a title, and what they stand for is asked, the share
            of the question's words that no article holds and that none of the best passages holds,
            halved: "gpm of a water pump" is not about a group product manager.
        news: 1 if it asks who holds a post, or what someone did or will do.
    """

    passage: float
    sentence: float
    coverage: float
    outside: float
    doubt: float
    news: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve over the signals, and the two thresholds on its probability.

    Attributes:
        weights: One a signal, in the order of `Signals`.
        bias: Added to the weighted sum.
        answer_at: The probability from which the bot answers.
        closest_at: The probability from which it names the closest articles.
    """

    weights: tuple[float, ...] = (7.98, 7.76, 4.79, -8.0, -8.0, -10.0)
    bias: float = -9.66
    answer_at: float = 0.18
    closest_at: float = 0.05

    def probability(self, signals: Signals) -> float:
        """Return the calibrated probability that the hits answer."""
        values = _values(signals)
        total = self.bias + sum(w * x for w, x in zip(self.weights, values, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def write(self, path: Path) -> None:
        """Store the calibration as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Calibration":
        """Read a stored calibration; the shipped one where there is none.

        Raises:
            CalibrationError: if the file is there but is no calibration.
        """
        if not path.is_file():
            return cls()
        try:
            values: dict[str, Any] = json.loads(path.read_text("utf-8"))
            values["weights"] = tuple(float(one) for one in values["weights"])
            calibration = cls(**values)
        except (ValueError, KeyError, TypeError) as error:
            raise CalibrationError(f"{path} is no calibration ({error}); remove it") from error
        if len(calibration.weights) != len(fields(Signals)):
            raise CalibrationError(f"{path} has {len(calibration.weights)} weights; fit it again")
        return calibration


@dataclass(frozen=True, slots=True)
class Evidence:
    """The signals, and the coverage of each sentence of the best hits for choosing among them."""

    signals: Signals
    coverages: tuple[tuple[float, ...], ...]


def weigh(question: Question, hits: Sequence[Hit], lexical: LexicalIndex) -> Evidence:
    """Weigh the best hits against the question."""
    terms = _content_stems(question.query)
    weights = [lexical.idf(term) for term in terms]
    coverages = tuple(
        tuple(coverage(terms, weights, lexical.terms(one.text)) for one in hit.sentences)
        for hit in hits[:DEPTH]
    )
    signals = Signals(
        passage=hits[0].cosine if hits else 0.0,
        sentence=max((one.cosine for hit in hits[:_WEIGHED] for one in hit.sentences), default=0.0),
        coverage=max((share for own in coverages[:_WEIGHED] for share in own), default=0.0),
        outside=float(
            bool(question.foreign_titles) and not question.titles and not _on_product(question)
        ),
        doubt=_doubt(question, hits, lexical),
        news=float(
            bool(_NEWS.search(question.outline))
            or (question.abbreviated and bool(_OFFICE.search(question.outline)))
        ),
    )
    return Evidence(signals, coverages)


def _doubt(question: Question, hits: Sequence[Hit], lexical: LexicalIndex) -> float:
    # Two titles side by side, "PO and PM", vouch for each other.
    if not question.abbreviated or len(question.titles) > 1 or question.intent not in _MEANING:
        return 0.0
    # Titles are known, and the words spelt out for the search are ours, not the asker's.
    asked = _content_stems(question.outline.replace("TITLE", " "))
    rarity = [lexical.idf(term) for term in asked]
    found = {
        term
        for hit in hits[:_WEIGHED]
        for term in lexical.terms(" ".join([hit.title, *hit.heading, hit.text]))
    }
    unknown = coverage(asked, rarity, [term for term in asked if not lexical.holds(term)])
    unfound = coverage(asked, rarity, [term for term in asked if term not in found])
    return (unknown + unfound) / 2


def _content_stems(text: str) -> list[str]:
    """Return the stems that say what is asked about, each once."""
    return [term for term in dict.fromkeys(stems(text)) if term not in ASKING]


def fit(signals: Sequence[Signals], answerable: Sequence[bool]) -> Calibration:
    """Fit a calibration to labelled questions.

    Ridge-regularised logistic regression by Newton's method; the shipped weights are the prior
    towards which few questions are drawn.

    Raises:
        CalibrationError: if both kinds of question are not there, ten of each.
    """
    if min(sum(answerable), len(answerable) - sum(answerable)) < 10:
        raise CalibrationError("at least 10 answerable and 10 unanswerable questions are wanted")
    prior = np.asarray([*Calibration().weights, Calibration().bias])
    rows = np.asarray([[*_values(one), 1.0] for one in signals])
    truth = np.asarray(answerable, dtype=float)
    ridge = np.eye(len(prior)) * 0.5
    ridge[-1, -1] = 0.01
    found = prior.copy()
    for _ in range(50):
        guess = 1.0 / (1.0 + np.exp(-np.clip(rows @ found, -30, 30)))
        gradient = rows.T @ (guess - truth) + ridge @ (found - prior)
        curvature = (rows * (guess * (1 - guess))[:, None]).T @ rows + ridge
        step = np.linalg.solve(curvature, gradient)
        found -= step
        if float(np.abs(step).max()) < 1e-6:
            break
    guess = 1.0 / (1.0 + np.exp(-np.clip(rows @ found, -30, 30)))
    return Calibration(
        weights=tuple(round(float(one), 4) for one in found[:-1]),
        bias=round(float(found[-1]), 4),
        answer_at=_best_threshold(guess.tolist(), answerable),
    )


def _best_threshold(guesses: Sequence[float], answerable: Sequence[bool]) -> float:
    """Return the threshold of the highest balanced accuracy, between 0.2 and 0.6."""

    def balanced(threshold: float) -> float:
        right = [
            (guess >= threshold) == truth for guess, truth in zip(guesses, answerable, strict=True)
        ]
        yes = [one for one, truth in zip(right, answerable, strict=True) if truth]
        no = [one for one, truth in zip(right, answerable, strict=True) if not truth]
        return sum(yes) / len(yes) + sum(no) / len(no)

    return max((round(0.2 + 0.02 * step, 2) for step in range(21)), key=balanced)


def _values(signals: Signals) -> tuple[float, ...]:
    return tuple(getattr(signals, one.name) for one in fields(signals))


def _on_product(question: Question) -> bool:
    query = question.query.lower()
    for name in question.foreign_titles:
        query = query.replace(name, " ")
    return bool(re.search(r"\b(?:products?|pms?)\b", query))
