"""Between an answer as it is served, as it is kept, and as it is shown again."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from index.errors import EvidenceError, FullError, NotFoundError
from index.store.base import Store
from index.store.kept.base import KeptAnswer, KeptQuote
from index.types import Span
from service.answering.verification.resolve import Resolved, resolve
from service.http.evidence.sealing import Sealer
from service.http.schemas.asking import AnswerOut
from service.http.schemas.evidence import KeptAnswerOut, KeptCitationOut, KeptQuoteOut
from service.http.schemas.quotes import QuoteOut
from service.http.schemas.verification import ResolvedOut

MOST_KEPT = 10_000
_WORDS = {"answer", "search_question", "warnings"}
_ASIDE = {"id", "question", "quotes", "nearest", "evidence", "took_ms"}


def checked(answer: AnswerOut, store: Store, sealer: Sealer) -> KeptAnswer:
    """Return an answer that somebody sends back, as it is kept.

    Raises EvidenceError unless this service gave it, naming the first quotation whose words do not stand where it says.
    """
    for quote in (*answer.quotes, *answer.nearest):
        _require_words(quote, store)
    sealer.require(answer)
    return as_kept(answer)


def _require_words(quote: QuoteOut, store: Store) -> None:
    cited = quote.citation
    try:
        article = store.history(cited.article_id).article
    except NotFoundError as error:
        raise EvidenceError(f"Quote {quote.number} is of article {cited.article_id}, which never was here.") from error
    # The words of a former version are gone: for these the seal speaks alone.
    if article and article.sha256 == cited.sha256 and article.text[cited.start : cited.end] != quote.text:
        raise EvidenceError(
            f"Quote {quote.number} does not stand at {cited.start} to {cited.end} of article {cited.article_id}.",
            remedy="Send the answer as it came.",
        )


def as_kept(answer: AnswerOut) -> KeptAnswer:
    """Return an answer with its evidence as it is kept."""
    assert answer.evidence is not None
    whole = answer.model_dump(mode="json")
    facts = {name: value for name, value in whole.items() if name not in _ASIDE | _WORDS}
    facts |= {name: whole["evidence"][name] for name in ("given", "models")}
    return KeptAnswer(
        id=answer.id,
        kept=datetime.now(UTC),
        question=answer.question,
        facts=json.dumps(facts),
        words=json.dumps({name: whole[name] for name in _WORDS}),
        quotes=tuple(_kept_quote(each) for each in (*answer.quotes, *answer.nearest)),
    )


def _kept_quote(quote: QuoteOut) -> KeptQuote:
    cited, source = quote.citation, quote.source
    # Of a copy's article nothing remains here but its citation: a title made of its words would outlive them.
    copies = [
        each
        if each.source.title_given
        else each.model_copy(update={"source": each.source.model_copy(update={"title": ""})})
        for each in quote.copies
    ]
    return KeptQuote(
        article_id=cited.article_id,
        version=cited.version,
        sha256=cited.sha256,
        span=Span(cited.start, cited.end),
        title=source.title,
        title_given=source.title_given,
        published=source.published,
        content=quote.model_copy(update={"copies": copies}).model_dump_json(),
    )


def keep(answer: KeptAnswer, store: Store) -> bool:
    """Keep an answer unless it is kept already; return whether it was not. Raises FullError."""
    kept = store.kept()
    try:
        kept.get(answer.id)
    except NotFoundError:
        if kept.count() >= MOST_KEPT:
            raise FullError(
                f"{MOST_KEPT:,} answers are kept already.", remedy="Remove some with DELETE /v1/answers/ID."
            ) from None
        kept.put(answer)
        return True
    return False


def shown(answer: KeptAnswer, store: Store, *, is_kept: bool = True) -> KeptAnswerOut:
    """Return an answer as it was given, with what became of each citation since."""
    now = [_now(each, store) for each in answer.quotes]
    facts = json.loads(answer.facts)
    # What a removal has not taken yet, of an article that went a moment ago, is not shown either.
    whole = answer.words and all(each.status != "deleted" for each in now)
    words = json.loads(answer.words) if answer.words and whole else {name: None for name in _WORDS} | {"warnings": []}
    quotes = [_shown_quote(*each) for each in zip(answer.quotes, now, strict=True)]
    return KeptAnswerOut(
        id=answer.id,
        link=f"/answers/{answer.id}" if is_kept else None,
        kept=answer.kept if is_kept else None,
        question=answer.question,
        quotes=_numbered(quotes) if facts["answered"] else [],
        nearest=[] if facts["answered"] else _numbered(quotes),
        **words,
        **facts,
    )


def _now(quote: KeptQuote, store: Store) -> Resolved:
    try:
        return resolve(store, article_id=quote.article_id, sha256=quote.sha256, span=quote.span)
    except NotFoundError:  # a store that was put back from a backup may not have come to this article
        return Resolved("deleted")


def _shown_quote(quote: KeptQuote, now: Resolved) -> KeptQuoteOut:
    gone = quote.content is None or now.status == "deleted"
    start, end = quote.span
    return KeptQuoteOut(
        number=0,
        citation=KeptCitationOut(
            article_id=quote.article_id, version=quote.version, sha256=quote.sha256, start=start, end=end
        ),
        title=quote.title if quote.title_given or not gone else None,
        published=quote.published,
        now=ResolvedOut.of(now),
        quote=None if gone or quote.content is None else QuoteOut.model_validate_json(quote.content),
    )


def _numbered(quotes: Sequence[KeptQuoteOut]) -> list[KeptQuoteOut]:
    return [each.model_copy(update={"number": number}) for number, each in enumerate(quotes, start=1)]
