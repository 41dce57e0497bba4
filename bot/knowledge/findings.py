"""What a check of the knowledge folder finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an author should mend.

    Attributes:
        path: The file, relative to the knowledge folder.
        message: What is wrong and what is wanted.
        severity: An error fails the check, a warning is for the author to judge.
        line: From 1; None where the place is not known.
    """

    path: str
    message: str
    severity: Severity = "error"
    line: int | None = None

    @property
    def place(self) -> str:
        """The path, and the line if it is known."""
        return self.path if self.line is None else f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class ArticleFigures:
    """What the check counts in an article.

    Attributes:
        path: The article.
        words: Without its lists of sources and of related articles.
        sentences: Those of its paragraphs, items and quotations.
        naming: How many of them name their subject.
    """

    path: str
    words: int
    sentences: int
    naming: int

    @property
    def share(self) -> float:
        """The share of sentences that name their subject; 1 where there is none."""
        return self.naming / self.sentences if self.sentences else 1.0


def in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Sort findings by path, line and severity, each once."""
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda one: (one.path, one.line or 0, one.severity, one.message),
        )
    )
