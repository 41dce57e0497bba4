"""What questions mean: the titles they name, the kind of answer wanted, and a vector."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.answerer import Answerer
from bot.domain import Intent, Question
from index.embedding import Vector
from index.remembering import Remembered

# Texts embedded at once: people's questions wait as long as a pass of the model takes.
_AT_ONCE = 16
# Texts whose meaning is kept at hand, each about 2 KB.
_REMEMBERED = 5000


@dataclass(frozen=True, slots=True)
class Subject:
    """What two questions must share to be one question in other words.

    Vectors alone do not tell "What does a CPO do?" from "What does a VP do?" (bench/quality.md,
    "The same question in other words").
    """

    titles: frozenset[str]
    intent: Intent


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """What a question means.

    Attributes:
        subject: What it is about.
        vector: Of the question with its abbreviations spelt out; of length 1.
    """

    subject: Subject
    vector: Vector

    def cosine(self, other: "Meaning") -> float:
        """Return how near another question comes, -1 to 1; -1 if it is about something else."""
        return float(self.vector @ other.vector) if self.subject == other.subject else -1.0


class Meanings:
    """Reads what questions mean. Safe between threads."""

    def __init__(self, answerer: Answerer) -> None:
        """Read with an answerer's vocabulary and its generation's encoder."""
        self._answerer = answerer
        # By encoder and text: another model gives other vectors.
        self._known: Remembered[tuple[str, str], Meaning] = Remembered(_REMEMBERED)

    @property
    def encoder(self) -> str:
        """The fingerprint of the encoder that gives the vectors."""
        return self._answerer.generation().manifest.encoder

    def of(self, texts: Sequence[str]) -> list[Meaning]:
        """Return what questions mean, in their order.

        Raises:
            EncoderBusyError: if too many questions are being answered.
        """
        encoder = self.encoder
        found = {text: self._known.get((encoder, text)) for text in texts}
        unknown = [text for text, meaning in found.items() if meaning is None]
        for start in range(0, len(unknown), _AT_ONCE):
            some = unknown[start : start + _AT_ONCE]
            for text, read in zip(some, self._read(some), strict=True):
                self._known.put((encoder, text), read)
                found[text] = read
        return [meaning for text in texts if (meaning := found[text]) is not None]

    def of_question(self, question: Question) -> Meaning:
        """Return what a question means that was understood already, perhaps from its thread.

        Raises:
            EncoderBusyError: if too many questions are being answered.
        """
        return Meaning(subject_of(question), self._answerer.embed([question.query])[0])

    def _read(self, texts: Sequence[str]) -> list[Meaning]:
        questions = [self._answerer.understand(text) for text in texts]
        vectors = self._answerer.embed([one.query or one.text or "?" for one in questions])
        return [
            Meaning(subject_of(question), vector)
            for question, vector in zip(questions, vectors, strict=True)
        ]


def subject_of(question: Question) -> Subject:
    """Return what a question is about."""
    return Subject(frozenset(question.titles + question.foreign_titles), question.intent)
