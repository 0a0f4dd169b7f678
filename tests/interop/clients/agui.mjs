// AG-UI's own client. Runs are carried out one after the other, each on the agent of its thread, which keeps what it was told.
import { buildResumeArray, HttpAgent } from "@ag-ui/client";
import { run, say, server, signal, weather } from "./script.mjs";

console.warn = (...words) => say({ warning: words.join(" ") });
console.error = () => {}; // What it fails with it throws too.

const declaration = { name: weather.name, description: weather.description, parameters: weather.parameters };
const agents = new Map();

function agentOf(call, thread) {
  if (!agents.has(thread)) {
    const headers = call.key ? { Authorization: `Bearer ${call.key}` } : {};
    agents.set(thread, new HttpAgent({ url: new URL(`ag-ui/${call.kind}`, server).href, threadId: thread, headers }));
  }
  return agents.get(thread);
}

const responses = (agent, answers) => buildResumeArray(agent.pendingInterrupts,
  Object.fromEntries(agent.pendingInterrupts.map((interrupt, i) => [interrupt.id, answers[Math.min(i, answers.length - 1)]])));

async function once(agent, { say: prompt, context, tools, answers, strangers, runId }) {
  if (prompt) agent.addMessage({ id: `said-${agent.messages.length}-${prompt}`, role: "user", content: prompt });
  const resume = [...(answers ? responses(agent, answers) : []), ...(strangers ?? [])];
  let pending = [];
  const abort = () => agent.abortRun();
  signal.addEventListener("abort", abort);
  try {
    await agent.runAgent({ runId, context, tools: tools ? [declaration] : [], ...(resume.length && { resume }) }, {
      onEvent: ({ event }) => say({ event }),
      onRunFinishedEvent: ({ outcome, pendingToolCallIds }) => {
        say({ outcome });
        pending = pendingToolCallIds ?? [];
      },
    });
  } catch (error) {
    say({ error: { name: error.constructor.name, message: error.message, status: error.status } });
  }
  signal.removeEventListener("abort", abort);
  say({ messages: agent.messages, interrupts: agent.pendingInterrupts });
  return pending;
}

/** Runs until there is nothing left to do for the client's tool. */
async function loop(agent, step) {
  for (let pending = await once(agent, step); pending.length > 0; pending = await once(agent, { tools: step.tools })) {
    const calls = agent.messages.flatMap(message => message.toolCalls ?? []).filter(call => pending.includes(call.id));
    for (const call of calls) {
      const content = weather.run(JSON.parse(call.function.arguments));
      agent.addMessage({ id: `result-${call.id}`, role: "tool", toolCallId: call.id, content });
    }
  }
}

await run({
  async runs(call) {
    for (const step of call.runs) {
      if (step.forgets) agents.delete(step.thread ?? call.thread);
      await loop(agentOf(call, step.thread ?? call.thread), step);
    }
  },
});
