// OpenAI's own client.
import OpenAI from "openai";
import { image, place, run, say, server, signal, weather } from "./script.mjs";

const clientOf = call => new OpenAI({
  baseURL: new URL("v1", server).href, apiKey: call.key, maxRetries: call.retries, defaultHeaders: { ...(call.agent && { "X-Agent-Key": call.agent }) },
});
const request = call => ({ model: call.model, messages: [{ role: "user", content: call.prompt }], ...(call.effort && { reasoning_effort: call.effort }) });
const declaration = { name: weather.name, description: weather.description, parameters: weather.parameters };
const messages = prompt => [
  { role: "developer", content: "Be brief." },
  { role: "user", content: [{ type: "text", text: prompt }, { type: "image_url", image_url: { url: image } }] },
];
const parameters = {
  temperature: 0.5,
  top_p: 0.25,
  max_tokens: 100,
  stop: ["END"],
  seed: 7,
  tools: [{ type: "function", function: declaration }],
  tool_choice: { type: "function", function: { name: weather.name } },
  response_format: { type: "json_schema", json_schema: { name: "place", schema: place, strict: true } },
};

function show(choice, message) {
  if (message?.reasoning_content) say({ reasoning: message.reasoning_content });
  if (message?.content) say({ text: message.content });
  if (choice?.finish_reason) say({ reason: choice.finish_reason });
}

const count = usage => usage && say({ usage: { input: usage.prompt_tokens, output: usage.completion_tokens, total: usage.total_tokens } });

async function complete(call, more) {
  const completions = clientOf(call).chat.completions;
  if (!call.stream) {
    const whole = await completions.create({ ...request(call), ...more }, { signal });
    show(whole.choices[0], whole.choices[0].message);
    count(whole.usage);
    return;
  }
  for await (const chunk of await completions.create({ ...request(call), ...more, stream: true, stream_options: { include_usage: true } }, { signal })) {
    show(chunk.choices[0], chunk.choices[0]?.delta);
    count(chunk.usage);
  }
}

await run({
  ask: complete,
  parameters: call => complete(call, { ...parameters, messages: messages(call.prompt) }),
  async tools(call) {
    const tools = [{ type: "function", function: { ...declaration, parse: JSON.parse, function: weather.run } }];
    const runner = clientOf(call).chat.completions.runTools({ ...request(call), stream: call.stream, tools }, { signal });
    say({ text: await runner.finalContent() });
  },
  async models(call) {
    const models = clientOf(call).models;
    for await (const model of models.list()) say({ model: (await models.retrieve(model.id)).id });
  },
}, error => ({ status: error.status, code: error.code, param: error.param, retryAfter: error.headers?.get("retry-after") }));
