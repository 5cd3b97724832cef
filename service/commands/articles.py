"""The commands that add, list, show and remove articles."""

import json
import os
import signal
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import FormatError
from index.types import ArticleSummary
from service.commands.common import ArticleIdArgument, AsJson, configure, err, opened_store, out, print_json
from service.commands.reports import terminal

if TYPE_CHECKING:
    from service.assembly import Services
    from service.commands.adding import Summary

INTERRUPTED = 130
_PAGE = 1_000
_LESS_URGENT = 10


def add(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files, folders, archives, addresses of pages, feeds and sitemaps.", metavar="PATH|URL..."),
    ],
    as_json: AsJson = False,
    names: Annotated[
        str,
        typer.Option(
            "--map", help="The names that JSON lines have: text=maintext,published=date.", metavar="FIELD=NAME,..."
        ),
    ] = "",
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and keep the store in step with the paths and feeds.")
    ] = False,
) -> None:
    """Add articles; those already in the store are left as they are, so an interrupted run can be continued.

    Exit code 1 if any could not be added; the others are.
    """
    from service.assembly import assemble

    mapped = _mapped(names)
    if hasattr(os, "nice"):
        os.nice(_LESS_URGENT)  # questions that are asked meanwhile come first
    services = assemble(configure())
    try:
        if watch:
            _keep_adding(services, paths, as_json=as_json)
            raise typer.Exit(int(True))  # no feed is left
        raise typer.Exit(_add_once(services, paths, as_json=as_json, names=mapped))
    except KeyboardInterrupt:
        pass  # the one way to end watching
    finally:
        services.close()


def _keep_adding(services: "Services", paths: list[str], *, as_json: bool) -> None:
    """Keep the store in step with paths and feeds; return once no feed is left.

    Raises KeyboardInterrupt when it is stopped, by Ctrl-C or SIGTERM.
    """
    from service.commands.following import FeedWatch
    from service.commands.watching import watch
    from service.fetching import is_address

    places = [path for path in paths if not is_address(path)]
    feeds = FeedWatch(services, [path for path in paths if is_address(path)], console=err)

    def stop(*_: object) -> None:
        feeds.polite.stopped.set()
        raise KeyboardInterrupt

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        terminal.say(err, "Keeping the articles in step (stop with Ctrl-C).", style="dim")
        passes = watch(services, places, console=err, between=feeds.due) if places else feeds.passes()
        for summary in passes:
            _report(summary, as_json=as_json, compact=True)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _mapped(names: str) -> dict[str, str]:
    """Return the names of fields as they were given. Raises FormatError for a field that there is not."""
    from index.formats.json_lines import FIELDS

    mapped = {}
    for pair in filter(None, names.split(",")):
        field, _, name = (part.strip() for part in pair.partition("="))
        if field not in FIELDS or not name:
            raise FormatError(f"--map has {pair!r}.", remedy=f"Write FIELD=NAME; fields are {', '.join(FIELDS)}.")
        mapped[field] = name
    return mapped


def _add_once(services: "Services", paths: list[str], *, as_json: bool, names: dict[str, str]) -> int:
    """Add all that ``paths`` name, print the outcome and return the exit code."""
    from service.commands.adding import Summary, add_paths

    summary = Summary()
    interrupted = False
    try:
        for _ in add_paths(services.ingester, paths, summary=summary, console=err, names=names):
            pass
        services.store.save_caches()
    except KeyboardInterrupt:
        interrupted = True
        terminal.say(err, "Stopped. The same command goes on from here.", style="yellow")
    _report(summary, as_json=as_json)
    return INTERRUPTED if interrupted else int(bool(summary.counts["failed"]))


def _report(summary: "Summary", *, as_json: bool, compact: bool = False) -> None:
    if as_json and compact:
        terminal.say(out, json.dumps(summary.as_json(), ensure_ascii=False))
    elif as_json:
        print_json(summary.as_json())
    else:
        terminal.show_added(
            out,
            err,
            summary.results,
            counts=summary.counts,
            left_out=summary.left_out,
            untold=summary.untold.total(),
        )
        if not compact:
            terminal.show_verdicts(out, summary.results)


def list_articles(as_json: AsJson = False) -> None:
    """List the articles."""
    articles: list[ArticleSummary] = []
    with opened_store() as store:
        while page := store.articles(limit=_PAGE, after=articles[-1].id if articles else 0):
            articles += page
    if as_json:
        print_json([asdict(each) for each in articles])
    else:
        terminal.show_articles(out, articles)


def show(article_id: ArticleIdArgument, as_json: AsJson = False) -> None:
    """Show an article with its whole text."""
    with opened_store() as store:
        article = store.article(article_id)
    if as_json:
        print_json({**asdict(article), "sha256": article.sha256})
    else:
        terminal.show_article(out, article)


def remove(article_id: ArticleIdArgument, as_json: AsJson = False) -> None:
    """Remove an article, with its passages and vectors."""
    with opened_store() as store:
        title = store.article(article_id, embargoed=True).title
        store.remove(article_id)
    if as_json:
        print_json({"id": article_id, "status": "removed"})
    else:
        terminal.say(out, f"Removed article {article_id}: {terminal.printable(title)}")
