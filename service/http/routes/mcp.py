"""The Model Context Protocol at ``/mcp``: the tools for agents."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import wraps
from importlib.metadata import version
from typing import Annotated, Any, ParamSpec, TypeVar

from fastapi import Request
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field
from starlette.types import Receive, Scope, Send

from index.errors import PullquoteError
from index.types import Article, Filters
from service.answering.answer import check_question
from service.answering.quoting.selectors import reader_link
from service.answering.verification.verify import Claim
from service.assembly import Services
from service.http.auth import bearer, may_read, not_from_elsewhere
from service.http.markdown import pieces
from service.http.routes.dependencies import base_url
from service.http.schemas.asking import AnswerOut
from service.http.schemas.fields import ShortText, Text
from service.http.schemas.verification import VerifiedOut

_INSTRUCTIONS = (
    "Answers questions about news articles with exact quotations only. Use `ask` for a question, and pass its quotes on"
    " as they are, with their links. A quote whose `stance` is not `asserted` is nothing that the article states as a"
    " fact. When `ask` says that nothing answers, say so. Use `search` and `fetch` to read, and `verify_quote` before"
    " you publish a quotation from anywhere else."
)
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_P = ParamSpec("_P")
_R = TypeVar("_R")


class Result(BaseModel):
    """A passage found. ``id`` is the article's, for ``fetch``; ``url`` opens the passage."""

    id: str
    title: str
    url: str
    text: str
    start: int
    end: int
    score: float


class Results(BaseModel):
    """Passages, best first."""

    results: list[Result]


class Document(BaseModel):
    """An article with its text. ``metadata`` has its publisher, author, day of publication and content hash."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]


def make_server(services: Services) -> MCPServer:
    """Return the server of the tools."""
    server: MCPServer = MCPServer(
        "pullquote", title="Pullquote", instructions=_INSTRUCTIONS, version=version("pullquote")
    )

    @server.tool(annotations=_READS)
    @_reporting_errors
    def ask(
        question: Annotated[Text, Field(description="a question, in words of its own: nothing is remembered")],
        context: Context,
        max_quotes: Annotated[int, Field(ge=1, le=20)] = 3,
        speaker: Annotated[ShortText | None, Field(description="quote only what this person or outlet said")] = None,
    ) -> Annotated[CallToolResult, AnswerOut]:
        """Answer a question with exact quotations from the articles, or say that nothing in them answers it."""
        filters = Filters(speakers=(speaker,) if speaker else ())
        answer = services.answerer.ask(question, max_quotes=max_quotes, filters=filters)
        text = "".join(piece.text for piece in pieces(answer, _base(context)))
        structured = AnswerOut.of(answer).model_dump(mode="json")
        return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=structured)

    @server.tool(annotations=_READS)
    @_reporting_errors
    def search(query: Text, context: Context, k: Annotated[int, Field(ge=1, le=100)] = 10) -> Results:
        """Find the passages nearest to a query, best first. They need not answer it."""
        base = _base(context)
        return Results(
            results=[
                Result(
                    id=str(hit.article.id),
                    title=hit.article.title,
                    url=base + reader_link(hit.article.id, hit.passage.span),
                    text=hit.text,
                    start=hit.passage.start,
                    end=hit.passage.end,
                    score=hit.score,
                )
                for hit in services.searcher.search(check_question(query), k=k).hits
            ]
        )

    @server.tool(annotations=_READS)
    @_reporting_errors
    def fetch(
        id: Annotated[str, Field(pattern=r"^[1-9]\d{0,17}$", description="an article's id, from `search`")],
        context: Context,
    ) -> Document:
        """Return an article with its whole text."""
        article = services.store.article(int(id))
        url = article.url or f"{_base(context)}/articles/{article.id}"
        return Document(id=id, title=article.title, text=article.text, url=url, metadata=_metadata(article))

    @server.tool(annotations=_READS)
    @_reporting_errors
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


class Mcp:
    """The endpoint: streamable HTTP without sessions, so that any process can answer any request."""

    def __init__(self, services: Services, *, most_bytes: int) -> None:
        """Make the server of the tools around ``services``, for requests of at most ``most_bytes``.

        It answers while the context of ``running`` is entered.
        """
        # The origin of a call is checked below, as for every other path.
        anywhere = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        server = make_server(services)
        server.streamable_http_app(
            stateless_http=True, json_response=True, transport_security=anywhere, max_request_body_size=most_bytes
        )
        self._manager = server.session_manager

    def running(self) -> AbstractAsyncContextManager[None]:
        """Return the context in which requests are answered."""
        return self._manager.run()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises UnauthorizedError and ForbiddenError."""
        request = Request(scope)
        not_from_elsewhere(request)
        may_read(request, await bearer(request))
        await self._manager.handle_request(scope, receive, send)


def _reporting_errors(tool: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return the tool with errors of Pullquote's own raised as ``ToolError``, so that the agent sees their message."""

    @wraps(tool)
    def reporting(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return tool(*args, **kwargs)
        except PullquoteError as error:
            raise ToolError(str(error)) from error

    return reporting


def _base(context: Context[Any, Any]) -> str:
    request = context.request_context.request
    assert isinstance(request, Request)
    return base_url(request)


def _metadata(article: Article) -> dict[str, str]:
    known = {
        "publisher": article.publisher,
        "author": article.author,
        "published": str(article.published or ""),
        "sha256": article.sha256,
    }
    return {name: value for name, value in known.items() if value}
