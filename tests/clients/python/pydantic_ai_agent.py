# /// script
# requires-python = ">=3.11"
# dependencies = ["pydantic-ai-slim[openai]==2.38.0"]
# ///
"""pydantic-ai: an agent, its stream, and its output as a class; and MCP's tools as it finds them."""

import asyncio
import json
import sys

from pydantic import BaseModel
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider


class Told(BaseModel):
    answer: str
    answered: bool
    quotes: list[str]


async def main() -> None:
    provider = OpenAIProvider(base_url=f"{sys.argv[1]}/v1", api_key="none")
    chat, responses = (
        OpenAIChatModel("pullquote", provider=provider),
        OpenAIResponsesModel("pullquote", provider=provider),
    )
    async with Agent(chat).run_stream(sys.argv[2]) as stream:
        streamed = await stream.get_output()
    print(
        json.dumps(
            {
                "plain": (await Agent(chat).run(sys.argv[2])).output,
                "responses": (await Agent(responses).run(sys.argv[2])).output,
                "streamed": streamed,
                "told": (await Agent(chat, output_type=Told).run(sys.argv[2])).output.model_dump(),
            }
        )
    )


asyncio.run(main())
