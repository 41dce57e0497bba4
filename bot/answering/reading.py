"""The titles that sentences of articles name, each sentence read once."""

from functools import lru_cache

from bot.answering.titles import TitleMention, Vocabulary, find_titles

# Sentences remembered: those of a few hundred articles, in a few megabytes.
_REMEMBERED = 8192


class TitleReader:
    """Finds titles in the text of articles about product. Safe between threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Read with a vocabulary."""
        self.vocabulary = vocabulary

        @lru_cache(maxsize=_REMEMBERED)
        def read(text: str) -> tuple[TitleMention, ...]:
            return find_titles(text, vocabulary, about_product=True)

        self._read = read

    def mentions(self, text: str) -> tuple[TitleMention, ...]:
        """Return every title a text names, ours and others, in its order."""
        return self._read(text)

    def ours(self, text: str) -> list[TitleMention]:
        """Return our titles that a text names, in its order."""
        return [mention for mention in self._read(text) if mention.ours]

    def display_one(self, name: str) -> str:
        """Return a canonical name as answers write it, with its article: "an APM"."""
        shown = self.display(name)
        return f"{'an' if shown[:1].lower() in 'aeiou' else 'a'} {shown}"

    def display(self, name: str) -> str:
        """Return a canonical name as answers write it."""
        title = self.vocabulary.title(name)
        return title.display if title else name
