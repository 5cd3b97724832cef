"""What decides the sense of a sentence beside its nouns and verbs: denying, doubting, supposing, and on which side."""

import itertools
import re

from index.words import NEGATION, meaning_words, stem
from service.answering.forms import forms

# Where one of a class stands in a quote, one of it has to stand in what is taken from it. The month is not "may".
_MAY_BE = re.compile(
    r"\b(?:may|might|could|possibl[ey]|[Pp]erhaps|[Mm]aybe|potential(?:ly)?|probabl[ey]|likely|[Rr]eportedly"
    r"|apparently|presumably|speculat(?:e|es|ed)|hint(?:s|ed)?|appears?|appeared|seems?|seemed|seemingly|suspect(?:s|ed)?|suspicions?|rumou?r(?:s|ed)?|believe[sd]?|thinks?"
    r"|thought)\b"
)
_IS_TO_BE = re.compile(
    r"\b(?:will|shall|would|won['’]t|wouldn['’]t|plan(?:s|ned|ning)?|intends?|intended|intention"
    r"|propos(?:e|es|ed|al|als)|expect(?:s|ed|ing)?|hop(?:e|es|ed|ing)|promis(?:e|es|ed|ing)|pledg(?:e|es|ed|ing)"
    r"|vow(?:s|ed|ing)?|scheduled|(?:due|set|about|going) to|aim(?:s|ed|ing)? to|wants?|wanted|seeks?|seeking|sought"
    r"|demand(?:s|ed|ing)?|urg(?:e|es|ed|ing)|call(?:s|ed|ing)? (?:for|on)|tr(?:y|ies|ied|ying) to"
    r"|attempt(?:s|ed|ing)?|predict(?:s|ed|ing)?|forecasts?|agree[sd]? to|order(?:s|ed|ing)?)\b"
)
_IS_SAID = re.compile(
    r"\b(?:[Aa]lleg(?:e|es|ed|edly|ing|ation|ations)|accus(?:e|es|ed|ing|ation|ations)|claim(?:s|ed|ing)?"
    r"|agree[sd]? (?!on|to|with)|insist(?:s|ed|ing)?"
    r"|maintain(?:s|ed|ing)?|contend(?:s|ed|ing)?|suggest(?:s|ed|ing)?|argu(?:e|es|ed|ing)"
    r"|assert(?:s|ed|ing)?|boast(?:s|ed|ing)?"
    r"|charg(?:e|es|ed) with|charges|warn(?:s|ed|ing|ings)?|threat(?:s|en|ens|ened|ening)?)\b"
)
_IS_DENIED = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ial|ials)|doubt(?:s|ed|ful)?|unlikely|dismiss(?:es|ed|ing)?|reject(?:s|ed|ing)?"
    r"|refus(?:e|es|ed|ing|al)|false|falsely|untrue|wrong|[Cc]ontrary to|cleared|acquitt(?:ed|al)|disput(?:e|es|ed|ing)"
    r"|hoax|myth)\b"
)
_IF = re.compile(
    r"^(?:Had|Should|Were)\b|\b(?:[Ii]f|[Ss]uppos(?:e|ing)|[Ii]magin(?:e|ing)|[Uu]nless|[Ww]hether|[Pp]rovided that"
    r"|[Aa]s long as|[Ii]n case)\b"
)
_IS_NOT = re.compile(
    r"\b(?:fail(?:s|ed|ing|ure)?|stop(?:s|ped|ping)?|prevent(?:s|ed|ing)?|avoid(?:s|ed|ing)?|narrowly"
    r"|lack(?:s|ed|ing)?|consider(?:s|ed|ing)?|debat(?:e|es|ed|ing)|declin(?:e|es|ed|ing) to|rul(?:e|es|ed|ing) out"
    r"|(?<!its )(?<!his )(?<!her )(?<!for )(?<!the )help(?:s|ed|ing)?|lets?|watch(?:es|ed|ing)?|saw|sees?|heard"
    r"|except|excluding|apart from|other than|[Ss]ome(?! \d)"
    r"|(?<!\ba )(?:[Ff]ew|[Ll]ittle)"
    r"|novel|fiction(?:al)?|scenario|simulat(?:ed|ion|ions)|hypothetical(?:ly)?"
    r"|[Uu]nder (?:the|an?) (?:\w+ ){0,2}(?:agreement|bill|deal|draft|law|plan|proposal)"
    r"|nearly|almost|overturn(?:s|ed|ing)?|foil(?:s|ed)?|yet to|unable)\b"
)
_IS_ONE_OF = re.compile(r"\b(?:[Ee]ither|[Oo]ne of|(?<!, )or|or(?! (?:about |almost |nearly )?[$€£]?\d))\b")
# Each with what says no more than it does.
_RESERVES = (
    (_MAY_BE, ()),
    (_IS_TO_BE, (_MAY_BE,)),
    (_IS_SAID, ()),
    (_IS_DENIED, ()),
    (_IF, (_MAY_BE, _IS_TO_BE)),
    (_IS_NOT, ()),
    (_IS_ONE_OF, ()),
)
# Of two sides, a sentence may have one only where its quote has it too, or has neither.
_SIDES = [
    tuple(re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in pair)
    for pair in (
        ("against|opposed to|opposing", "for|in favou?r of|supporting"),
        ("after|following|since|later|last", "before|until|till|ahead of|earlier|prior to|first"),
        ("above|over", "below|under|beneath|beyond"),
        ("with", "without"),
        ("inside|into|within", "outside|out of"),
        (
            "rise[sn]?|rose|rising|increas(?:e|es|ed|ing)|grow(?:s|n|ing)?|grew|climb(?:s|ed)?|jump(?:s|ed)?|gain(?:s|ed)?"
            "|up|higher|more|most|highest|raised?",
            "fall(?:s|en|ing)?|fell|decreas(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|shr(?:ink|ank|unk)|drop(?:s|ped)?|los[et]"
            "|down|lower(?:ed)?|fewer|less|least|lowest|cut|reduced?",
        ),
        ("all|every|each|everyone|everything|everybody|always|whole|entire|entirely|only",
         "some|few|many|several|most|part|partly|sometimes|often|half"),
    )
]  # fmt: skip
_UNIVERSAL = re.compile(
    r"\b(?:all|every|each|everyone|everything|everybody|always|entirely|entire|only)\b", re.IGNORECASE
)
# Small words that make it more, or another time: none may be added.
_SCOPE = re.compile(r"\b(?:again|many|more(?! than)|most|nearly|now|once|still)\b", re.IGNORECASE)
_TAKEN_BACK = re.compile(
    r"\b(?:(?:all|everyone|everybody|nobody|none) but|annulled|quashed|overturned|reversed|rescinded|retracted"
    r"|withdrawn|(?:was|been) (?:later )?reduced|, (?:later )?reduced (?:on|to)"
    r"|(?<=, which )[\w ]{2,40} (?:den(?:y|ies|ied)|disput(?:e|es|ed)|reject(?:s|ed)))\b",
    re.IGNORECASE,
)
_TENSES = tuple(
    (re.compile(rf"\b(?:{now})\b"), re.compile(rf"\b(?:{then})\b"))
    for now, then in (("is|are", "was|were"), ("has|have", "had"))
)
# What looks like a denial and is none.
_NO_DENIAL = re.compile(
    r"\bnot (?:only|just|merely)\b|\bno (?:later|sooner|fewer|less|more) than\b|\bno doubt\b", re.IGNORECASE
)
_CONTRAST = re.compile(r"\b(?:but|although|whereas|when|while)\b|, and\b|;|(?<=[.!?])[”\"’]?\s+", re.IGNORECASE)
_ASIDE = re.compile(r"\s*,\s(?=(?:who|whose|which|where|\w+(?:ed|ing))\b)[^,]*(?:,|[.]?$)", re.IGNORECASE)
_SAME_MATTER = 0.6
_NEAR = 100


def turned(text: str, own: set[str], quote: str) -> str | None:
    """Tell how a sentence says the contrary of its quote, or more than that; None where it does not.

    ``own`` are the forms of its words. It is held to the part of the quote, between "but", "although" and ends of
    sentences, or ", who … ,", that has six in ten of them, and to those of which it has as many; or else to all parts
    that have any.
    """
    text, part = _NO_DENIAL.sub(" ", text), _NO_DENIAL.sub(" ", _part(own, quote))
    if part.rstrip('”"’ ').endswith("?") and not text.rstrip('”"’ ').endswith("?"):
        return "states what its quote asks"
    if bool(_denied(text)) != bool(_denied(part)) or not _denied(text) <= _denied(part):
        return "turns what its quote says into the opposite"
    if any(one.search(part) and not any(each.search(text) for each in (one, *weaker)) for one, weaker in _RESERVES):
        return "states what its quote only supposes, or denies"
    for one, other in itertools.chain.from_iterable(itertools.permutations(pair) for pair in _SIDES):
        if one.search(text) and other.search(part) and not one.search(quote):
            return "turns what its quote says into the opposite"
    if _TAKEN_BACK.search(quote) and not _TAKEN_BACK.search(text):
        return "leaves out what takes it back"
    if any(now.search(text) and then.search(quote) and not now.search(quote) for now, then in _TENSES):
        return "tells as now what its quote tells as past"
    if (_UNIVERSAL.search(text) and not _UNIVERSAL.search(quote)) or not _scope(text) <= _scope(quote):
        return "says more than its quote"
    return None


def _scope(text: str) -> set[str]:
    return {match.group().lower() for match in _SCOPE.finditer(text)}


def has_reserve(text: str) -> bool:
    """Tell whether something in ``text`` denies, doubts or only supposes."""
    text = _NO_DENIAL.sub(" ", text)
    return bool(NEGATION.search(text)) or any(one.search(text) for one, _ in _RESERVES)


def deciding_words(text: str) -> set[str]:
    """Give the words of ``text`` that say on which side of something it is: "against", "before", "most"."""
    patterns = [side for pair in _SIDES for side in pair]
    words = {match.group().lower() for words in patterns for match in words.finditer(text)}
    return words - {"for"}  # it has other meanings


def _part(own: set[str], quote: str) -> str:
    whole = [part for part in _CONTRAST.split(quote) if part.strip()]
    parts: list[str] = [
        each for part in whole for each in (_ASIDE.sub(" ", part), *_ASIDE.findall(part)) if each.strip()
    ]
    words = [forms(meaning_words(part)) for part in parts]
    shares = [len(own & each) for each in words]
    best = max(range(len(parts)), key=shares.__getitem__)
    if shares[best] >= _SAME_MATTER * len(own):
        told = {best, *(at for at, each in enumerate(words) if shares[at] >= _SAME_MATTER * len(each))}
    else:
        told = {at for at, share in enumerate(shares) if share}
    return " ".join(parts[at] for at in sorted(told))


def _denied(text: str) -> set[str]:
    """Give the stem of the word that each denial in ``text`` stands before."""
    after = (meaning_words(text[match.end() : match.end() + _NEAR])[:1] for match in NEGATION.finditer(text))
    return {stem(words[0]) if words else "" for words in after}
