"""Which files of a knowledge folder are articles; never leaves the folder."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import ArticleError

MAX_BYTES = 10 * 1024 * 1024

# ".md.txt" comes first: the longest suffix that fits decides.
_FORMATS = {
    ".md.txt": "markdown",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}
_SETTINGS = ("titles.toml", "library.toml")


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """A file that is an article by its name, or a link or folder that should be one and is not.

    Attributes:
        path: Relative to the knowledge folder, with forward slashes.
        location: Where it lies.
        format: The module of `index.formats` that reads it; empty where there is a problem.
        problem: Why it cannot be read, if that is known without opening it.
    """

    path: str
    location: Path
    format: str = ""
    problem: str | None = None

    @property
    def name(self) -> str:
        """The file's name without its suffix, made readable."""
        name = self.path.rsplit("/", 1)[-1]
        words = name[: len(name) - len(_suffix(name))].replace("-", " ").replace("_", " ").split()
        readable = " ".join(words)
        return readable[:1].upper() + readable[1:]


def find_articles(folder: Path) -> tuple[ArticleFile, ...]:
    """List the articles below ``folder``, sorted by path.

    Hidden files and folders, settings and files of other kinds are passed over. Symbolic links
    are followed to files inside the folder only.
    """
    return tuple(sorted(_walk(folder.resolve()), key=lambda found: found.path))


def read_bytes(file: ArticleFile) -> bytes:
    """Return what is in ``file``.

    Raises:
        ArticleError: It is empty, too large, not a regular file, or may not be read.
    """
    if file.problem:
        raise ArticleError(file.problem)
    try:
        # A pipe would be waited on for ever, so it is never opened.
        status = file.location.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ArticleError("not a regular file")
        if status.st_size > MAX_BYTES:
            wanted = MAX_BYTES // 1024 // 1024
            raise ArticleError(f"{status.st_size:,} bytes, more than {wanted} MB; divide it")
        with file.location.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise ArticleError(f"cannot be read: {error.strerror or error}") from error
    if not data:
        raise ArticleError("empty file")
    return data


def _walk(root: Path) -> Iterator[ArticleFile]:
    folders = [(root, "")]
    while folders:
        folder, prefix = folders.pop()
        try:
            with os.scandir(folder) as entries:
                listed = list(entries)
        except OSError as error:
            problem = f"the folder cannot be read: {error.strerror or error}"
            yield ArticleFile(prefix.rstrip("/") or ".", folder, problem=problem)
            continue
        for entry in listed:
            if entry.name.startswith(".") or entry.name in _SETTINGS:
                continue
            # A name that is no valid text is shown with its odd bytes replaced.
            path = prefix + os.fsencode(entry.name).decode(errors="replace")
            if entry.is_symlink():
                yield from _link(Path(entry.path), root, path)
            elif entry.is_dir(follow_symlinks=False):
                folders.append((Path(entry.path), path + "/"))
            else:
                yield from _file(Path(entry.path), path)


def _file(location: Path, path: str) -> Iterator[ArticleFile]:
    suffix = _suffix(path)
    if suffix:
        yield ArticleFile(path, location, _FORMATS[suffix])


def _suffix(name: str) -> str:
    return next((suffix for suffix in _FORMATS if name.casefold().endswith(suffix)), "")


def _link(location: Path, root: Path, path: str) -> Iterator[ArticleFile]:
    problem = _problem_of_link(location, root)
    if problem:
        yield ArticleFile(path, location, problem=problem)
    else:
        yield from _file(location, path)


def _problem_of_link(location: Path, root: Path) -> str | None:
    try:
        target = location.resolve(strict=True)
    except FileNotFoundError:
        return "a symbolic link to nothing"
    except (OSError, RuntimeError):
        # pathlib reports a loop as a RuntimeError before Python 3.13, as an OSError since.
        return "a symbolic link in a loop"
    if not target.is_relative_to(root):
        return f"a symbolic link that leads out of the knowledge folder, to {target}"
    if not target.is_dir():
        return None
    if location.parent.resolve().is_relative_to(target):
        return "a symbolic link in a loop: it leads to a folder that holds it"
    return f"a symbolic link to the folder {target.relative_to(root)}, which is read there"
