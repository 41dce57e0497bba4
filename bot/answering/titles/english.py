"""The English words that tell a title from ordinary talk: what links, closes, or explains one."""


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


ARTICLES = _words("a an the")

# Between two titles of a list. A word of COMPARES shows that the list compares or leads upwards.
COMPARES = _words(
    "vs versus v or to than / above below over under into before after beyond become becoming",
    "becomes outrank outranks -> → nor",
)
LINKS = COMPARES | _words(
    ", and a an the my our is are higher lower more less same as from with compared equal",
    "different then both between rank ranks report reports reporting not next move moves moving",
    "up go going get promoted step have has do does need earn make",
)
# With one of these in the text, "and" compares too.
COMPARING = _words("between diff difference differences differ compare compared comparison")

# Before a word such as "senior" that is an adjective: "more senior".
DEGREES = _words("more most very too so as how less least")

# After one of these a title word is what someone is to become.
TOWARDS = _words("become becoming became promoted promotion reach reaching after beyond")

# After a title that stands alone; "senior engineers" and "lead the team" name none.
CLOSES = _words(
    ", / ( ) [ ] ; : . ! ? - – — = +",
    "is are was were be do does did in at on for if when who which what how why where with",
    "without role roles title titles level levels position positions job jobs track salary pay",
    "has have should can could would will from by more mean means need needs report reports earn",
    "earns make makes first next or and vs versus that because but so as than to after before yet",
    "now again please differ compare there here they i we you within interview interviews cv",
    "resume skills responsibilities duties path promotion career ladder instead",
)

# After these, "lead product managers" and "staff PMs" are something one does.
VERB_BEFORE = _words(
    "to can could how i who that we you they should must will would help helps helping and"
)
VERBS = _words("lead head staff group")
# "Product lead time" is no product lead.
AFTER_LEAD = _words("time times generation gen to")

# "PM me" asks for a private message.
AFTER_A_VERB = _words("me us him her")

# Around "5 pm" these make it a time of day.
TIME_BEFORE = _words("at by until till before after from to around about -")
TIME_AFTER = _words("today tomorrow tonight utc gmt bst est edt cst pst pdt cet")

# "VP of logistics" is a title whatever the field; "head of the table" is not.
RANKS = _words("head vp svp evp director president")
NO_FIELD = _words(
    "a an the my our your their his her its this that these those any each all what which who it",
    "them us me you one two three state",
)

# "Chief product" and one of these is the product chief; with another word it is another job.
AFTER_CHIEF_PRODUCT = CLOSES | _words("leader leaders exec execs executive person people hire")
# "Senior to" ranks two titles and is none.
RANKING = _words("senior junior")

# Between an abbreviation and its explanation, in either order.
EXPLAINS: tuple[tuple[str, ...], ...] = tuple(
    tuple(phrase.split())
    for phrase in (
        "( i mean",
        "( as in",
        "( ie",
        ", as in",
        ", i mean",
        ", short for",
        ", ie",
        ", aka",
        "in the sense of",
        "short for",
        "stands for",
        "i mean",
        "as in",
        "ie",
        "aka",
        "meaning",
        "(",
        "=",
        ":",
        "-",
        "–",
        "—",
    )
)
# Between an abbreviation and its full name when the two are compared.
BESIDE = _words("vs versus v or and to than / from become")
# After letters such as "a hop" that are meant as a title.
AFTER_A_TITLE = _words("? . , do does vs or and role")

# Real words within the reach of spelling correction to a title word, so left as they are: the
# 30,000 commonest words were tried. "Principle" is missing on purpose: "principle PM" is a title.
NOT_TYPOS = _words(
    "accountant accountants aching analysis analytic analytical associated associating backing",
    "baking banging banning barking chef chefs conduct conducting consisting constructing",
    "constructive consuming contraction detector detectors digit digits direct directed",
    "direction directions directive directly directory directs execute executing execution",
    "executions fiance fictional financed finding findings folding found founded fraction",
    "functional funding gerais gradual graduated groped header hospitals instance instances",
    "integral intelligent inter intern internally interned internet interval intervals leader",
    "leading leaking leaning leaping leasing leaving lever maine manage managed manages mange",
    "manners manure marker markers market marketed markets marking markings offer offers",
    "officiate operational operatives operators owned ownership photograph photographed",
    "photographer photographers photographic photographs precedent present presents presided",
    "presidency presidential presiding principally produced productive props protect protects",
    "protests qualify rapport researched researches retain retains sale salem salts saves",
    "scales scrub securely securing securities seniority senor sensor sensors serum severity",
    "sport sports staffed stiff stiffs stuff teachings teaming tearing teasing technically",
    "technician technicians technologies touching tracing tracking train trained trainer",
    "trainers trains",
)
