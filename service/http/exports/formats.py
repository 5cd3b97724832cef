"""The formats of exports, by their names."""

import re
from collections.abc import Callable
from typing import NamedTuple

from anyascii import anyascii
from fastapi.responses import Response

from service.http.exports.annotations import annotations
from service.http.exports.bibtex import bibtex
from service.http.exports.csl import csl
from service.http.exports.document import Document
from service.http.exports.html import html
from service.http.exports.markdown import markdown
from service.http.schemas.evidence import ExportFormat

_LONGEST_NAME = 60


class Format(NamedTuple):
    """How a document is written, and as what kind of file."""

    write: Callable[[Document], str]
    media_type: str
    ending: str

    def response(self, document: Document) -> Response:
        """Return the document as a file to be saved under a name of its own."""
        headers = {
            "Content-Disposition": f'attachment; filename="{_file_name(document)}.{self.ending}"',
            "Cache-Control": "no-cache",
            # Should a browser show it after all, nothing in it may run or fetch.
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(self.write(document), media_type=self.media_type, headers=headers)


def _file_name(document: Document) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", anyascii(document.title).lower())[:_LONGEST_NAME].strip("-")
    return f"{document.made}-{words or 'quotations'}"


FORMATS: dict[ExportFormat, Format] = {
    "markdown": Format(markdown, "text/markdown; charset=utf-8", "md"),
    "html": Format(html, "text/html; charset=utf-8", "html"),
    "csl": Format(csl, "application/vnd.citationstyles.csl+json", "json"),
    "bibtex": Format(bibtex, "application/x-bibtex; charset=utf-8", "bib"),
    "annotations": Format(annotations, 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"', "jsonld"),
}
