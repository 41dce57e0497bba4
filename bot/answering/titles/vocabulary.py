"""The title vocabulary: the entries of titles.toml, ready to be found in a text."""

from dataclasses import dataclass, field
from typing import Self

from bot.answering.titles.entries import Abbreviation, Ladder, Neighbour, Title, WordLists
from bot.answering.titles.lexicon import Lexicon, compile_lexicon


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything titles.toml says. Share one between threads: nothing in it changes.

    Attributes:
        titles: Ours, in the order of the file.
        neighbours: Those just outside.
        abbreviations: Letters with more than one meaning, or that are also everyday words.
        ladder: The usual order.
        words: Everyday words, shorthand and variants.
        lexicon: What the finder walks, compiled from the rest.
    """

    titles: tuple[Title, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    abbreviations: tuple[Abbreviation, ...] = ()
    ladder: Ladder = field(default_factory=Ladder)
    words: WordLists = field(default_factory=WordLists)
    lexicon: Lexicon = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the phrases once, so that a question only walks them."""
        lexicon = compile_lexicon(self.titles, self.neighbours, self.abbreviations, self.words)
        object.__setattr__(self, "lexicon", lexicon)

    @classmethod
    def empty(cls) -> Self:
        """Return the vocabulary that knows no title."""
        return cls()

    def title(self, name: str) -> Title | None:
        """Return our title of this canonical name, in any case, or None."""
        wanted = name.casefold()
        return next((title for title in self.titles if title.name == wanted), None)

    def level(self, name: str) -> int | None:
        """Return the title's place on the usual ladder; None off the ladder or unknown."""
        title = self.title(name)
        return title.level if title else None

    def next_titles(self, name: str) -> tuple[str, ...]:
        """Return the canonical names of what usually comes next, lowest level first.

        That is every title of the ladder up to the next level that holds a main title, so the
        optional rungs between are named too. Empty at the top, off the ladder, or when unknown.
        """
        level = self.level(name)
        if level is None:
            return ()
        main = [self.level(each) or 0 for each in self.ladder.order]
        top = min((each for each in main if each > level), default=level)
        above = [(t.level, t.name) for t in self.titles if t.level and level < t.level <= top]
        return tuple(each for _, each in sorted(above, key=lambda pair: pair[0]))
