# /// script
# requires-python = ">=3.11"
# dependencies = ["attrs==26.1.0", "httpx==0.28.1", "python-dateutil==2.9.0.post0"]
# ///
"""A client that openapi-python-client generated (in the folder argv[3]): an answer, an article and an error."""

import json
import sys

sys.path.insert(0, sys.argv[3])

from pullquote_client import Client
from pullquote_client.api.articles import get_article
from pullquote_client.api.ask import ask, search
from pullquote_client.models import AskIn, Problem

client = Client(base_url=sys.argv[1])
answer = ask.sync(client=client, body=AskIn(question=sys.argv[2]))
article = get_article.sync(1, client=client)
missing = get_article.sync(99, client=client)
invalid = search.sync(client=client, q="")
assert isinstance(missing, Problem) and isinstance(invalid, Problem)
print(
    json.dumps(
        {
            "answer": answer.answer,
            "quotes": [each.text for each in answer.quotes],
            "verbatim": all(article.text[q.citation.start : q.citation.end] == q.text for q in answer.quotes),
            "missing": missing.detail,
            "invalid": invalid.detail,
        }
    )
)
