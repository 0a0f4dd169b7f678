// What a person does at the chat page, and sees there.
export const input = page => page.getByLabel("Message", { exact: true });
export const stop = page => page.getByRole("button", { name: "Stop the answer" });
export const answer = page => page.locator(".aa-exchange").last();
export const texts = page => page.evaluate(() => window.textsSeen);
export const place = page => new URL(page.url()).pathname;

/** Opens a new conversation. */
export async function open(page, kind) {
  await page.goto("/");
  await input(page).waitFor();
  if (kind) await page.getByRole("radio", { name: kind }).check({ force: true });
}

export async function send(page, prompt) {
  await input(page).fill(prompt);
  await input(page).press("Enter");
}

export async function ask(page, prompt, kind) {
  await open(page, kind);
  await send(page, prompt);
}

/** Waits until the answer has these words. */
export const words = (page, some) => answer(page).getByText(some).first().waitFor();

/** Waits for the end of the last answer and gives its text. */
export async function ended(page) {
  await page.locator(".aa-exchange:last-child .aa-answer[aria-busy=false]").waitFor();
  return await text(page);
}

export const text = async page => (await answer(page).locator(".aa-text").allTextContents()).map(t => t.trim()).join("\n");
export const note = page => answer(page).locator(".aa-end").innerText();

/** Whether something of the page is beyond its right edge: the text, or of the bar, which does not scroll. */
export const isWide = page => page.evaluate(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth || [...document.querySelectorAll("header :is(a, button)")].some(e => e.getBoundingClientRect().right > clientWidth);
});
