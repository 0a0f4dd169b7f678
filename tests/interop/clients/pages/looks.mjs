// How the pages look on a phone, in the light and in the dark.
import { scenario, show } from "./browser.mjs";
import { ask, ended, input, isWide, open } from "./chat.mjs";

const phone = { viewport: { width: 380, height: 740 }, hasTouch: true, isMobile: true };

export const looks = {
  phone: scenario(async (page, call) => {
    const wide = [];
    await page.emulateMedia({ colorScheme: call.colors });
    await open(page);
    wide.push(await isWide(page));
    await show(page, call, `${call.colors}-new`);
    await ask(page, call.prompt);
    await ended(page);
    wide.push(await isWide(page));
    await show(page, call, `${call.colors}-answer`);

    const drawer = page.getByRole("navigation", { name: "Conversations" });
    const closed = await inSight(drawer);
    await page.getByRole("button", { name: "Conversations", exact: true }).click();
    await drawer.getByRole("link", { name: "New conversation" }).click({ trial: true });
    const opened = await inSight(drawer);
    wide.push(await isWide(page));
    await show(page, call, `${call.colors}-drawer`);
    await drawer.getByRole("link", { name: "New conversation" }).click();
    await page.getByText("Who answers").waitFor();
    await input(page).click();
    return { wide, closed, opened, after: await inSight(drawer), ground: await ground(page) };
  }, phone),

  theme: scenario(async page => {
    await page.emulateMedia({ colorScheme: "light" });
    await open(page);
    const before = await ground(page);
    await page.getByRole("button", { name: "Use the dark theme" }).click();
    await page.getByRole("button", { name: "Use the light theme" }).waitFor();
    const chosen = await ground(page);
    await page.reload();
    await input(page).waitFor();
    return { before, chosen, reloaded: await ground(page) };
  }),
};

const inSight = async element => {
  const box = await element.boundingBox();
  return box !== null && box.x >= 0;
};

/** How bright the page's background is, 0 to 255. */
const ground = page => page.evaluate(() => {
  const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
  return Math.round((r + g + b) / 3);
});
