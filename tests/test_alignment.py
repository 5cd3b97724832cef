"""Sentences made of a quote's words: what may be left out and moved, and what makes them say something else."""

import pytest

from service.answering.checking import check
from service.answering.claims import claims_in
from tests.test_checking import checked, quotes

# A quote, and a sentence of its words that says something else.
OTHERS = [
    ("Boeing is buying Spirit AeroSystems for $4.7 billion.", "Boeing bought Spirit AeroSystems for $4.7 billion."),
    ("The company is closing the plant in Ohio in 2030.", "The company closed the plant in Ohio in 2030."),
    ("A lawyer representing Donald Trump was indicted in Georgia.", "Donald Trump was indicted in Georgia."),
    ("The man who shot the mayor was jailed for 10 years.", "The mayor was jailed for 10 years."),
    ("Rebels fighting Assad took Aleppo.", "Assad took Aleppo."),
    ("Smith, whose father was shot in Dallas in 1963, ran for mayor.", "Smith was shot in Dallas in 1963."),
    ("The firm, whose owner was jailed for fraud, employs 300 people.", "The firm was jailed for fraud."),
    ("Smith was arrested two years after Brown was killed in Rome.", "Smith was killed in Rome."),
    ("Smith resigned a day after Brown was jailed for fraud.", "Smith was jailed for fraud."),
    ("Lehman Brothers had 25,000 employees.", "Lehman Brothers has 25,000 employees."),
    ("Smith was mayor of Rome until 2015.", "Smith is mayor of Rome."),
    ("Israel condemned an attack on Iran.", "Israel attacked Iran."),
    ("The mayor watched police clear the square in Rome.", "The mayor cleared the square in Rome."),
    ("Smith let Brown leave Rome on Monday.", "Smith left Rome on Monday."),
    ("Putin insists Crimea belongs to Russia.", "Crimea belongs to Russia."),
    ("Under the bill, the retirement age rises to 67 in 2030.", "The retirement age rises to 67 in 2030."),
    ("Deaths fell in all states except Texas and Ohio.", "Deaths fell in all states."),
    ("Some voters in Norway backed the law.", "Voters in Norway backed the law."),
    ("Unemployment benefits rose 5 percent in May.", "Unemployment rose 5 percent in May."),
    ("The court gave Smith a suspended prison sentence.", "The court gave Smith a prison sentence."),
    ("Apple was fined 500 million euros, but the fine was annulled.", "Apple was fined 500 million euros."),
    ("Russia shot down the plane, Ukraine said on Monday.", "Russia shot down the plane on Monday."),
    ("According to the suspect's lawyer, the police planted the gun.", "The police planted the gun."),
    ("Sales rose to $5 million from $3 million.", "Sales rose from $5 million to $3 million."),
    ("Germany has 83 million people and France 68 million.", "France has 83 million people."),
    ("He was arrested in 2015 and released in 2019.", "He was released in 2015."),
    ("The acting director resigned on Friday.", "The director resigned on Friday."),
    ("A spokesman for Prime Minister Johnson resigned on Tuesday.", "Prime Minister Johnson resigned on Tuesday."),
    ("The fire burned 300 acres in Texas.", "The fire burned 300 acres of Texas."),
    ("Norway is richer than Sweden.", "Sweden is richer than Norway."),
    ("Kane scored twice as many goals as Salah.", "Salah scored twice as many goals as Kane."),
    ("The police shot the protester in Minsk.", "The protester shot the police in Minsk."),
    ("The banks lent money to the government in Athens.", "The government lent money to the banks in Athens."),
    ("Smith was shot on Monday in Dallas.", "Smith shot on Monday in Dallas."),
    ("The bank was robbed by two officers in Dallas.", "The bank robbed two officers in Dallas."),
    ("Twelve of the 50 senators resigned.", "50 senators resigned."),
    ("The attack was almost certainly carried out by Russia.", "The attack was certainly carried out by Russia."),
    ("The virus is thought to have leaked in Wuhan.", "The virus has leaked in Wuhan."),
    ("The minister hinted that taxes rise in May.", "Taxes rise in May."),
    ("Analysts forecast growth of 3 percent in Norway in 2024.", "Growth was 3 percent in Norway in 2024."),
    ("Congress considered a ban on TikTok in March.", "Congress banned TikTok in March."),
    ("The judge ordered Smith to pay $5 million to Brown.", "Smith paid $5 million to Brown."),
    ("Smith should leave Rome, the mayor said.", "Smith left Rome, the mayor said."),
    ("Smith is unable to leave Rome.", "Smith is able to leave Rome."),
    ("The treaty was unpopular in Norway.", "The treaty was popular in Norway."),
    ("Smith declined to comment on Monday.", "Smith commented on Monday."),
    ("Smith lacked a license to drive in Ohio.", "Smith had a license to drive in Ohio."),
    ("The plot to kill Smith in Rome was foiled.", "The plot killed Smith in Rome."),
    ("Finland closed its border on Friday.", "Finland will close its border on Friday."),
    ("Smith resigned on Friday.", "Smith might resign on Friday."),
    ("Voters in Norway backed the law.", "Many voters in Norway backed the law."),
    ("Smith was vaccinated in May and died in June.", "Smith died in June because he was vaccinated in May."),
    ("Smith was fired and hired a lawyer in Ohio.", "Smith was fired because he hired a lawyer in Ohio."),
    ("The employees sued over the plan on Monday.", "The employer sued over the plan on Monday."),
    ("The gas is harmless to children in Ohio.", "The gas is harmful to children in Ohio."),
    ("Homeless people left the park in Ohio.", "People left the park for home in Ohio."),
    ("Smith founded the company in Ohio.", "Smith found the company in Ohio."),
    ("The trial begins Sept. 28 and ends Oct. 3.", "The trial begins Oct. 28."),
    ("North Korea fired a missile, South Korea said on Monday.", "South Korea fired a missile on Monday."),
    ("It was the third attack in Kabul on Monday.", "There were three attacks in Kabul on Monday."),
    ("Smith paid Brown $500 each day.", "Smith paid Brown $500."),
    ("Arsenal beat Chelsea 3-1 in London.", "Arsenal beat Chelsea 1-3 in London."),
    ("Smith denied claims that he took bribes.", "Smith claims that he took bribes."),
    ("It is unlikely that Smith will resign on Friday.", "Smith may resign on Friday."),
    ("The bill must pass by Friday.", "The bill passed on Friday."),
    ("Smith sold shares to Brown for $3 million.", "Smith sold shares for Brown to $3 million."),
    ("The U.S. sanctions on Iran ended in May.", "Iran ended sanctions on the U.S. in May."),
    ("Tesla shares fell while Ford's rose 5%.", "Tesla shares rose 5%."),
    ("Biden won Arizona and Trump won Texas.", "Trump won Arizona."),
    ("Two Israelis and 12 Palestinians were killed on Monday.", "12 Israelis were killed on Monday."),
    ("Smith was shot by police after he stabbed Brown.", "Smith was stabbed by Brown."),
    ("“We shot down the plane,” said Ukrainian minister Reznikov.", "Reznikov shot down the plane."),
    ("The bill passed the House on Tuesday and the Senate on Thursday.", "The bill passed the Senate on Tuesday."),
    ("Sales rose to $5 million from $3 million.", "Sales rose to $3 million from $5 million."),
    ("Germany has 83 million people and France 68 million.", "Germany has 68 million people."),
    ("The former president visited Rome on Monday.", "The president visited Rome on Monday."),
    ("The deputy minister resigned on Friday.", "The minister resigned on Friday."),
    ("Opponents of President Erdogan rallied in Ankara on Sunday.", "President Erdogan rallied in Ankara on Sunday."),
    ("The stock rose 5 percent in March and 3 percent in April.", "The stock rose 3 percent in March."),
    ("More women than men voted in Norway.", "More men than women voted in Norway."),
    ("Prices rose faster than wages in Britain.", "Wages rose faster than prices in Britain."),
    ("The student killed the teacher in Dallas.", "The teacher killed the student in Dallas."),
    ("The senator accused the president of fraud.", "The president accused the senator of fraud."),
    ("Smith was beaten by Brown in the final.", "Smith beat Brown in the final."),
    ("Only 12 of the 50 states ratified the treaty.", "All 50 states ratified the treaty."),
    ("One in ten voters in Norway backed the law.", "Ten voters in Norway backed the law."),
    ("Smith nearly won the race in Monaco.", "Smith won the race in Monaco."),
    ("The virus apparently leaked in Wuhan.", "The virus leaked in Wuhan."),
    ("Analysts speculated that Putin fled Moscow.", "Putin fled Moscow."),
    ("Smith is being investigated for fraud in Texas.", "Smith committed fraud in Texas."),
    ("Lawmakers debated whether to ban TikTok.", "Lawmakers ban TikTok."),
    ("The judge told Smith to leave Rome.", "Smith left Rome."),
    ("Smith must leave Rome on Monday.", "Smith left Rome on Monday."),
    ("It is illegal to sell alcohol in Kuwait.", "It is legal to sell alcohol in Kuwait."),
    ("The company is nonprofit and based in Ohio.", "The company made a profit in Ohio."),
    ("The senator opposed the bill in May.", "The senator proposed the bill in May."),
    ("The court overturned the conviction of Smith for murder.", "The court convicted Smith for murder."),
    ("The talks to end the war in Sudan collapsed.", "The talks ended the war in Sudan."),
    ("The mayor opened the bridge in Rome.", "The mayor should open the bridge in Rome."),
    ("Norway bought tanks from Germany.", "Norway bought more tanks from Germany."),
    ("Smith won the race in Monaco.", "Smith won the race in Monaco again."),
    ("The mayor of Rome opened 14 bridges.", "The mayor of Rome opened nearly 14 bridges."),
    ("The government rejected the plan on Monday.", "The governor rejected the plan on Monday."),
    ("Smith is investigating the bank in Rome.", "Smith is investing in the bank in Rome."),
    ("The drug is useless against malaria.", "The drug is useful against malaria."),
    ("Electricity prices rose in Norway.", "Election prices rose in Norway."),
    ("Committee members met in Rome.", "Members met in Rome and committed."),
    ("The trial ran from March 5 to April 9.", "The trial ran from April 5."),
    ("The fire began on the 21st floor in London.", "The fire began on 21 floors in London."),
    ("As many as 500 people died in Kabul.", "500 people died in Kabul."),
    ("The war costs $5 million a day, officials say.", "The war costs $5 million, officials say."),
    ("The theory that vaccines cause autism, though, is false.", "Vaccines cause autism."),
    ("The court rejected claims that Smith lied in Ohio.", "The court claims that Smith lied in Ohio."),
    ("The shop was closed until Monday.", "The shop was closed on Monday."),
    ("Smith sold the bank to Brown.", "Brown sold the bank to Smith."),
    ("Brown disagreed. “It is a waste of money,” Smith said.", "Brown said: “It is a waste of money.”"),
    ("A woman accused Smith of rape in 2005.", "Smith accused a woman of rape in 2005."),
    ("Tesla shares fell 5% and Ford shares rose 3%.", "Tesla shares rose 3%."),
    ("Smith pleaded guilty and Brown was acquitted.", "Smith was acquitted."),
    ("Ukraine said it had destroyed 12 Russian tanks.", "Russia destroyed 12 Ukraine tanks."),
]

# A quote, and a sentence that says the same, or part of it.
SAME = [
    ("Sinead O’Brien won the prize in 2012 in Cork.", "Sinead O'Brien won the prize in 2012."),
    ("Beyoncé, 43, won 35 Grammys.", "Beyonce won 35 Grammys."),
    ("The museum opened on 3 June 2012 in Rome.", "The museum opened on June 3, 2012."),
    ("The plane did not land in Rome on Monday.", "The plane didn't land in Rome on Monday."),
    ("The mayor will not run in 2024.", "The mayor won't run in 2024."),
    ("“I am not a crook,” Nixon told reporters in 1973.", "Nixon told reporters in 1973: “I am not a crook.”"),
    ("“We will not surrender,” said Zelensky in Kyiv.", "Zelensky said “we will not surrender”."),
    (
        "Russian President Vladimir Putin on Wednesday announced a partial mobilization.",
        "On Wednesday, Russian President Vladimir Putin announced a partial mobilization.",
    ),
    ("It cost 40 million euros, the council said.", "The council said it cost 40 million euros."),
    ("It cost 40 million euros, the council said.", "According to the council, it cost 40 million euros."),
    (
        "The company, which is based in Ohio, laid off 300 people, but its chief executive kept his bonus.",
        "The company is based in Ohio and laid off 300 people.",
    ),
    ("The storm, which was expected to hit Florida, killed 12 people in Cuba.", "The storm killed 12 people in Cuba."),
    (
        "If confirmed, Smith will be the first woman to lead the bank.",
        "If confirmed, Smith would be the first woman to lead the bank.",
    ),
    ("Police arrested Smith, who denied the charges, on Monday.", "Police arrested Smith on Monday."),
    ("Smith, who won the prize in 2019, wants to run again.", "Smith won the prize in 2019."),
    ("Smith, who pleaded not guilty, was released on Friday.", "Smith was released on Friday."),
    ("Sales grew 12 per cent to £3.4bn.", "Sales grew by 12% to £3.4 billion."),
    ("Germany has agreed to send tanks to Ukraine.", "Germany agreed to send tanks to Ukraine."),
    ("More than 3,000 people have been killed.", "Over 3,000 people have been killed."),
    ("More than 3,000 people have been killed.", "More than 3,000 people were killed."),
    ("The company expects profits to fall by 10% this year.", "The company expects its profits to fall 10% this year."),
    ("Fewer than 1 in 5 adults smoke.", "Fewer than one in five adults smoke."),
    (
        "The president's approval rating fell to 38%, the lowest of his term.",
        "The president's approval rating fell to 38 percent, the lowest of his term.",
    ),
    ("Prosecutors charged Smith with murder on Friday.", "On Friday, prosecutors charged Smith with murder."),
    (
        "The EU's top diplomat, Josep Borrell, called for calm.",
        "The European Union's top diplomat, Josep Borrell, called for calm.",
    ),
    ("Dr. Anthony Fauci said masks work.", "Anthony Fauci said that masks work."),
    (
        "The number of jobs fell by 20,000 in May and rose by 30,000 in June.",
        "The number of jobs fell by 20,000 in May.",
    ),
    ("“I will never surrender,” Zelensky said.", "Zelensky said he would never surrender."),
    ("“I will never surrender,” Zelensky said.", "Zelensky said, “I will never surrender.”"),
    ("“We are not ready,” Merkel told reporters in Berlin.", "“We are not ready,” Merkel said in Berlin."),
    (
        "The bank raised rates on Thursday for the first time since 2011.",
        "The bank raised rates for the first time since 2011 on Thursday.",
    ),
    ("The 25-year-old was arrested in London.", "The 25 year old was arrested in London."),
    ("Kyiv says Moscow fired 80 missiles.", "Moscow fired 80 missiles, Kyiv says."),
    ("Ukraine's army said Russia lost 200 tanks.", "According to Ukraine's army, Russia lost 200 tanks."),
    ("Finland, which shares a 1,300-km border with Russia, joined NATO in April.", "Finland joined NATO in April."),
    (
        "Finland, which shares a 1,300-km border with Russia, joined NATO in April.",
        "Finland shares a 1,300 km border with Russia.",
    ),
    ("Nurses in the U.K. went on strike on Dec. 15.", "Nurses in the UK went on strike on December 15."),
    (
        "Researchers found that coffee may reduce the risk of death, and that tea does not.",
        "Researchers found that coffee may reduce the risk of death.",
    ),
    ("Boris Johnson will step down as prime minister.", "Boris Johnson will step down as Prime Minister."),
    ("In 2021, the U.S. economy grew 5.7 percent.", "The US economy grew by 5.7% in 2021."),
]


@pytest.mark.parametrize(("quote", "written"), OTHERS)
def test_the_same_words_with_another_sense_are_dropped(quote: str, written: str) -> None:
    assert checked(quote, written).kept == ()


@pytest.mark.parametrize(("quote", "written"), SAME)
def test_words_may_be_left_out_and_some_moved(quote: str, written: str) -> None:
    assert checked(quote, written).dropped == ()


def test_a_quotation_is_held_to_the_quote_that_is_named_with_it() -> None:
    given = quotes("Smith said voters are wasting money.", "“Voters are a waste of money,” Brown said.")
    (claim,) = check(claims_in("Brown said voters are “a waste of money” [1][2]."), given).kept
    assert claim.numbers == (2,)
    assert check(claims_in("Smith said voters are “a waste of money” [1][2]."), given).kept == ()


@pytest.mark.parametrize(
    ("quote", "written"),
    [
        ("Hunter Biden was convicted of gun charges.", "He was convicted of gun charges."),
        ("Anna Smith said her brother stole the car.", "Anna Smith said you stole our car."),
        ("Anna Smith was arrested with her brother.", "Anna Smith was arrested with his brother."),
    ],
)
def test_pronouns_are_for_whom_the_quote_means(quote: str, written: str) -> None:
    assert checked(quote, written).kept == ()
