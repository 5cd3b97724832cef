"""The line above the quotes: the short answer, or the sentence that it must not be cut out of."""

from collections.abc import Callable, Sequence

from index.types import Attribution
from prompts.rendering import render
from service.answering.question import answer_type
from service.answering.quoting.speakers import listed
from service.answering.quoting.stance import StanceName, attribution_stance, stance_name, stands_alone
from service.answering.types import Quote

Form = Callable[[str], str]
_MOST_OF_QUOTE = 0.6
_CREDITS = {"denied": "denied by", "doubted": "doubted by", "asked": "asked by", "retracted": "withdrawn by"}
_SAID = "said by"


def is_short(question: str, quotes: Sequence[Quote]) -> bool:
    """Whether some words of the best quote answer alone.

    They do not where the article may not assert them, or denies in another quote what is asked about; nor where the
    question asks why or how, or they are most of the quote.
    """
    if not quotes or not stands_alone(quotes[0]) or any(_takes_back(quotes[0], each) for each in quotes[1:]):
        return False
    length = sum(map(len, quotes[0].highlighted))
    return 0 < length < _MOST_OF_QUOTE * len(quotes[0].text) and not answer_type.asks_for_a_sentence(question)


def _takes_back(best: Quote, other: Quote) -> bool:
    return other.article.id == best.article.id and bool(other.stance and other.stance.kind in ("denied", "retracted"))


def answer_text(
    quotes: Sequence[Quote], *, short: bool, form: Form = str, whole: Callable[[Quote], str] | None = None
) -> str:
    """Return the highlighted words of the quotes where ``short``, or else the quotes whole.

    A quote whose words do not stand alone always stands whole. The same words of different speakers stand apart.
    ``form`` is applied to all words of articles: it escapes them where the answer is not shown as plain text; ``whole``
    returns those of a whole quote.
    """
    in_full = whole or (lambda quote: form(quote.text))
    if not short:
        return " ".join(_sentence(quote, form, in_full) for quote in quotes)
    numbers: dict[tuple[str, str], str] = {}
    for quote in quotes:
        if not stands_alone(quote) or not quote.highlights:
            continue
        words = ", ".join(dict.fromkeys(quote.highlighted))
        said = (
            words,
            listed([each for each in quote.attributions if _credit_of(quote, each) == _SAID], quote.highlights),
        )
        numbers[said] = f"{numbers.get(said, '')}[{quote.number}]"
    answers = "; ".join(_words(form(words), form(speakers), each) for (words, speakers), each in numbers.items())
    return " ".join([answers, *(_sentence(quote, form, in_full) for quote in quotes if not stands_alone(quote))])


def credit(quote: Quote) -> str:
    """Return who is cited for the words of a quote, and how: "said by Meduza", "denied by Ida Quinn"; "" for nobody."""
    groups: dict[str, list[int]] = {}
    for at, each in enumerate(quote.attributions):
        groups.setdefault(_credit_of(quote, each), []).append(at)
    credits = ((verb, listed([quote.attributions[at] for at in group])) for verb, group in groups.items())
    return ", ".join(f"{verb} {names}" for verb, names in credits if names)


def _credit_of(quote: Quote, attribution: Attribution) -> str:
    stance = attribution_stance(attribution, quote.hit.stances)
    return verb_of(stance_name(stance))


def verb_of(stance: StanceName) -> str:
    """Return how a speaker of this stance is credited: "said by", "denied by"."""
    return _CREDITS.get(stance, _SAID)


def _sentence(quote: Quote, form: Form, in_full: Callable[[Quote], str]) -> str:
    """Return the quote whole, with its speakers where it does not name them itself."""
    outside = [each for each in quote.attributions if each.resolved or not quote.span.holds(each.source)]
    name = "answer_sentence_said" if outside else "answer_sentence"
    return render(name, text=in_full(quote), number=quote.number, speakers=form(listed(outside)))


def _words(words: str, speakers: str, numbers: str) -> str:
    name = "answer_words_said" if speakers else "answer_words"
    return render(name, words=words, speakers=speakers, numbers=numbers)
