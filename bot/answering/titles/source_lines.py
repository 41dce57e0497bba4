"""Where in the text of a TOML file an entry stands, for reports that name a line."""

import re
from dataclasses import dataclass
from typing import Self

_HEADER = re.compile(r"^\s*\[\[?\s*([A-Za-z_][\w.-]*)\s*\]\]?\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class SourceLines:
    """The lines of a TOML file and where its tables begin.

    Attributes:
        lines: The text, a line each.
        headers: Each table header: its name and the index of its line.
    """

    lines: tuple[str, ...]
    headers: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """Find the table headers of a TOML text."""
        lines = tuple(text.splitlines())
        found = ((_HEADER.match(line), at) for at, line in enumerate(lines))
        return cls(lines, tuple((match.group(1), at) for match, at in found if match))

    def line(self, table: str, index: int, *needles: object) -> int:
        """Return the line, from 1, of the first needle that the table's text holds.

        Args:
            table: The header's name, "title" or "words.shorthand".
            index: Which of the tables of that name, from 0.
            needles: Values (found in their quotation marks) or keys, the most telling first.

        Returns:
            The header's line when no needle is found; where there is no such header, the line of a
            header that a needle names, or 1.
        """
        places = [at for name, at in self.headers if name == table]
        if index >= len(places):
            named = [at for name, at in self.headers if name in needles]
            return named[0] + 1 if named else 1
        first = places[index]
        last = min((at for _, at in self.headers if at > first), default=len(self.lines))
        for needle in needles:
            escaped = re.escape(str(needle))
            wanted = re.compile(
                rf"[\"']{escaped}[\"']|^\s*[\"']?{escaped}[\"']?\s*=|\b{escaped}\s*="
            )
            for at in range(first, last):
                if wanted.search(self.lines[at]):
                    return at + 1
        return first + 1
