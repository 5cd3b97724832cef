"""Which version of a story is the newest: messages of agencies arrive late, twice and out of order.

The store notes the newest edition of each story by its key, and whether it was withdrawn.
"""

from index.errors import SupersededError
from index.formats.newsroom.edition import Edition
from index.store.base import Store
from index.types import Article, Stored

_WITHDRAWN = "withdrawn"


def check_edition(store: Store, article: Article, *, known: Stored) -> None:
    """Refuse an article that is older than the one stored under its key, or not newer than one that was withdrawn.

    ``known`` is what the store says of the article. Raises SupersededError and StoreError.
    """
    if not article.edition:
        return
    own = Edition.read(article.edition)
    newest, withdrawn = _noted(store, article.key)
    told = f"“{article.title[:80]}” is {own.named} of its story"
    if withdrawn and not newest.is_before(own):
        raise SupersededError(f"{told}, which was withdrawn.")
    if known.status == "replaced" and own.is_before(newest):
        stored = known.id, known.version - 1
        raise SupersededError(f"{told}; there is {newest.named} already.", stored=stored)


def note_edition(store: Store, key: str, edition: str, *, withdrawn: bool = False) -> None:
    """Note which edition of a story is the newest. One that is withdrawn without saying which is the one stored."""
    if edition or withdrawn:
        known = edition or str(_noted(store, key)[0])
        store.set_note(_name(key), f"{known}{'|' + _WITHDRAWN if withdrawn else ''}")


def _noted(store: Store, key: str) -> tuple[Edition, bool]:
    edition, _, state = store.note(_name(key)).partition("|")
    return Edition.read(edition), state == _WITHDRAWN


def _name(key: str) -> str:
    return f"edition {key}"
