"""The folder of one generation: given its name once it is whole, checked, and opened."""

import os
from functools import partial
from pathlib import Path

import numpy as np

from index.errors import DamagedIndexError
from index.generation import Generation
from index.manifest import Manifest
from index.passages import Passages
from index.posting_files import PostingFiles
from index.questions import read_questions
from index.vectors import Rows, VectorSet

# Beside the generations, whatever is published.
CALIBRATION = "calibration.json"
# Files up to this size are read whole when a generation is opened (20 ms a MB at worst); of larger
# ones the size is compared, and `pmrole index verify` reads them.
_CHECKED_ON_OPEN_BYTES = 64_000_000


def put_in_place(work: Path, target: Path) -> None:
    """Give a finished folder its name, once everything in it is on the disk.

    Args:
        work: The folder, on the same disk as the other.
        target: What it is to be; nothing of that name is there yet.
    """
    for path in work.rglob("*"):
        sync(path)
    work.chmod(0o755)
    sync(work)
    work.rename(target)
    sync(target.parent)


def open_folder(folder: Path) -> Generation:
    """Open the generation in a folder.

    Raises:
        DamagedIndexError: if a file is missing or differs from the manifest.
    """
    manifest = Manifest.read(folder)
    manifest.check_files(folder, limit=_CHECKED_ON_OPEN_BYTES)
    generation = Generation(
        manifest=manifest,
        passages=Passages(folder / "passages.db"),
        chunk_vectors=VectorSet(folder, "chunks"),
        sentence_vectors=VectorSet(folder, "sentences"),
        sentence_starts=_load_rows(folder / "sentence_starts.npy"),
        heading_vectors=VectorSet(folder, "headings"),
        heading_rows=_load_rows(folder / "heading_rows.npy"),
        lexical=PostingFiles(folder / "lexical"),
        questions=partial(read_questions, folder),
        calibration=partial(read_beside, folder.parent / CALIBRATION),
    )
    generation.check_counts(str(folder))
    return generation


def _load_rows(path: Path) -> Rows:
    try:
        rows: Rows = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise DamagedIndexError(f"{path} cannot be read: {error}") from error
    return rows


def read_beside(path: Path) -> str | None:
    """Return what a small file beside the generations holds; None if it is not there.

    Raises:
        DamagedIndexError: if it cannot be read.
    """
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise DamagedIndexError(f"{path} cannot be read: {error}") from error


def sync(path: Path) -> None:
    """Return when a file or a folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
