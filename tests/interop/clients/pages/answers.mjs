// Answers: how they grow, stop and ask.
import { scenario, show } from "./browser.mjs";
import { answer, ask, ended, input, note, place, send, stop, text, texts, words } from "./chat.mjs";

export const answers = {
  stream: scenario(async (page, call) => {
    await ask(page, call.prompt);
    await words(page, "20,");
    await show(page, call, "growing");
    return { text: await ended(page), texts: await texts(page), place: place(page) };
  }),

  markdown: scenario(async (page, call) => {
    await ask(page, call.prompt);
    await ended(page);
    const count = selector => answer(page).locator(`.aa-text ${selector}`).count();
    const found = {};
    for (const element of ["h1", "strong", "code", "li", "td", "pre", "img", "a[href]", "a[href^='javascript:']", "script"]) found[element] = await count(element);
    return { elements: found, text: await text(page) };
  }),

  tool: scenario(async (page, call) => {
    await ask(page, call.prompt);
    const card = page.getByRole("region", { name: "Tool long-task" });
    const steps = [];
    const progress = card.locator(".aa-progress > span");
    while (steps.length < 3) {
      await progress.filter({ hasNotText: steps.at(-1) ?? "nothing yet" }).waitFor();
      steps.push(await progress.innerText());
      if (steps.length === 2) await show(page, call, "running");
    }
    const said = await ended(page);
    return { steps, state: await card.getByRole("status").innerText(), result: await card.locator(".aa-result pre").innerText(), text: said };
  }),

  stop: scenario(async (page, call) => {
    await ask(page, call.prompt);
    await words(page, "20,");
    await (call.key ? page.keyboard.press(call.key) : stop(page).click());
    return { text: await ended(page), note: await note(page), place: place(page), stops: await stop(page).count() };
  }),

  approval: scenario(async (page, call) => {
    await ask(page, call.prompt, "courier");
    const card = page.getByRole("region", { name: "Tool send-message" });
    await card.getByText("May it run?").waitFor();
    const asked = { state: await card.getByRole("status").innerText(), arguments: await card.locator(".aa-arguments").innerText() };
    await show(page, call, "asks");
    await card.getByRole("button", { name: call.answer }).click();
    const said = await ended(page);
    return { asked, state: await card.getByRole("status").innerText(), text: said, buttons: await card.getByRole("button").count() };
  }),

  keyboard: scenario(async page => {
    const keys = page.keyboard;
    await page.goto("/");
    await page.locator("textarea:focus").waitFor(); // The page gives its input the focus, which Tab would lose.
    const quiet = await tabs(page);
    await toInput(page);
    await keys.type("say one");
    await keys.press("Shift+Enter");
    await keys.type("two");
    const written = await input(page).inputValue();
    await keys.press("Enter");
    const said = await ended(page);
    const prompt = (await page.locator(".aa-prompt").innerText()).replace("You:", "").trim();

    await keys.type("count to 10000");
    await keys.press("Enter");
    await words(page, "20,");
    const busy = await tabs(page);
    await toInput(page);
    await keys.press("Tab");
    await keys.press("Enter");
    await ended(page);
    return { quiet, written, prompt, text: said, busy, note: await note(page), focused: await focused(page) };
  }),
};

const focused = page => page.evaluate(() => document.activeElement?.getAttribute("aria-label") || document.activeElement?.textContent.trim() || document.activeElement?.value || "");

/** What Tab reaches from the beginning of the page on, in order. */
async function tabs(page) {
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
  });
  const reached = [];
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    const name = await focused(page);
    if (reached.includes(name) || await page.evaluate(() => document.activeElement === document.body)) break;
    reached.push(name);
  }
  return reached;
}

async function toInput(page) {
  for (let i = 0; i < 40 && await focused(page) !== "Message"; i++) await page.keyboard.press("Tab");
}
