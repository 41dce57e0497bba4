"""What kind of answer a question asks for, by the words that ask for it.

Rules rather than a model: they are read in a minute, cost microseconds, and the same rules tell
what an article's title is about, so that a question about pay finds the article about pay.
"""

import re
from collections.abc import Sequence

from bot.domain import Intent

# In order of precedence: the first rule that matches wins. Lower-case text is matched.
_RULES: tuple[tuple[Intent, str], ...] = (
    (Intent.CV, r"\bcvs?\b|\br[ée]sum[ée]s?\b|curriculum vitae|cover letter"),
    (
        Intent.PAY,
        (
            r"\bsalar(?:y|ies)\b|\bpay(?:s|ing)?\b|\bpaid\b|\bcompensation\b"
            r"|\bearn(?:s|ing|ings)?\b"
            r"|\bwages?\b|\bequity\b|\bbonus(?:es)?\b|\bpackages?\b"
            r"|\bhow much\b.*\bmakes?\b|\bmakes? more (?:money )?than\b"
        ),
    ),
    (
        Intent.HIRING,
        (
            r"\bhir(?:e|es|ed|ing)\b|\brecruit(?:s|ed|ing|ment)?\b"
            r"|\bjob (?:description|spec|ad)s?\b"
            r"|\binterview(?:ing)? (?:an?|our|the|for|\w+)? ?(?:\w+ )?(?:candidates?|applicants?)\b"
            r"|\b(?:we|i) (?:should )?interview\b|\bcandidates?\b"
            r"|(?<!my )\bfirst (?:pm|product|head|title)\b"
            r"|\bemployee #|\bheadcount\b"
        ),
    ),
    (
        Intent.INTERVIEW,
        r"\binterview(?:s|ed|er|ers|ing)?\b|\btake[- ]home\b|\bwhiteboard\b|\bproduct sense\b",
    ),
    (
        Intent.SWITCHING,
        (
            r"\bswitch(?:es|ing)?\b|\btransition(?:s|ing)?\b|\bcareer change\b|\bpivot(?:ing)?\b"
            r"|\b(?:mov(?:e|ing)|go(?:ing)?|come|coming) (?:over )?(?:from|across)\b"
            r"|\binto product (?:from|as)\b"
            r"|\b(?:engineer|developer|designer|analyst|consultant|tester|marketer"
            r"|researcher|scientist"
            r"|support|qa|ux|ba|sales|accountant|teacher) (?:in)?to (?:an? )?(?:pm|product|title)\b"
            r"|\b(?:engineers?|developers?|designers?|analysts?|consultants?|testers?|marketers?"
            r"|researchers?|scientists?|support|qa|accountants?|teachers?)\b.*"
            r"\b(?:becom(?:e|es|ing)|turned|into product|be an? (?:pm|title))\b"
        ),
    ),
    (
        Intent.COMPARISON,
        (
            r"\bvs\.?\b|\bversus\b|\bdiffer(?:s|ent|ence|ences|ing)?\b|\bcompar(?:e"
            r"|es|ed|ing|ison)\b"
            r"|\bsame (?:as|job|thing|role|title)\b|\bthe same\b|\bbetween\b|\boutranks?\b"
            r"|\bmore senior\b|\b(?:senior|junior) to\b|\bhigher\b|\babove\b"
            r"|\bbelow\b|\bbeneath\b|\blower than\b"
            r"|\bbetter\b|\bequivalent\b|\s=\s|\bor just\b"
            r"|\bwhich (?:one|is|comes)\b"
        ),
    ),
    (
        Intent.PATH,
        (
            r"\bbecom(?:e|es|ing)\b|\bnext\b|\bcareer (?:path|ladder|steps?)\b"
            r"|\bpaths?\b|\broads? to\b|\bladders?\b"
            r"|\bpromot(?:e|ed|ion|ions)\b|\bmov(?:e|ing) up\b"
            r"|\bgrow(?:ing)? (?:in)?to\b|\blevels\b|\bnext level\b"
            r"|\bbreak(?:ing)? in(?:to)?\b|\bget(?:ting)? (?:in|into|there|to)\b|\bone day\b"
            r"|\bfrom\b.*\bto\b"
            r"|\b(?:start|starting) (?:out|a career)\b|\broutes? (?:in|into|to)\b"
            r"|\bprogress(?:ion)?\b"
            r"|\bhow long\b|\bdream of\b|\bwant to be\b|\bafter (?:being )?(?:an? )?\b"
            r"|\b(?:stuck|made) (?:at |as )?(?:an? )?title\b|\bend(?:ing)? up as\b"
            r"|\baspiring\b|\badvance(?:d|s|ment)?\b|\brungs?\b|\bseniority\b|\bstep up\b"
            r"|\bland(?:ing)? (?:an?|the|my)\b|\b(?:my|your) way up\b|\btitle to (?:an? )?title\b"
            r"|\bmy first (?:pm|product|title)\b|\bmake (?:it to )?title(?:\?|$| in\b)"
        ),
    ),
    (
        Intent.ORGANISATION,
        (
            r"(?<!nobody )(?<!no one )(?<!no direct )\breport(?:s|ing|ed)?\b|\bboss(?:es)?\b"
            r"|\bline[- ]manag(?:er|ers|es)\b|\bwhom? (?:do|does|would|should)\b.*\banswers? to\b"
            r"|\bchain of command\b|\bhierarch(?:y|ies)\b|\bhow many\b|\bteam size\b"
            r"|\bratios?\b|\bspans?\b"
            r"|\borg(?:anisation|anization)?(?: ?chart)?\b|\bstructure\b|\bmanages\b|\bwho does\b"
            r"|\bsits?\b|\bstart-?ups?\b|\benterprises?\b|\bcompany sizes?\b|\bregions?\b"
        ),
    ),
    (
        Intent.SKILLS,
        (
            r"\bskills?\b|\bcompetenc(?:e|es|y|ies)\b|\bgood at\b|\bstrengths?\b"
            r"|\bqualit(?:y|ies)\b"
            r"|\bqualifications?\b|\bdegrees?\b|\bmbas?\b|\bcertific(?:ate|ates|ation|ations)\b"
            r"|\beducation\b|\bexperience\b|\blearn\b|\bneed to (?:know|be)\b"
            r"|\btechnical\b|\bcode\b"
            r"|\bcourses?\b"
        ),
    ),
    (
        Intent.PROCESS,
        (
            r"\bhow (?:do|does|should|to|can|would)\b|\b90 days\b|\broadmaps?\b"
            r"|\bdiscovery\b|\bokrs?\b"
            r"|\bmetrics?\b|\bkpis?\b|\bmeasur(?:e|es|ed|ing)\b|\bvision\b|\bstrateg(?:y|ies)\b"
            r"|\bmentor(?:s|ing)?\b|\bcoach(?:es|ing)?\b|\bprocess(?:es)?\b"
        ),
    ),
)
_COMPILED = tuple((intent, re.compile(pattern)) for intent, pattern in _RULES)


# Words that ask to have titles set side by side, rather than ranked in a word.
COMPARES = re.compile(
    r"\b(?:vs\.?|versus|differ(?:s|ent|ence|ences)?|compar(?:e|ed|es|ing|ison)|between)\b",
    re.IGNORECASE,
)
_BY_INTENT = dict(_COMPILED)
# An answer on these must speak of them: a passage that does not is about something else.
_DECISIVE = (Intent.PAY, Intent.INTERVIEW, Intent.CV)
_BOSS = re.compile(
    r"(?<!nobody )(?<!no one )\breport(?:s|ing)? to\b|\bboss(?:es)?\b|\bline[- ]managers?\b"
)
_CERTIFICATES = re.compile(r"\bcertif(?:icat\w+|ied)\b")


def outline(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a text with the job titles at some spans replaced by TITLE."""
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}TITLE{text[end:]}"
    return text


def speaks_of(intent: Intent, text: str) -> bool:
    """Tell whether a text has the words of a kind of answer."""
    pattern = _BY_INTENT.get(intent)
    return pattern is not None and bool(pattern.search(text.lower()))


def required_words(intent: Intent, form: str) -> re.Pattern[str] | None:
    """Return the words without which nothing answers a question, None where there are no such.

    Args:
        intent: The kind of answer asked for.
        form: The question with its job titles replaced by TITLE.
    """
    if intent in _DECISIVE:
        return _BY_INTENT[intent]
    if _CERTIFICATES.search(form.lower()):
        return _CERTIFICATES
    return _BOSS if "TITLE" in form and _BOSS.search(form.lower()) else None


def find_intent(text: str, *, titles: int = 0) -> Intent:
    """Return the kind of answer a question asks for, or an article's title promises.

    Args:
        text: The question or title, its job titles replaced by TITLE (`outline`), so that a
            technical PM is not taken for a question on technical skills.
        titles: How many job titles it names; a comparison needs two to be one.
    """
    lowered = text.lower()
    for intent, pattern in _COMPILED:
        if intent is Intent.COMPARISON and titles < 2:
            continue
        if pattern.search(lowered):
            return intent
    return Intent.DEFINITION
