"""A message, with the thread it stands in, to a question: titles, kind of answer, query. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.intents import find_intent, outline
from bot.answering.messages import clean_message, extract_question
from bot.answering.smalltalk import small_talk
from bot.answering.titles import TitleMention, Vocabulary, expand_abbreviations, find_titles
from bot.answering.wording import as_written
from bot.domain import Intent, Message, Question

_STAGE = re.compile(
    r"\b(start-?ups?|scale-?ups?|seed|series [a-d]|enterprises?|(?:large|big|small|medium)[- ]"
    r"(?:company|companies|organi[sz]ations?|firms?|business)|government|gov|public sector"
    r"|non-?profits?|agenc(?:y|ies))\b",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(
    r"^(?:and|but|or|also|what about|how about|what if|same for|then|ok and|so)\b[\s,]*",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:an? )?(?:one|it|its|they|them|their|theirs|he|she|his|her|that|this|those|these)\b"
    r"(?: (?:role|job|title|position|person|people))?",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"^(?:in|at|on|for|with|without|to|from|as|by|if|when|after|before|during|outside|inside)\b",
    re.IGNORECASE,
)
_BARE_WHY = re.compile(
    r"^(?:and |but )?(?:why|how|how so|how come|when|since when)\s*\??$", re.IGNORECASE
)
# What stands in quotation marks as an example, three words or more: "launch feature X".
_EXAMPLE = re.compile(r"\"([^\"\s]+(?: [^\"\s]+){2,})\"")
# "How do I get there?" after "what is a head of product?" asks for the way to the title.
_THERE = re.compile(r"\b(?:get|getting|go|going|move|moving) (?:up )?there\b", re.IGNORECASE)
# "How long does it take?" points at what was asked, not at the title it was asked of.
_IMPERSONAL = re.compile(
    r"\b(?:does|do|did|will|would|can|should) it (?:usually |normally |typically |really )?"
    r"(?:take|pay|matter|help|work|cost|happen|depend)\b"
    r"|\b(?:is it|it's|it is) (?:\w+ )?"
    r"(?:hard|easy|worth|normal|possible|common|realistic|ok|okay)\b",
    re.IGNORECASE,
)
# A follow-up that points back is short; a long message stands on its own.
_MAX_FOLLOWING_WORDS = 12
# Earlier messages that still matter.
_MAX_THREAD = 20


@dataclass(frozen=True, slots=True)
class _Topic:
    """What the thread is about so far."""

    text: str
    titles: tuple[str, ...]


def understand(text: str, thread: Sequence[Message], vocabulary: Vocabulary) -> Question:
    """Return the question a message asks.

    Args:
        text: The message as it was written, with Slack's mark-up.
        thread: Earlier messages of the thread, oldest first.
        vocabulary: The titles known.
    """
    topic: _Topic | None = None
    for said in thread[-_MAX_THREAD:]:
        if said.sender == "user":
            earlier = extract_question(clean_message(said.text))
            if earlier and small_talk(earlier) is None:
                full = _resolve(earlier, topic, vocabulary) or earlier
                named = _titles(find_titles(full, vocabulary, about_product=topic is not None))
                topic = _Topic(full, named or (topic.titles if topic else ()))
    message = clean_message(text)
    asked = extract_question(message)
    resolved = _resolve(asked, topic, vocabulary) or _with_background(asked, message, vocabulary)
    return _question(asked, resolved, vocabulary, about_product=topic is not None)


def _question(
    asked: str, resolved: str | None, vocabulary: Vocabulary, *, about_product: bool
) -> Question:
    full = resolved or asked
    mentions = find_titles(full, vocabulary, about_product=about_product)
    if not about_product and any(mention.ours for mention in mentions):
        # "How many PMs should a director have?" is about a director of product.
        mentions = find_titles(full, vocabulary, about_product=True)
    titles = _titles(mentions)
    foreign = tuple(dict.fromkeys(one.readings[0] for one in mentions if not one.ours))
    # An example says what it is one of, which is asked about, in words that no article has.
    searched = as_written(_without_examples(full, mentions))
    found = mentions if searched == full else find_titles(searched, vocabulary)
    stage = _STAGE.search(full)
    ours = [mention for mention in mentions if mention.ours]
    form = as_written(outline(full, [(one.start, one.end) for one in ours]))
    return Question(
        text=asked,
        query=expand_abbreviations(searched, found, vocabulary),
        intent=_intent(form, titles, foreign, vocabulary),
        titles=titles,
        foreign_titles=foreign,
        stage=stage.group(1).lower() if stage else None,
        resolved=resolved,
        readings=tuple(
            dict.fromkeys(
                (mention.surface, reading)
                for mention in mentions
                if mention.ours and len(mention.readings) > 1
                for reading in mention.readings
            )
        ),
        abbreviated=all(_is_letters(mention.surface) for mention in ours)
        if ours
        else _has_letters(full, vocabulary),
        outline=form,
    )


def _without_examples(text: str, mentions: Sequence[TitleMention]) -> str:
    """Leave out each example in quotation marks that names no title."""

    def shortened(match: re.Match[str]) -> str:
        named = any(match.start() <= one.start < match.end() for one in mentions)
        return match.group() if named or match.group() == text else ""

    return " ".join(_EXAMPLE.sub(shortened, text).split())


def _intent(
    text: str, titles: Sequence[str], foreign: Sequence[str], vocabulary: Vocabulary
) -> Intent:
    """Return the kind of answer asked for.

    A way from another field to ours is a switch; from one rung of the ladder to another it is none.
    """
    intent = find_intent(text, titles=len(titles))
    if intent is Intent.PATH and titles and foreign:
        return Intent.SWITCHING
    if intent is Intent.SWITCHING and len(titles) > 1 and not foreign:
        known = [vocabulary.title(name) for name in titles]
        if all(title is not None and title.level is not None for title in known):
            return Intent.PATH
    return intent


def _is_letters(surface: str) -> bool:
    """Tell whether a title is written as letters only: PM, GPMs, CPO's."""
    return " " not in surface and len(surface) <= 6


def _has_letters(text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a text has letters such as "hop" that were not taken for a title."""
    words = set(re.findall(r"[a-z]+", text.lower()))
    return any(one.letters.lower() in words for one in vocabulary.abbreviations)


def _with_background(asked: str, message: str, vocabulary: Vocabulary) -> str | None:
    """Add the title that only the message's other sentences name: "I am a PM. What next?"."""
    if asked == message or find_titles(asked, vocabulary, about_product=True):
        return None
    named = _titles(find_titles(message, vocabulary))
    return f"{asked.strip(' ?')} ({_display(named[:1], vocabulary)})?" if named else None


def _titles(mentions: Sequence[TitleMention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.readings[0] for mention in mentions if mention.ours))


def _resolve(asked: str, topic: _Topic | None, vocabulary: Vocabulary) -> str | None:
    """Return a follow-up as a question that stands on its own; None if it does already."""
    if topic is None or not asked or len(asked.split()) > _MAX_FOLLOWING_WORDS:
        return None
    mentions = find_titles(asked, vocabulary, about_product=True)
    rest = _FOLLOWING.sub("", asked).strip(" ?.!")
    if mentions:
        return _of_new_title(rest, mentions, topic, vocabulary)
    if _BARE_WHY.match(asked):
        return f"{asked.strip(' ?')}: {topic.text}"
    joins = bool(_FOLLOWING.match(asked))
    if not topic.titles or _IMPERSONAL.search(rest):
        pointing = joins or bool(_POINTING.search(rest))
        return f"{topic.text.strip(' ?')}: {rest}?" if pointing else None
    if not joins or _POINTING.search(rest) or _THERE.search(rest):
        return _of_known_titles(rest, topic, vocabulary)
    place = rest if _PREPOSITION.match(rest) else f"in {rest}"
    return f"{topic.text.strip(' ?')}, {place}?"


def _of_known_titles(rest: str, topic: _Topic, vocabulary: Vocabulary) -> str:
    """Resolve "how do I become one" and "salary?" by the thread's titles."""
    subject = _display(topic.titles, vocabulary)
    if _THERE.search(rest):
        return _THERE.sub(f"become a {subject}", rest, count=1) + "?"
    if _POINTING.search(rest):
        return _POINTING.sub(f"a {subject}", rest, count=1) + "?"
    return f"{rest} ({subject})?"


def _of_new_title(
    rest: str, mentions: Sequence[TitleMention], topic: _Topic, vocabulary: Vocabulary
) -> str | None:
    """Resolve "and a CPO?": the earlier question, asked of the new title."""
    bare = rest
    for mention in mentions:
        bare = bare.replace(mention.surface, " ")
    has_own_words = re.sub(r"\b(?:an?|the|for|as|and|of)\b|\W", "", bare.lower())
    if has_own_words or len(mentions) > 1:
        return None
    earlier = find_titles(topic.text, vocabulary, about_product=True)
    if not earlier:
        return f"{topic.text.strip(' ?')}: {rest}?"
    last = earlier[-1]
    named = _display(mentions[0].readings[:1], vocabulary)
    return f"{topic.text[: last.start]}{named}{topic.text[last.end :]}"


def _display(titles: Sequence[str], vocabulary: Vocabulary) -> str:
    known = [vocabulary.title(name) for name in titles]
    return " or ".join(
        title.display if title else name for title, name in zip(known, titles, strict=True)
    )
