// Conversations: loaded again, in two tabs, side by side, and through a restart of the server.
import { say } from "../script.mjs";
import { scenario, show } from "./browser.mjs";
import { answer, ask, ended, input, open, place, send, stop, text, texts, words } from "./chat.mjs";

export const conversations = {
  reload: scenario(async (page, call) => {
    await ask(page, call.prompt);
    await words(page, "50,");
    await page.reload();
    await answer(page).locator(".aa-text").waitFor();
    const running = await stop(page).count() === 1;
    return { running, text: await ended(page), texts: await texts(page), place: place(page) };
  }),

  tabs: scenario(async (page, call) => {
    await ask(page, call.prompt);
    await words(page, "50,");
    const other = await page.context().newPage();
    await other.goto(page.url());
    await answer(other).locator(".aa-text").waitFor();
    const running = await stop(other).count() === 1;
    return { running, text: await ended(other), texts: await texts(other), first: await ended(page), place: place(page) };
  }),

  sideBySide: scenario(async (page, call) => {
    const list = page.getByRole("navigation", { name: "Conversations" });
    await ask(page, call.prompts[0]);
    await words(page, "20,");
    const first = place(page);
    const left = (await text(page)).length;

    await list.getByRole("link", { name: "New conversation" }).click();
    await page.waitForURL(url => url.pathname === "/");
    await input(page).waitFor();
    await send(page, call.prompts[1]);
    await words(page, "20,");
    const second = place(page);
    const busy = await list.getByLabel("An answer is being written").count();
    await show(page, call, "both");

    const back = () => list.getByRole("link", { name: call.prompts[0] }).click();
    await back();
    await page.waitForURL(url => url.pathname === first);
    await answer(page).filter({ hasText: call.prompts[0] }).waitFor(); // The address changes before what is shown does.
    await answer(page).locator(".aa-text").waitFor();
    const found = (await text(page)).length;
    const running = await stop(page).count() === 1;
    const one = await ended(page);
    await list.getByRole("link", { name: call.prompts[1] }).click();
    await page.waitForURL(url => url.pathname === second);
    await answer(page).filter({ hasText: call.prompts[1] }).waitFor();
    return { left, found, running, busy, first, second, texts: [one, await ended(page)] };
  }),

  restart: scenario(async (page, call) => {
    await ask(page, call.prompt);
    await words(page, "20,");
    say({ now: "kill" });
    const lost = page.locator("#components-reconnect-modal");
    await lost.waitFor();
    const told = await lost.innerText();
    const kept = await text(page);
    await show(page, call, "lost");
    say({ now: "start" });
    await lost.waitFor({ state: "hidden" });
    await input(page).waitFor();
    const found = await page.locator(".aa-thread").innerText();
    await show(page, call, "back");
    await send(page, "say here again");
    await words(page, "here again");
    return { told, kept, found, text: await ended(page), place: place(page) };
  }),
};
