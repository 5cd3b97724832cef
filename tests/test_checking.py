"""What a language model may say of a quote, and what not: pairs of both, as news and models write."""

import pytest

from index.types import Span
from service.answering.checking import Checked, check
from service.answering.claims import claims_in
from service.answering.types import Quote
from tests.conftest import make_article


def quotes(*texts: str) -> list[Quote]:
    return [
        Quote(make_article(text), Span(0, len(text)), 0.9, (), number) for number, text in enumerate(texts, start=1)
    ]


def checked(quote: str, written: str) -> Checked:
    return check(claims_in(f"{written} [1]"), quotes(quote))


# A quote, and a sentence that says something else.
OTHERS = [
    # supposed, planned, promised, demanded, claimed, denied
    ("The mayor may close the bridge on Monday.", "The mayor closed the bridge on Monday."),
    ("The company plans to close the plant in Ohio.", "The company closed the plant in Ohio."),
    ("The airline plans to buy 20 planes from Boeing.", "The airline buys 20 planes from Boeing."),
    ("Theresa Smith may resign in May.", "Theresa Smith resigned in May."),
    ("Finland will close its border on Friday.", "Finland closed its border on Friday."),
    ("Prosecutors want Smith jailed for 10 years.", "Smith was jailed for 10 years."),
    ("Protesters demanded that Lukashenko resign on Sunday.", "Lukashenko resigned on Sunday."),
    ("Trump claimed that the election was stolen.", "The election was stolen."),
    ("It is false that the mayor took bribes.", "The mayor took bribes."),
    ("Smith was cleared of charges that he stole the painting.", "Smith stole the painting."),
    ("Is Smith guilty of fraud?", "Smith is guilty of fraud."),
    ("The mayor denied that he took bribes and hid the money.", "The mayor hid the money."),
    ("The suspect allegedly shot Smith and stole the car.", "The suspect stole the car."),
    ("If the bill passes, taxes rise in May.", "Taxes rise in May."),
    ("Unless a deal is reached, workers strike on Monday.", "Workers strike on Monday."),
    # denials
    ("There is no evidence, police said, that Smith stole the painting in Rome.", "Smith stole the painting in Rome."),
    ("The claim that the mayor took bribes, and that he hid money, is not true.", "The mayor took bribes."),
    ("Smith, not Brown, stole the painting in Rome.", "Brown stole the painting in Rome."),
    ("Some 14 bridges, not 15, were opened in Rome.", "15 bridges were opened in Rome."),
    ("Nothing in the report suggests that Smith took bribes.", "The report suggests that Smith took bribes."),
    ("The drug hardly reduced deaths in Norway.", "The drug reduced deaths in Norway."),
    ("Not all of the passengers survived the crash in Nepal.", "The passengers did not survive the crash in Nepal."),
    ("The minister did not say that taxes rise in May.", "The minister said that taxes do not rise in May."),
    # small words on which all hangs
    ("The senator voted against the bill.", "The senator voted for the bill."),
    ("The museum opened after the election.", "The museum opened before the election."),
    ("Some voters in Norway backed the law.", "All voters in Norway backed the law."),
    ("Voters in Norway backed the law.", "All voters in Norway backed the law."),
    ("Oil was up 5 percent on Monday in London.", "Oil was down 5 percent on Monday in London."),
    ("Rome lies below Milan in the table.", "Rome lies above Milan in the table."),
    # numbers
    ("Almost 500 men left.", "More than 500 men left."),
    ("At least 20 people were killed in Kabul.", "At most 20 people were killed in Kabul."),
    ("Fewer than 100 tanks were sent to Kyiv.", "More than 100 tanks were sent to Kyiv."),
    ("Fewer than 100 tanks were sent to Kyiv.", "100 tanks were sent to Kyiv."),
    ("Half a million people fled Syria in 2015.", "1 million people fled Syria in 2015."),
    ("Inflation in Norway was one point five percent in May.", "Inflation in Norway was 5% in May."),
    ("The twenty-first century began in war.", "The 20th century began in war."),
    ("A third of voters in Norway backed the law.", "Three voters in Norway backed the law."),
    ("Temperatures were minus five degrees in Oslo.", "Temperatures were 5 degrees in Oslo."),
    ("Police arrested three officers in Dallas.", "Police arrested one officer in Dallas."),
    ("It was the second attack on the market in Kabul.", "It was the first attack on the market in Kabul."),
    ("Rates rose by 2 percentage points in June.", "Rates rose by 2 percent in June."),
    ("It cost A$5 million to build.", "It cost $5 million to build."),
    ("Police found 50 pounds of cocaine.", "Police found £50 of cocaine."),
    ("The trial took 2½ years in London.", "The trial took 2 years in London."),
    ("The bridge was built in the 1990s in Rome.", "The bridge was built in 1990 in Rome."),
    ("The shop opens at 8 a.m. on Monday.", "The shop opens at 8 p.m. on Monday."),
    ("The wall is 30 feet high.", "The wall is 30 metres high."),
    # one word
    ("The court upheld the ban on abortion in Texas.", "The court overturned the ban on abortion in Texas."),
    ("Smith was acquitted of murder in Dallas.", "Smith was convicted of murder in Dallas."),
    ("Apple won the patent case in Texas.", "Apple lost the patent case in Texas."),
    ("The mayor of Rome opened 14 bridges on Monday.", "The corrupt mayor of Rome opened 14 bridges on Monday."),
    # names
    ("World War II ended in Europe in 1945.", "World War I ended in Europe in 1945."),
    ("Jan Novak opened the bridge in Prague in 2020.", "The bridge in Prague opened in January 2020."),
    # not a sentence
    ("The mayor of Rome opened 14 bridges.", '{"text": "The mayor of Rome opened 14 bridges."}'),
]  # fmt: skip

# A quote, and a sentence that says the same, or part of it.
SAME = [
    ("The mayor opened the bridge in Rome on Monday.", "On Monday, the mayor opened the bridge in Rome."),
    ("The plane landed in Ohio on Monday.", "On Monday the plane landed in Ohio."),
    ("About 261,000 men left Russia.", "Approximately 261,000 men left Russia."),
    ("About 261,000 men left Russia.", "Furthermore, 261,000 men left Russia."),
    ("The FSB recorded 261,000 men leaving Russia.", "The FSB recorded that 261,000 men left Russia."),
    ("Half a million people fled Syria in 2015.", "500,000 people fled Syria in 2015."),
    ("One person died in Rome.", "1 person died in Rome."),
    ("The twenty-first century began in war.", "The 21st century began in war."),
    ("It was the second attack in Kabul.", "It was the 2nd attack in Kabul."),
    ("A hundred and one dogs were saved in London.", "101 dogs were saved in London."),
    ("Growth of between 5 and 10 percent is seen in Oslo.", "Growth of between 5% and 10% is seen in Oslo."),
    ("The bridge cost $5-10 million to build.", "The bridge cost $5 million to $10 million to build."),
    ("It cost 40 million € to build.", "It cost €40 million to build."),
    ("It cost 1.2 billion US dollars to build.", "It cost $1.2bn to build."),
    ("1 million men left Russia.", "One million men left Russia."),
    ("Russian president Vladimir Putin went to Astana.", "Russian President Vladimir Putin went to Astana."),
    ("The U.S. senate passed the bill.", "The United States Senate passed the bill."),
    ("The shop opens at 6 p.m. on Monday.", "The shop opens at 6 PM on Monday."),
    ("Gov. Newsom signed the bill on Sept. 3.", "Governor Newsom signed the bill on September 3."),
    ("The fair in Sa\u0303o Paulo opened.", "The fair in São Paulo opened."),
    ("Shells hit Khar\u00adkiv on Monday.", "On Monday, shells hit Kharkiv."),
    ("The border could close on Friday.", "The border may close on Friday."),
    ("The minister said he would visit Rome.", "The minister said he will visit Rome."),
    ("Kazakhstan will not close its border with Russia.", "Kazakhstan will not close its border."),
]  # fmt: skip


@pytest.mark.parametrize(("quote", "written"), OTHERS)
def test_something_else_is_dropped(quote: str, written: str) -> None:
    assert checked(quote, written).kept == ()


@pytest.mark.parametrize(("quote", "written"), SAME)
def test_the_same_in_other_words_is_kept(quote: str, written: str) -> None:
    assert checked(quote, written).dropped == ()


TWO = quotes(
    "Anna Smith's brother Paul Smith opened the museum in Rome.",
    "The director, John Brown, was arrested for fraud on Monday.",
)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        # half from one quote and half from another
        ("Paul Smith was arrested for fraud on Monday [1][2].", []),
        ("Paul Smith opened the museum in Rome [1], and the director was arrested [2].", [(1, 2)]),
        ("Paul Smith opened the museum in Rome [1], and was arrested on Monday [2].", []),
        # only the quotes that bear a sentence out are named with it
        ("Paul Smith opened the museum [1][2].", [(1,)]),
        # whom "he" means
        ("Paul Smith opened the museum [1]. The boss was John Brown, 58 [2]. He was arrested for fraud [2].", [(1,)]),
        ("Paul Smith opened the museum [1]. He was arrested for fraud on Monday [2].", [(1,)]),
        ("John Brown was arrested [2]. He was arrested for fraud [2].", [(2,)]),
    ],
)
def test_one_quote_bears_a_sentence_out_alone(written: str, shown: list[tuple[int, ...]]) -> None:
    assert [claim.numbers for claim in check(claims_in(written), TWO).kept] == shown


def test_sentences_past_the_twentieth_are_counted() -> None:
    claims = claims_in(" ".join(["Fourteen men left Rome in 1950 [1]."] * 32))
    given = quotes("Fourteen men left Rome in 1950.")
    distinct = [claim._replace(text=f"{claim.text[:-1]}{'!' * number}") for number, claim in enumerate(claims)]
    checked = check(distinct, given)
    assert len(checked.kept) == 20
    assert len(checked.kept) + len(checked.dropped) == len(claims)


@pytest.mark.parametrize(
    ("marked", "shown"),
    [
        ("“a waste of public money”", "“a waste of public money”"),
        ("‘a waste of public money’", "‘a waste of public money’"),
        ("«a waste of public money»", "“a waste of public money”"),
        ("‘it’s the waste of public money’", "it’s the waste of public money"),
        ("''the waste of public money''", "the waste of public money"),
        ("「the waste of public money」", "the waste of public money"),
        ("❝the waste of public money❞", "the waste of public money"),
        ("´the waste of public money´", "the waste of public money"),
        ("“the waste of public money", "the waste of public money"),
    ],
)
def test_words_that_no_quote_has_lose_marks_of_every_kind(marked: str, shown: str) -> None:
    given = quotes("The minister said it’s a waste of public money in Lviv.")
    (claim,) = check(claims_in(f"The minister said {marked} in Lviv [1]."), given).kept
    assert claim.text == f"The minister said {shown} in Lviv."
