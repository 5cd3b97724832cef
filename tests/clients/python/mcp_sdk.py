# /// script
# requires-python = ">=3.11"
# dependencies = ["mcp==2.3.0"]
# ///
"""The MCP SDK: over HTTP, and over the standard input and output of a command (argv[3] onwards)."""

import asyncio
import json
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client


async def asked(session: ClientSession) -> dict:
    await session.initialize()
    tools = await session.list_tools()
    result = await session.call_tool("ask", {"question": sys.argv[2]})
    return {"tools": [each.name for each in tools.tools], "text": result.content[0].text}


async def main() -> None:
    async with streamable_http_client(f"{sys.argv[1]}/mcp") as (read, write, *_), ClientSession(read, write) as session:
        by_http = await asked(session)
    command = StdioServerParameters(command=sys.argv[3], args=sys.argv[4:])
    async with stdio_client(command) as (read, write), ClientSession(read, write) as session:
        by_stdio = await asked(session)
    print(json.dumps({"http": by_http, "stdio": by_stdio}))


asyncio.run(main())
