"""Signs by which a sentence gives itself away as promotion, biography, disclaimer or navigation.

Each sign is weak alone, because honest articles about products speak of trials, guarantees and
newsletters too; `index.boilerplate` leaves a sentence out only when several agree.
"""

import re
from dataclasses import dataclass
from typing import Literal

Reason = Literal["advert", "biography", "disclaimer", "navigation", "reference list"]

ENOUGH = 100
# A longer "sentence" is a listing or a table; no sign is sought in it.
_LONGEST_JUDGED = 700


@dataclass(frozen=True, slots=True)
class Signal:
    """A pattern that speaks for one reason to leave out, with points; `ENOUGH` are enough."""

    reason: Reason
    points: int
    pattern: re.Pattern[str]


def _signal(reason: Reason, points: int, *phrases: str) -> Signal:
    return Signal(reason, points, re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})", re.IGNORECASE))


def _cased_signal(reason: Reason, points: int, *phrases: str) -> Signal:
    return Signal(reason, points, re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})"))


# Where a sentence can begin to command: at its start, or after a comma or another sentence.
_COMMAND = (
    r"(?:^|(?<=[,;:?!\u2013\u2014-])\s+)"
    r"(?:(?:so|then|and|or|please|just|simply|now|why not),? )*"
)
_VENTURE = (
    r"(?:school|boot ?camp|academy|platform|marketplace|job board|community|newsletter|app|tool|"
    r"software|program(?:me)?|course|service|agency)\b"
)
_WARES = (
    r"(?:courses?|boot ?camps?|training|newsletters?|guides?|e-?books?|webinars?|workshops?|"
    r"templates?|builders?|quiz|quizzes|mentors|tutors|coaches|consultants|sales team|demos?|"
    r"free trial|academy|job boards?|cheat ?sheets?|checklists?|calculators?|assessments?|"
    r"certifications?|masterclass(?:es)?|podcasts?|recruiters)\b"
)
_ORDERS = (
    r"(?:sign up|subscribe|enrol+|register (?:now|today|for)|buy now|order (?:now|your)|shop|"
    r"join (?:our|us|thousands|over|more than|companies like|teams like)|get started|claim your|"
    r"unlock|grab (?:your|our|a|the)|click|start your|upgrade (?:now|today|to)|follow us|hurry|"
    r"apply (?:now|today)|(?:book|schedule|request) (?:a|your)|don't miss|save up to|contact us|"
    r"download (?:our|your|the|this|a free)|try (?:[\w-]+ ){1,2}(?:for )?free|take our|"
    r"(?:browse|explore|discover|visit|try|see|read|check out|make use of|use) our|"
    r"get (?:your|our|instant|unlimited|free|paired|matched|hired|(?:all )?the latest)|"
    r"hire (?:top|pre-vetted|vetted|skilled)|(?:take|boost) your career|become a certified|"
    r"build your (?:\w+ )?(?:cv|resume|career))\b"
)
_NAME = r"[A-Z][\w'.-]+(?: [A-Z][\w'.-]+){0,2}"
_PRESENT_WORK = (
    r"(?:works|writes|teaches|advises|coaches|consults|speaks|mentors|hosts|blogs|helps|leads|runs|"
    r"contributes|specialises|specializes|lectures|covers|enjoys|loves)\b"
)
_PROFESSION = (
    r"(?:writer|author|editor|blogger|journalist|consultant|coach|speaker|marketer|strategist|"
    r"founder|co-founder|manager|director|head|lead|designer|freelancer|copywriter|entrepreneur|"
    r"advis[eo]r|instructor|specialist|engineer|leader|contributor|CEO|CPO|VP)\b"
)

_ADVERT = (
    _signal("advert", 45, rf"our (?:\w+[- ]){{0,4}}{_WARES}"),
    _signal("advert", 20, r"our (?:\w+[- ]){0,3}(?:platform|tools?|software|services|network)\b"),
    _signal("advert", 50, r"our (?:expert|professional|certified|experienced) \w+"),
    _signal(
        "advert",
        70,
        r"we(?:'re| are) here (?:to help|for you)",
        r"(?:let us|we can) help you",
        r"we've got you covered",
        r"we(?:'re| are) happy to help",
        r"contact (?:us|our)\b",
        r"(?:get in touch with|reach out to|talk to) (?:us|our \w+)\b",
        r"our \w+ (?:is|are) (?:here|ready|happy|standing by)",
    ),
    _signal("advert", 60, _COMMAND + _ORDERS),
    _signal(
        "advert",
        40,
        r"^(?:select|choose|pick) (?:a|your) (?:program(?:me)?|course|plan|template|track)\b",
        r"^(?:learn|find out|discover|read) more (?:about|at|here|on|in) (?:our|how we|us)\b",
        r"see how [\w ]{2,25} can help",
        r"(?:call|chat|demo|consultation|session) with (?:us|our|one of our)\b",
        r"(?:unlock|instant|unlimited|lifetime|exclusive) access\b",
        r"you(?:'ll| will) (?:get|receive|gain|earn) (?:lifetime|a certificate|job-ready)",
    ),
    _signal("advert", 100, rf"{_COMMAND}(?:try|take) (?:our|the|this) (?:[\w-]+ ){{0,4}}quiz\b"),
    _signal("advert", 60, r"^(?:with|using|through) our [\w -]{2,30},? you (?:can|will|get)\b"),
    _signal("advert", 40, r"(?:https?://|www\.)\S+\s+\w", r"\w+\.(?:com|io|co)/\S+\s+\w"),
    _signal("advert", 20, r"https?://", r"www\."),
    _signal(
        "advert",
        60,
        r"(?:your )?money[- ]back\b",
        r"(?:free trial|no credit card|special offer)\b",
        r"risk[- ]free\b",
        r"\d+ ?% off\b",
        r"(?:discount|promo(?:tional)?|coupon) code\b",
        r"limited[- ]time\b",
        r"early[- ]bird\b",
        r"cancel any ?time\b",
        r"100% free\b",
        r"(?:for|from|at) (?:just|only) [$£€]",
        r"starting at [$£€]",
        r"(?:places|seats|spots) are limited\b",
        r"limited (?:seats|spots|places)\b",
        r"(?:to|in) your inbox\b",
    ),
    _signal("advert", 40, r"use (?:the )?code [A-Z\d]{3,}", r"at checkout\b"),
    _signal(
        "advert",
        40,
        r"^(?:if|whether|when)\b.*\byou(?:r|'re|'d)?\b.*\b(?:we|we're|we've|we'll|us|our)\b",
        r"^(?:ready|looking|interested|struggling|tired|want|need|still)\b[^.]*\?",
    ),
    _signal(
        "advert",
        50,
        rf"is (?:an?|the) (?:[\w'#-]+ ){{0,5}}{_VENTURE}.*\bfor (?:people|professionals|anyone|"
        r"those|teams|companies|job ?seekers|learners)\b",
    ),
    _signal(
        "advert",
        75,
        rf"is (?:an?|the) (?:[\w'#-]+ ){{0,5}}{_VENTURE}.*\b(?:that (?:helps|lets|gives) your?|"
        r"where you)\b",
    ),
    _signal("advert", 30, r"looking to (?:switch|break|start|land|become|advance|level|move)\b"),
    _signal("advert", 30, r"makes it easy to\b", r"in (?:just )?(?:minutes|seconds|a few clicks)"),
    _signal(
        "advert",
        60,
        r"we (?:may|might|can|could) (?:earn|receive|get) (?:an? )?(?:\w+ ){0,2}commission",
        r"affiliate links?\b",
    ),
    _signal(
        "advert", 40, r"at no (?:extra|additional) cost to you\b", r"if you (?:buy|purchase)\b"
    ),
)
# Praise proves nothing alone, but adverts pile it on: it counts beside a sign of selling.
_PRAISE_POINTS = 25
_MOST_PRAISE = 50
_PRAISE = _signal(
    "advert",
    _PRAISE_POINTS,
    r"dream (?:job|career|role)",
    r"job[- ]ready",
    r"from scratch\b",
    r"world[- ]class",
    r"top (?:universit\w+|talent|instructors|companies)",
    r"expert[- ](?:led|mentor|instructor|tutor|online|guidance)",
    r"hundreds of\b",
    r"thousands of (?:students|learners|professionals|companies|teams|others)",
    r"accredited\b",
    r"industry[- ]recogni[sz]ed",
    r"professional (?:cv|resume|certificate)",
    r"at your own pace",
    r"rewarding (?:career|job)",
    r"career in tech\b",
    r"skilled (?:candidates|professionals)",
    r"global pool\b",
    r"pre-vetted\b",
    r"wow (?:the|your)\b",
    r"stand out from the crowd",
    r"land (?:your|a|the) (?:dream|next|first)",
    r"to the next level\b",
    r"supercharge\b",
    r"all-in-one\b",
    r"trusted by\b",
    r"award-winning\b",
    r"easy recruiting",
    r"effortless",
    r"today[!.]?$",
    r"for free\b",
    r"free (?:\w+ ){0,2}(?:course|guide|demo|template|account|webinar|e-?book|consultation)",
    r"career coach",
    r"one-on-one\b",
    r"guaranteed\b",
    r"gets? you (?:noticed|hired)",
    r"in as little as\b",
    r"no (?:prior )?experience (?:needed|required)",
    r"in just \d+ (?:hours|days|minutes|weeks)",
    r"tailored to you",
)

_DISCLAIMER = (
    _signal(
        "disclaimer",
        60,
        r"(?:consult|seek|speak (?:to|with)|talk to) (?:with )?(?:(?:an?|your|the|independent) )?"
        r"(?:[\w-]+ ){0,3}(?:professional|lawyer|attorney|accountant|advis[eo]r|solicitor|advice|"
        r"counsel)\b",
    ),
    _signal("disclaimer", 50, r"before (?:you )?(?:mak|tak|act)(?:e|ing)? (?:on )?(?:any|this)\b"),
    _signal("disclaimer", 30, r"(?:individual|specific|particular) (?:situation|circumstances)\b"),
    _signal(
        "disclaimer",
        100,
        r"(?:is|are|does|do|should|must)(?: not|n't) (?:be )?(?:\w+ ){0,4}(?:constitute|intended|"
        r"considered|construed|meant|taken|legal|financial|professional)\b.{0,60}\badvice\b",
        r"for (?:general )?(?:informational|information|educational)(?: and \w+)? purposes only\b",
        r"(?:no|without(?: any)?) warrant(?:y|ies)\b.{0,40}\b(?:kind|express|implied|accuracy)",
        r"(?:views|opinions)(?: and \w+)? expressed\b.{0,60}\b(?:own|do not|not necessarily)\b",
        r"we (?:accept|assume) no (?:liability|responsibility)\b",
    ),
)

_NAVIGATION = (
    _signal(
        "navigation",
        100,
        r"^(?:we|this (?:web)?site|our (?:web)?site) uses? cookies\b",
        r"accept (?:all )?cookies\b",
        r"all rights reserved\b",
        r"^(?:copyright )?©",
        r"by (?:clicking|signing up|subscribing|continuing)\b.{0,40}\byou (?:agree|consent)\b",
        r"^subscribe to (?:our|my|the)\b.{0,40}\b(?:newsletter|blog|channel|podcast)\b",
        r"^sign up (?:for|to) (?:our|my|the)\b.{0,40}\bnewsletter\b",
        r"^share this (?:article|post|page|story)\b",
        r"^follow us on\b",
        r"^please enable javascript\b",
    ),
)

_BIOGRAPHY = (
    _cased_signal("biography", 50, rf"^{_NAME} {_PRESENT_WORK}.*\b(?:at|for|with) [A-Z]"),
    _cased_signal("biography", 40, rf"^{_NAME} (?:writes|speaks|blogs|teaches|lectures)\b"),
    _cased_signal(
        "biography",
        40,
        rf"^(?:{_NAME}|He|She) is (?:an?|the|currently) (?:[\w-]+ ){{0,5}}{_PROFESSION}.*\b(?:at|of|"
        r"for|with|based|who|in) ",
    ),
    _cased_signal("biography", 40, rf"^(?:He|She)(?: also| often| regularly)? {_PRESENT_WORK}"),
    _cased_signal("biography", 20, r"^(?:He|She) also\b", r"(?:institutions|brands) like [A-Z]"),
    _signal("biography", 40, r"freelance\b", r"content (?:writer|marketer|strategist)\b"),
    _signal("biography", 50, r"works at the intersection of\b", r"is passionate about\b"),
    _signal(
        "biography",
        90,
        r"when (?:(?:he|she|\w+)(?:'s| is) )?not (?:working|writing|at work|coding|teaching|"
        r"designing|building|at (?:his|her|the) \w+)\b",
    ),
    _signal("biography", 60, r"you(?:'ll| can| will| may)(?: \w+)? find (?:him|her)\b"),
    _signal(
        "biography",
        60,
        r"(?:in|during) (?:his|her) (?:spare|free) time\b",
        r"outside (?:of )?work,? (?:he|she)\b",
        r"(?:avid|keen) (?:reader|runner|travell?er|cyclist|cook|gardener|hiker|photographer)",
    ),
    _signal(
        "biography",
        60,
        r"lives (?:in|near|with)\b.{0,60}\b(?:his|her) (?:wife|husband|partner|family|dogs?|cats?|"
        r"kids|children|two|three|son|daughter)\b",
    ),
    _signal(
        "biography",
        60,
        r"backed by (?:his|her) experience\b",
        r"(?:brings|has) (?:over |more than )?(?:\w+\+? )years(?:'| of)? (?:of )?(?:\w+ )?experience",
        r"(?:his|her) (?:work|writing|articles?) (?:has|have) (?:been featured|appeared)\b",
    ),
    _signal(
        "biography",
        90,
        r"^(?:follow|connect with|find) (?:him|her|\w+) on (?:twitter|linkedin|x|medium)\b",
    ),
)

_SIGNALS: tuple[Signal, ...] = _ADVERT + _DISCLAIMER + _NAVIGATION + _BIOGRAPHY


def points(sentence: str) -> dict[Reason, int]:
    """Add up the signs in ``sentence``; a reason without any sign is not in the result."""
    found: dict[Reason, int] = {}
    if len(sentence) > _LONGEST_JUDGED:
        return found
    plain = sentence.replace("\u2019", "'").replace("\u2018", "'")
    for signal in _SIGNALS:
        if signal.pattern.search(plain):
            found[signal.reason] = found.get(signal.reason, 0) + signal.points
    if "advert" in found:
        praise = {match.group().casefold() for match in _PRAISE.pattern.finditer(plain)}
        found["advert"] += min(_MOST_PRAISE, len(praise) * _PRAISE_POINTS)
    return found
