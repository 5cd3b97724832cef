# /// script
# requires-python = ">=3.11"
# dependencies = ["openai-agents==0.24.0"]
# ///
"""openai-agents as it comes, with a tool that is not called: by Responses, its default."""

import asyncio
import json
import sys

from agents import Agent, Runner, function_tool, set_default_openai_client, set_tracing_disabled
from openai import AsyncOpenAI


@function_tool
def weather(city: str) -> str:
    """Return the weather."""
    return "rain"


async def main() -> None:
    set_default_openai_client(AsyncOpenAI(base_url=f"{sys.argv[1]}/v1", api_key="none"))
    set_tracing_disabled(disabled=True)
    agent = Agent(name="Reporter", instructions="Answer with quotations.", model="pullquote", tools=[weather])
    plain = await Runner.run(agent, sys.argv[2])
    streamed = Runner.run_streamed(agent, sys.argv[2])
    async for _ in streamed.stream_events():
        pass
    print(json.dumps({"plain": plain.final_output, "streamed": streamed.final_output}))


asyncio.run(main())
