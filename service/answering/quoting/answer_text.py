"""The answer in one paragraph, with its speakers and the numbers of the quotes."""

from collections.abc import Callable, Sequence

from prompts.rendering import render
from service.answering.question import answer_type
from service.answering.quoting.speakers import listed
from service.answering.types import Quote

Form = Callable[[str], str]
_MOST_OF_QUOTE = 0.6


def is_short(question: str, quotes: Sequence[Quote]) -> bool:
    """Whether some words of the best quote answer alone.

    They do not where the question asks why or how, nor where they are most of the quote.
    """
    if not quotes:
        return False
    length = sum(map(len, quotes[0].highlighted))
    return 0 < length < _MOST_OF_QUOTE * len(quotes[0].text) and not answer_type.asks_for_a_sentence(question)


def answer_text(quotes: Sequence[Quote], *, short: bool, form: Form = str) -> str:
    """Return the highlighted words of the quotes where ``short``, or else the quotes whole.

    The same words of different speakers stand apart. ``form`` is applied to everything that stands in an article: it
    escapes it where the answer is not shown as plain text.
    """
    if not short:
        return " ".join(_sentence(quote, form) for quote in quotes)
    numbers: dict[tuple[str, str], str] = {}
    for quote in quotes:
        if not quote.highlights:
            continue
        words = ", ".join(dict.fromkeys(quote.highlighted))
        said = words, listed(quote.attributions, quote.highlights)
        numbers[said] = f"{numbers.get(said, '')}[{quote.number}]"
    return "; ".join(_words(form(words), form(speakers), each) for (words, speakers), each in numbers.items())


def _sentence(quote: Quote, form: Form) -> str:
    """Return the quote whole, with its speakers where it does not name them itself."""
    outside = [each for each in quote.attributions if each.resolved or not quote.span.holds(each.source)]
    name = "answer_sentence_said" if outside else "answer_sentence"
    return render(name, text=form(quote.text), number=quote.number, speakers=form(listed(outside)))


def _words(words: str, speakers: str, numbers: str) -> str:
    name = "answer_words_said" if speakers else "answer_words"
    return render(name, words=words, speakers=speakers, numbers=numbers)
