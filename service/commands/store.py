"""The commands that maintain the store: checking it, repairing it, rebuilding its vectors and copying it."""

from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import Progress

from index.errors import SettingsError
from index.store.factory import open_store
from index.store.sqlite.store import SqliteStore
from index.types import ArticleSummary
from service.commands.common import AsJson, configure, err, opened_store, out, print_json
from service.commands.reports import terminal

_PAGE = 1_000


def check(
    repair: Annotated[bool, typer.Option("--repair", help="Rebuild what can be rebuilt from the record.")] = False,
    extraction: Annotated[
        bool, typer.Option("--extraction", help="List the articles of which only a part was read, and why.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check that the store agrees with itself and with its caches; exit code 1 if not."""
    if extraction:
        _list_partial(as_json=as_json)
        return
    with opened_store() as store:
        if repair:
            store.repair()
        faults = store.check()
        counts = store.counts()
    if as_json:
        print_json({"sound": not faults, "faults": faults, **counts._asdict()})
    else:
        for fault in faults:
            terminal.say(out, fault, style="red")
        sound = f"Sound: {terminal.count(counts.articles, 'article')}, {terminal.count(counts.passages, 'passage')}."
        left = "This cannot be rebuilt from the record: run `pullquote reindex` for vectors, or restore a backup."
        hint = left if repair else "`pullquote check --repair` rebuilds what can be rebuilt."
        terminal.say(out, hint if faults else sound)
    raise typer.Exit(1 if faults else 0)


def _list_partial(*, as_json: bool) -> None:
    partial: list[ArticleSummary] = []
    after = 0
    with opened_store() as store:
        while page := store.articles(limit=_PAGE, after=after):
            after = page[-1].id
            partial += [each for each in page if each.verdict.kind == "partial"]
    if as_json:
        known = ("id", "version", "title", "url", "key")
        print_json([{**{name: getattr(each, name) for name in known}, **asdict(each.verdict)} for each in partial])
    else:
        terminal.show_partial(out, partial)


def reindex(as_json: AsJson = False) -> None:
    """Rebuild all vectors with the embedding model now set, and annotate all articles again."""
    from index.annotator import open_annotator
    from index.embedding import SentenceTransformerEmbedder
    from index.ingest import annotate_anew
    from index.ingest import reindex as rebuild

    settings = configure()
    with opened_store(settings) as store:
        total = store.counts().passages
        annotator = open_annotator(settings.attribution_model, settings.stance_model)
        embedder = SentenceTransformerEmbedder(settings.embedding_model)
        with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
            task = progress.add_task("Embedding", total=total)
            done = rebuild(store, embedder, progress=lambda passages: progress.advance(task, passages))
        annotate_anew(store, annotator)
        store.save_caches()
    if as_json:
        print_json({"model": embedder.name, "dimension": embedder.dimension, "passages": done})
    else:
        made = f"Made the vectors of {terminal.count(done, 'passage')} with {embedder.name}"
        terminal.say(out, f"{made} ({embedder.dimension} dimensions).")


def distribute(
    shards: Annotated[int, typer.Option(help="Into how many pieces the articles are divided.", min=1, max=4096)] = 64,
    as_json: AsJson = False,
) -> None:
    """Spread the tables of a store in PostgreSQL over the nodes of a Citus cluster."""
    settings = configure()
    with opened_store(settings) as store:
        if isinstance(store, SqliteStore):
            raise SettingsError(
                f"PULLQUOTE_STORE is {settings.store!r}, a store of one machine.",
                remedy="Copy it to PostgreSQL first: `pullquote copy`.",
            )
        from index.store.postgres.store import PostgresStore

        assert isinstance(store, PostgresStore)
        tables = store.distribute(shards)
    if as_json:
        print_json({"tables": tables, "shards": shards})
    else:
        told = f"Spread {terminal.count(tables, 'table')} over {terminal.count(shards, 'shard')}."
        terminal.say(out, told if tables else "The tables have been spread already.")


def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The store to copy, as in PULLQUOTE_STORE.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="An empty store, or an unfinished copy.")],
    as_json: AsJson = False,
) -> None:
    """Copy a store to an empty one of any engine, and compare both; started again, it goes on where it stopped.

    Nothing is embedded anew. Exit code 1 if an article is not the same in the copy.
    """
    from index.copying import copy as copied

    configure()
    with closing(open_store(source)) as one, closing(open_store(target)) as other:
        total = 2 * one.counts().articles
        with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
            task = progress.add_task("Copying", total=total)
            done = copied(one, other, name=_nameless(source), progress=lambda number: progress.advance(task, number))
        other.save_caches()
        faults = [*done.faults, *other.check()]
        counts = other.counts()
    if as_json:
        print_json({"copied": done.copied, "kept": done.kept, "faults": faults, **counts._asdict()})
    else:
        for fault in faults:
            terminal.say(out, fault, style="red")
        there = f", {terminal.count(done.kept, 'article')} had been before" if done.kept else ""
        held = f"{terminal.count(counts.articles, 'article')} and {terminal.count(counts.passages, 'passage')}"
        end = f"{len(faults)} faults were found." if faults else f"Both hold the same {held}."
        terminal.say(out, f"Copied {terminal.count(done.copied, 'article')}{there}. {end}")
    raise typer.Exit(1 if faults else 0)


def _nameless(address: str) -> str:
    """Return a store's address without the user and password."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if "@" in rest else address
