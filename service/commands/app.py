"""The command line."""

import json
import logging
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from index.errors import FormatError, PullquoteError, SettingsError
from index.store.base import Store
from index.store.factory import open_store
from index.types import ArticleSummary
from service.commands import terminal
from service.http.schemas.fields import LARGEST_ID
from service.settings import Settings, load_settings

if TYPE_CHECKING:
    from service.assembly import Services
    from service.commands.adding import Summary

NOT_ANSWERED = 3
INTERRUPTED = 130
_LESS_URGENT = 10

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
out, err = terminal.consoles()
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
ArticleId = Annotated[
    int, typer.Argument(help="The article's id, as `pullquote list` shows it.", min=1, max=LARGEST_ID)
]


def main() -> None:
    """Run a command; an error of ours is shown as a sentence, with exit code 1."""
    try:
        app()
    except PullquoteError as error:
        terminal.say(err, terminal.printable(str(error)), style="red")
        sys.exit(1)


@app.callback()
def _root() -> None:
    """Ask articles, get exact quotes."""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=0, max=65535)] = 8000,
) -> None:
    """Serve questions over HTTP; adds the seed articles if the store is empty."""
    settings = _settings()
    with _listening(host, port) as listener:
        named = f"[{host}]" if ":" in host else host
        address = f"http://{named}:{listener.getsockname()[1]}"
        terminal.say(err, "Loading the model …", style="dim")
        # Imported here because it takes seconds, and the other commands need none of it.
        import uvicorn

        from service.assembly import add_seeds, assemble, warm_up
        from service.http.app import create_app

        services = assemble(settings)
        if seeds := add_seeds(services):
            terminal.say(err, f"The store was empty: added {terminal.count(seeds, 'seed article')}.", style="dim")
        warm_up(services)
        articles = terminal.count(services.store.counts().articles, "article")
        terminal.say(err, f"Pullquote answers from {articles} at {address} (stop with Ctrl-C).")
        config = uvicorn.Config(create_app(settings, services), log_level=settings.log_level)
        uvicorn.Server(config).run(sockets=[listener])


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    as_json: AsJson = False,
    max_quotes: Annotated[int, typer.Option(help="How many quotes at most.", min=1, max=20)] = 3,
) -> None:
    """Ask one question; exit code 0 if it is answered, 3 if not."""
    from service.answering.answer import check_question
    from service.assembly import assemble

    check_question(question)  # before the model is loaded, which takes seconds
    services = assemble(_settings())
    try:
        answer = services.answerer.ask(question, max_quotes=max_quotes)
    finally:
        services.close()
    if as_json:
        from service.http.schemas.answers import AnswerOut

        _print_json(AnswerOut.of(answer).model_dump(mode="json"))
    else:
        terminal.show_answer(out, answer)
    raise typer.Exit(0 if answer.answered else NOT_ANSWERED)


@app.command()
def add(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files, folders, zip archives, JSON lines files, addresses.", metavar="PATH|URL..."),
    ],
    as_json: AsJson = False,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and keep the store in step with the paths.")] = False,
) -> None:
    """Add articles; what is there already is left as it is, so that it goes on where it was stopped.

    Exit code 1 if any could not be added; the others are.
    """
    from service.assembly import assemble
    from service.commands.watching import watch as keep_in_step
    from service.fetching import is_address

    if watch and any(is_address(path) for path in paths):
        raise FormatError("An address cannot be watched.", remedy="Give files and folders.")
    if hasattr(os, "nice"):
        os.nice(_LESS_URGENT)  # questions that are asked meanwhile come first
    services = assemble(_settings())
    try:
        if watch:
            terminal.say(err, "Keeping the articles in step with the files (stop with Ctrl-C).", style="dim")
            for summary in keep_in_step(services, paths, console=err):
                _report_added(summary, as_json=as_json, compact=True)
        else:
            raise typer.Exit(_add(services, paths, as_json=as_json))
    except KeyboardInterrupt:
        pass  # the one way to end watching
    finally:
        services.close()


def _add(services: "Services", paths: list[str], *, as_json: bool) -> int:
    """Add all that ``paths`` name, say what became of it, and give the exit code."""
    from service.commands.adding import Summary, add_paths

    summary = Summary()
    stopped = False
    try:
        for _ in add_paths(services.ingester, paths, summary=summary, console=err):
            pass
        services.store.save_caches()
    except KeyboardInterrupt:
        stopped = True
        terminal.say(err, "Stopped. The same command goes on from here.", style="yellow")
    _report_added(summary, as_json=as_json)
    return INTERRUPTED if stopped else int(bool(summary.counts["failed"]))


def _report_added(summary: "Summary", *, as_json: bool, compact: bool = False) -> None:
    if as_json and compact:
        terminal.say(out, json.dumps(summary.as_json(), ensure_ascii=False))
    elif as_json:
        _print_json(summary.as_json())
    else:
        terminal.show_added(out, err, summary.results, counts=summary.counts, left_out=summary.left_out)


@app.command("list")
def list_articles(as_json: AsJson = False) -> None:
    """List the articles."""
    articles: list[ArticleSummary] = []
    with _store() as store:
        while page := store.articles(limit=1_000, after=articles[-1].id if articles else 0):
            articles += page
    if as_json:
        _print_json([asdict(each) for each in articles])
    else:
        terminal.show_articles(out, articles)


@app.command()
def show(article_id: ArticleId, as_json: AsJson = False) -> None:
    """Show an article whole."""
    with _store() as store:
        article = store.article(article_id)
    if as_json:
        _print_json({**asdict(article), "sha256": article.sha256})
    else:
        terminal.show_article(out, article)


@app.command()
def remove(article_id: ArticleId, as_json: AsJson = False) -> None:
    """Remove an article, with its passages and vectors."""
    with _store() as store:
        title = store.article(article_id).title
        store.remove(article_id)
    if as_json:
        _print_json({"id": article_id, "status": "removed"})
    else:
        terminal.say(out, f"Removed article {article_id}: {terminal.printable(title)}")


@app.command()
def verify(
    file: Annotated[str, typer.Argument(help="An answer's JSON, or quotations like it; - for standard input.")],
    as_json: AsJson = False,
) -> None:
    """Check an answer's quotes, or anyone's, against the articles; exit code 1 if one is not found."""
    from service.assembly import assemble
    from service.http.schemas.verification import VerifiedOut, VerifyOut, read_claims

    claims = read_claims(file)
    services = assemble(_settings())
    try:
        verdicts = [services.verifier.verify(each) for each in claims]
    finally:
        services.close()
    if as_json:
        _print_json(VerifyOut(quotes=[VerifiedOut.of(each) for each in verdicts]).model_dump(mode="json"))
    else:
        for claim, verdict in zip(claims, verdicts, strict=True):
            terminal.show_verdict(out, claim, verdict)
    raise typer.Exit(1 if any(each.status != "found" for each in verdicts) else 0)


@app.command()
def check(
    repair: Annotated[bool, typer.Option("--repair", help="Rebuild what can be rebuilt from the record.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check that the store agrees with itself and with its caches; exit code 1 if not."""
    with _store() as store:
        if repair:
            store.repair()
        faults = store.check()
        counts = store.counts()
    if as_json:
        _print_json({"sound": not faults, "faults": faults, **counts._asdict()})
    else:
        for fault in faults:
            terminal.say(out, fault, style="red")
        sound = f"Sound: {terminal.count(counts.articles, 'article')}, {terminal.count(counts.passages, 'passage')}."
        left = "This cannot be rebuilt from the record: run `pullquote reindex` for vectors, or restore a backup."
        hint = left if repair else "`pullquote check --repair` rebuilds what can be rebuilt."
        terminal.say(out, hint if faults else sound)
    raise typer.Exit(1 if faults else 0)


@app.command()
def reindex(as_json: AsJson = False) -> None:
    """Make every vector anew with the embedding model now set, and find anew who said what."""
    from index.attribution.factory import open_tagger
    from index.embedding import SentenceTransformerEmbedder
    from index.ingest import attribute_anew
    from index.ingest import reindex as rebuild

    settings = _settings()
    with _store(settings) as store:
        total = store.counts().passages
        tagger = open_tagger(settings.attribution_model)
        embedder = SentenceTransformerEmbedder(settings.embedding_model)
        with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
            task = progress.add_task("Embedding", total=total)
            done = rebuild(store, embedder, progress=lambda passages: progress.advance(task, passages))
        attribute_anew(store, tagger)
        store.save_caches()
    if as_json:
        _print_json({"model": embedder.name, "dimension": embedder.dimension, "passages": done})
    else:
        made = f"Made the vectors of {terminal.count(done, 'passage')} with {embedder.name}"
        terminal.say(out, f"{made} ({embedder.dimension} dimensions).")


def _settings() -> Settings:
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    settings = load_settings()
    logging.getLogger().setLevel(settings.log_level.upper())
    for chatty in ("httpx", "httpx2", "openai", "sentence_transformers", "faiss"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return settings


@contextmanager
def _store(settings: Settings | None = None) -> Iterator[Store]:
    store = open_store((settings or _settings()).store)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port before anything slow is done, and say so at once if it is not to be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        raise SettingsError(
            f"Port {port} on {host} cannot be listened on: {error.strerror}.",
            remedy="Stop what is using it, or choose another with --port.",
        ) from error
    with listener:
        yield listener


def _print_json(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    if out.is_terminal:
        out.print_json(text)
    else:
        terminal.say(out, text)
