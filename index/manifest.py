"""What a generation was built from and with, and what its files must be."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import DamagedIndexError, IndexMismatchError

FORMAT = 2
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from and with.

    Attributes:
        name: The generation's folder.
        built: When, UTC.
        model: The name of the embedding model.
        encoder: The fingerprint of the encoder that made the vectors.
        dimension: The length of the vectors.
        chunk_tokens: The most word pieces in a chunk of several sentences.
        knowledge: The folder of articles, absolute.
        stamp: Of the folder's files and the options of the build, to see that nothing changed.
        articles: How many articles are indexed.
        chunks: How many chunks.
        sentences: How many sentences.
        files: Each file's size in bytes and SHA-256, by its path in the folder.
        problems: Articles that were refused or doubtful: path, reason, whether it is indexed.
    """

    format: int
    name: str
    built: str
    model: str
    encoder: str
    dimension: int
    chunk_tokens: int
    knowledge: str
    stamp: str
    articles: int
    chunks: int
    sentences: int
    files: dict[str, tuple[int, str]]
    problems: tuple[tuple[str, str, bool], ...] = ()

    def write(self, folder: Path) -> None:
        """Write the manifest into a generation's folder."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    def check_files(self, folder: Path, *, limit: int | None = None) -> None:
        """Compare the files in a generation's folder with what is said of them here.

        Args:
            folder: The generation's.
            limit: Files larger than this many bytes are compared by size only; None for none.

        Raises:
            DamagedIndexError: naming the first file that is missing or differs.
        """
        for path, (size, digest) in self.files.items():
            file = folder / path
            seen = file.stat().st_size if file.is_file() else None
            if seen is None:
                raise DamagedIndexError(f"{file} is missing")
            if seen != size:
                raise DamagedIndexError(f"{file} has {seen} bytes, its manifest says {size}")
            if (limit is None or size <= limit) and file_digest(file) != digest:
                raise DamagedIndexError(f"{file} is damaged: its checksum differs")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read a generation's manifest.

        Raises:
            DamagedIndexError: if it is missing or unreadable.
            IndexMismatchError: if it is of another format.
        """
        path = folder / MANIFEST
        try:
            values = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise DamagedIndexError(f"{path} cannot be read: {error}") from error
        return cls.from_values(values, str(path))

    @classmethod
    def from_values(cls, values: dict[str, Any], place: str) -> "Manifest":
        """Make a manifest from what JSON holds of it.

        Args:
            values: Such as `asdict` gives.
            place: Where it was read, for the errors.

        Raises:
            DamagedIndexError: if something is missing or of another kind.
            IndexMismatchError: if it is of another format.
        """
        try:
            if values["format"] != FORMAT:
                raise IndexMismatchError(
                    f"{place} has format {values['format']}, this program reads {FORMAT}: "
                    "run `pmrole index build`"
                )
            files = {
                path: (int(size), str(digest)) for path, (size, digest) in values["files"].items()
            }
            problems = tuple(
                (path, reason, indexed) for path, reason, indexed in values["problems"]
            )
            return cls(**{**values, "files": files, "problems": problems})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedIndexError(f"{place} cannot be read: {error}") from error


def file_digest(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def list_files(folder: Path) -> dict[str, tuple[int, str]]:
    """Return size and SHA-256 of every file in a folder, by its path there."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, file_digest(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
