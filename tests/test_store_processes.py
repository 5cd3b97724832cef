"""A store that several processes use, and one that is killed while it writes.

``benchmarks.kills`` kills at random moments, 120 times; here each kill is aimed at a step of a write.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.ingest import Ingester
from index.search import Searcher
from index.store.sqlite.store import SqliteStore
from tests.doubles import WordEmbedder, make_article

ROOT = Path(__file__).parents[1]
OLD, NEW = (
    " ".join(f"Sentence {line} of the {name} text says something of its own." for line in range(60))
    for name in ("old", "new")
)
# Children of this process need not import anything. One job kills itself before the statement, or call, that it is
# given; of the other, four begin and fill one store together.
_PARENT = """
import os, signal, sys
from contextlib import contextmanager
from pathlib import Path
from index.ingest import Ingester
from index.store.sqlite.connection import Database
from index.store.sqlite.store import SqliteStore
from index.text.near_duplicates import bands
from index.text.sentences import split_sentences
from index.types import Filters
from tests.doubles import WordEmbedder, make_article

def replace_an_article(folder, point, text):
    die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    ingester = Ingester(SqliteStore(folder), WordEmbedder())
    writing = Database.writing
    @contextmanager
    def traced(self):
        with writing(self) as connection:
            connection.set_trace_callback(lambda statement: statement.lstrip().startswith(point) and die())
            yield connection
    Database.writing = traced
    if point.startswith("os."):
        setattr(os, point[3:], die)
    ingester.add(make_article(text, key="k"))
    print("stored", flush=True)
    ingester.store.save_caches()
    print("saved", flush=True)

def fill(folder, name, count):
    store = SqliteStore(folder)
    ingester = Ingester(store, WordEmbedder())
    for number in range(int(count)):
        ingester.add(make_article(f"Process {name} adds number {number}.", key=f"{name}-{number}"))
        assert store.search(WordEmbedder().encode_query("adds"), ["adds"], k=5, filters=Filters()).dense
    store.close()

def forked(job, folder, *arguments):
    child = os.fork()
    if child:
        return child
    try:
        job(Path(folder), *arguments)
    except BaseException as error:
        print(repr(error), flush=True)
    os._exit(0)

split_sentences("Load the model. Then go on."), bands("a b c " * 30)
for line in sys.stdin:
    job, *arguments = line.rstrip("\\n").split("|")
    children = [forked(globals()[job], *arguments)] if job != "fill" else [
        forked(fill, arguments[0], name, arguments[1]) for name in "abcd"
    ]
    for child in children:
        os.waitpid(child, 0)
    print("ended", flush=True)
"""


class Parent:
    """A process whose children write to stores."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", _PARENT]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def have(self, job: str, *arguments: object) -> list[str]:
        """Have one child, or four, do a job; return what they said until the last of them ended."""
        assert self.process.stdin and self.process.stdout
        print(job, *arguments, sep="|", file=self.process.stdin, flush=True)
        return [said.strip() for said in iter(self.process.stdout.readline, "ended\n")]


@pytest.fixture(scope="module")
def parent() -> Iterator[Parent]:
    parent = Parent()
    yield parent
    parent.process.communicate()


@contextmanager
def opened(folder: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(folder)
    yield store
    store.close()


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ("DELETE FROM passages", []),
        ("INSERT INTO revisions", []),
        ("UPDATE articles SET (sha256", []),
        ("INSERT INTO passages ", []),
        ("INSERT INTO vectors", []),
        ("INSERT INTO passages_fts (rowid", []),
        ("UPDATE articles SET tagger", []),
        ("INSERT INTO bands", []),
        ("UPDATE meta SET value", []),
        ("COMMIT", []),
        ("INSERT INTO passages_fts (passages_fts) VALUES ('optimize')", ["stored"]),
        ("PRAGMA wal_checkpoint", ["stored"]),
        ("DELETE FROM meta", ["stored"]),
        ("os.fsync", ["stored"]),
        ("os.replace", ["stored"]),
    ],
)
def test_a_killed_process_leaves_a_whole_article(
    folder: Path, words: WordEmbedder, parent: Parent, point: str, expected: list[str]
) -> None:
    with opened(folder) as store:
        ingester = Ingester(store, words)
        ingester.add(make_article("A cat sat beside the bridge.", key="other"))
        ingester.add(make_article(OLD, key="k"))
    assert parent.have("replace_an_article", folder, point, NEW) == expected
    with opened(folder) as store:
        article, passages = store.article(2), store.passages(2)
        assert article.text == (NEW if expected else OLD)
        assert "".join(article.text[each.start : each.end] for each in passages) == article.text
        hits = Searcher(store, words).search("something of its own").hits
        assert {hit.passage.id for hit in hits if hit.article.id == 2} == {each.id for each in passages}
        assert store.check() == []
        # The next process goes on.
        ingester = Ingester(store, words)
        assert ingester.add(make_article(NEW, key="k")).status == ("unchanged" if expected else "replaced")
        store.save_caches()
        assert store.check() == []


def test_several_processes_begin_and_fill_one_store_together(folder: Path, parent: Parent) -> None:
    assert parent.have("fill", folder, 15) == []
    with opened(folder) as store:
        assert store.counts() == (60, 60)
        store.save_caches()
        assert store.check() == []
