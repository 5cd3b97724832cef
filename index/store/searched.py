"""What of a passage is searched by words, in every store alike."""

from index.types import Article, PassageSpan


def searched_words(article: Article, passage: PassageSpan, *, headers: str) -> tuple[str, str]:
    """Return a passage's title and text for the lexical index, its text with the ``headers`` of its cells behind it.

    A derived title would count its words twice. Headers are searched, and never quoted.
    """
    text = article.text[passage.start : passage.end]
    return article.given_title, f"{text}\n{headers}" if headers else text
