# /// script
# requires-python = ">=3.11"
# dependencies = ["instructor==1.17.0"]
# ///
"""instructor, in each of its ways of asking for a class."""

import json
import sys

import instructor
from openai import OpenAI
from pydantic import BaseModel


class Told(BaseModel):
    answer: str
    answered: bool
    quotes: list[str]


modes = (instructor.Mode.TOOLS, instructor.Mode.JSON_SCHEMA)
answers = {}
for mode in modes:
    client = instructor.from_openai(OpenAI(base_url=f"{sys.argv[1]}/v1", api_key="none"), mode=mode)
    told = client.chat.completions.create(
        model="pullquote", messages=[{"role": "user", "content": sys.argv[2]}], response_model=Told, max_retries=0
    )
    answers[mode.name.lower()] = told.model_dump()
print(json.dumps(answers))
