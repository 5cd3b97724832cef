"""What may be left out of a quote's middle, beginning and end, and what then stands for another."""

import pytest

from tests.test_checking import checked

_TRIAL = "The drug reduced deaths by 20% compared with a placebo, but increased strokes by 5%."
_LEAVING = (
    "The FSB recorded 261,000 men leaving in the four days since Putin announced the draft, according to the news "
    "outlet “Novaya Gazeta. Europe.”"
)

# A quote, and a sentence of its words that says something else.
OTHERS = [
    # What one did, said of what another did.
    (_TRIAL, "The drug reduced strokes by 5%."),
    ("Trump won Ohio but lost Texas.", "Trump won Texas."),
    ("The court jailed Smith for fraud and freed Brown in Leeds.", "The court jailed Brown in Leeds."),
    ("The treaty bans mines and allows drones.", "The treaty bans drones."),
    ("Smith won gold in London and silver in Rio.", "Smith won gold in Rio."),
    ("Entry costs $5 for children and $10 for adults.", "Entry costs $5 for adults."),
    ("Exports fell 3% to $5 billion while imports rose 4% to $7 billion.", "Exports fell 4%."),
    ("Smith shot Brown and Green left Rome.", "Smith shot Green."),
    ("On Monday, Smith met Brown; on Tuesday, Smith met Jones.", "On Monday, Smith met Jones."),
    ("On Monday Smith met Brown and on Tuesday he met Jones.", "On Tuesday Smith met Brown."),
    ("The law passed in 2010 took effect in 2012.", "The law passed in 2012."),
    ("The museum closed in March, reopened in May and burned down in June.", "The museum closed in May."),
    ("Smith visited London on Monday before Paris on Tuesday.", "Smith visited London on Tuesday."),
    ("The company was founded by a man born in Cork in 1947.", "The company was founded in Cork in 1947."),
    ("Smith, 40, the brother of Ann Brown, 35, was shot.", "Smith, 35, was shot."),
    # Who says so.
    ("Smith said “we won” and Brown said “we lost”.", "Smith said “we lost”."),
    ("Trump said he won Ohio and Biden said he lost Texas.", "Trump said he lost Texas."),
    ("The election in Ohio was rigged, Trump wrote on Monday.", "The election in Ohio was rigged."),
    ("“The election in Ohio was rigged,” wrote Trump.", "The election in Ohio was rigged."),
    ("The election in Ohio was rigged, per Trump.", "The election in Ohio was rigged."),
    ("In Trump's words, the election was rigged in Ohio.", "The election was rigged in Ohio."),
    ("In the opinion of Trump, the election was rigged in Ohio.", "The election was rigged in Ohio."),
    ("For the Kremlin, Crimea belongs to Russia.", "Crimea belongs to Russia."),
    ("Russia destroyed 12 tanks, the Kremlin's spokesman lied.", "Russia destroyed 12 tanks."),
    ("Hamas said Israel killed 40 people, which Israel denied.", "Israel killed 40 people, Hamas said."),
    ("The mayor took bribes, Kowalski testified on Monday.", "The mayor took bribes."),
    ("The mine poisoned the river, villagers complain.", "The mine poisoned the river."),
    ("Police fear Garcia killed the girl.", "Garcia killed the girl."),
    ("A lawyer for Epstein said the guards slept.", "Epstein said the guards slept."),
    ("Mr Lee's lawyer said he would appeal.", "Mr Lee said he would appeal."),
    ("Bolton wrote that Trump said Finland belonged to Russia.", "Bolton said Finland belonged to Russia."),
    ("The Kremlin said Kyiv had fallen, a Polish aide said.", "The Kremlin said Kyiv had fallen."),
    ("Prosecutors said Diaz killed two; his lawyer said he killed one.", "His lawyer said Diaz killed two."),
    ("The minister, witnesses recalled, took bribes in Rome.", "The minister took bribes in Rome."),
    ("The minister, it emerged, took bribes in Rome.", "The minister took bribes in Rome."),
    # When it was.
    ("In 2010, Musa moved to Nairobi and later founded a bank.", "Musa founded a bank in 2010."),
    ("The man who shot the mayor in 2022 was jailed.", "The man who shot the mayor was jailed in 2022."),
    (
        "Keller wrote a book about the outbreak of war in 1914.",
        "In 1914, Keller wrote a book about the outbreak of war.",
    ),
    ("Victims of the earthquake in 2011 won a case.", "Victims of the earthquake won a case in 2011."),
    ("Hernandez was jailed for a murder in 1995.", "Hernandez was jailed in 1995."),
    ("Revenue rose 8% over the same quarter in 2019.", "Revenue rose 8% in 2019."),
    ("In 2010, Smith, who was born in Rome, resigned.", "Smith was born in Rome in 2010."),
    ("On Monday, the minister said the talks collapsed.", "The minister said the talks collapsed on Monday."),
    ("In May, Smith left Rome and joined Acme in June.", "Smith joined Acme in May."),
    ("Inflation slowed to 3% in May from 4% in April.", "Inflation slowed to 3% in April."),
    ("Turnout fell to 60%, the same as in 2016.", "Turnout fell in 2016."),
    ("It was the deadliest attack in Kabul since 2015.", "It was the deadliest attack in Kabul."),
    # Compared, contrasted, or one of several.
    ("Revenue rose 10% in Europe, compared with 15% in Asia.", "Revenue rose 10% in Asia."),
    ("Ohio is larger than Rhode Island but smaller than Texas.", "Ohio is larger than Texas."),
    ("Unlike Germany, France voted for the treaty in 1992.", "Germany voted for the treaty in 1992."),
    ("Smith, unlike Brown, voted for the war in Iraq.", "Brown voted for the war in Iraq."),
    ("Despite losing Ohio, Smith won Texas.", "Smith won Ohio."),
    ("The attack was carried out by Hamas or Hezbollah.", "The attack was carried out by Hamas."),
    ("Either Smith resigns or the party splits in May.", "Smith resigns in May."),
    ("Prices, excluding food, rose 3% in May.", "Prices rose 3% in May."),
    ("After Shanghai, Beijing is the largest city in China.", "Beijing is the largest city in China."),
    ("The fire is one of the largest in Oregon.", "The fire is the largest in Oregon."),
    ("Half the senators resigned in Nigeria.", "The senators resigned in Nigeria."),
    # A part for the whole.
    ("Macron met the writer, who fled Iran and settled in Paris.", "Macron settled in Paris."),
    ("The mayor opened the bridge and it collapsed in May.", "The mayor collapsed in May."),
    ("The widow of a soldier killed in Bakhmut got a medal.", "The widow killed in Bakhmut got a medal."),
    ("The coach of the striker, who scored twice, was fined.", "The coach scored twice."),
    ("Lawyers for Weinstein and Cosby resigned on Friday.", "Cosby resigned on Friday."),
    ("Germany and France produce 40% of the bloc's steel.", "France produces 40% of the bloc's steel."),
    ("The Trump Organization was fined $1.6 million.", "Trump was fined $1.6 million."),
    ("South Sudan declared independence in 2011.", "Sudan declared independence in 2011."),
    ("Hunter Biden was convicted of gun charges.", "Biden was convicted of gun charges."),
    ("Non-EU citizens need a visa in Greece.", "EU citizens need a visa in Greece."),
    ("Murphy shot his brother-in-law in Tulsa.", "Murphy shot his brother."),
    ("The storm hit Cuba, killing five, Haiti, killing 20, and Jamaica.", "The storm hit Cuba, killing 20."),
    ("The union called off the strike on Monday.", "The union called the strike on Monday."),
    ("Voters did not reject the plan because of its cost.", "Voters did not reject the plan."),
    ("Russia purportedly destroyed 12 tanks.", "Russia destroyed 12 tanks."),
    ("When the bill passes, the tax on fuel falls to 5%.", "The bill passes."),
    ("Should talks collapse, the pilots strike on Friday.", "Talks collapse."),
    ("Had the missile hit the tower, 900 people were inside.", "The missile hit the tower."),
    ("The child Smith adopted was killed in Leeds.", "Smith was killed in Leeds."),
    ("The murder trial of Smith opened in Rome.", "The murder of Smith opened in Rome."),
    ("A law that bans TikTok in Montana was blocked by a judge.", "A law bans TikTok in Montana."),
    ("The idea that Russia destroyed 12 tanks is absurd.", "The idea that Russia destroyed 12 tanks."),
    ("Norway bought tank parts from Germany.", "Norway bought tanks."),
    # Few, or only so called, or supposed.
    ("Few voters in Norway backed the law.", "Voters in Norway backed the law."),
    ("Little evidence links Smith to the fire in Leeds.", "Evidence links Smith to the fire in Leeds."),
    ("All but two miners were rescued in Chile.", "All miners were rescued in Chile."),
    ("The second richest man in Ohio is Smith.", "The richest man in Ohio is Smith."),
    ("Smith was once a senator for Ohio.", "Smith was a senator for Ohio."),
    ("The so-called president of Donetsk left for Moscow.", "The president of Donetsk left for Moscow."),
    ("A draft law that bans abortion in Texas was leaked.", "A law that bans abortion in Texas was leaked."),
    ("Suppose Russia destroyed 12 tanks.", "Russia destroyed 12 tanks."),
    ("Were Smith to win, taxes rise in March.", "Taxes rise in March."),
]

# A quote, and a sentence that says part of it.
SAME = [
    (_LEAVING, "The FSB recorded 261,000 men leaving, according to Novaya Gazeta. Europe."),
    (_TRIAL, "The drug reduced deaths by 20%."),
    (_TRIAL, "The drug reduced deaths by 20% compared with a placebo."),
    ("King Charles was crowned on Saturday at the abbey.", "King Charles was crowned at the abbey on Saturday."),
    ("Harris beat Trump in New York and lost to him in Florida.", "Harris beat Trump in New York."),
    ("In 2010, Musa moved to Nairobi and later founded a bank.", "Musa moved to Nairobi in 2010."),
    ("Last year, Egypt bought 4 million tons of wheat.", "Egypt bought 4 million tons of wheat last year."),
    ("The ship's captain, Ann Cole, left Hull on Friday.", "Ann Cole left Hull on Friday."),
    ("Smith's brother Paul Brown won the race.", "Paul Brown won the race."),
    ("Ukraine's president, Volodymyr Zelensky, thanked Poland for its help.", "Ukraine's president thanked Poland."),
    ("The museum, which opened in 1932 in Rome, burned down.", "The museum opened in 1932 in Rome."),
    ("Apple Inc. (AAPL.O) said sales of phones rose 8%.", "Apple Inc. said sales of phones rose 8%."),
    ("Tesla lost a tenth of its value, or $5 billion, on Monday.", "Tesla lost a tenth of its value."),
    ("Norway mentions tanks and reports 12 deaths in 2010.", "Norway mentions tanks and reports 12 deaths."),
]


@pytest.mark.parametrize(("quote", "written"), OTHERS)
def test_what_is_left_out_makes_the_rest_no_others(quote: str, written: str) -> None:
    assert checked(quote, written).kept == ()


@pytest.mark.parametrize(("quote", "written"), SAME)
def test_asides_phrases_and_ends_may_be_left_out(quote: str, written: str) -> None:
    assert checked(quote, written).dropped == ()
