// Asks the service at argv[2] the question argv[3], plainly and streamed, and prints what came back as JSON.
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, streamText } from "ai";

const [, , baseURL, prompt] = process.argv;
const model = createOpenAI({ baseURL, apiKey: "none" }).chat("pullquote");
const plain = await generateText({ model, prompt });
const stream = streamText({ model, prompt, onError: ({ error }) => { throw error; } });
const streamed = await stream.text;
const told = ({ text, sources }) => ({ text, sources: sources.map(({ url, title }) => ({ url, title })) });
console.log(JSON.stringify([told(plain), told({ text: streamed, sources: await stream.sources })]));
