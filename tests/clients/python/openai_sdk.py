# /// script
# requires-python = ">=3.11"
# dependencies = ["openai==3.3.0"]
# ///
"""OpenAI's SDK: plain, the stream helpers of chat and Responses, and an answer parsed into a class."""

import json
import sys

from openai import OpenAI
from pydantic import BaseModel


class Told(BaseModel):
    answer: str
    answered: bool
    quotes: list[str]


client = OpenAI(base_url=f"{sys.argv[1]}/v1", api_key="none", max_retries=0)
messages = [{"role": "user", "content": sys.argv[2]}]
plain = client.chat.completions.create(model="pullquote", messages=messages).choices[0].message
with client.chat.completions.stream(model="pullquote", messages=messages) as stream:
    for _ in stream:
        pass
streamed = stream.get_final_completion().choices[0].message
with client.responses.stream(model="pullquote", input=sys.argv[2]) as stream:
    for _ in stream:
        pass
    response = stream.get_final_response()
parsed = client.chat.completions.parse(model="pullquote", messages=messages, response_format=Told).choices[0].message
print(
    json.dumps(
        {
            "plain": {"text": plain.content, "urls": [each.url_citation.url for each in plain.annotations]},
            "chat": {"text": streamed.content, "urls": [each.url_citation.url for each in streamed.annotations]},
            "responses": {
                "text": response.output_text,
                "urls": [each.url for each in response.output[0].content[0].annotations],
            },
            "parsed": parsed.parsed.model_dump(),
        }
    )
)
