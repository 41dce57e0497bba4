"""What a reindex came to, in a form that outlives the process."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.reindexing.comparing import AnswerDiff
from index.build import BuildReport


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reindex came to.

    Attributes:
        generation: The generation it made.
        before: The one that answered until then; empty for the first.
        published: Whether it answers now; otherwise somebody is to decide.
        articles: How many articles it holds.
        passages: How many passages.
        sentences: How many sentences.
        embedded: Texts that had to be embedded.
        seconds: From the beginning to the end.
        added: Articles that are new, by path.
        changed: Articles whose text or title differs.
        removed: Articles that are gone.
        rejected: Articles that could not be read, with reasons.
        doubtful: Articles that are indexed, with what their authors should mend.
        diff: What becomes of answers; None where nothing could be compared.
        stamp: Of the folder as it was read, to see whether it changed since.
    """

    generation: str
    before: str
    published: bool
    articles: int
    passages: int
    sentences: int
    embedded: int
    seconds: float
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()
    doubtful: tuple[tuple[str, str], ...] = ()
    diff: AnswerDiff | None = field(default=None)
    stamp: str = ""

    @classmethod
    def of(
        cls, built: BuildReport, before: str, diff: AnswerDiff | None, *, published: bool
    ) -> "Outcome":
        """Put together what a build reports and what became of answers."""
        return cls(
            generation=built.generation,
            before=before,
            published=published,
            articles=built.articles,
            passages=built.chunks,
            sentences=built.sentences,
            embedded=built.embedded,
            seconds=round(sum(built.seconds.values()), 1),
            added=built.added,
            changed=built.changed,
            removed=built.removed,
            rejected=tuple((one.path, one.reason) for one in built.problems if not one.indexed),
            doubtful=tuple((one.path, one.reason) for one in built.problems if one.indexed),
            diff=diff,
            stamp=built.stamp,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Outcome":
        """Read what `as_dict` gave.

        Raises:
            KeyError: if something is missing: it is of another version, or never ended.
        """
        diff = values["diff"]
        return cls(
            generation=str(values["generation"]),
            before=str(values["before"]),
            published=bool(values["published"]),
            articles=int(values["articles"]),
            passages=int(values["passages"]),
            sentences=int(values["sentences"]),
            embedded=int(values["embedded"]),
            seconds=float(values["seconds"]),
            added=tuple(values["added"]),
            changed=tuple(values["changed"]),
            removed=tuple(values["removed"]),
            rejected=_pairs(values["rejected"]),
            doubtful=_pairs(values["doubtful"]),
            diff=AnswerDiff.from_dict(diff) if diff is not None else None,
            stamp=str(values["stamp"]),
        )


def _pairs(values: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(path), str(reason)) for path, reason in values)
