"""From the name of a reader to the reader."""

from index.embedding import Embedder
from service.answering.reading.reader import Reader
from service.answering.reading.simple_reader import SimpleReader
from service.answering.reading.span_model_factory import load_span_model
from service.answering.reading.span_reader import SpanReader

DEFAULT_READER = "pullquote-reader"
SIMPLE_READER = "simple"


def open_reader(name: str, embedder: Embedder) -> Reader:
    """Load a reader: the trained one by DEFAULT_READER, the simple one by "simple", or else a model by folder or name.

    Raises ModelError.
    """
    if name == SIMPLE_READER:
        return SimpleReader(embedder)
    return SpanReader(load_span_model(None if name == DEFAULT_READER else name))
