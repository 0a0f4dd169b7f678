// What the scripts of the clients share. Arguments: the server's address and what to do, as JSON. Each line of output is JSON; a line of input aborts.
import { createInterface } from "node:readline";

const aborting = new AbortController();
const [address, call] = process.argv.slice(2);

/** A line each, of which most clients take the first as the abort. */
export const input = createInterface({ input: process.stdin }).on("line", () => aborting.abort()).on("close", () => process.exit());

export const server = new URL(address);
export const signal = aborting.signal;
export const say = what => console.log(JSON.stringify(what));

/** Does what the call's `task` names, and says what it fails with: what `describe` gives of it, and the name of its class. */
export async function run(tasks, describe = () => ({})) {
  try {
    const asked = JSON.parse(call);
    await tasks[asked.task](asked);
  } catch (error) {
    say({ error: { name: error.constructor.name, message: error.message, ...describe(error) } });
  }
  process.stdout.write("", () => process.exit());
}

/** A tool that runs at the client. */
export const weather = {
  name: "get_weather",
  description: "The temperature in a city, in degrees.",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  run(input) {
    say({ call: { name: "get_weather", arguments: input } });
    return "18";
  },
};

/** An image of one pixel. */
export const image = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** A form of answers. */
export const place = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };
