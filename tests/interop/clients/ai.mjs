// The Vercel AI SDK with its provider for servers that speak as OpenAI's do.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, isStepCount, jsonSchema, Output, streamText, tool } from "ai";
import { image, place, run, say, server, signal, weather } from "./script.mjs";

const provider = call => createOpenAICompatible({
  name: "agents", baseURL: new URL("v1", server).href, apiKey: call.key, includeUsage: true, supportsStructuredOutputs: true,
  headers: { ...(call.agent && { "X-Agent-Key": call.agent }) },
});
const request = call => ({
  model: provider(call)(call.model),
  prompt: call.prompt,
  maxRetries: call.retries,
  abortSignal: signal,
  ...(call.effort && { providerOptions: { agents: { reasoningEffort: call.effort } } }),
});
const tools = { get_weather: tool({ description: weather.description, inputSchema: jsonSchema(weather.parameters), execute: weather.run }) };
const messages = prompt => [{ role: "user", content: [{ type: "text", text: prompt }, { type: "file", mediaType: "image/png", data: image }] }];
const parameters = {
  instructions: "Be brief.",
  temperature: 0.5,
  topP: 0.25,
  maxOutputTokens: 100,
  stopSequences: ["END"],
  seed: 7,
  tools,
  toolChoice: { type: "tool", toolName: weather.name },
  output: Output.object({ name: "place", schema: jsonSchema(place) }),
};

const end = (reason, usage) => {
  say({ reason });
  say({ usage: { input: usage.inputTokens, output: usage.outputTokens, total: usage.totalTokens } });
};

async function complete(call, more) {
  if (!call.stream) {
    const whole = await generateText({ ...request(call), ...more });
    const reasoning = whole.finalStep.reasoningText;
    if (reasoning) say({ reasoning });
    say({ text: whole.text });
    end(whole.finishReason, whole.usage);
    return;
  }
  for await (const part of streamText({ ...request(call), ...more, onError() {} }).stream) {
    switch (part.type) {
      case "text-delta": say({ text: part.text }); break;
      case "reasoning-delta": say({ reasoning: part.text }); break;
      case "finish": end(part.finishReason, part.totalUsage); break;
      case "error": throw part.error;
    }
  }
}

await run({
  ask: complete,
  parameters: call => complete(call, { ...parameters, prompt: undefined, messages: messages(call.prompt) }),
  tools: call => complete(call, { tools, stopWhen: isStepCount(3) }),
}, error => ({
  status: error.statusCode, code: error.data?.error?.code, param: error.data?.error?.param, retryAfter: error.responseHeaders?.["retry-after"],
}));
