// A Chromium of its own for each scenario, and what is noticed in it.
import { chromium } from "playwright-core";
import { say, server } from "../script.mjs";

const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const patience = 30_000;

/** Does a scenario in a new browser and says what it saw, where the pages' requests went, and what the browser complained of. */
export const scenario = (play, options = {}) => async call => {
  const browser = await chromium.launch({ executablePath: call.chromium, args: quiet });
  try {
    const context = await browser.newContext({ baseURL: server.href, viewport: { width: 1100, height: 760 }, ...options });
    context.setDefaultTimeout(patience);
    const noticed = await watch(context);
    const page = await context.newPage();
    try {
      const seen = await play(page, call);
      if (call.show) await picture(page, call);
      say({ seen, origins: [...noticed.origins], complaints: noticed.complaints });
    } catch (error) {
      await picture(page, call, "failed");
      throw error;
    }
  } finally {
    await browser.close();
  }
};

/** Takes a picture, when pictures are wanted. */
export const show = (page, call, what) => call.show ? picture(page, call, what) : undefined;

const picture = (page, call, what) => page.screenshot({ path: `${call.pictures}/${[call.task, what].filter(Boolean).join("-")}.png` });

async function watch(context) {
  const noticed = { origins: new Set(), complaints: [] };
  const complain = what => noticed.complaints.push(what);
  context.on("request", request => !request.url().startsWith("data:") && noticed.origins.add(new URL(request.url()).origin));
  context.on("console", message => message.type() === "error" && complain(`${message.text()} (${message.location().url})`));
  context.on("weberror", error => complain(`${error.error()}`));
  context.on("dialog", dialog => { complain(`A dialog: ${dialog.message()}`); return dialog.dismiss(); });
  context.on("page", page => page.on("websocket", socket => noticed.origins.add(new URL(socket.url()).origin.replace(/^ws/, "http"))));
  await context.exposeBinding("complainOfPolicy", (_, what) => complain(what));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", e => complainOfPolicy(`The policy's ${e.violatedDirective} forbids ${e.blockedURI} in ${e.sourceFile}:${e.lineNumber}`));
  });
  await context.addInitScript(rememberTexts);
  return noticed;
}

// Every text that the last answer had, as a reader saw it grow.
function rememberTexts() {
  window.textsSeen = [];
  new MutationObserver(() => {
    const texts = [...document.querySelectorAll(".aa-exchange:last-child .aa-text")];
    const text = texts.map(t => t.textContent.trim()).join("\n");
    if (text && text !== window.textsSeen.at(-1)) window.textsSeen.push(text);
  }).observe(document, { subtree: true, childList: true, characterData: true });
}
