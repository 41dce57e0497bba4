"""Messages that are not questions: greetings, thanks, calls for help, orders, other languages.

Each gets one short line without citations. What a message says is data: an order to behave
otherwise changes nothing, because nothing here follows orders.
"""

import re
import unicodedata

CAN_DO = (
    "I answer questions about product careers with sentences quoted from the knowledge base, and "
    "say so when it does not hold the answer. Try “what does a head of product do”, “CPO vs VP of "
    "product” or “how do I become a director of product”."
)
HELLO = "Hello! " + CAN_DO
WELCOME = "You are welcome. Ask me anything about product careers."
GOODBYE = "Goodbye. Ask me anything about product careers, any time."
NOTHING_ASKED = "I see no question there. " + CAN_DO
TOO_LONG = (
    "That is too long for me to read as one question. Please ask it in a sentence or two, "
    "up to 2,000 characters."
)
ENGLISH_ONLY = "I can only answer in English, from articles in English. " + CAN_DO
NO_ORDERS = "I do not follow instructions in messages or articles. " + CAN_DO

_HELLO = re.compile(
    r"(?:hi|hello|hey|hiya|yo|howdy|sup|greetings|good (?:morning|afternoon|evening|day)|morning"
    r"|how are you(?: doing)?(?: today)?|what'?s up|ping|test|testing)"
    r"(?: (?:there|all|everyone|folks|team|bot|pm role|pmrole|again|hello|hi|you))*"
)
_THANKS = re.compile(
    r"(?:ok(?:ay)? |great |perfect |awesome |cool |many |nice )*"
    r"(?:thanks|thank you|thankyou|thx|ty|cheers|much appreciated|appreciated|great|perfect|awesome"
    r"|cool|nice|nice one|ok|okay|got it|good bot|well done|lovely|brilliant)"
    r"(?: (?:a lot|so much|very much|mate|bot|all|again|for (?:that|this|the help|your help)|you))*"
)
_BYE = re.compile(r"(?:bye|goodbye|good night|see you|see ya|ciao|later)(?: (?:all|bot|bye))*")
_HELP = re.compile(
    r"(?:help|help me|info|about|commands|usage|menu|what can you do(?: for me)?"
    r"|what do you do|what are you|who are you|how do (?:i|you) (?:use (?:you|this)|work)"
    r"|what can i ask(?: you)?|what (?:topics|questions) can you (?:answer|cover))"
)
_ORDERS = re.compile(
    r"\b(?:ignore|forget|disregard|override|bypass)\b.{0,30}"
    r"\b(?:your|all|any|previous|prior|earlier|these|those|the above|system)\b.{0,20}"
    r"\b(?:instructions?|prompts?|rules?|guidelines?|training|messages?|everything)\b"
    r"|\b(?:ignore|forget|disregard) (?:everything|all (?:of )?(?:that|the above)|instructions)\b"
    r"|\b(?:system|hidden|initial|secret) (?:prompt|instruction|message)"
    r"|\byou are now\b|(?:^|[.!?;:,]\s*|\b(?:please|now|and|you) )(?:act|behave|respond) as "
    r"(?!(?:an? )?(?:product|pm\b|head|vp|cpo|director|lead|\w+ (?:pm|product)))"
    r"|\bpretend (?:to be|you)\b|\bjailbreak\b|\bdeveloper mode\b"
    r"|\b(?:api|secret|access) (?:keys?|tokens?)\b|\byour (?:password|credentials|token)\b"
    r"|\b(?:reveal|print|show|repeat|output)\b.{0,30}\b(?:your|the) (?:prompt|instructions|config)",
    re.IGNORECASE,
)
# Words that are frequent in one of these languages and are no English words.
_FOREIGN = frozenset(
    [
        "el",
        "los",
        "las",
        "una",
        "unos",
        "que",
        "como",
        "para",
        "por",
        "es",
        "esta",
        "este",
        "cual",
        "cuanto",
        "cuánto",
        "donde",
        "dónde",
        "hace",
        "hacer",
        "gana",
        "ser",
        "soy",
        "cómo",
        "qué",
        "le",
        "les",
        "une",
        "est",
        "qui",
        "quoi",
        "comment",
        "pour",
        "dans",
        "avec",
        "sur",
        "fait",
        "quel",
        "quelle",
        "sont",
        "devenir",
        "je",
        "der",
        "das",
        "ein",
        "eine",
        "einen",
        "ist",
        "sind",
        "wie",
        "wer",
        "wo",
        "und",
        "oder",
        "nicht",
        "mit",
        "für",
        "auf",
        "ich",
        "wird",
        "kann",
        "macht",
        "werde",
        "werden",
        "il",
        "lo",
        "gli",
        "uno",
        "di",
        "che",
        "si",
        "sono",
        "cosa",
        "fa",
        "chi",
        "quale",
        "della",
        "nel",
        "diventare",
        "um",
        "uma",
        "os",
        "não",
        "é",
        "fazer",
        "quanto",
        "qual",
        "são",
        "het",
        "een",
        "wat",
        "hoe",
        "zijn",
        "van",
        "voor",
        "niet",
        "ik",
        "wordt",
        "jest",
        "jak",
        "co",
        "czy",
        "nie",
        "się",
        "är",
        "och",
        "att",
        "vad",
        "hur",
        "jag",
    ]
)
_ENGLISH = frozenset(
    [
        "the",
        "a",
        "an",
        "is",
        "are",
        "was",
        "do",
        "does",
        "did",
        "what",
        "who",
        "how",
        "why",
        "when",
        "where",
        "which",
        "to",
        "of",
        "in",
        "on",
        "for",
        "and",
        "or",
        "i",
        "my",
        "me",
        "you",
        "your",
        "it",
        "this",
        "that",
        "with",
        "can",
        "should",
        "would",
        "be",
        "as",
        "at",
        "by",
        "from",
        "not",
        "vs",
        "about",
        "after",
    ]
)


def small_talk(text: str) -> str | None:
    """Return the line that answers a message which is no question, or None if it may be one.

    Args:
        text: A cleaned message (`messages.clean_message`).
    """
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.lower())
    if not words:
        return NOTHING_ASKED
    plain = " ".join(words)
    for pattern, line in ((_HELLO, HELLO), (_THANKS, WELCOME), (_BYE, GOODBYE), (_HELP, CAN_DO)):
        if pattern.fullmatch(plain):
            return line
    if _ORDERS.search(text):
        return NO_ORDERS
    if not _may_be_english(words):
        return ENGLISH_ONLY
    return None


def _may_be_english(words: list[str]) -> bool:
    letters = [letter for word in words for letter in word]
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    if latin < len(letters) / 2:
        return False
    foreign = sum(word in _FOREIGN for word in words)
    english = sum(word in _ENGLISH for word in words)
    return english >= foreign
