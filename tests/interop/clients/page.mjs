// A person's visits to the chat page, in Chromium.
import { run } from "./script.mjs";
import { answers } from "./pages/answers.mjs";
import { conversations } from "./pages/conversations.mjs";
import { looks } from "./pages/looks.mjs";
import { visitors } from "./pages/visitors.mjs";

await run({ ...answers, ...conversations, ...looks, ...visitors });
