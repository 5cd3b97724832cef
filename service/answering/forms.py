"""One way to write what can be written in several: short forms, dates, forms of a word."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from index.words import stem
from service.answering.quantities import quantities

MONTHS = tuple("January February March April May June July August September October November December".split())
# What news puts small behind a name, and others with a capital before it.
TITLES = frozenset(
    """academy agency army assembly bank bishop board cabinet captain chancellor chief church city college colonel
    commission committee congress constitution council country court department director federal foreign general
    government governor high house institute judge king lord mayor minister ministry national navy office parliament
    party police president prime prince princess professor queen republic secretary senate senator sergeant state
    supreme treasury union university dr former mr mrs ms sir vice""".split()
)
_APOSTROPHE = re.compile(r"(?<=\w)[’ʼ´`](?=\w)")
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({'|'.join(MONTHS)})\b")
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_SHORT_FORMS = [
    (re.compile(rf"\b(?:{words})(?!\w)"), full)
    for words, full in (
        (r"US dollars", "dollars"),
        (r"US(?!\$)|USA|United States(?: of America)?", "America"),
        (r"UK|United Kingdom", "UK"),
        (r"EU|European Union", "EU"),
        (r"UN|United Nations", "UN"),
        (r"Gov\.", "Governor"),
        (r"Sen\.", "Senator"),
        (r"Rep\.", "Representative"),
        (r"Gen\.", "General"),
        (r"Pres\.", "President"),
        (r"[Aa][Mm]", "am"),
        (r"[Pp][Mm]", "pm"),
        *((rf"{day[:3]}\.(?=,? \w)|{day}", day) for day in "Monday Thursday Friday Saturday Sunday".split()),
        (r"Tues?\.(?=,? \w)|Tuesday", "Tuesday"),
        (r"Wed\.(?=,? \w)|Wednesday", "Wednesday"),
        *(
            (rf"{month[:3]}t?(?:\.|(?= \d))|(?<=\d ){month[:3]}t?(?![a-z])|{month}", month)
            for month in MONTHS
            if month != "May"
        ),
    )
]
_IRREGULAR = {
    form: stem(forms.split()[0])
    for forms in """arise arose arisen|become became|begin began begun|bear bore borne born|beat beaten|bind bound|bite
    bit bitten|blow blew blown|break broke broken|bring brought|build built|buy bought|catch caught|choose
    chose chosen|come came|deal dealt|draw drew drawn|drink drank drunk|drive drove driven|eat ate
    eaten|fall fell fallen|feed fed|feel felt|fight fought|find found|flee fled|fly flew flown|forbid
    forbade forbidden|forget forgot forgotten|freeze froze frozen|get got gotten|give gave given|go went
    gone|grow grew grown|hang hung|hear heard|hide hid hidden|hold held|keep kept|know knew known|lay
    laid|lead led|leave left|lend lent|lie lay lain|lose lost loss losses|make made|mean meant|meet
    met|pay paid|ride rode ridden|ring rang rung|rise rose risen|run ran|see saw seen|seek sought|sell
    sold sale sales|send sent|shake shook shaken|shoot shot|show shown|shrink shrank shrunk|sing sang
    sung|sink sank sunk|sit sat|sleep slept|speak spoke spoken|spend spent|stand stood|steal stole
    stolen|stick stuck|strike struck|swear swore sworn|sweep swept|swim swam swum|take took taken|teach
    taught|tear tore torn|think thought|throw threw thrown|wake woke woken|wear wore worn|win won|write
    wrote written|man men|woman women|child children|person people|die dead death deaths|wife wives|life
    lives""".split("|")
    for form in forms.split()
}
_NO_VERBS = frozenset(
    "men women children people dead death deaths sale sales loss losses wife wives life lives".split()
)


@lru_cache(maxsize=256)
def one_way(text: str) -> str:
    """Leave accents out; write short forms and dates in one way: "U.S." and "United States", "June 3" and "3 June"."""
    text = "".join(
        each for each in unicodedata.normalize("NFD", text) if unicodedata.category(each) not in {"Cf", "Mn"}
    )
    text = unicodedata.normalize("NFC", _APOSTROPHE.sub("'", text))
    text = re.sub(r"\b([Ww])on't\b", r"\1ill not", re.sub(r"\b([Cc])an't\b", r"\1annot", text))
    text = re.sub(r"(?<=\w)n't\b", " not", text)
    text = _INITIALS.sub(lambda match: match.group().replace(".", ""), text)
    for short, full in _SHORT_FORMS:
        text = short.sub(full, text)
    return _DAY_FIRST.sub(r"\2 \1", text)


def forms(words: Iterable[str]) -> set[str]:
    """Give the stems of words that are no numbers."""
    return {form(word) for word in words if not _is_number(word)}


@lru_cache(maxsize=4096)
def _is_number(word: str) -> bool:
    return bool(quantities(word))


def is_past(word: str) -> bool:
    """Tell whether a word looks like what somebody did: "left"."""
    return word.islower() and (word.endswith("ed") or form(word) != stem(word) and word not in _NO_VERBS)


def form(word: str) -> str:
    """Give what all forms of a word have in common: its stem; "left" is a form of "leave"."""
    return _IRREGULAR.get(word.lower(), stem(word))
