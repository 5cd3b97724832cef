"""The tools for agents."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from index.text.addresses import web_address
from index.text.words import folded
from index.types import ArticleSummary, Filters
from service.answering.answer import check_question
from service.answering.quoting.selectors import reader_link
from service.answering.quoting.stance import StanceName
from service.answering.verification.verify import Claim
from service.assembly import Services
from service.http.agents.models import Cited, Document, Listed, Listing, Result, Results, Speakers
from service.http.agents.places import Places
from service.http.agents.strict import StrictServer, reporting_errors
from service.http.plain_text import plain_text
from service.http.schemas.asking import AnswerOut, FiltersIn
from service.http.schemas.fields import LARGEST_ID, ArticleId, Day, ShortText, Text
from service.http.schemas.verification import VerifiedOut

_INSTRUCTIONS = (
    "Answers questions about news articles with exact quotations only. Use `ask` for a question, and pass its quotes on"
    " as they are, with their links. A quote whose `stance` is not `asserted` is nothing that the article states as a"
    " fact. When `ask` says that nothing answers, say so. Use `search` and `fetch` to read, `list_articles` and"
    " `speakers` to see what there is, and `verify_quote` before you publish a quotation from anywhere else."
)
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_LONGEST_PART = 20_000
_PAGE = 500

Publisher = Annotated[list[ShortText], Field(max_length=100, description="only articles of these publishers")]
From = Annotated[Day, Field(description="only articles published on this day or later, YYYY-MM-DD")]
To = Annotated[Day, Field(description="only articles published on this day or earlier, YYYY-MM-DD")]
Ids = Annotated[list[ArticleId], Field(max_length=1_000, description="only these articles")]
Stances = Annotated[list[StanceName], Field(max_length=10, description="quote only what has one of these stances")]
Call = Context[Any, Any]


def make_server(services: Services, *, base: str = "") -> MCPServer[Any]:
    """Return the server of the tools.

    ``base`` is the address that links begin with where a call does not come over HTTP; without one they lead to the
    publishers' pages.
    """
    server = StrictServer("pullquote", title="Pullquote", instructions=_INSTRUCTIONS, version=version("pullquote"))
    places = Places(base)

    @server.tool(annotations=_READS)
    @reporting_errors
    def ask(
        question: Annotated[Text, Field(description="a question, in words of its own: nothing is remembered")],
        context: Call,
        max_quotes: Annotated[int, Field(ge=1, le=20)] = 3,
        speaker: Annotated[ShortText | None, Field(description="quote only what this person or outlet said")] = None,
        stance: Stances = [],  # noqa: B006 - pydantic copies it, and the schema shows it
        publisher: Publisher = [],  # noqa: B006
        published_from: From = None,
        published_to: To = None,
        article_ids: Ids = [],  # noqa: B006
    ) -> Annotated[CallToolResult, AnswerOut]:
        """Answer a question with exact quotations from the articles, or say that nothing in them answers it."""
        filters = FiltersIn(
            article_ids=article_ids,
            publisher=publisher,
            published_from=published_from,
            published_to=published_to,
            speaker=[speaker] if speaker else [],
            stance=stance,
        ).filters()
        answer = services.answerer.ask(question, max_quotes=max_quotes, filters=filters)
        structured = places.absolute(AnswerOut.of(answer).model_dump(mode="json"), context)
        text = plain_text(answer, places.base(context))
        return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=structured)

    @server.tool(annotations=_READS)
    @reporting_errors
    def search(
        query: Text,
        context: Call,
        k: Annotated[int, Field(ge=1, le=100)] = 10,
        publisher: Publisher = [],  # noqa: B006
        published_from: From = None,
        published_to: To = None,
        article_ids: Ids = [],  # noqa: B006
    ) -> Results:
        """Find the passages nearest to a query, best first. They need not answer it."""
        filters = Filters(tuple(article_ids), tuple(publisher), published_from, published_to)
        hits = services.searcher.search(check_question(query), k=k, filters=filters).hits
        links = [places.of(hit.article, context, reader_link(hit.article, hit.passage.span)) for hit in hits]
        return Results(results=[Result.of(hit, link) for hit, link in zip(hits, links, strict=True)])

    @server.tool(annotations=_READS, structured_output=False)
    @reporting_errors
    def fetch(
        id: Annotated[str, Field(pattern=r"^[1-9]\d{0,17}$", description="an article's id, from `search`")],
        context: Call,
        start: Annotated[int, Field(ge=0, description="the character to begin at")] = 0,
        length: Annotated[int, Field(ge=1, le=1_000_000, description="how many characters")] = _LONGEST_PART,
    ) -> str:
        """Return an article's text as JSON: 20,000 characters at once, `next_start` says where the rest begins."""
        article = services.store.article(int(id))
        url = web_address(article.url) or places.of(article, context, f"/articles/{article.id}")
        return Document.of(article, url, start=start, length=length).model_dump_json()

    @server.tool(annotations=_READS)
    @reporting_errors
    def list_articles(
        context: Call,
        limit: Annotated[int, Field(ge=1, le=200)] = 50,
        cursor: Annotated[int, Field(ge=0, le=LARGEST_ID, description="from `next_cursor`")] = 0,
        title: Annotated[ShortText, Field(description="only articles whose title has these words")] = "",
        publisher: Publisher = [],  # noqa: B006
        published_from: From = None,
        published_to: To = None,
    ) -> Listing:
        """List the articles that there are, oldest first."""
        filters = Filters((), tuple(publisher), published_from, published_to)
        found = list(islice(_listed(services, cursor, filters, title), limit + 1))
        shown = [Listed.of(each, places.of(each, context, f"/articles/{each.id}")) for each in found[:limit]]
        return Listing(articles=shown, next_cursor=found[limit - 1].id if len(found) > limit else None)

    @server.tool(annotations=_READS)
    @reporting_errors
    def speakers(article_id: ArticleId) -> Speakers:
        """List who is cited in an article, and how often; `ask` takes each as `speaker`."""
        times: dict[str, int] = {}
        for each in services.store.attributions(article_id):
            times[each.speaker] = times.get(each.speaker, 0) + 1
        ranked = sorted(times.items(), key=lambda each: -each[1])
        return Speakers(speakers=[Cited(speaker=name, times=number) for name, number in ranked])

    @server.tool(annotations=_READS)
    @reporting_errors
    def verify_quote(
        text: Annotated[Text, Field(description="the quotation, with or without quotation marks")],
        speaker: Annotated[ShortText | None, Field(description="who is said to have said it")] = None,
    ) -> VerifiedOut:
        """Check whether an article has these words, and whether it attributes them to the speaker.

        The status is `found`, `altered` (the article has other words: `differences`), `misattributed` (they are someone
        else's: `said_by`), `out_of_context` (the article denies, doubts or supposes them: `context` has the words that
        the quotation leaves out) or `absent`.
        """
        return VerifiedOut.of(services.verifier.verify(Claim(text, speaker or None)))

    return server


def _listed(services: Services, after: int, filters: Filters, title: str) -> Iterator[ArticleSummary]:
    """Yield the articles behind ``after`` that the filters let through and whose title has these words."""
    publishers = {folded(each) for each in filters.publishers}
    while page := services.store.articles(limit=_PAGE, after=after):
        for each in page:
            by_publisher = not publishers or folded(each.publisher or "") in publishers
            held = each.embargo is not None and each.embargo > datetime.now(UTC)
            if not held and by_publisher and _is_between(each, filters) and folded(title) in folded(each.title):
                yield each
        after = page[-1].id


def _is_between(article: ArticleSummary, filters: Filters) -> bool:
    if not filters.published_from and not filters.published_to:
        return True
    day = article.published
    return day is not None and (filters.published_from or day) <= day <= (filters.published_to or day)
