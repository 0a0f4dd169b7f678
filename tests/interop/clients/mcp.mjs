// MCP's own client.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { run, say, server, signal } from "./script.mjs";

async function connect(call) {
  const client = new Client({ name: "interop", version: "1.0.0" }, { capabilities: call.answer ? { elicitation: {} } : {} });
  const transport = new StreamableHTTPClientTransport(new URL("mcp", server), { requestInit: { headers: { ...(call.secret && { Authorization: `Bearer ${call.secret}` }) } } });
  client.onerror = error => say({ trouble: error.message });
  if (call.answer) client.setRequestHandler(ElicitRequestSchema, request => {
    say({ question: request.params });
    return call.answer;
  });
  await client.connect(transport);
  const close = () => { client.onerror = undefined; return client.close(); }; // What it thinks of the end of its own streams is not asked for.
  return { client, transport, close };
}

const request = call => ({ name: call.kind, arguments: { prompt: call.prompt, ...(call.key && { key: call.key }) } });

async function ask(client, call) {
  const onprogress = call.progress ? progress => say({ progress }) : undefined;
  say({ result: await client.callTool(request(call), undefined, { signal, onprogress }) });
}

await run({
  async list(call) {
    const { client, close } = await connect(call);
    say({ server: { ...client.getServerVersion(), capabilities: client.getServerCapabilities() } });
    for (const tool of (await client.listTools()).tools) say({ tool });
    await close();
  },
  async call(call) {
    const { client, close } = await connect(call);
    await ask(client, call);
    await close();
  },
  /** Ends its call's request by closing the connection, without a word. */
  async leave(call) {
    const { client, transport } = await connect(call);
    signal.addEventListener("abort", () => transport.close());
    await client.callTool(request(call), undefined, { onprogress: progress => say({ progress }) });
  },
  /** One agent, from one session to the next. */
  async reconnect(call) {
    const first = await connect(call);
    await ask(first.client, call);
    say({ session: first.transport.sessionId });
    await first.transport.terminateSession();
    await first.close();
    const second = await connect(call);
    await ask(second.client, call);
    say({ session: second.transport.sessionId });
    await second.close();
  },
}, error => ({ code: error.code }));
