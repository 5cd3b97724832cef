"""The verdict on what was read of a page: whether it is the whole article, a part of it, or none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.formats.page.facts import Facts
from index.formats.page.layout import Block, letters
from index.formats.titles import derive_title
from index.text.words import content_words, shared, stems
from index.types import Verdict

_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")
# What a wall is made of: it speaks to the visitor, of the machinery between them and the article.
_TO_THE_VISITOR = re.compile(
    r"\b(?:you|your|you['’]re|please|sorry|oops)\b|^\W*(?:enable|accept|click|tap|press|turn|disable|log|sign|subscribe"
    r"|verify|try|go back|return|check|reload|refresh|continue|register|create|choose|manage|allow|update|contact"
    r"|access denied|already|to continue|this (?:page|site|website|content|article|story|link|url|video))\b",
    re.IGNORECASE,
)
_OF_THE_SITE = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)
_MACHINERY = re.compile(
    r"\b(?:pages?|site|website|browsers?|java ?script|cookies?|captcha|robot|subscri\w+|log(?:ging)? ?in|sign(?:ing)?"
    r" ?in"
    r"|consent|privacy|personal data|ad[- ]?block\w*|links?|url|404|403|address bar|manage your registration"
    r"|available in your (?:country|region|location))\b",
    re.IGNORECASE,
)
_ALSO_MACHINERY = re.compile(
    r"\b(?:human|account|partners|advertis\w+|error|permission|server|settings|trial|registered|registration"
    r"|members?(?:hip)?|offer|password|network|traffic|request(?:ed)?|options|choices|preferences|vendors?)\b",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"\b(?:(?:subscribe|sign in|log in|register|join|create an? (?:free )?account|become a (?:member|subscriber)"
    r"|start your"
    r" (?:free )?trial)\b[^.]{0,60}\b(?:to (?:continue|read|keep|access|unlock|finish|see)|for (?:full|unlimited)"
    r" access)"
    r"|(?:continue|keep) reading (?:this|with|your|by)|to (?:continue|keep|read on|finish) reading|already a"
    r" (?:subscriber|member)"
    r"|this (?:article|content|story) is (?:for|only (?:available )?(?:for|to)|exclusive(?:ly)?|available (?:only"
    r" )?to|reserved)"
    r"|for subscribers only|subscriber[- ]only|you(?:['’]ve| have) (?:reached|read|used)[^.]{0,40}(?:free|limit|last))",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\w,)$")
_LAST_WORD = re.compile(r"(?:^|\s)[^\W\d_]+(?:['’-][^\W\d_]+)*$")
_SITE = re.compile(r"\s[|–—]\s[^|–—]*$|\s-\s[^-]*$|\s*(?:…|\.\.\.)$")
_MOSTLY_WALL = 0.5
_SHORT = 1_500
_FEW_WORDS = 40
_TIMES_MORE = 3
_TEASER_WORDS = 40
_CAPTION_WORDS = 60
_MOSTLY_CAPTION = 0.7
_LEAST_TITLE = 4
_LOST = 0.03
_PIECE = 40
_LEAST_LAST = 60
_LONG_LINE = 100


@dataclass(frozen=True)
class Read:
    """What was read: the blocks, the page's facts, and how many words the page shows outside them."""

    blocks: Sequence[Block]
    facts: Facts
    beside: int = 0
    page: str = ""


def judge(read: Read) -> Verdict:
    """Return the verdict on what was read of a page, with its reason; without blocks it is "no_article"."""
    text = "\n\n".join(block.text for block in read.blocks)
    words = len(text.split())
    if not words:
        return Verdict("no_article", "it shows no text of one")
    if len(text) <= _SHORT and (share := _walled(text)) >= _MOSTLY_WALL:
        return Verdict("no_article", f"{share:.0%} of its sentences are about the page itself: a wall or an error")
    locked = not read.facts.data.is_free or bool(_WALL.search(read.page))
    if locked and words < _TEASER_WORDS:
        return Verdict("no_article", f"it shows {words} words and asks for a subscription or a login")
    if words < _FEW_WORDS and read.beside > _TIMES_MORE * max(words, 20) and not _is_whole(text, read.facts):
        return Verdict("no_article", f"{words} words of text on a page with {read.beside + words:,}")
    captions = sum(len(block.text) for block in read.blocks if _is_caption(block.element))
    if words < _CAPTION_WORDS and captions >= _MOSTLY_CAPTION * len(text):
        return Verdict("no_article", "its only text is a caption")
    reason = _part(read, text, locked=locked)
    return Verdict("partial", reason) if reason else Verdict()


def judge_text(text: str, title: str) -> Verdict:
    """Return the verdict on a text that somebody else extracted, under its title; "" for none."""
    if text.strip() and len(text) <= _SHORT and (share := _walled(text)) >= _MOSTLY_WALL:
        return Verdict("no_article", f"{share:.0%} of its sentences are about a page: a wall or an error")
    reason = "it ends in the middle of a sentence" if cut_off(text) else foreign_title(title, text)
    return Verdict("partial", reason) if reason else Verdict()


def share_lost(text: str, body: str) -> float:
    """Return the share of ``body``, by pieces of 40 letters, that is not in ``text``; 0 for an empty body."""
    have, wanted = letters(text), letters(body)
    pieces = [wanted[at : at + _PIECE] for at in range(0, len(wanted) - _PIECE + 1, _PIECE)]
    return sum(piece not in have for piece in pieces) / len(pieces) if pieces else 0.0


def cut_off(text: str) -> bool:
    """Whether a text ends in the middle of a sentence: with dots, a comma, or a word in small letters."""
    last = text.rstrip().rpartition("\n")[2]
    if len(last) < _LEAST_LAST or " | " in last:
        return False
    if _CUT_OFF.search(last):
        return True
    word = _LAST_WORD.search(last)
    # A headline has no full stop either; it is one sentence, and not as long.
    is_prose = len(last) >= _LONG_LINE or re.search(r"[.!?][”\"’)]?\s", last)
    return word is not None and word.group().strip()[0].islower() and bool(is_prose)


def _part(read: Read, text: str, *, locked: bool) -> str:
    body = read.facts.data.body
    lost = share_lost(text, body) if not cut_off(body) else 0.0
    if lost > _LOST:
        return f"{lost:.0%} of the text that the page says it has (articleBody) was not found"
    last = next((block for block in reversed(read.blocks) if not block.is_row), None)
    if last is not None and not last.is_heading and last.element.tag != "li" and cut_off(last.text):
        return "it ends in the middle of a sentence"
    if locked and len(text) <= _SHORT:
        return "the page asks for a subscription or a login to read on"
    return foreign_title(read.facts.title, text)


def foreign_title(title: str, text: str) -> str:
    """Return the reason that a title shares no word with the text; "" if it shares one, or is too short to tell."""
    # Nearly every title has a word of its text: stems, which take longer, are for the others.
    words, folded_text = content_words(_SITE.sub("", title)), text.casefold()
    if any(word.casefold() in folded_text for word in words):
        return ""
    asked = stems(_SITE.sub("", title))
    if len(asked) < _LEAST_TITLE or shared(asked, stems(text)):
        return ""
    return f"its title shares no word with the text ({derive_title(title)})"


def _walled(text: str) -> float:
    """Return the share of a text's sentences, by length, that speak to the visitor of the page's machinery."""
    sentences = [each for line in text.split("\n\n") for each in _SENTENCE.findall(line) if each.strip()]
    return sum(len(each) for each in sentences if _is_walled(each)) / max(1, sum(map(len, sentences)))


def _is_walled(sentence: str) -> bool:
    if "“" in sentence:  # somebody is quoted
        return False
    if _TO_THE_VISITOR.search(sentence):
        return bool(_MACHINERY.search(sentence) or _ALSO_MACHINERY.search(sentence))
    return bool(_OF_THE_SITE.search(sentence) and _MACHINERY.search(sentence))


def _is_whole(text: str, facts: Facts) -> bool:
    """Whether the page itself says that so few words are all."""
    return bool(facts.data.body) and share_lost(text, facts.data.body) == 0


def _is_caption(element: Any) -> bool:  # noqa: ANN401 - an element of lxml, which has no types
    around = [element, *element.iterancestors()]
    return any(
        each.tag in ("figure", "figcaption")
        or re.search(r"caption|photo-?credit", each.get("class") or "", re.IGNORECASE)
        for each in around
    )
