# /// script
# requires-python = ">=3.11"
# dependencies = ["litellm==1.110.2"]
# ///
"""litellm: plain, streamed and with tools."""

import json
import sys

import litellm

litellm.suppress_debug_info = True
tools = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}]
options = {
    "model": "openai/pullquote",
    "api_base": f"{sys.argv[1]}/v1",
    "api_key": "none",
    "messages": [{"role": "user", "content": sys.argv[2]}],
}
plain, with_tools = litellm.completion(**options), litellm.completion(**options, tools=tools)
streamed = litellm.completion(**options, stream=True)
print(
    json.dumps(
        {
            "plain": plain.choices[0].message.content,
            "tools": with_tools.choices[0].message.content,
            "streamed": "".join(each.choices[0].delta.content or "" for each in streamed),
            "responses": litellm.responses(
                model="openai/pullquote", api_base=options["api_base"], api_key="none", input=sys.argv[2]
            )
            .output[0]
            .content[0]
            .text,
        }
    )
)
