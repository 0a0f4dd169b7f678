// The browsers' EventSource, for Node. It connects again by itself, with the id of the last event that it has.
import { EventSource } from "eventsource";
import { run, say, server, signal } from "./script.mjs";

const names = ["started", "text", "message", "reasoning", "tool-started", "tool-finished", "step", "completed", "interrupted", "failed"];

/** Says every event until the source is closed: by `end`, by an abort, or by itself, when the server does not want it back. */
const follow = call => new Promise(resolve => {
  const source = new EventSource(new URL(call.path, server));
  const close = code => {
    source.close();
    say({ closed: code ?? 0 });
    resolve();
  };
  for (const name of names) source.addEventListener(name, event => say({ event: name, id: event.lastEventId, data: event.data }));
  source.addEventListener("open", () => say({ opened: true }));
  source.addEventListener("end", () => close());
  source.addEventListener("error", event => {
    if (event.data !== undefined) {
      say({ event: "error", data: event.data });
      close();
    } else if (source.readyState === EventSource.CLOSED) {
      close(event.code);
    } else {
      say({ lost: true });
    }
  });
  signal.addEventListener("abort", () => close());
});

await run({ follow });
