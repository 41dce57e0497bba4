"""How disclaimers, page furniture and authors' biographies sound."""

from index.signals import Signal, cased_signal, signal

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

_DISCLAIMER = (
    signal(
        "disclaimer",
        60,
        r"(?:consult|seek|speak (?:to|with)|talk to) (?:with )?(?:(?:an?|your|the|independent) )?"
        r"(?:[\w-]+ ){0,3}(?:professional|lawyer|attorney|accountant|advis[eo]r|solicitor|advice|"
        r"counsel)\b",
    ),
    signal("disclaimer", 50, r"before (?:you )?(?:mak|tak|act)(?:e|ing)? (?:on )?(?:any|this)\b"),
    signal("disclaimer", 30, r"(?:individual|specific|particular) (?:situation|circumstances)\b"),
    signal(
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
    signal(
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
    cased_signal("biography", 50, rf"^{_NAME} {_PRESENT_WORK}.*\b(?:at|for|with) [A-Z]"),
    cased_signal("biography", 40, rf"^{_NAME} (?:writes|speaks|blogs|teaches|lectures)\b"),
    cased_signal(
        "biography",
        40,
        rf"^(?:{_NAME}|He|She) is (?:an?|the|currently) (?:[\w-]+ ){{0,5}}{_PROFESSION}.*"
        r"\b(?:at|of|for|with|based|who|in) ",
    ),
    cased_signal("biography", 40, rf"^(?:He|She)(?: also| often| regularly)? {_PRESENT_WORK}"),
    cased_signal("biography", 20, r"^(?:He|She) also\b", r"(?:institutions|brands) like [A-Z]"),
    signal("biography", 40, r"freelance\b", r"content (?:writer|marketer|strategist)\b"),
    signal("biography", 50, r"works at the intersection of\b", r"is passionate about\b"),
    signal(
        "biography",
        90,
        r"when (?:(?:he|she|\w+)(?:'s| is) )?not (?:working|writing|at work|coding|teaching|"
        r"designing|building|at (?:his|her|the) \w+)\b",
    ),
    signal("biography", 60, r"you(?:'ll| can| will| may)(?: \w+)? find (?:him|her)\b"),
    signal(
        "biography",
        60,
        r"(?:in|during) (?:his|her) (?:spare|free) time\b",
        r"outside (?:of )?work,? (?:he|she)\b",
        r"(?:avid|keen) (?:reader|runner|travell?er|cyclist|cook|gardener|hiker|photographer)",
    ),
    signal(
        "biography",
        60,
        r"lives (?:in|near|with)\b.{0,60}\b(?:his|her) (?:wife|husband|partner|family|dogs?|cats?|"
        r"kids|children|two|three|son|daughter)\b",
    ),
    signal(
        "biography",
        60,
        r"backed by (?:his|her) experience\b",
        r"(?:brings|has) (?:over |more than )?\w+\+? years(?:'| of) (?:\w+ )?experience",
        r"(?:his|her) (?:work|writing|articles?) (?:has|have) (?:been featured|appeared)\b",
    ),
    signal(
        "biography",
        90,
        r"^(?:follow|connect with|find) (?:him|her|\w+) on (?:twitter|linkedin|x|medium)\b",
    ),
)

ASIDES: tuple[Signal, ...] = _DISCLAIMER + _NAVIGATION + _BIOGRAPHY
