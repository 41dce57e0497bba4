"""`python -m bot.uploads.reading_alone FOLDER MEGABYTES SECONDS`: read one article, and no more.

A process of its own, so that a file made to hang, fill or crash its reader ends only this one. It
prints what it read as JSON.
"""

import contextlib
import json
import resource
import sys
from pathlib import Path

from index.articles import read_articles

TOO_MUCH_MEMORY = 3


def main(folder: str, megabytes: int, seconds: int) -> int:
    """Read the one article in a folder; return the exit code.

    Args:
        folder: Where it lies.
        megabytes: The most memory it may ask for.
        seconds: The most time it may take of a processor.
    """
    _limit(resource.RLIMIT_DATA, megabytes * 1024 * 1024)
    _limit(resource.RLIMIT_CPU, seconds)
    try:
        library = read_articles(Path(folder))
    except MemoryError:
        return TOO_MUCH_MEMORY
    if not library.documents and _peak_bytes() > megabytes * 1024 * 1024 / 2:
        return TOO_MUCH_MEMORY  # some readers take what they were refused for the file's end
    read = {
        "titles": [one.title for one in library.documents],
        "words": sum(len(one.text.split()) for one in library.documents),
        "refused": [one.reason for one in library.problems if not one.indexed],
        "notes": [one.reason for one in library.problems if one.indexed],
    }
    print(json.dumps(read))  # noqa: T201 - the parent reads it
    return 0


def _peak_bytes() -> int:
    """Return the most memory this process held; 0 where the system does not say.

    `getrusage` would say what the process held that began this one.
    """
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def _limit(what: int, value: int) -> None:
    # Not every system has every limit; the parent's clock holds everywhere.
    with contextlib.suppress(OSError, ValueError):
        _, most = resource.getrlimit(what)
        wanted = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(what, (wanted, most))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
