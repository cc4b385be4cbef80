// The palette: concepts by typing, those used last first, and new ones.

import { say } from "./common.js";

const dialog = document.getElementById("palette");
const words = document.getElementById("palette-words");
const list = document.getElementById("palette-list");
const MOST = 40;
let known = { recent: [], concepts: [] };
let options = [];
let at = 0;
let done = null;
let left = null;

export async function concepts() {
  known = await (await fetch("/concepts.json")).json();
  return known;
}

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function find() {
  const asked = fold(words.value.trim());
  const recent = known.recent.map((id) => known.concepts.find((c) => c.id === id)).filter(Boolean);
  const rest = known.concepts.filter((c) => !recent.includes(c));
  const rank = (c) => {
    const names = [c.label, c.id, ...c.labels].map(fold);
    if (names.some((n) => n.startsWith(asked))) return 0;
    if (names.some((n) => n.includes(asked))) return 1;
    return 2;
  };
  const all = [...recent, ...rest].map((c) => [rank(c), c]).filter(([r]) => !asked || r < 2);
  all.sort((a, b) => a[0] - b[0]);
  options = all.slice(0, MOST).map(([, c]) => ({ concept: c.id, label: c.label, role: c.role }));
  const exact = known.concepts.some((c) => fold(c.label) === asked || c.id === asked);
  if (asked && !exact) {
    for (const role of ["problem", "value", "behaviour"]) {
      options.push({ concept: words.value.trim(), label: `${dialog.dataset.new}: ${words.value.trim()} (${dialog.dataset[role]})`, role, isNew: true });
    }
  }
}

function show() {
  list.replaceChildren(...options.map((option, i) => {
    const item = document.createElement("li");
    item.id = `option-${i}`;
    item.role = "option";
    item.setAttribute("aria-selected", String(i === at));
    item.className = option.role || "none";
    item.textContent = option.label;
    item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(i); });
    return item;
  }));
  words.setAttribute("aria-activedescendant", options.length ? `option-${at}` : "");
  const chosen = list.children[at];
  if (chosen) chosen.scrollIntoView({ block: "nearest" });
}

function choose(i) {
  const option = options[i];
  if (option) left = null;
  dialog.close();
  if (option && done) done(option);
}

dialog.addEventListener("close", () => { left?.(); left = null; });

words.addEventListener("input", () => { at = 0; find(); show(); });
words.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && options.length) {
    event.preventDefault();
    at = (at + step + options.length) % options.length;
    show();
  } else if (event.key === "Enter") {
    event.preventDefault();
    choose(at);
  }
});

/** Asks for a concept for these words; `then` gets what was chosen, `otherwise` is called where nothing was. */
export async function ask(quote, then, otherwise) {
  done = then;
  left = otherwise;
  dialog.querySelector(".quote").textContent = quote.length > 160 ? `${quote.slice(0, 160)}…` : quote;
  words.value = "";
  at = 0;
  try {
    await concepts();
  } catch {
    say(document.body.dataset.silent);
    return;
  }
  find();
  dialog.showModal();
  show();
  words.focus();
}
