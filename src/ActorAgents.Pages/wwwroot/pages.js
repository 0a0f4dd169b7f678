// The browser's side of the pages: storage, colours, keys and scrolling.
const themeKey = "actoragents.theme";
const shelfKey = "actoragents.conversations";
const shelfSize = 100;
const shelfChars = 200_000; // A message to the server may not be larger than it accepts.

export function isDark() {
    const chosen = localStorage.getItem(themeKey);
    const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    return dark;
}

export function setDark(dark) {
    localStorage.setItem(themeKey, dark ? "dark" : "light");
    document.documentElement.dataset.theme = dark ? "dark" : "light";
}

export function watchDark(page) {
    const prefersDark = matchMedia("(prefers-color-scheme: dark)");
    const tell = () => page.invokeMethodAsync("SetDark", isDark());
    prefersDark.addEventListener("change", tell);
    return { stop: () => prefersDark.removeEventListener("change", tell) };
}

function shelf() {
    try { return JSON.parse(localStorage.getItem(shelfKey)) ?? []; }
    catch { return []; } // Written by something else; it is written anew with the next entry.
}

export function loadShelf() {
    let chars = 0;
    return JSON.stringify(shelf().filter(entry => (chars += JSON.stringify(entry).length) < shelfChars));
}

// Read and written in one go, so that tabs do not lose each other's entries.
export function putOnShelf(json) {
    const entry = JSON.parse(json);
    const entries = shelf();
    const place = entries.findIndex(e => e.kind === entry.kind && e.key === entry.key);
    if (place < 0) entries.unshift(entry); else entries[place] = entry;
    localStorage.setItem(shelfKey, JSON.stringify(entries.slice(0, shelfSize)));
}

export function takeOffShelf(kind, key) {
    localStorage.setItem(shelfKey, JSON.stringify(shelf().filter(e => e.kind !== kind || e.key !== key)));
}

export function takeText(input) {
    const text = input.value;
    input.value = "";
    fit(input);
    input.focus();
    return text;
}

export const focus = element => element?.focus({ preventScroll: true });

export function followEnd(scroller) {
    let atEnd = true;
    let top = 0;
    const toEnd = () => { if (atEnd) scroller.scrollTop = scroller.scrollHeight; };
    scroller.addEventListener("scroll", () => {
        // Only going up leaves the end: being far from it may just mean that more was written.
        if (scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 48) atEnd = true;
        else if (scroller.scrollTop < top) atEnd = false;
        top = scroller.scrollTop;
    }, { passive: true });
    const sizes = new ResizeObserver(toEnd);
    sizes.observe(scroller.firstElementChild);
    sizes.observe(scroller);
    toEnd();
}

// A server that answers and does not know this page was started again.
document.getElementById("components-reconnect-modal")?.addEventListener("components-reconnect-state-changed", e => {
    if (e.detail.state === "rejected") location.reload();
});

document.addEventListener("click", e => {
    if (!e.target.matches("[data-aa-reload]")) return;
    e.preventDefault(); // Its address would be that of the first page.
    location.reload();
});

function fit(input) {
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
}

document.addEventListener("input", e => { if (e.target.matches("[data-aa-input]")) fit(e.target); });

document.addEventListener("keydown", e => {
    if (e.isComposing || e.defaultPrevented) return;
    if (e.key === "Enter" && !e.shiftKey && e.target.matches("[data-aa-input]")) {
        e.preventDefault();
        if (e.target.value.trim()) e.target.closest("form")?.querySelector("[data-aa-send]")?.click();
    } else if (e.key === "Escape") {
        document.querySelector("[data-aa-stop]")?.click();
    }
});
