"""What the command line shows a person: colours on a terminal, plain text in a pipe."""

import re
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.types import Article, ArticleSummary
from service.answering.quotes import reader_link
from service.answering.types import Answer, Quote

# An article must not be able to steer the terminal it is shown on.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def consoles() -> tuple[Console, Console]:
    """Give the consoles for results (standard output) and for everything else (standard error)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that is not UTF-8 still shows something
    shape = {"highlight": False, "markup": False, "emoji": False}
    out = Console(**shape, soft_wrap=not sys.stdout.isatty())  # type: ignore[arg-type]
    return out, Console(**shape, stderr=True, soft_wrap=not sys.stderr.isatty())  # type: ignore[arg-type]


def printable(text: str) -> str:
    """Replace control characters by U+FFFD, save line breaks and tabs; CRLF becomes a line feed."""
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n"))


def show_answer(console: Console, answer: Answer) -> None:
    """Show an answer with its quotes, or the refusal with the nearest passages."""
    console.print(Text(printable(answer.text), style="bold" if answer.answered else "yellow"))
    for warning in answer.warnings:
        console.print(Text(warning, style="yellow"))
    if answer.nearest:
        console.print(Text("\nNearest, but not an answer:", style="dim"))
    for quote in answer.quotes or answer.nearest:
        console.print()
        console.print(_quoted(quote, dim=not answer.answered))
        console.print(Text(f"    {_origin(quote)}", style="dim"))


def _quoted(quote: Quote, *, dim: bool) -> Text:
    text = Text(f"[{quote.number}] “", style="dim" if dim else "")
    at = quote.span.start
    whole = quote.article.text
    for start, end in quote.highlights:
        text.append(printable(whole[at:start]))
        text.append(printable(whole[start:end]), style="" if dim else "bold green")
        at = end
    text.append(printable(whole[at : quote.span.end]))
    return text.append("”")


def _origin(quote: Quote) -> str:
    article = quote.article
    facts = [
        printable(article.title),
        printable(article.publisher or ""),
        f"published {article.published}" if article.published else "",
        f"characters {quote.span.start}–{quote.span.end}",
        f"confidence {quote.confidence:.2f}",
        printable(article.url or "") or reader_link(article.id, quote.span),
    ]
    return " · ".join(fact for fact in facts if fact)


def show_articles(console: Console, articles: Sequence[ArticleSummary]) -> None:
    """Show a list of articles."""
    if not articles:
        console.print("There are no articles yet: `pullquote add PATH` adds some.")
        return
    if not console.is_terminal:
        for each in articles:
            console.print(Text(f"{each.id}\t{each.published or '-'}\t{printable(each.title)}"))
        return
    table = Table("id", "published", "title", "publisher", "characters", box=None)
    for each in articles:
        columns = (str(each.id), str(each.published or ""), each.title, each.publisher or "", f"{each.characters:,}")
        table.add_row(*(Text(printable(column)) for column in columns))
    console.print(table)


def show_article(console: Console, article: Article) -> None:
    """Show an article whole, under what is known about it."""
    derived = "" if article.title_given else " (its first words: no title came with it)"
    console.print(Text(printable(article.title), style="bold").append(derived, style="dim"))
    known = (article.publisher, article.author, article.published, article.url, f"version {article.version}")
    console.print(Text(printable(" · ".join(str(fact) for fact in known if fact)), style="dim"))
    console.print(Text("\n" + printable(article.text)))
