"""The quotations of an export as W3C Web Annotations (JSON-LD), which Hypothesis and others read.

Source: the W3C recommendation "Web Annotation Data Model", https://www.w3.org/TR/annotation-model/
"""

import json
from typing import Any

from service.http.exports.document import Document, Excerpt, Section


def annotations(document: Document) -> str:
    """Return a collection with one page, which has an annotation for each quotation whose words are there."""
    items = [_annotation(section, each, document) for section, each in document.excerpts() if each.text is not None]
    collection = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "AnnotationCollection",
        "label": document.title,
        "total": len(items),
        "first": {"type": "AnnotationPage", "startIndex": 0, "items": items},
    }
    if document.link:
        collection["id"] = document.link
    return json.dumps(collection, ensure_ascii=False, indent=2) + "\n"


def _annotation(section: Section, excerpt: Excerpt, document: Document) -> dict[str, Any]:
    said = [section.heading or document.title, excerpt.credit, excerpt.state]
    return {
        "id": excerpt.id,
        "type": "Annotation",
        "motivation": "highlighting",
        "created": f"{excerpt.source.accessed}T00:00:00Z",
        "generator": {"type": "Software", "name": "Pullquote"},
        "body": [
            {"type": "TextualBody", "format": "text/plain", "purpose": "describing", "value": each}
            for each in said
            if each
        ],
        "target": _targets(excerpt),
    }


def _targets(excerpt: Excerpt) -> list[dict[str, Any]]:
    """Return the publisher's page, where the words are found by themselves, and the article as it is stored here.

    Only there do offsets mean anything: they count the characters of the text, without the page around it.
    """
    words = {
        "type": "TextQuoteSelector",
        "exact": excerpt.text,
        "prefix": excerpt.prefix,
        "suffix": excerpt.suffix,
    }
    offsets = {"type": "TextPositionSelector", "start": excerpt.start, "end": excerpt.end}
    stored = {"type": "SpecificResource", "source": excerpt.link.partition("#")[0], "selector": [words, offsets]}
    if not excerpt.url:
        return [stored]
    return [{"type": "SpecificResource", "source": excerpt.url, "selector": [words]}, stored]
