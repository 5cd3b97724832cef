# /// script
# requires-python = ">=3.11"
# dependencies = ["langchain-openai==1.7.4", "langgraph==1.2.24"]
# ///
"""LangChain: ChatOpenAI plain, streamed, with tools, with structured output, and as an agent of LangGraph."""

import json
import sys
import warnings

from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.prebuilt import create_react_agent
from pydantic import BaseModel


class Told(BaseModel):
    """What is told."""

    answer: str
    quotes: list[str]


@tool
def weather(city: str) -> str:
    """Return the weather."""
    return "rain"


warnings.simplefilter("ignore")
question = sys.argv[2]
model = ChatOpenAI(base_url=f"{sys.argv[1]}/v1", api_key="none", model="pullquote")
agent = create_react_agent(model, [weather])
print(
    json.dumps(
        {
            "plain": model.invoke(question).content,
            "streamed": "".join(each.content for each in model.stream(question)),
            "tools": model.bind_tools([weather]).invoke(question).content,
            "structured": model.with_structured_output(Told).invoke(question).model_dump(),
            "structured_by_tool": model.with_structured_output(Told, method="function_calling")
            .invoke(question)
            .model_dump(),
            "agent": agent.invoke({"messages": [("user", question)]})["messages"][-1].content,
        }
    )
)
