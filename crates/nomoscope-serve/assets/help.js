// The page that lists the shortcuts lets one change them.

import { say } from "./common.js";
import { all, allowed, change, keysOf, mark, restore } from "./keys.js";

const table = document.getElementById("shortcuts");
const words = table.dataset;

function show() {
  const keys = all();
  for (const row of table.querySelectorAll("[data-action]")) {
    const parts = keys[row.dataset.action].split("+").map((part) => {
      const key = document.createElement("kbd");
      key.textContent = part;
      return key;
    });
    row.querySelector("th").replaceChildren(...parts.flatMap((key, n) => (n ? [" + ", key] : [key])));
  }
  mark();
}

let asked = null;
function ask(row, button) {
  asked?.button.setAttribute("aria-pressed", "false");
  asked = { row, button };
  button.setAttribute("aria-pressed", "true");
  tell(row, words.press);
}

function tell(row, told) {
  table.querySelectorAll(".told").forEach((e) => e.remove());
  const line = document.createElement("span");
  line.className = "note told";
  line.textContent = told;
  row.querySelector("td").append(" ", line);
  say(told);
}

function done(told) {
  const { row, button } = asked;
  button.setAttribute("aria-pressed", "false");
  asked = null;
  tell(row, told);
}

// Before all others: while new keys are asked for, none does what it did.
addEventListener("keydown", (event) => {
  if (!asked || ["Alt", "Control", "Shift", "Meta", "AltGraph", "Tab"].includes(event.key)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.key === "Escape") {
    done(words.left);
    return;
  }
  const keys = keysOf(event);
  if (!allowed(keys)) {
    tell(asked.row, `${keys}: ${words.modifier}`);
    return;
  }
  const taken = change(asked.row.dataset.action, keys);
  if (taken) {
    const what = table.querySelector(`[data-action="${taken}"] .what`).textContent;
    tell(asked.row, `${keys} ${words.taken} “${what}”`);
    return;
  }
  show();
  done(`${words.saved} ${keys}`);
}, { capture: true });

for (const row of table.querySelectorAll("tr:not([data-action])")) row.append(document.createElement("td"));
for (const row of table.querySelectorAll("[data-action]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.change;
  button.setAttribute("aria-label", `${words.change}: ${row.querySelector(".what").textContent}`);
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => ask(row, button));
  const cell = document.createElement("td");
  cell.append(button);
  row.append(cell);
}
const reset = document.createElement("button");
reset.type = "button";
reset.textContent = words.restore;
reset.addEventListener("click", () => { restore(); show(); say(words.restored); });
table.after(reset);
show();
