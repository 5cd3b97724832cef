"""A server of tools that takes no argument silently, and reports errors in words for an agent."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, InputRequiredResult
from mcp.types import Tool as ToolInfo
from pydantic import ValidationError

from index.errors import PullquoteError

_P = ParamSpec("_P")
_R = TypeVar("_R")


class StrictServer(MCPServer[Any]):
    """A server whose tools refuse arguments that they do not know, which are most likely misspelt."""

    async def list_tools(self) -> list[ToolInfo]:
        """Return the tools; their schemas say that no other arguments are taken."""
        tools = await super().list_tools()
        for each in tools:
            each.input_schema = {**each.input_schema, "additionalProperties": False}
        return tools

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool. Raises ToolError, for an unknown argument too."""
        tool = next((each for each in await self.list_tools() if each.name == name), None)
        known = tool.input_schema.get("properties", {}) if tool else arguments
        if unknown := [each for each in arguments if each not in known]:
            raise ToolError(f"There is no argument {unknown[0]!r}: {name} takes {', '.join(known)}.")
        return await super().call_tool(name, arguments, context)


def reporting_errors(tool: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return the tool with errors of Pullquote's own raised as ``ToolError``, so that the agent sees their message.

    A remedy that speaks of the command line is none for an agent, and left out.
    """

    @wraps(tool)
    def reporting(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return tool(*args, **kwargs)
        except ValidationError as error:
            raise ToolError("; ".join(each["msg"].removeprefix("Value error, ") for each in error.errors())) from error
        except PullquoteError as error:
            raise ToolError(error.what if "`pullquote " in str(error) else str(error)) from error

    return reporting
