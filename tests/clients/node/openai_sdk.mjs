// Ask the service at argv[2] the question argv[3] with the stream helpers of OpenAI's SDK, by chat and by Responses;
// print the texts and the addresses that are cited as JSON.
import OpenAI from "openai";

const [, , baseURL, question] = process.argv;
const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });
const messages = [{ role: "user", content: question }];
const cited = (annotations) => annotations.map((each) => (each.url_citation ?? each).url);

const plain = (await client.chat.completions.create({ model: "pullquote", messages })).choices[0].message;
const chat = client.chat.completions.stream({ model: "pullquote", messages });
const message = (await chat.finalChatCompletion()).choices[0].message;
const responses = client.responses.stream({ model: "pullquote", input: question });
const response = await responses.finalResponse();
console.log(JSON.stringify({
  plain: { text: plain.content, urls: cited(plain.annotations) },
  chat: { text: message.content, urls: cited(message.annotations) },
  responses: { text: response.output_text, urls: cited(response.output[0].content[0].annotations) },
}));
