// The browser's side of the pages: its storage, its colours.
const themeKey = "actoragents.theme";
const prefersDark = matchMedia("(prefers-color-scheme: dark)");

export function isDark() {
    const chosen = localStorage.getItem(themeKey);
    const dark = chosen ? chosen === "dark" : prefersDark.matches;
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    return dark;
}

export function setDark(dark) {
    localStorage.setItem(themeKey, dark ? "dark" : "light");
    document.documentElement.dataset.theme = dark ? "dark" : "light";
}
