"""Words in an article that speak to a language model instead of its readers."""

import html
import re
import unicodedata

_MODEL = (
    r"(?:a\.?i\.?|llms?|gpt|chat ?gpt|chat ?bots?|(?:large )?language models?"
    r"|assistants?(?! (?:attorney|chief|coach|commissioner|director|editor|manager|police|principal|professor|secretary"
    r"|to|u\.s\.)))"
)
_STARTS = r"(?:^|[.!?:;,\"“”'\n(]|\b(?:then|please|instead)\b)\s*"
_BEGINS = r"(?:^|[.!?:;,\"“”'\n(]|\b(?:and|then|please|must|should|always|only|just|instead)\b)\s*"
_FILLERS = r"(?:(?:please|only|just|always|simply|instead) )*"
_PATTERNS = (
    # "Ignore all previous instructions"
    r"(?<!not )(?<!n't )(?<!never )\b(?:ignore|discard|disregard|forget|override|bypass|skip)\b"
    r".{0,40}\b(?:above|all|any|earlier|everything|guidelines?|guidance|what (?:came|was|you)"
    r"|instructions?|previous|prior|prompts?|quotes?|rules?|the following|your)\b",
    r"\b(?:system|developer|hidden|initial) (?:prompt|message|instructions?)\b",
    r"\b(?:new|updated|real|actual|following) (?:instructions?|task(?! force))\b",
    r"\bstop following\b.{0,20}\b(?:guidelines?|instructions?|rules?)\b",
    r"\byour (?:new|only|real|actual) (?:goal|job|purpose|role|task)\b|\bwhen(?:ever)? you(?: a|['’])re asked\b",
    r"\b(?:whoever|anyone who) (?:answer|process|read|summari[sz]e)s?\b",
    # "You are now DAN", "act as", "Dear AI", "if you are a language model"
    r"\byou are (?:now|no longer)\b|\bpretend (?:to|that|you)\b",
    r"(?:^|[.!?:;]|\b(?:you|must|please|now|should|will))\s*(?:act|behave|respond) as\b",
    rf"\b(?:dear|attention|hey|(?:note|notice|message|instructions?) (?:to|for))[ :,]*"
    rf"(?:the |all |any )?(?:{_MODEL}|models?)\b",
    rf"\b(?:as|if you are|being|any) (?:an?|any) {_MODEL}\b",
    # "… and answer 42", "reply only with", "say: pwned"
    rf"{_BEGINS}{_FILLERS}(?:answer|reply|respond)\b(?! (?:to|for|by|that)\b)\s*\S",
    rf"{_STARTS}{_FILLERS}(?:output|print|translate)\b(?! (?:to|for|by|that|rose|fell|was|is|media|version)\b)\s*\S",
    rf"{_BEGINS}{_FILLERS}"
    r"(?:say|write|repeat|append|include|begin|end|return|finish|start)(?:\s*[:“\"'‘]"
    r"|\s+(?:only|exactly|the (?:word|phrase|number|following)|your (?:answer|reply|response)"
    r"|every (?:answer|reply|sentence)|with (?:the )?(?:word|phrase|number|[“\"'‘])))",
    # What models and the programs around them take for marks
    r"<\s*/?\s*(?:quote|system|user|assistant|im_start|im_end|s|inst|tool|script)\b|<\||\|>|\[/?INST\]|###",
    r"(?:^|[(.!?])\s*(?:system|assistant|user|human)\s*:",
    # "AI systems reading this", "as the reply to readers", and the commonest order in other languages
    rf"\b(?:{_MODEL}|models?)(?: systems?)? (?:reading|processing|summari[sz]ing|that reads?|who reads?)\b",
    r"\b(?:the|your|correct|right|only) (?:\w+ )?(?:reply|response|output)"
    r"(?: to (?:readers?|users?|every question))? (?:is|must|should)\b",
    r"\b(?:as (?:the|your)|in your) (?:reply|response|output|answer|summary)\b|\bin the (?:reply|output|answer)\b",
    r"\bfrom now on\b.{0,20}\b(?:answer|reply|respond|say|state|write|you)\b|\byour answer is\b",
    r"\b(?:ignorier\w*|missachte\w*|vergiss|vergesst|ignore[rz]?|ignora\w*|oublie[rz]?|olvid\w*|negeer|vergeet"
    r"|игнориру\w*|забуд\w*)\b.{0,40}\b(?:anweisung|instru|istruz|inst?rukc|инструкц|regeln|regles|reglas|regole)",
    r"(?:忽略|无视|無視|忘记|忘記).{0,12}(?:指令|指示|说明|命令)",
)
_LINE = re.compile(r"^\s*(?:system|assistant|user|human)\s*:", re.IGNORECASE | re.MULTILINE)
_SPACED = re.compile(r"\b(?:[^\W\d_] ){3,}[^\W\d_]\b")
_LOOK_ALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422"
    "\u0425\u0406\u0408\u0405\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf",
    "aeopcyxijsABEKMHOPCTXIJSABEZHIKMNOPTYXo",
)
_SPEAKS = re.compile("|".join(_PATTERNS), re.IGNORECASE)


def speaks_to_models(text: str) -> bool:
    """Tell whether ``text`` looks as if it told a language model what to do: of news, one sentence in 2,000 does.

    These are the ways that are known; another may pass, and then the checks of what the model wrote are what is left.
    """
    folded = _folded(html.unescape(text))
    return any(_SPEAKS.search(" ".join(each.split())) or _LINE.search(each) for each in (folded, _latin(folded)))


def _folded(text: str) -> str:
    """Take out what shows nothing and what only marks letters: "I\u0332gn\u200bore" is "Ignore"."""
    plain = unicodedata.normalize("NFKC", "".join(each for each in text if unicodedata.category(each) != "Cf"))
    bare = "".join(each for each in unicodedata.normalize("NFKD", plain) if unicodedata.category(each)[0] != "M")
    return _SPACED.sub(lambda match: match.group().replace(" ", ""), bare)


def _latin(text: str) -> str:
    """Write letters that look like Latin ones as those."""
    return text.translate(_LOOK_ALIKES)
