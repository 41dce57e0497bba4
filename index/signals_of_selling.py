"""How adverts and calls to action sound."""

from index.signals import Signal, signal

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
    r"academy|job boards?|cheat ?sheets?|checklists?|calculators?|assessments?|"
    r"certifications?|masterclass(?:es)?|podcasts?|recruiters|interview prep)\b"
)
# What only a seller orders, and what a colleague may ask for too: "read our hiring guide".
_SELLERS_ORDERS = (
    r"(?:sign up|subscribe|enrol+|register (?:now|today|for)|buy now|order (?:now|your)|shop|"
    r"join (?:us|thousands|over|more than|companies like|teams like)|get started|claim your|unlock|"
    r"grab (?:your|our|a|the)|click|start your|upgrade (?:now|today|to)|follow us|hurry|"
    r"apply (?:now|today)|don't miss|save up to|contact us|try (?:[\w-]+ ){1,2}(?:for )?free|"
    r"get (?:your|instant|unlimited|a free|free|paired|matched|hired|(?:all )?the latest)|"
    r"hire (?:top|pre-vetted|vetted|skilled)|"
    r"(?:take|boost|transform|accelerate|kick-?start) your career|"
    r"become a certified|"
    r"apply to our|join the wait ?list|save \d|buy the|post your (?:\w+ )?job|"
    r"share (?:it|this) with|"
    r"visit (?:https?:|www\.|[\w-]+\.(?:com|io|co|org|net))|get (?:1:1|one-on-one|expert)|"
    r"try it (?:for )?free|download (?:your|a free)|build your (?:\w+ )?(?:cv|resume|career))\b"
)
_ORDERS = (
    r"(?:(?:browse|explore|discover|visit|try|see|read|check out|make use of|use|get|take|join|"
    r"download|practi[cs]e with|head over to) our|let us help|"
    r"(?:book|schedule|request) (?:a|your)|download (?:the|this))\b"
)
ADVERT: tuple[Signal, ...] = (
    signal("advert", 45, rf"our (?:\w+[- ]){{0,4}}{_WARES}"),
    signal(
        "advert",
        30,
        r"our (?:\w+[- ]){0,3}(?:platform|tools?|software|services|network|program(?:me)?s?|cohort|"
        r"library)\b",
    ),
    signal("advert", 50, r"our (?:expert|professional|certified|experienced) \w+"),
    signal(
        "advert",
        55,
        r"we(?:'re| are) (?:here (?:to help|for you)|happy to help)",
        r"(?:let us|we can) help you",
        r"we've got you covered",
        r"our (?:[\w-]+ ){1,3}(?:is|are) (?:here|ready|happy|standing by)\b",
    ),
    signal(
        "advert",
        35,
        r"contact (?:us|our)\b",
        r"(?:get in touch with|reach out to|talk to) (?:us|our \w+)\b",
    ),
    signal("advert", 60, _COMMAND + _SELLERS_ORDERS),
    signal("advert", 45, _COMMAND + _ORDERS),
    signal(
        "advert", 25, r"(?:book|schedule|request) (?:a|your) (?:\w+ ){0,2}(?:demo|consultation)"
    ),
    signal(
        "advert",
        40,
        r"^(?:select|choose|pick) (?:a|your) (?:program(?:me)?|course|plan|template|track)\b",
        r"^(?:learn|find out|discover|read) more (?:about|at|here|on|in) (?:our|how we|us)\b",
        r"see how [\w ]{2,25} can help",
        r"(?:call|chat|demo|consultation|session) with (?:us|our|one of our)\b",
        r"(?:unlock|instant|unlimited|lifetime|exclusive) access\b",
        r"you(?:'ll| will) (?:get|receive|gain|earn) (?:lifetime|a certificate|job-ready)",
        r"^to (?:learn|find out) more about (?:how )?our\b",
        r"gives you (?:access|everything|the skills)\b",
    ),
    signal("advert", 100, rf"{_COMMAND}(?:try|take) (?:our|the|this) (?:[\w-]+ ){{0,4}}quiz\b"),
    signal(
        "advert",
        100,
        r"^if you (?:found|liked|enjoyed) (?:this|our)\b.*\b(?:share|subscribe|follow|newsletter)",
        r"^thanks for reading\b",
        r"^this (?:post|article) (?:was|is) sponsored\b",
        r"hit the (?:clap|like|subscribe) button\b",
        r"follow (?:me|us) on (?:twitter|linkedin|x|medium|instagram|facebook|youtube)\b",
    ),
    signal(
        "advert",
        60,
        r"(?:hundreds|thousands|millions) of [\w ]{3,40} (?:use|used|trust|love|joined) our\b",
    ),
    signal("advert", 20, r"helps you (?:write|build|land|find|create|get)\b"),
    signal("advert", 60, r"^(?:with|using|through) our [\w -]{2,30},? you (?:can|will|get)\b"),
    signal("advert", 40, r"(?:https?://|www\.)\S+\s+\w", r"\w+\.(?:com|io|co)/\S+\s+\w"),
    signal("advert", 20, r"https?://", r"www\."),
    signal(
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
        r"full refund\b",
        r"(?:for|from|at) (?:just|only) [$£€]",
        r"starting at [$£€]",
        r"(?:places|seats|spots) are limited\b",
        r"limited (?:seats|spots|places)\b",
        r"(?:to|in) your inbox\b",
    ),
    signal("advert", 40, r"(?:use|with) (?:the )?code [A-Z\d]{3,}", r"at checkout\b"),
    signal(
        "advert",
        40,
        r"^(?:if|whether|when)\b.*\byou(?:r|'re|'d)?\b.*\b(?:we|we're|we've|we'll|us|our)\b",
        r"^(?:are you |do you )?(?:ready|looking|interested|struggling|tired|want|need|still|"
        r"hiring|enjoyed)\b[^.]*\?",
    ),
    signal(
        "advert",
        50,
        rf"is (?:an?|the) (?:[\w'#-]+ ){{0,5}}{_VENTURE}.*\bfor (?:people|professionals|anyone|"
        r"those|teams|companies|job ?seekers|learners)\b",
    ),
    signal(
        "advert",
        75,
        rf"is (?:an?|the) (?:[\w'#-]+ ){{0,5}}{_VENTURE}.*\b(?:that (?:helps|lets|gives) your?|"
        r"where you)\b",
    ),
    signal("advert", 30, r"looking to (?:switch|break|start|land|become|advance|level|move)\b"),
    signal("advert", 30, r"makes it easy to\b", r"in (?:just )?(?:minutes|seconds|a few clicks)"),
    signal(
        "advert",
        60,
        r"we (?:may|might|can|could) (?:earn|receive|get) (?:an? )?(?:\w+ ){0,2}commission",
        r"affiliate links?\b",
    ),
    signal("advert", 40, r"at no (?:extra|additional) cost to you\b", r"if you (?:buy|purchase)\b"),
)
# Praise proves nothing alone, but adverts pile it on: it counts beside a sign of selling.
PRAISE_POINTS = 25
MOST_PRAISE = 50
PRAISE = signal(
    "advert",
    PRAISE_POINTS,
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
    r"free (?:\w+ ){0,2}(?:course|guide|demo|template|account|webinar|e-?book|consultation|"
    r"assessment|review|trial|account)",
    r"career coach",
    r"one-on-one\b",
    r"guaranteed\b",
    r"gets? you (?:noticed|hired)",
    r"in as little as\b",
    r"no (?:prior )?experience (?:needed|required)",
    r"in just \d+ (?:hours|days|minutes|weeks)",
    r"tailored to you",
    r"exclusive (?:discount|offer|content)",
    r"industry experts",
    r"1:1 coaching",
    r"find your (?:next|perfect|ideal|dream)",
    r"boost your (?:salary|career|chances)",
    r"in minutes\b",
    r"(?:career|hiring) experts",
    r"unlock your potential",
)
