// A mock server of several providers' wires: prints its address, and ends when the process that started it does.
import { fileURLToPath } from "node:url";
import { LLMock } from "@copilotkit/aimock";

process.stdin.resume().on("end", () => process.exit(0));

const mock = new LLMock({ host: "127.0.0.1", port: 0, logLevel: "silent", strict: true });
mock.loadFixtureFile(fileURLToPath(new URL("fixtures.json", import.meta.url)));
console.log(await mock.start());
