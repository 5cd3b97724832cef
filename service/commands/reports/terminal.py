"""What the command line prints for people: coloured on a terminal, plain in a pipe."""

import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.types import Article, ArticleSummary
from service.answering.quoting.answer_text import credit
from service.answering.quoting.copies import first_published
from service.answering.quoting.selectors import on_pages, reader_link
from service.answering.quoting.stance import stance_name
from service.answering.types import Answer, Quote
from service.answering.verification.verify import Claim, Verified

# An article must not be able to control the terminal on which it is shown.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def consoles() -> tuple[Console, Console]:
    """Return the consoles for results (standard output) and for everything else (standard error)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that is not UTF-8 still shows something
    shape = {"highlight": False, "markup": False, "emoji": False}
    return Console(**shape), Console(**shape, stderr=True)  # type: ignore[arg-type]


def count(number: int, noun: str) -> str:
    """Return a number with its noun: "1 article", "2 articles"."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def printable(text: str) -> str:
    """Return text with control characters replaced by U+FFFD, except line breaks and tabs; CRLF becomes LF."""
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n"))


def say(console: Console, text: str | Text, *, style: str = "") -> None:
    """Print text: styled and wrapped on a terminal, unchanged in a pipe (tabs and long lines stay)."""
    text = Text(text, style=style) if isinstance(text, str) else text
    if console.is_terminal:
        console.print(text)
    else:
        console.file.write(f"{text.plain}\n")


def show_added(
    out: Console,
    err: Console,
    results: Sequence[Mapping[str, Any]],
    *,
    counts: Mapping[str, int],
    left_out: Mapping[str, int],
    untold: int = 0,
) -> None:
    """Print how many articles were added and, on ``err``, the warnings, the failures and what was left out."""
    say(out, ", ".join(f"{number:,} {status}" for status, number in counts.items() if number) or "nothing to add")
    for each in results:
        for warning in each.get("warnings", ()):
            say(err, printable(f"{each['path']}: {warning}"), style="yellow")
        if each["status"] == "failed":
            say(err, printable(f"{each['path']}: {each['reason']}"), style="red")
    if untold:
        say(err, f"{untold:,} more failed.", style="red")
    if left_out:
        endings = ", ".join(f"{number:,} {ending}" for ending, number in sorted(left_out.items()))
        say(err, printable(f"Left out, for their endings: {endings}"), style="dim")


def show_verdicts(console: Console, results: Sequence[Mapping[str, Any]]) -> None:
    """Print how much was read, by the verdict on it, and how much of that is new: a table, or in a pipe lines."""
    names = {"complete": "whole articles", "partial": "parts of articles", "no_article": "no articles, refused"}
    table = Table("read as", "files", "added or changed", box=None)
    for verdict, name in names.items():
        alike = [each for each in results if each.get("verdict") == verdict]
        changed = sum(each["status"] in ("added", "replaced") for each in alike)
        if alike and console.is_terminal:
            table.add_row(name, f"{len(alike):,}", f"{changed:,}")
        elif alike:
            say(console, f"{name}\t{len(alike)}\t{changed}")
    if table.row_count:
        console.print(table)


def show_partial(console: Console, articles: Sequence[ArticleSummary]) -> None:
    """Print the articles of which only a part was read, with the reason: tab-separated lines."""
    for each in articles:
        place = printable(each.url or each.key)
        say(console, f"{each.id}\t{printable(each.title)}\t{printable(each.verdict.reason)}\t{place}")
    say(
        console,
        f"{count(len(articles), 'article')} of which only a part was read."
        if articles
        else "All articles were read whole.",
    )


def show_answer(console: Console, answer: Answer) -> None:
    """Print an answer with its quotes, or the refusal with the nearest passages."""
    say(console, printable(answer.text), style="bold" if answer.answered else "yellow")
    if answer.chosen_by:
        say(console, f"Chosen by {printable(answer.chosen_by.model)}.", style="dim")
    for warning in answer.warnings:
        say(console, printable(warning), style="yellow")
    if answer.nearest:
        say(console, "\nNearest, but not an answer:", style="dim")
    for quote in answer.quotes or answer.nearest:
        say(console, "")
        say(console, _quoted(quote, dim=not answer.answered))
        say(console, f"    {_origin(quote)}", style="dim")
        for caution in quote.article.cautions:
            say(console, f"    {printable(caution)}", style="yellow")


def _quoted(quote: Quote, *, dim: bool) -> Text:
    text = Text(f"[{quote.number}] “", style="dim" if dim else "")
    at = quote.span.start
    whole = quote.article.text
    for start, end in quote.marks:
        text.append(printable(whole[at:start]))
        style = "bold red" if (start, end) == quote.cue else "" if dim else "bold green"
        text.append(printable(whole[start:end]), style=style)
        at = end
    text.append(printable(whole[at : quote.span.end]))
    return text.append("”")


def _origin(quote: Quote) -> str:
    article = quote.article
    facts = [
        stance_name(quote.stance) if quote.stance else "",
        printable(credit(quote)),
        printable(article.title),
        printable(article.publisher or ""),
        on_pages(article, quote.span),
        f"published {article.published}" if article.published else "",
        *(f"{printable(article.text[slice(*span)])} = {day}" for span, day in quote.dates),
        *(f"also in {printable(copy.article.publisher or copy.article.title)}" for copy in quote.copies),
        f"first published by {printable(first.publisher or first.title)}" if (first := first_published(quote)) else "",
        printable(article.rights or ""),
        f"characters {quote.span.start}–{quote.span.end}",
        f"confidence {quote.confidence:.2f}",
        printable(article.url or "") or reader_link(article, quote.span),
    ]
    return " · ".join(fact for fact in facts if fact)


def show_verdict(console: Console, claim: Claim, verified: Verified) -> None:
    """Print the verdict on a quotation: where it stands, or what stands there instead."""
    style = "" if verified.status == "found" else "bold red"
    say(console, f"{verified.status}: “{printable(claim.text)}”", style=style)
    if verified.status == "misattributed":
        wrong = f"These are the words of {verified.said_by}, not of {claim.speaker}."
        say(console, f"    {printable(wrong)}")
    if verified.context:
        text = verified.matches[0].article.text
        cue, sentences = (printable(text[slice(*each)]) for each in (verified.context.cue, verified.context.sentences))
        say(console, f"    The quotation leaves out “{cue}”. The article says: “{sentences}”")
    for warning in verified.warnings:
        say(console, f"    {printable(warning)}", style="yellow")
    for each in verified.differences:
        if each.kind == "words":
            say(
                console,
                f"    “{printable(each.given.strip())}” where the article has “{printable(each.found.strip())}”",
            )
    for article, span in verified.matches[:1]:
        if verified.status == "altered":
            say(console, f"    There it reads: “{printable(article.text[slice(*span)])}”")
        where = f"{printable(article.title)} · characters {span.start}–{span.end} · {reader_link(article, span)}"
        say(console, f"    {where}", style="dim")


def show_articles(console: Console, articles: Sequence[ArticleSummary]) -> None:
    """Print a list of articles: a table on a terminal, tab-separated lines in a pipe."""
    if not articles:
        say(console, "There are no articles yet: `pullquote add PATH` adds some.")
        return
    if not console.is_terminal:
        for each in articles:
            say(console, f"{each.id}\t{each.published or '-'}\t{printable(each.title)}{_held(each)}")
        return
    table = Table("id", "published", "title", "publisher", "characters", box=None)
    for each in articles:
        columns = (
            str(each.id),
            str(each.published or ""),
            each.title + _held(each),
            each.publisher or "",
            f"{each.characters:,}",
        )
        table.add_row(*(Text(printable(column)) for column in columns))
    console.print(table)


def _held(article: ArticleSummary) -> str:
    held = article.embargo is not None and article.embargo > datetime.now(UTC)
    return f" (under embargo until {article.embargo:%Y-%m-%d %H:%M %Z})" if held else ""


def show_article(console: Console, article: Article) -> None:
    """Print an article's whole text, below what is known about it."""
    derived = "" if article.title_given else " (from its text: no title came with it)"
    say(console, Text(printable(article.title), style="bold").append(derived, style="dim"))
    known = (article.publisher, article.author, article.published, article.url, f"version {article.version}")
    say(console, printable(" · ".join(str(fact) for fact in known if fact)), style="dim")
    say(console, "\n" + printable(article.text))
