"""The sources of an export as CSL-JSON, which Zotero, Pandoc and citation processors read.

Source: the schema of CSL 1.0.2, https://resource.citationstyles.org/schema/v1.0/input/json/csl-data.json
"""

import json
from datetime import date
from typing import Any

from service.http.exports.document import UNTITLED, Document, Source


def csl(document: Document) -> str:
    """Return one item for each article that is quoted; what is not known of it is left out."""
    return json.dumps([_item(each) for each in document.sources()], ensure_ascii=False, indent=2) + "\n"


def _item(source: Source) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": source.name,
        "type": "article-newspaper" if source.publisher else "webpage",
        "title": source.title or UNTITLED,
        "URL": source.url,
        "accessed": _day(source.accessed),
    }
    if source.publisher:
        item["container-title"] = source.publisher
    if source.author:
        # Whole: which part of a name is the family name, nobody said.
        item["author"] = [{"literal": source.author}]
    if source.published:
        item["issued"] = _day(source.published)
    return item


def _day(day: date) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]}
