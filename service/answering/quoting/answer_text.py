"""Saying the answer in one paragraph, with its speakers and the numbers of the quotes."""

from collections.abc import Callable, Sequence

from prompts.rendering import render
from service.answering.question import answer_type
from service.answering.quoting.speakers import listed
from service.answering.types import Quote

Form = Callable[[str], str]
_MOST_OF_QUOTE = 0.6


def is_short(question: str, quotes: Sequence[Quote]) -> bool:
    """Tell whether some words of the best quote answer alone: not why and how, nor where they are most of the quote."""
    if not quotes:
        return False
    lit = sum(end - start for start, end in quotes[0].highlights)
    return 0 < lit < _MOST_OF_QUOTE * len(quotes[0].text) and not answer_type.asks_for_a_sentence(question)


def tell(quotes: Sequence[Quote], *, short: bool, form: Form = str) -> str:
    """Say the words lit up, or else the quotes whole. The same words of different speakers are told apart.

    ``form`` is given everything that stands in an article: to escape it, where the answer is not shown as plain text.
    """
    if not short:
        return " ".join(_sentence(quote, form) for quote in quotes)
    numbers: dict[tuple[str, str], str] = {}
    for quote in quotes:
        if not quote.highlights:
            continue
        lit = ", ".join(dict.fromkeys(quote.article.text[start:end] for start, end in quote.highlights))
        said = lit, listed(quote.attributions, quote.highlights)
        numbers[said] = f"{numbers.get(said, '')}[{quote.number}]"
    return "; ".join(_words(form(lit), form(speakers), each) for (lit, speakers), each in numbers.items())


def _sentence(quote: Quote, form: Form) -> str:
    """Give the quote whole; with its speakers, where it does not name them itself."""
    outside = [each for each in quote.attributions if each.resolved or not quote.span.holds(each.source)]
    name = "answer_sentence_said" if outside else "answer_sentence"
    return render(name, text=form(quote.text), number=quote.number, speakers=form(listed(outside)))


def _words(lit: str, speakers: str, numbers: str) -> str:
    name = "answer_words_said" if speakers else "answer_words"
    return render(name, words=lit, speakers=speakers, numbers=numbers)
