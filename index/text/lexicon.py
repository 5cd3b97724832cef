"""The words that more than one rule goes by: days and months, titles, and verbs of saying.

Tables only: whoever reads a text with them makes the patterns.
"""

MONTHS = {
    "January": ("Jan",), "February": ("Feb",), "March": ("Mar",), "April": ("Apr",), "May": (), "June": ("Jun",),
    "July": ("Jul",), "August": ("Aug",), "September": ("Sep", "Sept"), "October": ("Oct",), "November": ("Nov",),
    "December": ("Dec",),
}  # fmt: skip
"""The months and their abbreviations, which may be followed by a full stop."""

WEEKDAYS = {
    "Monday": ("Mon",), "Tuesday": ("Tue", "Tues"), "Wednesday": ("Wed",), "Thursday": ("Thu", "Thur", "Thurs"),
    "Friday": ("Fri",), "Saturday": (), "Sunday": (),
}  # fmt: skip
"""The days of the week and their abbreviations; "sat" and "sun" are left out, since they are words."""

MONTH = "(?:{})".format(
    "|".join([*MONTHS, "Jun", "Jul", *(rf"{short}\." for shorts in MONTHS.values() for short in shorts)])
)
"""A pattern of a month in a text: its name, or an abbreviation with its full stop ("Jun" and "Jul" need none)."""

WEEKDAY = f"(?:{'|'.join(WEEKDAYS)})"
"""A pattern of a day of the week."""

NUMBERS = tuple(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty""".split()
)
"""The words for 1 to 20, in order."""

COURTESIES = ("Mr", "Mrs", "Ms", "Dr")
OFFICES_SHORT = ("Sen", "Rep", "Gov")
TITLES_SHORT = (
    *COURTESIES,
    *OFFICES_SHORT,
    *"""Adm Amb Atty Capt Cmdr Col Cpl Det Ft Gen Hon Insp Lt Maj Messrs Msgr Mt Pfc Pres Prof Pvt Reps Rev
    Sens Sgt Spc Supt""".split(),
)
"""Titles that are written with a full stop before a name, which ends no sentence."""

TITLES_OF_HONOUR = ("Sir", "Dame", "Lord", "Lady")
ELECTED = ("Governor", "Mayor", "Minister", "President", "Senator")
OFFICES = (*ELECTED, "Chief", "General", "Judge", "Justice", "Secretary")
"""Titles that stand before a name as a word, and are not part of it."""

RANKS = frozenset(
    """Admiral Ambassador Archbishop Attorney Bishop Captain Cardinal Chair Chairman Chairwoman Chancellor Coach
    Colonel Commander Commissioner Congressman Congresswoman Constable Coroner Councillor Councilman Councilwoman
    Councilor Count Countess Dean Deputy Detective Director Doctor Duchess Duke Emperor Father Inspector King
    Lieutenant Major Marshal Mother Officer Pastor Police Pope Premier Prime Prince Princess Principal Professor
    Queen Rabbi Representative Sergeant Sheriff Sister Speaker Superintendent Vice""".split()
)
"""More titles that stand before names as words; those of one article are told by its own small letters as well."""

PARTICLES = frozenset("al bin da de del den der di du el la le ter van von".split())
"""Small words that a surname begins with: "de Blasio", "van der Bellen"."""

PREPOSITIONS = frozenset(
    """about above across after against along amid among around as at before behind below beneath beside besides between
    beyond by despite down during except for from in inside into like near of off on onto opposite out outside over past
    per since than through throughout till to toward towards under underneath unlike until up upon via with within
    without""".split()
)
"""Words that lead in a noun phrase."""

OUTLETS = frozenset(
    "agency broadcaster channel daily journal magazine network newspaper outlet paper portal publication service site"
    " station tabloid website".split()
)
BODIES = OUTLETS | frozenset(
    "association bank bureau campaign commission committee company congress council court department firm"
    " foundation government group institute management media ministry office organisation organization parliament"
    " party police staff think-tank union university".split()
)
OFFICES_OF_STATE = (
    "Administration Agency Association Authority Board Bureau Centers Center Centre Commission Committee Council"
    " Department Institute Ministry Office Service Services Society".split()
)
BODY_NAMES = (
    *OFFICES_OF_STATE,
    *"BBC Bank CNN Company Corp Court Group House Inc Journal Live Media News Party Post Press Radio Reuters TV Times"
    " Union University".split(),
)
"""Words by which a name is known to be a body's."""

PEOPLE = frozenset(
    "activist actor ambassador analyst attorney author candidate chairman chairwoman chief coach congressman"
    " congresswoman director doctor engineer expert general governor judge lawmaker lawyer leader man mayor minister"
    " officer official president professor prosecutor secretary senator sheriff singer spokesman spokesperson"
    " spokeswoman woman".split()
)
"""Nouns for those who say things: news outlets, other bodies, people."""

PRONOUNS = frozenset(
    """anybody anyone everyone he her he his i it its people she somebody someone that their these they this those we
    who you""".split()
)
"""Words for somebody who is not named."""

SAYING = frozenset("according said say says tell told".split())
"""The commonest words of saying: they carry no meaning of their own."""

SAYING_BEHIND = frozenset(
    """acknowledged added adds admitted alleged announced argued argues asked asks asserted cautioned claimed claims
    conceded concluded confirmed contended continued countered declared exclaimed explained explains insisted insists
    joked lamented maintained mused noted notes predicted quipped recalled remarked replied reported reports responded
    said say says stated states testified told tells tweeted vowed warned warns wrote writes""".split()
)
"""Verbs that can stand behind the words they introduce: "…, she said"."""

SAYING_OF = frozenset(
    """accused accuses advised blamed blames called calls condemned condemns criticised criticized demanded denied
    denies described describes link linked links ordered pledged pledges praised praises predicts promised promises
    threatened urged urges vows want wanted wants""".split()
)
"""Verbs that say something about their object without "that": "both outlets link the closure to the vote"."""

SAYING_THAT = frozenset(
    """acknowledges admits advises agreed agrees announces asserts believe believed believes boasted complained
    complains concludes concedes confirms contends continues decided disclosed doubted doubts emphasised emphasized
    estimated estimates expect expected expects feared fears feel felt feels find finds found hinted hope hoped hopes
    implied indicated indicates informed instructed knew knows maintains mentioned objected observed opined posted
    proposed quoted recalls reiterated repeated replies responds revealed reveals ruled show showed shows shouted
    speculated stressed stresses suggested suggests testifies think thinks thought wondered""".split()
)
"""Verbs that introduce someone's words only with "that" or a quotation: "the study found that"."""

SAYING_TO = frozenset("advised asked asks informed told tells urged warned".split())
"""Verbs that may name whoever is spoken to: "told reporters"."""

SPEAKING = frozenset(
    """added adds answered argued asked asks chanted continued cried exclaimed explained insisted joked posted read
    reads recalled replied said says shouted told tells tweeted warned wondered writes wrote""".split()
)
"""Verbs that follow a quotation which ends with a mark of its own: “Why?” she asked."""

SAYING_ASKED = "add announce argue claim predict report said say state suggest tell think tweet warn write".split()
"""Verbs by which a question asks for somebody's words: "What did Meduza report?"."""

SAYING_STEMS = tuple(
    """according acknowledg add admi advis agre alleg announc answer argu ask assert believ blast boast brag call
    caution cit claim comment complain conced conclud confirm contend continu counter critici[sz] declar decr defend
    den describ detail disclos dismiss emphasi[sz] estimat exclaim explain express fear find found hint hop impl
    indicat inform insist joke lament link maintain mention mock mus not object observ opin opinion plead pledg
    point post predict proclaim promis propos quip quot read reading recall refer reiterat remark remind repeat repl
    report respond reveal rul said saw say shout show speculat stat statement stress suggest talk tell testi thank
    think thought threaten told tweet urg view vow warn wonder word writ wrote""".split()
)
"""Beginnings of words that say that someone said something; up to four letters may follow."""

DEED_STEMS = tuple(
    """accus agree allow announc approv bann blam condemn critici[sz] demand endors oppos order pledg prais prohibit
    promis reject support threaten urg vow welcom""".split()
)
"""Beginnings of verbs for what is done, and said only where "that", "to" or a quotation follows."""
