import pytest

from service.answering.question.answer_type import asks_for_a_sentence, expected, find


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many men left?", "number"),
        ("What was the price of bread?", "number"),
        ("When did they leave?", "date"),
        ("On what date, and who said so?", "date"),
        ("WHO said so?", "person"),
        ("Whose outlet is it?", "person"),
        ("Where did they go, and when?", "place"),
        ("Which countries did they go to?", "place"),
        ("Why did they leave?", None),
        ("Why did the price of oil rise?", None),
        ("What drove up the cost of bread?", None),
        ("What was the reason for the price increase?", None),
        ("What caused the number of nurses to fall?", None),
        ("Which law raised the age of consent?", None),
        ("What is the population of Rome?", "number"),
        ("What did the bridge cost?", "number"),
        ("What are the costs of the bridge?", "number"),
        ("exit visas", None),
        ("", None),
    ],
)
def test_what_a_question_asks_for(question: str, kind: str | None) -> None:
    assert expected(question) == kind


@pytest.mark.parametrize(
    ("kind", "text", "things"),
    [
        ("number", "261,000 men in four days on Sept. 28, 2022.", ["261,000", "four"]),
        ("number", "It cost $3.5 million, up 12 percent (5%).", ["$3.5 million", "12 percent", "5%"]),
        ("number", "Twenty-five people and a lone dog.", ["Twenty-five"]),
        (
            "date",
            "From Sept. 28 to 3 October 2022, on Monday or 2022-09-26.",
            ["Sept. 28", "3 October 2022", "Monday", "2022-09-26"],
        ),
        ("date", "It may rain; May said so in March.", []),
        ("date", "On May 5, 2021 and in June, at 3 p.m. this week.", ["May 5, 2021", "June", "3 p.m.", "this week"]),
        ("date", "In the 1990s, then 2021.", ["1990s", "2021"]),
        ("person", "Yesterday Vladimir Putin spoke. Nobody heard.", ["Vladimir", "Putin"]),
        ("place", "They fled to Kazakhstan.", ["Kazakhstan"]),
    ],
)
def test_where_such_things_stand(kind: str, text: str, things: list[str]) -> None:
    assert [text[start:end] for start, end in find(kind, text)] == things  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Why did people who left return?", True),
        ("Why did the price rise?", True),
        ("How did they escape when it closed?", True),
        ("Explain the ban", True),
        ("How many men left?", False),
        ("When did he say why they left?", False),
        ("Who knows how it ends?", False),
        ("What was closed?", False),
        ("Is the bridge open?", True),
        ("And isn’t it open?", True),
        ("Did the mayor resign", True),
        ("Do you know who resigned?", False),
        ("bridge open", False),
    ],
)
def test_some_questions_need_a_sentence(question: str, asks: bool) -> None:
    assert asks_for_a_sentence(question) == asks
