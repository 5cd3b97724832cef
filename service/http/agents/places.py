"""Where an agent's links lead."""

from typing import Any

from fastapi import Request
from mcp.server.mcpserver import Context

from index.text.addresses import web_address
from index.types import Article, ArticleSummary
from service.http.access.hosts import base_url


class Places:
    """Where links lead: to the service that was called, or to ``base``; without either to the publisher's page."""

    def __init__(self, base: str) -> None:
        """Take the address that links begin with where a call does not come over HTTP; "" for none."""
        self._base = base

    def base(self, context: Context[Any, Any]) -> str:
        """Return the address that links begin with; "" where there is none."""
        request = getattr(context.request_context, "request", None)
        return base_url(request) if isinstance(request, Request) else self._base

    def of(self, article: Article | ArticleSummary, context: Context[Any, Any], path: str) -> str:
        """Return the address of ``path``, of an article."""
        base = self.base(context)
        return base + path if base else web_address(article.url) or ""

    def absolute(self, answer: dict[str, Any], context: Context[Any, Any]) -> dict[str, Any]:
        """Return an answer's JSON with whole addresses as links."""
        base = self.base(context)
        for quote in (*answer["quotes"], *answer["nearest"]):
            for each in (quote, *quote["copies"]):
                each["link"] = base + each["link"] if base else each["source_link"] or ""
        return answer
