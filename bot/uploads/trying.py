"""A file read for the first time: in another process, within limits of time and memory.

What has been read so once can be read by the bot itself: the readers do the same every time.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.uploads.reading_alone import TOO_MUCH_MEMORY
from bot.uploads.refusing import RefusedError

logger = logging.getLogger(__name__)

# 60,000 words, the most that an article may have, took 2 to 6 s in every format.
SECONDS = 30
# Beside a bot of 256 MB on a machine of 512 MB.
MEGABYTES = 200


@dataclass(frozen=True, slots=True)
class FirstReading:
    """What the first reading found.

    Attributes:
        title: The article's title.
        words: How many words of text it has.
        notes: What its author should mend.
    """

    title: str
    words: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What the first reading may take: seconds by the clock, and MB of memory."""

    seconds: int = SECONDS
    megabytes: int = MEGABYTES


def read_first(folder: Path, limits: Limits | None = None) -> FirstReading:
    """Read the one article in a folder as the library does.

    Args:
        folder: It holds the article and nothing else.
        limits: What that may take.

    Raises:
        RefusedError: It cannot be read, holds no text, or takes too much.
    """
    allowed = limits or Limits()
    command = [sys.executable, "-m", "bot.uploads.reading_alone", str(folder)]
    command += [str(allowed.megabytes), str(allowed.seconds)]
    # Nothing of the environment: what reads a stranger's file need not know the tokens.
    environment = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, env=environment, capture_output=True, timeout=allowed.seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _too_slow(allowed) from error
    return _understood(done, allowed)


def _understood(done: subprocess.CompletedProcess[bytes], allowed: Limits) -> FirstReading:
    code = done.returncode
    if code == TOO_MUCH_MEMORY:
        raise RefusedError(
            f"Reading the file takes more than {allowed.megabytes} MB of memory; divide it."
        )
    try:
        read = json.loads(done.stdout)
    except ValueError as error:
        if code == -signal.SIGXCPU:
            raise _too_slow(allowed) from error
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        logger.warning("the reader of a file ended with %d: %s", code, " ".join(said))
        raise RefusedError(
            "The file breaks what reads it, or was made to; save it again in another format."
        ) from error
    if read["refused"] or not read["titles"]:
        reason = read["refused"][0] if read["refused"] else "no text in it"
        raise RefusedError(f"The file cannot be read: {reason}.")
    return FirstReading(str(read["titles"][0]), int(read["words"]), tuple(read["notes"]))


def _too_slow(allowed: Limits) -> RefusedError:
    return RefusedError(f"Reading the file takes more than {allowed.seconds} s; divide it.")
