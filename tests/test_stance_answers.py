"""Answers never assert what the article does not: the line above the quotes, and every interface that shows it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index.annotator import Annotator
from index.embedding import SentenceTransformerEmbedder
from index.ingest import Ingester
from index.store.sqlite.store import SqliteStore
from index.types import Annotations, Attribution, Filters, Span, Stance
from service.answering.quoting.answer_text import is_short
from service.answering.quoting.stance import stands_alone, with_stances
from service.answering.reading.reader import Reader
from service.answering.types import Answer, Quote, ScoredSpan
from service.assembly import Services, assemble
from service.http.app import create_app
from service.settings import Settings
from tests.conftest import WordEmbedder, hit_of, make_article

TOWN = "\n\nThe town has 9,000 people and a harbour. It was founded in 1712."
ARTICLES = {
    "bank": f"Rumours that the bank has failed are untrue, minister Rolf Dahl said on Monday.{TOWN}",
    "casino": "Senator Ida Quinn denied that she took money from the casino. “That is a lie,” Quinn said.\n\n"
    "The casino’s lawyer refused to say that the money was paid. Prosecutor Lena Voss stopped short of saying that"
    " Quinn is a suspect.\n\nFormer aide Tom Birk doubted that the files exist. Birk never claimed that he had seen"
    " them.",
    "chip": "A video that was shared 200,000 times falsely claims that nurses were paid to hide the chip." + TOWN,
    "dam": f"Critics who say the dam is unsafe are wrong, engineer Ada Kwon said.{TOWN}",
    "car": f"Defence lawyer Tom Lie called the charge that his client stole the car absurd.{TOWN}",
    "pier": f"Nora Vane, who once claimed that the pier was safe, said on Monday that she had been wrong.{TOWN}",
    "school": f"The ministry warned that a text message saying that schools are closed is fake.{TOWN}",
    "rates": "The central bank would cut rates only if unemployment rose above nine percent. Unemployment is 4.1 now.",
    "vaccine": "CLAIM: The new flu vaccine contains a microchip.\n\nASSESSMENT: False. The vaccine does not contain any"
    " electronic parts, the maker and two regulators said.",
    "rally": "Police rejected claims that officers had opened fire at the rally on Sunday. “We did not fire a single"
    " shot,” Chief Dana Whitfield said.\n\nOrganiser Leo Marsh withdrew his statement that three people had been shot.",
    "museum": f"If the budget passes, the museum will close in October, Jan Roos said.{TOWN}",
    "vaccines": "It would be wrong to say that vaccines caused the deaths, doctor Ana Pires said." + TOWN,
    "judge": f"The court dismissed the allegation that Judge Wei took bribes of $20,000.{TOWN}",
    "plain": f"The council approved the stadium on Tuesday. It will cost $40 million, mayor Ida Brun said.{TOWN}",
}


@pytest.fixture(scope="module")
def services(
    model: SentenceTransformerEmbedder, reader: Reader, annotator: Annotator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Services]:
    folder: Path = tmp_path_factory.mktemp("stance")
    settings = Settings(store=f"file:{folder}", attribution_model="rules", stance_model="none")
    services = assemble(settings, embedder=model, reader=reader)
    ingester = Ingester(services.store, model, annotator)
    for key, text in ARTICLES.items():
        ingester.add(make_article(text, key=key, title="", title_given=False, published=date(2024, 5, 6)))
    yield services
    services.close()


def ask(services: Services, key: str, question: str, **more: object) -> Answer:
    article_id = list(ARTICLES).index(key) + 1
    filters = Filters(article_ids=(article_id,), **more)  # type: ignore[arg-type]
    return services.answerer.ask(question, filters=filters)


@pytest.mark.parametrize(
    ("key", "question", "frame"),
    [
        ("bank", "Has the bank failed?", "untrue"),
        ("casino", "What did Quinn take from the casino?", "denied"),
        ("casino", "Who is a suspect?", "stopped short"),
        ("casino", "Who has seen the files?", "never claimed"),
        ("casino", "Do the files exist?", "doubted"),
        ("chip", "Who was paid to hide the chip?", "falsely"),
        ("dam", "Is the dam unsafe?", "wrong"),
        ("car", "What did the client steal?", "absurd"),
        ("pier", "Is the pier safe?", "once"),
        ("school", "Are the schools closed?", "fake"),
        ("rates", "Did the central bank cut rates?", "only if unemployment rose"),
        ("vaccine", "What does the flu vaccine contain?", "False"),
        ("rally", "Who opened fire?", "rejected"),
        ("rally", "How many people were shot?", "withdrew"),
        ("museum", "When will the museum close?", "If the budget passes"),
        ("vaccines", "What caused the deaths?", "wrong to say"),
        ("judge", "How much did Judge Wei take?", "dismissed the allegation"),
    ],
)
def test_what_is_not_asserted_is_reported_with_its_frame_or_refused(
    services: Services, key: str, question: str, frame: str
) -> None:
    answer = ask(services, key, question)
    assert not answer.answered or frame in answer.text
    for quote in answer.quotes:
        assert quote.text == quote.article.text[quote.span.start : quote.span.end]
        assert quote.stance is None or quote.cue is not None, "the quote has the words that show its stance"


@pytest.mark.parametrize(
    ("key", "question", "short"),
    [
        ("plain", "When did the council approve the stadium?", "Tuesday [1]"),
        ("plain", "How much will the stadium cost?", "$40 million, according to Ida Brun [1]"),
        ("bank", "How many people does the town have?", "9,000 [1]"),
    ],
)
def test_what_is_asserted_is_answered_shortly(services: Services, key: str, question: str, short: str) -> None:
    assert short in (ask(services, key, question).text, ask(services, key, question).text.replace("mayor ", ""))


def test_quotes_can_be_narrowed_to_a_stance(services: Services) -> None:
    denied = ask(services, "casino", "What did Quinn take from the casino?", stances=("denied",))
    assert denied.answered and all(quote.stance and quote.stance.kind == "denied" for quote in denied.quotes)
    asserted = ask(services, "casino", "What did Quinn take from the casino?", stances=("asserted",))
    assert all(quote.stance is None for quote in asserted.quotes)


def test_every_interface_says_so(services: Services) -> None:
    client = TestClient(create_app(Settings(), services), client=("127.0.0.1", 5000))
    question = "What did Quinn take from the casino?"
    answer = client.post("/v1/ask", json={"question": question, "filters": {"article_ids": [2]}}).json()
    quote = answer["quotes"][0]
    assert (answer["stance"], quote["stance"], quote["stance_cue"]["text"]) == ("denied", "denied", "denied")
    assert quote["credit"].startswith("denied by") and quote["said_by"].endswith("Ida Quinn")
    assert quote["attribution"][0]["stance"] == "denied"
    assert client.post("/v1/ask", json={"question": "x", "filters": {"stance": ["maybe"]}}).status_code == 422
    speakers = client.get("/v1/articles/2/speakers").json()["speakers"]
    assert any(each["stance"] == "denied" for speaker in speakers for each in speaker["attributions"])
    message = {"model": "pullquote", "messages": [{"role": "user", "content": question}]}
    content = client.post("/v1/chat/completions", json=message).json()["choices"][0]["message"]["content"]
    assert "Ida Quinn **denied** that she took" in content
    assert re.search(r"— denied by .*Ida Quinn", content)


def make_span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def span_with(cue: str, scope: str, text: str, sentence: str) -> ScoredSpan:
    """Return a sentence of a text with one stance, whose cue and scope are given by their words."""
    found = [make_span(text, words) for words in (cue, scope, sentence)]
    hit = hit_of(make_article(text, id=1))
    return ScoredSpan(replace(hit, stances=(Stance("denied", found[0], found[1]),)), found[2], 0.9, (found[1],))


def test_a_quote_is_widened_to_the_sentence_of_its_cue_but_not_to_one_far_away() -> None:
    near = "He took it. That is untrue. The end."
    (widened,) = with_stances([span_with("untrue", "took it", near, "He took it.")], "Who took it?")
    assert widened.text == "He took it. That is untrue."
    far = f"He took it. {'It rained on the hills. ' * 40}That is untrue."
    assert with_stances([span_with("untrue", "took it", far, "He took it.")], "Who took it?") == []


@pytest.mark.parametrize(
    ("text", "scope", "lit", "alone"),
    [
        ("The firm had hoped to open its plant in Tulsa by June.", "open its plant in Tulsa", "June", False),
        ("Visser was asked whether he would leave Ajax for Milan.", "he would leave Ajax", "Milan", False),
        ("The firm had hoped to open its plant, but Tulsa got a school.", "open its plant", "a school", True),
        ("The firm had hoped to open its plant while Tulsa built a school.", "open its plant", "a school", True),
    ],
)
def test_a_complement_behind_a_scope_is_under_its_stance_as_well(text: str, scope: str, lit: str, alone: bool) -> None:
    stance = Stance("conditional", Span(0, 3), make_span(text, scope))
    hit = replace(hit_of(make_article(text, id=1)), stances=(stance,))
    (span,) = with_stances([ScoredSpan(hit, hit.passage.sentences[0], 0.9, (make_span(text, lit),))], "What is it?")
    assert (span.stance is None) == stands_alone(span) == alone


def test_a_short_answer_does_not_lead_where_the_article_denies_it_elsewhere() -> None:
    text = "Bello ran the harbour. Bello called the claim that he had sold the fuel a fabrication."
    first, second = hit_of(make_article(text, id=1)).passage.sentences
    hit = hit_of(make_article(text, id=1))
    lead = Quote(hit, first, 0.9, (make_span(text, "Bello"),), number=1)
    denial = Quote(hit, second, 0.8, (make_span(text, "he had sold the fuel"),), number=2)
    assert is_short("Who sold the fuel?", [lead, denial])
    stance = Stance("denied", make_span(text, "a fabrication"), make_span(text, "he had sold the fuel"))
    assert not is_short("Who sold the fuel?", [lead, replace(denial, stance=stance)])


@pytest.mark.parametrize(
    ("reply", "contested"),
    [
        ("There is no truth in it, police said.", True),
        ("The sheriff disputes that.", True),
        ("The clubs rebutted those posts on Monday.", True),
        ("The mill has 380 workers.", False),
        ("No one was injured.", False),
        ("Two men from the next village had told the blog about it.", False),
    ],
)
def test_a_reply_in_the_next_sentence_is_taken_along_with_a_claim(reply: str, contested: bool) -> None:
    text = f"Migrants set the fire, a blog wrote. {reply}"
    said = Attribution(
        "a blog", make_span(text, "a blog"), make_span(text, "wrote"), (make_span(text, "Migrants set the fire"),)
    )
    hit = hit_of(make_article(text, id=1), said)
    lit = (make_span(text, "Migrants"),)
    (span,) = with_stances([ScoredSpan(hit, hit.passage.sentences[0], 0.9, lit, (said,))], "Who set the fire?")
    assert (span.contested, stands_alone(span)) == (contested, not contested)
    assert span.text.endswith(reply) == contested


def test_stances_are_stored_with_their_article_and_go_with_it(folder: Path, words: WordEmbedder) -> None:
    store = SqliteStore(folder)
    article = make_article("Quinn denied that she took money.", key="k")
    stored = Ingester(store, words).add(article)
    stance = Stance("denied", make_span(article.text, "denied"), make_span(article.text, "she took money"))
    store.annotate(store.article(stored.id), Annotations("other", stances=(stance,)))
    assert store.stances(stored.id) == [stance]
    found = store.search(words.encode_query("money"), ["money"], k=1, filters=Filters())
    assert list(found.stances.values()) == [(stance,)]
    Ingester(store, words).add(make_article("It rained.", key="k"))
    assert store.stances(stored.id) == []
    store.close()
