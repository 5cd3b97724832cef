"""The pages for people."""

import re
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from service.http.schemas.fields import ArticleId

router = APIRouter(include_in_schema=False)
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
}
_READ = {
    file.name: file.read_bytes()
    for file in files("service.http.web").iterdir()
    if file.name[-3:] != ".py" and file.is_file()
}
_SCRIPT = re.compile(rb'<script type="module" src="/web/([^"]+)"></script>')
_IMPORTED = re.compile(rb'^import .* from "\./([^"]+)";$', re.MULTILINE)


def _with_preloads(page: bytes) -> bytes:
    """Return a page that names all scripts its own imports: the browser then fetches them at once, not one by one."""
    wanted = [each.decode() for each in _SCRIPT.findall(page)]
    for name in wanted:
        wanted += [new for each in _IMPORTED.findall(_READ[name]) if (new := each.decode()) not in wanted]
    links = "".join(f'<link rel="modulepreload" href="/web/{name}">\n' for name in wanted)
    return page.replace(b"</head>", links.encode() + b"</head>", 1)


_FILES = {name: _with_preloads(read) if name.endswith(".html") else read for name, read in _READ.items()}


def _page(name: str) -> Response:
    if name not in _FILES:
        raise HTTPException(404, f"There is no page {name}.")
    kind = _TYPES[name[name.rindex(".") :]]
    return Response(_FILES[name], media_type=f"{kind}; charset=utf-8", headers=_HEADERS)


@router.get("/")
async def index() -> Response:
    """Return the page of the conversation."""
    return _page("index.html")


@router.get("/check")
async def check() -> Response:
    """Return the page where a draft is checked."""
    return _page("check.html")


@router.get("/people")
async def people() -> Response:
    """Return the page of the people who are cited."""
    return _page("people.html")


@router.get("/articles")
async def articles() -> Response:
    """Return the page of the articles."""
    return _page("articles.html")


@router.get("/answers/{answer_id}")
async def answer(answer_id: str) -> Response:  # noqa: ARG001 - the page reads it from its own address
    """Return the page of an answer that was kept."""
    return _page("answer.html")


@router.get("/articles/{article_id}")
async def article(article_id: Annotated[ArticleId, Path()]) -> Response:
    """Return the page of an article, which fetches it and highlights the span in its address (``#q=220-398``)."""
    return _page("article.html")


@router.get("/web/{name}")
async def web(name: str) -> Response:
    """Return a script or style sheet of the pages."""
    return _page(name)
