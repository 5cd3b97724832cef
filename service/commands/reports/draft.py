"""How a checked draft is printed: a line that sums it up, then everything found, the worst first."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from index.types import Article
from service.answering.quoting.selectors import reader_link
from service.answering.verification.differences import Difference
from service.answering.verification.drafts import Checked, CheckedDraft, Status
from service.answering.verification.verify import Verified
from service.commands.reports.terminal import count, printable, say

_NAMES: dict[Status, str] = {
    "misattributed": "misattributed",
    "altered": "altered",
    "out_of_context": "out of context",
    "absent": "not in the archive",
    "not_checked": "not checked",
    "found": "found",
}
_COUNTED: tuple[Status, ...] = ("found", "altered", "misattributed", "out_of_context", "absent", "not_checked")
_LONGEST = 300


def show(console: Console, draft: CheckedDraft) -> None:
    """Print the report on a draft."""
    say(console, printable(draft.article.title), style="bold")
    for warning in (*draft.article.notes, *draft.warnings):
        say(console, printable(warning), style="yellow")
    for kind, noun in (("quotation", "quotation"), ("statement", "reported figure")):
        if alike := [each for each in draft.checked if each.piece.kind == kind]:
            say(console, summary(alike, noun))
    order = list(_NAMES)
    for each in sorted(draft.checked, key=lambda one: (not one.is_wrong, order.index(one.status))):
        say(console, "")
        _show_checked(console, draft.article.text, each)


def summary(checked: Sequence[Checked], noun: str) -> str:
    """Return how many there are, and how many of each status: "3 quotations: 2 found, 1 altered"."""
    numbers = [(sum(each.status == status for each in checked), _NAMES[status]) for status in _COUNTED]
    return f"{count(len(checked), noun)}: {', '.join(f'{number} {name}' for number, name in numbers if number)}"


def _show_checked(console: Console, text: str, checked: Checked) -> None:
    piece, verified = checked.piece, checked.verified
    line = text.count("\n", 0, piece.whole.start) + 1
    words = _shortened(text[slice(*piece.span)])
    named = f" – {piece.speaker}" if piece.speaker else ""
    marks = "“”" if piece.kind == "quotation" else ("", "")
    head = f"{_NAMES[checked.status]}, line {line}: {marks[0]}{words}{marks[1]}{named}"
    say(console, printable(head), style="bold red" if checked.is_wrong else "")
    if checked.status == "absent" and piece.kind == "quotation":
        say(console, "    No article has words like these. That is no proof that nobody said them.")
    if verified and verified.matches:
        _show_source(console, checked, verified)
    for warning in checked.warnings:
        say(console, printable(f"    {warning}"), style="yellow")


def _show_source(console: Console, checked: Checked, verified: Verified) -> None:
    article, span = verified.matches[0]
    if checked.status == "misattributed":
        wrong = f"    These are the words of {verified.said_by}, not of {checked.piece.speaker}."
        say(console, printable(wrong))
    elif verified.said_by and checked.status != "found":
        say(console, printable(f"    Said by {verified.said_by}."))
    if verified.context:
        cue = article.text[slice(*verified.context.cue)]
        whole = article.text[slice(*verified.context.sentences)]
        say(console, printable(f"    The quotation leaves out “{cue}”. The article says: “{whole}”"))
    for each in verified.differences if checked.status == "altered" else ():
        if each.kind == "words":
            say(console, printable(_difference(each)))
    if checked.status == "altered":
        say(console, printable(f"    There it reads: “{_shortened(article.text[slice(*span)])}”"))
    say(console, Text(f"    {_place(article)} · {reader_link(article, span)}", style="dim"))


def _difference(difference: Difference) -> str:
    given, found = difference.given.strip(), difference.found.strip()
    if not given:
        return f"    left out: “{found}”"
    return f"    “{given}” where the article has “{found}”" if found else f"    put in: “{given}”"


def _place(article: Article) -> str:
    facts = (article.title, article.publisher, f"published {article.published}" if article.published else None)
    return printable(" · ".join(fact for fact in facts if fact))


def _shortened(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()}…"
