// Ask the service at argv[2] the question argv[3] as the AI SDK does by default (Responses), with .chat(), with a tool,
// and for an object; print the texts and sources as JSON.
import { createOpenAI } from "@ai-sdk/openai";
import { generateObject, generateText, streamText, tool } from "ai";
import { z } from "zod";

const [, , baseURL, prompt] = process.argv;
const openai = createOpenAI({ baseURL, apiKey: "none" });
const weather = tool({ description: "The weather", inputSchema: z.object({ city: z.string() }), execute: () => "rain" });
const found = ({ text, sources }) => ({ text, sources: sources.map(({ url, title }) => ({ url, title })) });
const answers = {};
for (const [name, model] of [["responses", openai("pullquote")], ["chat", openai.chat("pullquote")]]) {
  answers[name] = found(await generateText({ model, prompt }));
  answers[`${name}_tools`] = found(await generateText({ model, prompt, tools: { weather } }));
  const stream = streamText({ model, prompt, onError: ({ error }) => { throw error; } });
  answers[`${name}_stream`] = found({ text: await stream.text, sources: await stream.sources });
  const schema = z.object({ answer: z.string(), answered: z.boolean(), quotes: z.array(z.string()) });
  answers[`${name}_object`] = (await generateObject({ model, prompt, schema })).object;
}
console.log(JSON.stringify(answers));
