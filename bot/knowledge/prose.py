"""Checks of what can be quoted: words, long sentences, subjects, sentences that stand twice."""

import re
from collections.abc import Callable, Iterator, Sequence

from bot.answering.titles import Vocabulary, find_titles
from bot.knowledge.findings import ArticleFigures, Finding
from bot.knowledge.reading import Article, Sentence
from bot.knowledge.rules import Rules
from index.duplicates import group_near_duplicates

# Whoever reads a quotation alone cannot tell what these stand for. "IT" is a department.
_LEANING = re.compile(
    r"[^\w]*(?!(?-i:IT)\b)(?:he|she|it|they|we|this|that|these|those|his|her|its|their|our)\b", re.I
)
# Shorter sentences are alike by chance.
_LEAST_WORDS = 8
_SHOWN = 120


def leans(sentence: str) -> bool:
    """Tell whether a sentence begins with a pronoun or a demonstrative."""
    return _LEANING.match(sentence) is not None


def subject_finder(article: Article, vocabulary: Vocabulary) -> Callable[[str], bool]:
    """Return what tells whether a sentence of an article names its subject.

    It does if it does not begin with a pronoun or a demonstrative, and holds a job title of
    titles.toml, the article's title or one of its aliases.
    """
    names = [re.sub(r"\s*\(.*?\)", "", article.title), *article.texts("aliases")]
    phrases = "|".join(re.escape(name.strip()) for name in names if name.strip())
    named = re.compile(rf"\b(?:{phrases})(?:e?s)?\b", re.IGNORECASE)

    def names_subject(sentence: str) -> bool:
        if leans(sentence):
            return False
        return bool(phrases and named.search(sentence)) or bool(find_titles(sentence, vocabulary))

    return names_subject


def figures(article: Article, vocabulary: Vocabulary) -> ArticleFigures:
    """Count an article's words and the sentences that name their subject."""
    names_subject = subject_finder(article, vocabulary)
    naming = sum(names_subject(one.text) for one in article.sentences)
    return ArticleFigures(article.path, article.words, len(article.sentences), naming)


def check_words(article: Article, rules: Rules) -> Iterator[Finding]:
    """Find articles and sentences that are too long, and articles that are too short."""
    limits = rules.limits_of(article.path)
    if article.document and not limits.least <= article.words <= limits.most:
        message = f"{article.words} words; from {limits.least} to {limits.most} are wanted"
        yield Finding(article.path, message)
    for sentence in article.sentences:
        words = len(sentence.text.split())
        if words > rules.sentence_words:
            message = (
                f"a sentence of {words} words, more than {rules.sentence_words}: {_shown(sentence)}"
            )
            yield Finding(article.path, message, line=sentence.line)


def check_subjects(article: Article) -> Iterator[Finding]:
    """Find sentences that cannot be quoted alone, because they begin with a pronoun."""
    for sentence in article.sentences:
        if leans(sentence.text):
            message = f"begins with a pronoun, so it cannot be quoted alone: {_shown(sentence)}"
            yield Finding(article.path, message, "warning", sentence.line)


def check_repetition(articles: Sequence[Article]) -> Iterator[Finding]:
    """Find sentences that nearly repeat one of another article."""
    every = [
        sentence
        for article in articles
        for sentence in article.sentences
        if len(sentence.text.split()) >= _LEAST_WORDS
    ]
    groups = group_near_duplicates([sentence.text for sentence in every])
    for sentence, first in zip(every, groups.tolist(), strict=True):
        other = every[first]
        if other.path != sentence.path:
            place = Finding(other.path, "", line=other.line).place
            message = f"nearly repeats {place}: {_shown(sentence)}"
            yield Finding(sentence.path, message, "warning", sentence.line)


def _shown(sentence: Sentence) -> str:
    text = sentence.text
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN].rpartition(" ")[0] + " …")
