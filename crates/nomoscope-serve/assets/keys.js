// Shortcuts: which keys do what. Changes are kept in this browser alone; the page Help shows all of them, and changes them.

const KEPT = "nomoscope-shortcuts";
const FIRST = {
  cycle: "Alt+C", accept: "Alt+A", reject: "Alt+R", skip: "Alt+S", remove: "Alt+Backspace",
  correct: "Alt+E", undo: "Alt+Z", redo: "Alt+Y",
};

function kept() {
  try {
    const known = JSON.parse(localStorage.getItem(KEPT) || "{}");
    // What was kept by another version, or by hand, may be anything.
    const fine = Object.entries(known).filter(([name, keys]) => name in FIRST && allowed(String(keys)));
    return Object.fromEntries(fine);
  } catch {
    return {};
  }
}

/** Whether keys may be a shortcut: a key alone belongs to typing and to screen readers. */
export function allowed(keys) {
  return /^(Ctrl\+)?Alt\+(Shift\+)?([A-Z0-9]|Backspace|Delete|Enter)$/.test(keys) || /^F([2346789]|10)$/.test(keys);
}

/** All shortcuts by what they do. */
export const all = () => ({ ...FIRST, ...kept() });

/** The keys of an event, as people write them. The letter counts that the keyboard shows, not where it stands. */
export function keysOf(event) {
  const letter = /^[a-z0-9]$/i.test(event.key) ? event.key.toUpperCase() : event.code.replace(/^(Key|Digit)/, "");
  const parts = [event.ctrlKey && "Ctrl", event.altKey && "Alt", event.shiftKey && "Shift", event.metaKey && "Meta"];
  return [...parts.filter(Boolean), letter].join("+");
}

/** What an event of the keyboard asks for; nothing, where no shortcut has these keys. */
export function actionOf(event) {
  const keys = keysOf(event);
  return Object.entries(all()).find(([, of]) => of === keys)?.[0];
}

/** Gives an action other keys; returns the action that has them already, if one has. */
export function change(action, keys) {
  const taken = Object.entries(all()).find(([name, of]) => of === keys && name !== action);
  if (taken) return taken[0];
  localStorage.setItem(KEPT, JSON.stringify({ ...kept(), [action]: keys }));
  return undefined;
}

/** Lets every shortcut be what it was at first. */
export const restore = () => localStorage.removeItem(KEPT);

/** Writes the keys at what they press. */
export function mark(root = document) {
  const keys = all();
  for (const element of root.querySelectorAll("[data-key]")) {
    const of = keys[element.dataset.key];
    if (!of) continue;
    element.setAttribute("aria-keyshortcuts", of.replace("Ctrl", "Control"));
    if (element.title) element.title = element.title.replace(/(Ctrl\+)?Alt\+[\w+]+|\bF\d+\b/, of);
  }
}
