// Visitors who need a key.
import { scenario, show } from "./browser.mjs";
import { ended, input, isWide, place, send } from "./chat.mjs";

export const visitors = {
  signIn: scenario(async (page, call) => {
    const enter = async key => {
      await page.getByLabel("The key you were given").fill(key);
      await page.getByRole("button", { name: "Sign in" }).click();
    };
    await page.goto("/");
    const asked = place(page);
    await show(page, call, "asks");
    await enter("wrong");
    const refused = await page.getByRole("alert").innerText();
    const before = await names(page);
    await show(page, call, "refused");
    await enter(call.key);
    await input(page).waitFor();
    const back = place(page);
    const cookies = (await page.context().cookies()).map(({ name, httpOnly, sameSite, value }) => ({ name, httpOnly, sameSite, tells: value.includes(call.key) }));
    await send(page, "say welcome");
    const text = await ended(page);

    await show(page, call, "signed-in");
    await page.setViewportSize({ width: 380, height: 740 });
    const wide = await isWide(page);
    await show(page, call, "phone");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(url => url.pathname === "/sign-in");
    const left = await names(page);
    await page.goto("/");
    return { asked, refused, cookiesBefore: before, back, cookies, text, cookiesAfter: left, after: place(page), wide };
  }),
};

const names = async page => (await page.context().cookies()).map(cookie => cookie.name);
