"""Find the job titles that a text names, and spell their abbreviations out."""

from dataclasses import dataclass

from bot.answering.titles.lexicon import Lexicon
from bot.answering.titles.lists import complete
from bot.answering.titles.matching import Match, Sentence, matches
from bot.answering.titles.readings import settle
from bot.answering.titles.text import split
from bot.answering.titles.vocabulary import Vocabulary

# A question is a line or two; what stands beyond this is not read, so that a pasted document
# costs no more than a long question.
MAX_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class TitleMention:
    """A job title that a text names.

    Attributes:
        start: Where it begins in the text.
        end: Where it ends.
        surface: How the text writes it; "senior" alone in "senior or lead PM".
        readings: Canonical names, the likeliest first; more than one is ambiguous.
        ours: Whether one of them is our title; False for a neighbour ("VP of sales").
        fuzzy: Whether a typing mistake was corrected.
    """

    start: int
    end: int
    surface: str
    readings: tuple[str, ...]
    ours: bool
    fuzzy: bool


def find_titles(
    text: str, vocabulary: Vocabulary, *, about_product: bool = False
) -> tuple[TitleMention, ...]:
    """Return the titles named in the first `MAX_CHARACTERS` of a text, in its order.

    Args:
        text: What a person wrote, without Slack's markup.
        vocabulary: The titles known.
        about_product: Whether the conversation is already about product titles, so that "and a
            director?" means the director of product.
    """
    lexicon = vocabulary.lexicon
    if not lexicon.root.children:
        return ()
    words = split(_read(text), lexicon.lists.shorthand)
    sentence = Sentence.of(words, lexicon)
    settled = settle(sentence, matches(sentence, lexicon), lexicon)
    found = complete(sentence, settled, lexicon, about_product=about_product)
    if len(found) > len(settled):
        # "VP vs CPO": the VP is one of product, and that settles which CPO is meant.
        found = settle(sentence, found, lexicon)
    return tuple(_mention(match, sentence) for match in found)


def expand_abbreviations(
    text: str, mentions: tuple[TitleMention, ...], vocabulary: Vocabulary
) -> str:
    """Return the text with our titles spelled out, for searching.

    An abbreviation or a word alone is followed by its full name in brackets ("CPO (chief product
    officer)"), once; a mistyped title is replaced by its name. Titles already written in full,
    and neighbours, are left as they are.

    Args:
        text: The text.
        mentions: What `find_titles` found in it.
        vocabulary: The titles known.
    """
    lexicon = vocabulary.lexicon
    said = {each.readings for each in mentions if _is_full(each, lexicon)}
    pieces = []
    done = 0
    for each in mentions:
        names = tuple(name for name in each.readings if name in lexicon.levels)
        if not names or names in said:
            continue
        said.add(names)
        spelled = " or ".join(names)
        pieces += [text[done : each.end], f" ({spelled})"]
        if each.fuzzy:
            pieces[-2:] = [text[done : each.start], spelled]
        done = each.end
    return "".join([*pieces, text[done:]])


def _read(text: str) -> str:
    if len(text) <= MAX_CHARACTERS:
        return text
    # Half a word at the cut could look like a title.
    return text[:MAX_CHARACTERS].rpartition(" ")[0]


def _mention(match: Match, sentence: Sentence) -> TitleMention:
    words = sentence.words
    start, end = words.starts[match.first], words.ends[match.last - 1]
    surface = words.text[start:end]
    return TitleMention(start, end, surface, match.readings, match.ours, match.fuzzy)


def _is_full(mention: TitleMention, lexicon: Lexicon) -> bool:
    """Tell whether the text already writes the title's canonical name."""
    words = split(mention.surface, lexicon.lists.shorthand)
    forms = Sentence.of(words, lexicon)
    written = " ".join(forms.word(at) for at in range(len(words.words)))
    return not mention.fuzzy and written in mention.readings
