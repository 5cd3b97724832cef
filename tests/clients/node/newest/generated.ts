// A client that openapi-typescript generated (schema.d.ts): an answer and an error, typed.
import createClient from "openapi-fetch";
import type { paths } from "./schema.d.ts";

const [, , baseUrl, question] = process.argv as [string, string, string, string];
const client = createClient<paths>({ baseUrl });
const { data } = await client.POST("/v1/ask", { body: { question } });
const { error } = await client.GET("/v1/articles/{article_id}", { params: { path: { article_id: 99 } } });
console.log(JSON.stringify({ answer: (data as { answer: string }).answer, missing: error?.detail }));
