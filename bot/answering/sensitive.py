"""Which questions people would rather not ask aloud. Pure.

Pay, trouble with a promotion or a manager, quitting, dismissal, health and family: asked in a
channel, the answer goes to the asker alone (docs/operating.md, "Privacy"). Too many are better than
too few here, since the asker can share the answer with one click.
"""

import re

from bot.domain import Intent, Question

_PRIVATE = re.compile(
    # pay
    r"\b(?:salar(?:y|ies)|pay(?:s|ing|check|slip)?|paid|underpaid|compensation|bonus(?:es)?|equity"
    r"|stock options?|wages?|raise|earn(?:s|ing|ings)?|package|negotiat\w+)\b"
    # promotion that does not come
    r"|\b(?:passed over|overlooked|denied|turned down|refused|didn'?t get|did not get|never get"
    r"|not getting|won'?t|can'?t get|stuck|plateau\w*|stagnat\w+|demot\w+)\b"
    # leaving, and being made to
    r"|\b(?:quit(?:s|ting)?|resign\w*|leav(?:e|ing) (?:my|this|the) (?:\w+ )?(?:job|company|team"
    r"|role|employer)|hand in my notice|notice period|fired|laid off|layoffs?|redundan\w+"
    r"|dismiss\w+|severance|pip|performance (?:improvement|plan|warning)|probation)\b"
    # one's own manager
    r"|\bmy (?:own |current |new |terrible |bad )?(?:manager|boss|lead|head|director|vp|cpo|ceo"
    r"|skip.level)\b"
    r"|\b(?:bully\w*|harass\w*|toxic|discriminat\w+|unfair\w*|gaslight\w*)\b"
    # health and family
    r"|\b(?:health|burn(?:ed|t|ing)?[- ]?out|anxi\w+|depress\w+|stress\w*|therap\w+|ill(?:ness)?"
    r"|sick|pregnan\w+|maternity|paternity|parental leave|disab\w+|adhd|autis\w+|cancer"
    r"|miscarriage|divorc\w+|bereave\w+)\b",
    re.IGNORECASE,
)


def is_sensitive(question: Question) -> bool:
    """Tell whether only the asker should see the answer, where others would read along."""
    return question.intent is Intent.PAY or bool(
        _PRIVATE.search(question.resolved or question.text)
    )
