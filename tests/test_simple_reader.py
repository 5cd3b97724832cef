import pytest

from index.embedding import SentenceTransformerEmbedder
from index.text.chunking import chunk
from index.text.sentences import split_sentences
from index.types import Article, Hit, Passage
from service.answering.reading.simple_reader import SimpleReader
from service.answering.types import ScoredSpan
from tests.conftest import WordEmbedder, make_article


def hits(article: Article, first_id: int = 1) -> list[Hit]:
    passages = chunk(article.text, split_sentences(article.text))
    return [
        Hit(article, Passage(each.start, each.end, each.sentences, id=number), None, None, 0.0)
        for number, each in enumerate(passages, start=first_id)
    ]


def text(span: ScoredSpan) -> str:
    return span.article.text[span.span.start : span.span.end]


@pytest.fixture
def reader(words: WordEmbedder) -> SimpleReader:
    return SimpleReader(words)


def test_no_passages_give_no_spans(reader: SimpleReader) -> None:
    assert reader.read("Who?", []) == []


def test_every_sentence_is_scored_the_best_first(reader: SimpleReader) -> None:
    article = make_article("A cat sat on a mat. Rain fell in Ghana. A cat ate a mat.")
    spans = reader.read("Where did the cat sit?", hits(article))
    assert {text(span) for span in spans} == {"A cat sat on a mat.", "Rain fell in Ghana.", "A cat ate a mat."}
    assert [span.confidence for span in spans] == sorted((span.confidence for span in spans), reverse=True)
    assert all(0 <= span.confidence <= 1 for span in spans)
    assert "cat" in text(spans[0])


def test_a_cached_passage_is_read_as_a_new_one(reader: SimpleReader, words: WordEmbedder) -> None:
    article = make_article("A cat sat on a mat. Rain fell in Ghana.")
    reader.read("What fell?", hits(article))
    other = make_article("Snow fell in Peru. A dog ran off.")
    again = reader.read("What fell in Peru?", [*hits(article), *hits(other, first_id=9)])
    assert again == SimpleReader(words).read("What fell in Peru?", [*hits(article), *hits(other, first_id=9)])


def test_the_same_passage_id_with_another_text_is_not_taken_from_the_cache(reader: SimpleReader) -> None:
    reader.read("What fell?", hits(make_article("Rain fell in Ghana.")))
    spans = reader.read("What fell?", hits(make_article("Snow fell. Hail fell.")))
    assert [text(span) for span in spans] == ["Snow fell.", "Hail fell."]


def test_a_name_that_stands_nowhere_lowers_the_confidence(reader: SimpleReader) -> None:
    article = make_article("Russia will close its border.", title="")
    stranger = reader.read("Did Finland close its border?", hits(article))[0]
    known = reader.read("Did Russia close its border?", hits(article))[0]
    assert stranger.confidence < known.confidence / 2


def test_a_word_is_known_again_in_its_longer_form(reader: SimpleReader) -> None:
    article = make_article("Western governments vowed sanctions.")
    features = reader.features("Did the West vow sanctions?", hits(article))[0][0]
    assert features[1] == 1
    assert features[2] == 0


@pytest.mark.parametrize(
    ("question", "sentence", "lit"),
    [
        ("How many men left?", "The FSB recorded 261,000 men leaving in four days.", ["261,000"]),
        ("How many days did it take?", "The FSB recorded 261,000 men leaving in four days.", ["four"]),
        ("How many left?", "Some 261,000 went in four weeks.", ["261,000", "four"]),
        ("When will it close?", "It may close on Sept. 28 or Monday.", ["Sept. 28", "Monday"]),
        ("Why did they leave?", "They left on Sept. 28.", []),
    ],
)
def test_the_short_answer_is_lit_up(reader: SimpleReader, question: str, sentence: str, lit: list[str]) -> None:
    article = make_article(f"First words. {sentence}")
    span = next(span for span in reader.read(question, hits(article)) if text(span) == sentence)
    assert [article.text[start:end] for start, end in span.highlights] == lit


def test_a_sentence_that_counts_something_else_is_not_lit_up(reader: SimpleReader) -> None:
    article = make_article("Some 300 men left. There were 12 guards. It took two days.")
    lit = {text(span): span.highlights for span in reader.read("How many men left?", hits(article))}
    assert lit == {"Some 300 men left.": ((5, 8),), "There were 12 guards.": (), "It took two days.": ()}


def test_a_question_is_no_answer(model: SentenceTransformerEmbedder) -> None:
    article = make_article("What is cardiac arrest? Cardiac arrest is when the heart suddenly stops. “Why?” he asked.")
    spans = SimpleReader(model).read("What is cardiac arrest?", hits(article))
    assert text(spans[0]) == "Cardiac arrest is when the heart suddenly stops."
    assert {text(span): span.confidence < 0.1 for span in spans}["What is cardiac arrest?"]


def test_the_real_model_reads_the_seed_article(model: SentenceTransformerEmbedder, seed: Article) -> None:
    spans = SimpleReader(model).read("Which country shares the longest border with Russia?", hits(seed))
    assert text(spans[0]).startswith("Media in Kazakhstan")
    assert spans[0].confidence > 0.5 > spans[5].confidence
