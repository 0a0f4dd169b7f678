// The Vercel AI SDK's chat, as a page has it: the class behind `useChat`, its transport and its checks, without the page.
import {
  AbstractChat, DefaultChatTransport, lastAssistantMessageIsCompleteWithApprovalResponses, lastAssistantMessageIsCompleteWithToolCalls, validateUIMessages,
} from "ai";
import { image, input, run, say, server, weather } from "./script.mjs";

/** The state that a page's framework keeps. It says when the chat comes to rest. */
class State {
  #status = "ready";
  error = undefined;
  messages = [];
  constructor(name) { this.name = name; }
  get status() { return this.#status; }
  set status(status) {
    this.#status = status;
    if (status === "ready" || status === "error") say({ chat: this.name, settled: status });
  }
  pushMessage = message => { this.messages = [...this.messages, message]; };
  popMessage = () => { this.messages = this.messages.slice(0, -1); };
  replaceMessage = (index, message) => { this.messages = this.messages.with(index, structuredClone(message)); };
  snapshot = value => structuredClone(value);
}

class Chat extends AbstractChat {}

const url = (path, query) => new URL(path, server).href + (query ? `?${query}` : "");

/** Says every chunk as it passes, and whether the response called itself a UI message stream. */
class Transport extends DefaultChatTransport {
  constructor(name, call) {
    super({
      api: url("api/chat", call.query),
      headers: call.key ? { Authorization: `Bearer ${call.key}` } : {},
      body: call.body,
      async fetch(address, options) {
        const response = await fetch(address, options);
        say({ chat: name, status: response.status, version: response.headers.get("x-vercel-ai-ui-message-stream"), type: response.headers.get("content-type") });
        return response;
      },
    });
    this.name = name;
  }

  processResponseStream(stream) {
    const name = this.name;
    return super.processResponseStream(stream).pipeThrough(new TransformStream({
      transform(chunk, controller) {
        say({ chat: name, chunk });
        controller.enqueue(chunk);
      },
    }));
  }
}

/** A chat whose tool runs here, and which sends by itself what the user or the tool has answered. */
function open(name, call, messages = []) {
  const state = new State(name);
  state.messages = messages;
  const chat = new Chat({
    id: call.chat ?? name, state, transport: new Transport(name, call),
    onError: error => say({ chat: name, error: { name: error.constructor.name, message: error.message, status: error.statusCode } }),
    onToolCall({ toolCall }) {
      if (toolCall.toolName !== weather.name) return;
      if (call.toolFails) chat.addToolOutput({ state: "output-error", tool: weather.name, toolCallId: toolCall.toolCallId, errorText: "No sensor." });
      else chat.addToolOutput({ tool: weather.name, toolCallId: toolCall.toolCallId, output: weather.run(toolCall.input) });
    },
    onFinish: ({ message, isAbort, isDisconnect, isError, finishReason }) => say({ chat: name, finish: { id: message.id, isAbort, isDisconnect, isError, finishReason } }),
    sendAutomaticallyWhen: ({ messages }) => call.waits !== true
      && (lastAssistantMessageIsCompleteWithToolCalls({ messages }) || lastAssistantMessageIsCompleteWithApprovalResponses({ messages })),
  });
  return chat;
}

const lines = [];
let wake;
input.on("line", line => { lines.push(JSON.parse(line)); wake?.(); });
async function next() {
  while (lines.length === 0) await new Promise(resolve => { wake = resolve; });
  return lines.shift();
}

/** What the page's user does, line by line. What was sent goes on by itself, and is idle once all that followed from it is over. */
async function talk(call) {
  const chats = {};
  const work = {};
  for (let line = await next(); line.do !== "end"; line = await next()) {
    const name = line.chat ?? "a";
    const chat = chats[name] ??= open(name, call, line.messages);
    const background = sent => { work[name] = sent.then(() => say({ chat: name, idle: chat.status })); };
    switch (line.do) {
      case "open": break;
      case "send": background(chat.sendMessage({ text: line.text, ...(line.image && { files: [{ type: "file", mediaType: "image/png", url: image }] }) })); break;
      case "again": background(chat.sendMessage()); break;
      case "edit": background(chat.sendMessage({ text: line.text, messageId: chat.messages.findLast(message => message.role === "user").id })); break;
      case "regenerate": background(chat.regenerate()); break;
      case "resume": background(chat.resumeStream()); break;
      case "stop": await chat.stop(); await work[name]; say({ chat: name, stopped: chat.status }); break;
      case "approve": await chat.addToolApprovalResponse({ id: line.id, approved: line.approved, reason: line.reason }); break;
      case "ask": {
        const response = await fetch(url(line.path, call.query), { method: line.method });
        say({ chat: name, answered: response.status });
        break;
      }
      case "messages":
        if (chat.messages.length > 0) await validateUIMessages({ messages: JSON.parse(JSON.stringify(chat.messages)) });
        say({ chat: name, messages: chat.messages });
        break;
    }
  }
}

await run({ talk });
