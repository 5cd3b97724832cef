"""The sources of an export as BibTeX, in UTF-8."""

import re

from service.http.exports.document import UNTITLED, Document, Source

# Braces must balance for BibTeX whether or not a backslash stands before them, so they go by name.
_NAMED = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{sign: rf"\{sign}" for sign in "$&#%_"},
}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def bibtex(document: Document) -> str:
    """Return one entry for each article that is quoted; what is not known of it is left out."""
    return "\n".join(_entry(each) for each in document.sources())


def _entry(source: Source) -> str:
    # The second pair of braces keeps a title's capitals, and a name as it was given.
    fields = {"title": f"{{{{{_text(source.title or UNTITLED)}}}}}"}
    if source.author:
        fields["author"] = f"{{{{{_text(source.author)}}}}}"
    if source.publisher:
        fields["journal"] = f"{{{_text(source.publisher)}}}"
    if source.published:
        fields["year"] = f"{{{source.published.year}}}"
        fields["month"] = _MONTHS[source.published.month - 1]
        fields["day"] = f"{{{source.published.day}}}"
    fields["url"] = f"{{{_address(source.url)}}}"
    fields["urldate"] = f"{{{source.accessed}}}"
    kind = "article" if source.publisher else "misc"
    lines = "".join(f"  {name} = {value},\n" for name, value in fields.items())
    return f"@{kind}{{{source.name},\n{lines}}}\n"


def _text(text: str) -> str:
    return re.sub(r"[\\{}~^$&#%_]", lambda match: _NAMED[match[0]], " ".join(text.split()))


def _address(address: str) -> str:
    """Return an address as the field url takes it: as it is, but for what would end the field."""
    return re.sub(r"[{}\\\s]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), address)
