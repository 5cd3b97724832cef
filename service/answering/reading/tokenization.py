"""From a question and a passage to the tokens that a model reads: one window, or several that overlap."""

from collections.abc import Iterator
from typing import NamedTuple

from tokenizers import Encoding, Tokenizer

LONGEST = 384
_OVERLAP = 128
_LONGEST_QUESTION = 64
_LONGEST_TITLE = 24


class Row(NamedTuple):
    """The tokens of one window. ``first`` is the passage's first token; ``places`` its tokens' spans in the passage.

    ``types`` are 0 up to the passage, for models that tell question and passage apart by them, and 1 from there on.
    """

    ids: list[int]
    types: list[int]
    first: int
    places: list[tuple[int, int]]


class Encoder:
    """Put together what a model reads, in the form that its tokenizer gives to a pair of texts.

    Marks of the model's own ("[SEP]") in a question, title or passage are text like any other. Safe to use from many
    threads: nothing of the tokenizer is changed after the start.
    """

    def __init__(self, tokenizer: Tokenizer, *, longest: int = LONGEST, title_mark: str | None = None) -> None:
        """Take the tokenizer, which is changed, and the most tokens that the model reads at once.

        ``title_mark`` parts title and passage in a model that knows titles; without it titles are left out.
        """
        tokenizer.no_truncation()
        tokenizer.no_padding()
        tokenizer.encode_special_tokens = True
        pair = tokenizer.encode("a", "b")
        question = [at for at, part in enumerate(pair.sequence_ids) if part == 0]
        passage = [at for at, part in enumerate(pair.sequence_ids) if part == 1]
        self._opening = pair.ids[: question[0]]
        self._middle = pair.ids[question[-1] + 1 : passage[0]]
        self._closing = pair.ids[passage[-1] + 1 :]
        self._type = pair.type_ids[passage[0]]
        self._title_end = None if title_mark is None else tokenizer.token_to_id(title_mark)
        self._longest = min(longest, LONGEST)
        self._tokenizer = tokenizer

    def windows(self, question: str, title: str, text: str) -> Iterator[Row]:
        """Return the windows of ``text``: at most 384 tokens each, 128 of them shared with the one before.

        Every window has the question, or the last 64 tokens of a longer one, and the first 24 of the title. A text
        without tokens gives none.
        """
        asked = self._plain(question).ids[-_LONGEST_QUESTION:]
        head = [*self._opening, *asked, *self._middle]
        context: list[int] = []
        if title and self._title_end is not None:
            context = [*self._plain(title).ids[:_LONGEST_TITLE], self._title_end]
        passage = self._plain(text)
        places = [_trimmed(text, *each) for each in passage.offsets]
        kept = [at for at, (start, end) in enumerate(places) if start < end]
        room = self._longest - len(head) - len(context) - len(self._closing)
        step = max(room - _OVERLAP, 1)
        for begin in range(0, max(len(kept) - _OVERLAP, 1), step):
            inside = kept[begin : begin + room]
            if inside:
                ids = [*head, *context, *(passage.ids[at] for at in inside), *self._closing]
                types = [0] * len(head) + [self._type] * (len(ids) - len(head))
                yield Row(ids, types, len(head) + len(context), [places[at] for at in inside])

    def _plain(self, text: str) -> Encoding:
        return self._tokenizer.encode(text, add_special_tokens=False)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave the white space off that some tokenizers count to a word."""
    word = text[start:end]
    return start + len(word) - len(word.lstrip()), start + len(word.rstrip())
