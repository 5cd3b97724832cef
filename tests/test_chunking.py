from hypothesis import given
from hypothesis import strategies as st

from index.text.chunking import PASSAGE_CHARACTERS, chunk
from index.text.sentences import split_sentences
from index.types import Article

articles = st.lists(st.text(min_size=1, max_size=300), max_size=12).map("\n\n".join)


@given(articles)
def test_passages_tile_the_article(text: str) -> None:
    sentences = split_sentences(text)
    passages = chunk(text, sentences)
    if not sentences:
        assert passages == []
        return
    assert "".join(text[each.start : each.end] for each in passages) == text
    assert [sentence for each in passages for sentence in each.sentences] == sentences
    for each in passages:
        assert each.sentences
        assert all(each.start <= start < end <= each.end for start, end in each.sentences)


@given(articles)
def test_passages_are_short_unless_one_sentence_is_long(text: str) -> None:
    for each in chunk(text, split_sentences(text)):
        length = each.sentences[-1].end - each.sentences[0].start
        assert length <= PASSAGE_CHARACTERS or len(each.sentences) == 1


def test_the_seed_article(seed: Article) -> None:
    passages = chunk(seed.text, split_sentences(seed.text))
    assert len(passages) == 5
    assert "".join(seed.text[each.start : each.end] for each in passages) == seed.text
