"""What stands on a page beside its article: parts that are named as such, and lines that speak to the visitor."""

import re
from collections.abc import Sequence
from typing import Any

from index.formats.page.layout import Block
from index.formats.page.tidy import length_of, names_of

_TAGS = ("aside", "nav", "footer", "form", "dialog", "figcaption")
# The words that names of such parts are made of: "related-links", "newsletterSignup", "m-share-bar".
_PARTS = frozenset(
    """newsletter signup subscribe subscription share sharing social socials promo promotion related recommended
    recommendations recirc recirculation trending popular mostread breadcrumb breadcrumbs cookie cookies consent gdpr
    paywall regwall advert advertisement ad ads adslot sponsor sponsored outbrain taboola comments disqus
    authorbio bio byline-bio tooltip toolbar readmore seealso jumplink skiplink tags taglist donate donation""".split()
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_MOST = 0.3

_OF_THE_VISITOR = re.compile(r"\b(?:you|your|you['’](?:re|ve|ll)|us|our)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"^\W*(?:please|enter|sign|click|tap|follow|read|see|watch|listen|download|get|subscribe|share|support|join|contact"
    r"|e-?mail|send|register|log|become|donate|comment|like|reach|never miss|don['’]t miss|have a|got a|stay up|help us"
    r"|want (?:more|to)|there was an error|thank you for)\b",
    re.IGNORECASE,
)
# What only a site or its mail offers, and what others have as well.
_OFFERS = re.compile(
    r"\b(?:newsletters?|inbox|subscri\w+|unsubscribe|our app|push alerts?|news alerts?|whatsapp channel|telegram"
    r" channel"
    r"|e-?mail (?:us|me|him|her|address|preferences)|[\w.+-]+@[\w-]+\.\w+|processing your|privacy policy"
    r"|terms of (?:use|service)|unlimited access|paywall|ad[- ]?free|as a web page|in your browser|web version|signed"
    r" up"
    r"|this (?:e-?mail|message)|manage your registration)\b",
    re.IGNORECASE,
)
_ALSO_OFFERS = re.compile(
    r"\b(?:sign(?:ing)? ?up|facebook|twitter|instagram|linkedin|tiktok|youtube|the app|free trial|donat\w+|log in"
    r"|register"
    r"|comments? section|click here|story tips?|news ?(?:room|desk)|our (?:journalism|work|reporting))\b|@\w{3,}",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\W*(?:read (?:more|next|also|the full (?:story|article))|(?:more|see) (?:on this|also|from)|also read"
    r"|related(?: (?:articles?"
    r"|stories|coverage|content|links?|topics?|reading))?|recommended(?: for you)?|most (?:read|popular)|trending(?:"
    r" now)?"
    r"|up next|don['’]t miss|editors?['’]?s? picks?|watch|listen|watch (?:live|now|more)|listen (?:live|now|to)"
    r"|more (?:stories|news|coverage)|story continues below(?: advertisement)?|article continues (?:below|after).*"
    r"|continue reading"
    r"|advertisement|ad|sponsored(?: content)?|share(?: (?:this|on|via))?(?: (?:story|article|page))?|print this(?:"
    r" page)?"
    r"|copy link|save(?: (?:this )?(?:story|article|for later))?|back to top|skip advertisement|load more|show more"
    r"|follow us|topics|tags|comments?|view comments|(?:jump|skip) to (?:content|comments))\s*(?:[:.…»>]|$)",
    re.IGNORECASE,
)
_TIP = re.compile(
    r"(?:know (?:more|something)|(?:have|got) (?:a|any|more) (?:story|tips?|information|news)|get in touch|contact"
    r" the reporter|reach (?:the reporter|out))",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"\b(?:follow|reach|contact|e-?mail|find) (?:him|her|them|me|the author|[A-Z]\w+)(?: [A-Z]\w+)?\s+(?:on|at|by"
    r"|via)\b"
    r"|\b(?:can|may) be (?:reached|contacted|followed) (?:at|on|by|via)\b|(?:^|\s)@\w{3,}\.?$"
)
_POST = re.compile(
    r"\bis (?:an? |the |our )?(?:[\w’'-]+ ){0,6}?(?:reporter|correspondent|journalist|writer|editor|columnist"
    r"|producer|author|fellow"
    r"|professor|lecturer|intern|blogger|freelancer|contributor|critic|photographer|bureau chief|host|anchor)\b"
)
_LONGEST_LINE = 280
_LONGEST_LINK = 200
_MOST_LINKED = 0.8
_LAST = 4


def remove_furniture(tree: Any) -> None:  # noqa: ANN401 - an element of lxml, which has no types
    """Remove the parts of a page that are named as no part of its article, unless most of the text is in them."""
    whole = None
    for element in list(tree.iter()):
        parent = element.getparent() if isinstance(element.tag, str) else None
        if parent is None or element.tag in ("html", "body", "main", "article"):
            continue
        if element.tag in _TAGS or _is_named(element):
            whole = whole or length_of(tree)
            if length_of(element) <= _MOST * whole and not any(True for _ in element.iter("article", "main", "h1")):
                element.drop_tree()


def without_furniture(blocks: Sequence[Block], *, author: str = "", title: str = "") -> list[Block]:
    """Return the blocks without lines for the visitor: links to other articles, services, the author's own profile."""
    kept = [block for block in blocks if not is_for_the_visitor(block)]
    while kept and _is_about_the_author(kept[-1], author):
        kept.pop()
    tail = [block for block in kept[-_LAST:] if _PROFILE.search(block.text) and _POST.search(block.text)]
    kept = [block for block in kept if block not in tail]
    # A heading has something below it.
    while kept and kept[-1].is_heading and len(kept) > 1 and kept[-1].text != title:
        kept.pop()
    return kept


def is_for_the_visitor(block: Block) -> bool:
    """Whether a block offers the visitor something instead of telling of the article's matter."""
    text = block.text
    if block.is_row or len(text) > _LONGEST_LINE:
        return False
    if _LABEL.match(text) and (block.linked > 0.3 or len(text) <= 60):  # noqa: PLR2004 - a label alone, or with a link
        return True
    if block.linked >= _MOST_LINKED and len(text) <= _LONGEST_LINK and not re.search(r"[.!?…][”\"’)]*$", text):
        return len(text.split()) > 2 or block.element.tag == "li"  # noqa: PLR2004 - a name alone may be a heading
    return speaks_to_the_visitor(text)


def speaks_to_the_visitor(text: str) -> bool:
    """Whether a line asks something of the visitor that is about the site and its services."""
    if re.search(r"[“\"«]", text):  # somebody is quoted
        return False
    if _TIP.search(text) and re.search(r"@|\b(?:e-?mail|contact|call|write|touch)\b", text, re.IGNORECASE):
        return True
    if _ASKS.match(text):
        return bool(_OFFERS.search(text) or _ALSO_OFFERS.search(text))
    return bool(_OF_THE_VISITOR.search(text) and _OFFERS.search(text))


def _is_about_the_author(block: Block, author: str) -> bool:
    if len(block.text) > 2 * _LONGEST_LINE or block.is_row:
        return False
    if _PROFILE.search(block.text):
        return bool(_POST.search(block.text)) or len(block.text) <= 120  # noqa: PLR2004 - the address alone
    first = author.split(",")[0].strip()
    return bool(first) and block.text.startswith(first) and bool(_POST.search(block.text))


def _is_named(element: Any) -> bool:  # noqa: ANN401
    for name in names_of(element):
        words = [word.lower() for word in _WORD.findall(name)]
        if _PARTS.intersection(words) and not {
            "article",
            "story",
            "content",
            "body",
            "main",
            "page",
            "no",
            "has",
            "with",
        }.intersection(words):
            return True
    return False
