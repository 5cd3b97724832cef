# /// script
# requires-python = ">=3.11"
# dependencies = ["llama-index-llms-openai-like==0.8.1"]
# ///
"""LlamaIndex: OpenAILike, by completions and by chat."""

import json
import sys

from llama_index.core.llms import ChatMessage
from llama_index.llms.openai_like import OpenAILike

options = {"model": "pullquote", "api_base": f"{sys.argv[1]}/v1", "api_key": "none"}
completing, chatting = OpenAILike(**options), OpenAILike(**options, is_chat_model=True)
print(
    json.dumps(
        {
            "complete": str(completing.complete(sys.argv[2])),
            "chat": chatting.chat([ChatMessage(role="user", content=sys.argv[2])]).message.content,
            "streamed": "".join(each.delta for each in chatting.stream_complete(sys.argv[2])),
        }
    )
)
