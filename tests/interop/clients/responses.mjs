// OpenAI's own client, by its responses.
import OpenAI from "openai";
import { image, place, run, say, server, signal, weather } from "./script.mjs";

const clientOf = call => new OpenAI({ baseURL: new URL("v1", server).href, apiKey: call.key ?? "none", maxRetries: call.retries ?? 0 });
const request = call => ({
  model: call.model ?? "assistant", input: call.prompt, ...(call.effort && { reasoning: { effort: call.effort } }), ...(call.agent && { conversation: call.agent }), ...call.more,
});
const declaration = { type: "function", name: weather.name, description: weather.description, parameters: weather.parameters, strict: true };
const parameters = {
  instructions: "Be brief.",
  temperature: 0.5,
  top_p: 0.25,
  max_output_tokens: 100,
  parallel_tool_calls: false,
  metadata: { team: "a" },
  tools: [declaration],
  tool_choice: { type: "function", name: weather.name },
  text: { format: { type: "json_schema", name: "place", schema: place, strict: true } },
};
const images = prompt => [{ role: "user", content: [{ type: "input_text", text: prompt }, { type: "input_image", image_url: image, detail: "auto" }] }];
const reasons = { completed: "stop", incomplete: "length" };

function end(response) {
  say({ reason: reasons[response.status] ?? response.status });
  if (response.usage) say({ usage: { input: response.usage.input_tokens, output: response.usage.output_tokens, total: response.usage.total_tokens } });
}

/** Says what comes of it, and gives the whole response. */
async function answer(call, more) {
  const { responses } = clientOf(call);
  if (!call.stream) {
    const whole = await responses.create({ ...request(call), ...more }, { signal });
    for (const item of whole.output) if (item.type === "reasoning") say({ reasoning: item.summary.map(part => part.text).join("") });
    if (whole.output_text) say({ text: whole.output_text });
    end(whole);
    return whole;
  }
  const stream = responses.stream({ ...request(call), ...more }, { signal });
  for await (const event of stream) {
    if (event.type === "response.output_text.delta") say({ text: event.delta });
    if (event.type === "response.reasoning_summary_text.delta") say({ reasoning: event.delta });
  }
  const whole = await stream.finalResponse();
  end(whole);
  return whole;
}

/** Every event as it comes, until one of the type in `until`. */
async function follow(events, until) {
  for await (const event of events) {
    say({ event });
    if (event.type === until) break;
  }
}

await run({
  ask: call => answer(call),
  parameters: call => answer(call, { ...parameters, input: images(call.prompt) }),
  async tools(call) {
    let whole = await answer(call, { tools: [declaration] });
    for (let calls; (calls = whole.output.filter(item => item.type === "function_call")).length > 0;) {
      const outputs = calls.map(asked => ({ type: "function_call_output", call_id: asked.call_id, output: weather.run(JSON.parse(asked.arguments)) }));
      whole = await answer(call, { tools: [declaration], previous_response_id: whole.id, input: outputs });
    }
  },
  async create(call) {
    const made = await clientOf(call).responses.create(request(call), { signal });
    if (call.more?.stream) await follow(made, call.until);
    else say({ response: made });
  },
  async helper(call) {
    say({ response: await clientOf(call).responses.stream(request(call), { signal }).finalResponse() });
  },
  async parse(call) {
    say({ parsed: (await clientOf(call).responses.parse({ ...request(call), text: parameters.text })).output_parsed });
  },
  async retrieve(call) {
    say({ response: await clientOf(call).responses.retrieve(call.id) });
  },
  async poll(call) {
    let response;
    do response = await clientOf(call).responses.retrieve(call.id); while (["queued", "in_progress"].includes(response.status));
    say({ response });
  },
  async resume(call) {
    await follow(await clientOf(call).responses.retrieve(call.id, { stream: true, ...(call.after !== undefined && { starting_after: call.after }) }, { signal }));
  },
  async replay(call) {
    say({ response: await clientOf(call).responses.stream({ response_id: call.id, starting_after: call.after }, { signal }).finalResponse() });
  },
  async cancel(call) {
    say({ response: await clientOf(call).responses.cancel(call.id) });
  },
  async delete(call) {
    say({ deleted: await clientOf(call).responses.delete(call.id) });
  },
}, error => ({ status: error.status, code: error.code, param: error.param, retryAfter: error.headers?.get("retry-after") }));
