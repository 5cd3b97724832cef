"""Haystack's extractive pipeline, given our reader's weights: BM25 over its own splitter's passages, then the reader.

Shown is each answer with the words around it, 350 characters in all: an answer alone would be no quote.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import onnx
from haystack import Document, Pipeline
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.document_stores.types import DuplicatePolicy
from haystack_integrations.components.readers.transformers import TransformersExtractiveReader
from safetensors.torch import save_file

from benchmarks.peers.texts import around
from index.types import Article
from service.answering.reading.span_model_factory import SHIPPED
from training.base import config_of, dequantized


def shown(articles: Sequence[Article], questions: Sequence[str]) -> Iterator[list[str]]:
    """Return, for each question, the texts that a user sees, in order."""
    store = InMemoryDocumentStore()
    splitter = DocumentSplitter(split_by="word", split_length=200)
    splitter.warm_up()
    documents = splitter.run([Document(content=f"{each.title}\n\n{each.text}") for each in articles])["documents"]
    store.write_documents(documents, policy=DuplicatePolicy.SKIP)
    with tempfile.TemporaryDirectory() as folder:
        _write_weights(Path(folder))
        pipeline = Pipeline()
        pipeline.add_component("retriever", InMemoryBM25Retriever(store))
        pipeline.add_component("reader", TransformersExtractiveReader(folder, top_k=3))
        pipeline.connect("retriever.documents", "reader.documents")
        for question in questions:
            given = pipeline.run({"retriever": {"query": question, "top_k": 10}, "reader": {"query": question}})
            answers = [each for each in given["reader"]["answers"] if each.document and each.document_offset]
            offsets = [each.document_offset for each in answers]
            yield [around(each.document.content, at.start, at.end) for each, at in zip(answers, offsets, strict=True)]


def _write_weights(folder: Path) -> None:
    weights = dequantized(onnx.load(SHIPPED / "model.onnx"))
    save_file({name: each.contiguous() for name, each in weights.items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config_of(weights)), encoding="utf-8")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).write_bytes((SHIPPED / name).read_bytes())
