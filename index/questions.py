"""The questions that articles say they answer, kept with the generation built from them.

A build that loses an article loses its questions too; the generation before still knows them, so
that what can no longer be answered is noticed.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from index.documents import Document
from index.errors import DamagedIndexError

_FILE = "questions.json"


def write_questions(folder: Path, documents: Iterable[Document]) -> None:
    """Write the articles' questions into a generation's folder, by the articles' paths."""
    asked = {one.path: one.questions for one in documents if one.questions}
    text = json.dumps(asked, ensure_ascii=False, indent=1)
    (folder / _FILE).write_text(text + "\n", encoding="utf-8")


def read_questions(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return a generation's questions by article; none for one built before they were kept.

    Raises:
        DamagedIndexError: if they cannot be read.
    """
    file = folder / _FILE
    try:
        stored = json.loads(file.read_text("utf-8"))
        return {str(path): tuple(map(str, asked)) for path, asked in stored.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise DamagedIndexError(f"{file} cannot be read: {error}") from error
