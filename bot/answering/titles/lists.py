"""Titles named by one word in a list: "senior or lead PM", "head vs VP", "PM to director"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from bot.answering.titles.english import (
    ARTICLES,
    CLOSES,
    COMPARES,
    COMPARING,
    DEGREES,
    LINKS,
    RANKING,
    TOWARDS,
)
from bot.answering.titles.lexicon import OF_PRODUCT, Alone, Lexicon
from bot.answering.titles.matching import MAX_TITLES, Match, Sentence

# At most so many link words lie between two titles of a list.
_LINK_WORDS = 6
_BEFORE_TITLE = ARTICLES | {"to"}
_INTRODUCES = frozenset({"a", "an", "about"})
_IN = frozenset({"in", "of", "for", "at"})


@dataclass(frozen=True, slots=True)
class Bare:
    """A word that may stand for a title, at its place."""

    first: int
    last: int
    alone: Alone
    fuzzy: bool

    def match(self) -> Match:
        """Return the word as the title it stands for."""
        return Match(
            self.first, self.last, (self.alone.name,), ours=True, fuzzy=self.fuzzy, alone=True
        )


Item = Match | Bare


def complete(
    sentence: Sentence, found: Sequence[Match], lexicon: Lexicon, *, about_product: bool
) -> list[Match]:
    """Return the matches and the titles that single words of the text stand for, in order.

    Args:
        sentence: The text.
        found: Its matches, settled.
        lexicon: The vocabulary.
        about_product: Whether what came before is known to be about product titles.
    """
    bare = list(islice(_bare(sentence, found, lexicon), MAX_TITLES))
    if not bare:
        return list(found)
    items: list[Item] = sorted([*found, *bare], key=lambda each: each.first)
    scene = Scene(sentence, found, lexicon, about_product)
    taken = [
        each.match()
        for run in _runs(items, sentence)
        for at, each in enumerate(run)
        if isinstance(each, Bare) and scene.stands(each, at, run)
    ]
    return sorted([*found, *taken], key=lambda each: each.first)


def _bare(sentence: Sentence, found: Sequence[Match], lexicon: Lexicon) -> Iterator[Bare]:
    covered = {at for match in found for at in range(match.first, match.last)}
    at = 0
    while at < len(sentence.forms):
        last = at + 1
        if at not in covered and sentence.forms[at] is not None:
            for size in (3, 2, 1):
                words = tuple(sentence.form(at + each) for each in range(size))
                alone = lexicon.alone.get(words)
                if alone is None or covered.intersection(range(at, at + size)):
                    continue
                forms = sentence.forms[at : at + size]
                ranking = words[0] in RANKING and sentence.words.at(at + size) == "to"
                if sentence.words.at(at - 1) not in DEGREES and not ranking:
                    yield Bare(at, at + size, alone, any(f.edits > 0 for f in forms if f))
                last = at + size
                break
        at = last


def _runs(items: Sequence[Item], sentence: Sentence) -> Iterator[list[Item]]:
    """Yield the items in lists: those with nothing but link words between."""
    run: list[Item] = []
    for item in items:
        if run and not _linked(run[-1], item, sentence):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _between(left: Item, right: Item, sentence: Sentence) -> tuple[str, ...]:
    return sentence.words.words[left.last : right.first]


def _linked(left: Item, right: Item, sentence: Sentence) -> bool:
    between = _between(left, right, sentence)
    if len(between) > _LINK_WORDS or not all(word in LINKS for word in between):
        return False
    if not between:
        return isinstance(right, Match)  # "senior growth PM"
    return any(word not in ARTICLES for word in between)


@dataclass(frozen=True, slots=True)
class Scene:
    """All that decides whether a bare word stands for a title."""

    sentence: Sentence
    found: Sequence[Match]
    lexicon: Lexicon
    about_product: bool

    def stands(self, bare: Bare, at: int, run: Sequence[Item]) -> bool:
        """Tell whether the word, at this place of its list, stands for its title."""
        following = next((each for each in run[at + 1 :] if isinstance(each, Match)), None)
        if following is not None:
            return following.ours and self._before(bare, following, run, at)
        if bare.alone.shared or not self._closed(run[-1]) or self._elsewhere():
            return False
        leading = next((each for each in reversed(run[:at]) if isinstance(each, Match)), None)
        if leading is not None:
            return leading.ours and self._after(bare, run)
        return self._compared(run) if len(run) > 1 else self._lone(bare)

    def _before(self, bare: Bare, title: Match, run: Sequence[Item], at: int) -> bool:
        """Judge "senior" in "senior or lead PM" and "director" in "director vs CPO"."""
        name = title.readings[0]
        tail = bare.alone.tail
        if bare.last == run[at + 1].first:
            specialist = self.lexicon.levels.get(name) is None and name != tail
            return specialist and name.endswith(tail) and not bare.alone.shared
        if name.endswith(tail) and (name != tail or self._compares(run)):
            return True
        if bare.alone.shared or self.lexicon.levels.get(name) is None:
            return False
        return tail.endswith("product") or self._compares(run)

    def _after(self, bare: Bare, run: Sequence[Item]) -> bool:
        """Judge "lead" in "senior PM or lead" and "director" in "from PM to director"."""
        if self._compares(run) or not bare.alone.ordinary:
            return True
        # "PMs and directors" are people; "a PM and lead" may be a verb.
        plural = self.sentence.words.at(bare.last - 1).endswith("s")
        return plural and bare.alone.tail == OF_PRODUCT

    def _compared(self, run: Sequence[Item]) -> bool:
        """Judge a list of bare words alone: "head vs VP"."""
        links = self._links(run)
        if not self._compares(run):
            return False
        plain = any(isinstance(each, Bare) and not each.alone.ordinary for each in run)
        return plain or self._product() or bool(links & {"vs", "versus"})

    def _lone(self, bare: Bare) -> bool:
        """Judge a single word: "I am a PM, what comes after senior?"."""
        before = bare.first - 1
        words = self.sentence.words
        if self.about_product and words.at(before) in _INTRODUCES:
            return True
        article = words.at(before) in _BEFORE_TITLE
        towards = words.at(before - article) in TOWARDS
        if bare.alone.ordinary:
            return towards and self._product()
        if bare.alone.tail == OF_PRODUCT or towards:
            return self._product()
        return self._named()

    def _links(self, run: Sequence[Item]) -> frozenset[str]:
        pairs = pairwise(run)
        return frozenset(word for pair in pairs for word in _between(*pair, self.sentence))

    def _compares(self, run: Sequence[Item]) -> bool:
        links = self._links(run)
        words = self.sentence.words.words
        return bool(links & COMPARES) or ("and" in links and not COMPARING.isdisjoint(words))

    def _closed(self, item: Item) -> bool:
        if isinstance(item, Match):
            return True
        after = self.sentence.words.at(item.last)
        return not after or after in CLOSES or "\n" in after

    def _named(self) -> bool:
        return self.about_product or any(match.ours for match in self.found)

    def _product(self) -> bool:
        product = self.lexicon.lists.product
        return self._named() or any(word in product for word in self.sentence.words.words)

    def _elsewhere(self) -> bool:
        """Tell whether the text is about another field: "director vs VP in sales"."""
        if self._product():
            return False
        words = self.sentence.words.words
        fields = self.lexicon.lists.elsewhere
        after = pairwise(words)
        return bool(self.found) or any(a in _IN and b in fields for a, b in after)
