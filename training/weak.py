"""What can be read off the sentences of real articles by rule: what is plain, and simple turns that take back."""

import re
from collections.abc import Iterator

from index.text.sentences import split_sentences
from training.frames import UNKNOWN, Marked, plain

UNSURE = re.compile(
    r"\?|\b(?:no|not|nor|never|none|nobody|nothing|without|neither|if|unless|whether|would|could|may|might|should"
    r"|can|must|to be|plan(?:s|ned|ning)?|hop\w+|want\w*|expect\w*|intend\w*|den(?:y|ied|ies|ying|ial)|reject\w*"
    r"|propos\w*|dismiss\w*|refus\w*|declin\w*|fail\w*|doubt\w*|disput\w*|alleg\w*|accus\w*|suspect\w*"
    r"|charg\w*|rumou?r\w*|reportedly|claim\w*|false\w*|untrue|wrong\w*|myth|hoax|unlikely|likely|possib\w*"
    r"|perhaps|maybe|apparently|unclear|withdr\w+|retract\w*|cancel\w*|prevent\w*|avoid\w*|urg\w*|demand\w*"
    r"|call\w* (?:for|on)|threat\w*|fear\w*|consider\w*|investigat\w*|due to|set to|about to|need\w*|seek\w*"
    r"|try|trying|tried|attempt\w*|hardly|barely|prohibit\w*|ban\w*|un\w+able|lack\w*|instead|supposed\w*"
    r"|legend\w*|asked|n['’]t)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words beside which a sentence of an article may not be plainly asserted: nothing is learnt from its words."""
VERB = re.compile(r"\b(?:was|were|is|are|has|have|had)\b(?= [a-z])")
CUT = re.compile(
    r"[,;:.—–()“”\"]|\b(?:and|but|or|because|which|who|whom|although|though|since|when|after|before|while|until|that"
    r"|as|so|if|unless|whether|where|despite|whose|for|to)\b"
)
"""Where what a word governs may end."""

_NOT = re.compile(
    r"\b(?:was|were|is|are|has|have|had|did|does|do)(?: (not)|(n['’]t))\s(?!only|just|necessarily|yet|simply|merely"
    r"|clear|known|know|sure|say|deny|doubt|mean|confirm|believe|think|always|all|every|even|until|because)"
)
_GOVERN = (
    (_NOT, "d"),
    (
        re.compile(r"\b(?:(?:refus|declin|fail)(?:ed|es|s|ing)|refusal|unable) to (?!say|acknowledge|admit)(?=[a-z])"),
        "d",
    ),
    (re.compile(r"\b(?:(?:denied|denies|denying|deny)(?: that)?) (?!it\b|this\b|the fact|but\b)(?=[a-z])"), "d"),
    (re.compile(r"\b(?:doubts?|doubted) that (?=[a-z])"), "u"),
    (
        re.compile(
            r"\b(?:plans?|planned|hopes?|hoped|wants?|wanted|intends?|vowed|promised|pledged|aims?"
            r"|(?:is|are) (?:expected|due|set|scheduled|likely)) to (?=[a-z])"
            r"|\b(?:would|might|could|may|should) (?!not|never|be able|have)(?=[a-z])"
        ),
        "c",
    ),
    (re.compile(r"\b(?:whether|asked if) (?=[a-z])"), "q"),
)


def weakly(text: str) -> Iterator[Marked]:
    """Yield an article's sentences: plain ones asserted, of others what simple turns govern; nothing else is known."""
    for start, end in split_sentences(text):
        sentence = text[start:end]
        if not UNSURE.search(sentence):
            yield plain(sentence)
        elif re.match(r"If [^,]{8,80}, [^,“”\"]{8,120}\.$", sentence):
            kinds = "a" * 3 + "c" * (len(sentence) - 4) + "a"
            yield Marked(sentence, kinds, "11" + "0" * (len(sentence) - 2))
        elif re.match(r"(?:Is|Are|Was|Were|Do|Does|Did|Will|Can) [^,“”\"]{10,120}\?$", sentence):
            yield plain(sentence, "q", UNKNOWN)
        else:
            yield _governed(sentence)


def _governed(sentence: str) -> Marked:
    given = plain(sentence, UNKNOWN, UNKNOWN)
    for pattern, code in _GOVERN:
        for turn in pattern.finditer(sentence):
            cut = CUT.search(sentence, turn.end())
            end = cut.start() if cut else len(sentence)
            rest = sentence[turn.end() : end]
            before = sentence[max(0, turn.start() - 30) : turn.start()]
            if (
                len(rest) < 4
                or UNSURE.search(before)
                or UNSURE.search(rest)
                or (end < len(sentence) and sentence[end].isalpha() and len(rest) < 12)
            ):
                continue
            cue = next((each for each in turn.groups() if each), turn[0].strip())
            first = turn.start() + turn[0].index(cue)
            given = (
                given.cut(0, first)
                + plain(cue, "a", "1")
                + given.cut(first + len(cue), turn.end())
                + plain(rest.rstrip(), code)
                + given.cut(turn.end() + len(rest.rstrip()))
            )
    return given
