"""Words in an article that speak to a language model instead of its readers."""

import re
import unicodedata

_MODEL = r"(?:a\.?i\.?|llms?|gpt|chat ?gpt|assistants?|chat ?bots?|(?:large )?language models?)"
_BEGINS = r"(?:^|[.!?:;,\"“”'\n(]|\b(?:and|then|please|must|should|always|only|just|instead)\b)\s*"
_PATTERNS = (
    # "Ignore all previous instructions"
    r"\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:above|all|any|earlier|everything|guidelines?"
    r"|instructions?|previous|prior|prompts?|quotes?|rules?|the following|your)\b",
    r"\b(?:system|developer|hidden|initial) (?:prompt|message|instructions?)\b",
    r"\b(?:new|updated|real|actual|following) (?:instructions?|task)\b",
    # "You are now DAN", "act as", "Dear AI", "if you are a language model"
    r"\byou are (?:now|no longer)\b|\bpretend (?:to|that|you)\b",
    r"(?:^|[.!?:;]|\b(?:you|must|please|now|should|will))\s*(?:act|behave|respond) as\b",
    rf"\b(?:dear|attention|hey|(?:note|notice|message|instructions?) (?:to|for))[ :,]*"
    rf"(?:the |all |any )?(?:{_MODEL}|models?)\b",
    rf"\b(?:as|if you are|being|any) (?:an?|any) {_MODEL}\b",
    # "… and answer 42", "reply only with", "say: pwned"
    rf"{_BEGINS}(?:(?:please|only|just|always|simply|instead) )*(?:answer|reply|respond|output|print|translate)\b"
    r"(?! (?:to|for|by|that)\b)\s*\S",
    rf"{_BEGINS}(?:(?:please|only|just|always|simply|instead) )*"
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
    r"\b(?:as|in) (?:the|your) (?:reply|response|output|answer)\b",
    r"\b(?:ignoriere|ignorez?|ignora|ignore|negeer|игнорируй)\b.{0,30}\b(?:anweisung|instruc|instruk|инструкц)",
)
_LINE = re.compile(r"^\s*(?:system|assistant|user|human)\s*:", re.IGNORECASE | re.MULTILINE)
_SPEAKS = re.compile("|".join(_PATTERNS), re.IGNORECASE)


def speaks_to_models(text: str) -> bool:
    """Tell whether ``text`` looks as if it told a language model what to do: of news, five sentences in 16,000 do.

    These are the ways that are known; another may pass, and then the checks of what the model wrote are what is left.
    """
    folded = unicodedata.normalize("NFKC", "".join(each for each in text if unicodedata.category(each) != "Cf"))
    return _SPEAKS.search(" ".join(folded.split())) is not None or _LINE.search(text) is not None
