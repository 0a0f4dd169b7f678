// A2A's own client, which finds an agent by its card.
import { Role, TaskState } from "@a2a-js/sdk";
import { ClientFactory, ClientFactoryOptions, JsonRpcTransportFactory, createAuthenticatingFetchWithRetry } from "@a2a-js/sdk/client";
import { run, say, server, signal } from "./script.mjs";

/** The card is asked for without the key. */
const clientOf = call => {
  const keyed = call.key && createAuthenticatingFetchWithRetry(fetch, { headers: async () => ({ Authorization: `Bearer ${call.key}` }), shouldRetryWithHeaders: async () => undefined });
  const factory = new ClientFactory(ClientFactoryOptions.createFrom(ClientFactoryOptions.default, { transports: [new JsonRpcTransportFactory({ fetchImpl: keyed || fetch })] }));
  return factory.createFromUrl(call.kind ? new URL(`a2a/${call.kind}/`, server).href : server.href);
};

const content = part => ({ metadata: undefined, filename: "", mediaType: part.mediaType ?? "", content: part.raw
  ? { $case: "raw", value: Buffer.from(part.raw, "base64") } : part.data !== undefined ? { $case: "data", value: part.data } : { $case: "text", value: part.text } });

const request = call => ({
  tenant: "",
  message: {
    messageId: crypto.randomUUID(), contextId: call.contextId ?? "", taskId: call.taskId ?? "", role: Role.ROLE_USER,
    parts: (call.parts ?? [{ text: call.text }]).map(content), metadata: undefined, extensions: [], referenceTaskIds: [],
  },
  configuration: { acceptedOutputModes: call.modes ?? [], taskPushNotificationConfig: undefined, historyLength: call.historyLength, returnImmediately: call.atOnce ?? false },
  metadata: undefined,
});

const text = parts => (parts ?? []).filter(part => part.content?.$case === "text").map(part => part.content.value).join("");
const data = parts => (parts ?? []).filter(part => part.content?.$case === "data").map(part => part.content.value);
const told = status => ({ state: TaskState[status.state], text: text(status.message?.parts), data: data(status.message?.parts), metadata: status.message?.metadata });

function sayTask(task, event = "task") {
  say({
    event, taskId: task.id, contextId: task.contextId, ...told(task.status), metadata: task.metadata ?? task.status.message?.metadata,
    artifacts: task.artifacts.map(artifact => ({ id: artifact.artifactId, text: text(artifact.parts), types: artifact.parts.map(part => part.mediaType) })),
    history: task.history.map(message => text(message.parts)),
  });
}

function sayEvent({ payload }) {
  const { $case: event, value } = payload;
  if (event === "task") sayTask(value);
  else if (event === "statusUpdate") say({ event, taskId: value.taskId, contextId: value.contextId, ...told(value.status), metadata: value.metadata ?? value.status.message?.metadata });
  else say({ event, taskId: value.taskId, contextId: value.contextId, artifact: value.artifact.artifactId, text: text(value.artifact.parts), append: value.append, last: value.lastChunk });
}

async function follow(events) {
  for await (const event of events) sayEvent(event);
}

await run({
  async card(call) {
    const { name, description, capabilities, supportedInterfaces, securitySchemes, skills } = await (await clientOf(call)).getAgentCard();
    say({ name, description, streaming: capabilities.streaming, push: capabilities.pushNotifications, url: supportedInterfaces[0].url, schemes: Object.keys(securitySchemes ?? {}), skills: skills.map(skill => skill.id) });
  },
  send: async call => sayTask(await (await clientOf(call)).sendMessage(request(call), { signal })),
  stream: async call => follow((await clientOf(call)).sendMessageStream(request(call), { signal })),
  subscribe: async call => follow((await clientOf(call)).resubscribeTask({ tenant: "", id: call.taskId }, { signal })),
  get: async call => sayTask(await (await clientOf(call)).getTask({ tenant: "", id: call.taskId, historyLength: call.historyLength }, { signal })),
  cancel: async call => sayTask(await (await clientOf(call)).cancelTask({ tenant: "", id: call.taskId, metadata: undefined }, { signal })),
  async list(call) {
    const list = await (await clientOf(call)).listTasks({ tenant: "", contextId: call.contextId, status: 0, pageToken: "", pageSize: call.pageSize, includeArtifacts: true }, { signal });
    for (const task of list.tasks) sayTask(task, "listed");
    say({ event: "list", total: list.totalSize });
  },
}, error => ({ code: error.envelopeCode ?? error.cause?.envelopeCode, type: (error.cause ?? error).name }));
