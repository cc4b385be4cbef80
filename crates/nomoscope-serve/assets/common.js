// What all pages share: acts without leaving the page, a live region, and the changes of others.

import { actionOf, mark } from "./keys.js";

const body = document.body;

/** Tells people, those who see and those who hear, what happened. */
export function say(words) {
  const live = document.getElementById("live");
  if (!live) return;
  live.textContent = "";
  // Emptied and filled in two steps, so that the same words are told twice.
  setTimeout(() => { live.textContent = words; }, 30);
}

/** Sends an act; returns whether it was done. */
export async function act(address, fields) {
  const form = fields instanceof FormData ? fields : Object.entries(fields);
  const sent = new URLSearchParams();
  for (const [name, value] of form instanceof FormData ? form.entries() : form) sent.append(name, value);
  try {
    const answer = await fetch(address, { method: "POST", headers: { Accept: "application/json" }, body: sent });
    const told = await answer.json();
    if (!answer.ok) {
      say((told.wrong || []).join(" "));
      return false;
    }
    body.dataset.revision = told.revision;
    say(told.said);
    document.dispatchEvent(new CustomEvent("changed", { detail: { address } }));
    return true;
  } catch {
    say("The program does not answer. Is it still running?");
    return false;
  }
}

/** Presses the button or follows the link that has this name. */
export function press(name) {
  const found = [...document.querySelectorAll(`[data-key="${name}"]`)].find((e) => e.offsetParent !== null || e.closest(".top"));
  if (found) found.click();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  // Where a page cannot renew itself, it is loaded again.
  if (!form.matches("form.act") || !document.getElementById("reader")) return;
  event.preventDefault();
  const fields = new FormData(form);
  if (event.submitter && event.submitter.name) fields.set(event.submitter.name, event.submitter.value);
  await act(form.getAttribute("action"), fields);
});

document.addEventListener("keydown", (event) => {
  const action = actionOf(event);
  if (!action) return;
  event.preventDefault();
  // A page may do it in its own way; otherwise the button or link of this name is pressed.
  const own = new CustomEvent("shortcut", { detail: action, cancelable: true });
  if (document.dispatchEvent(own)) press(action);
});
mark();

async function look() {
  if (document.hidden || !body.dataset.revision) return;
  try {
    const { revision } = await (await fetch("/revision")).json();
    if (!revision || revision === body.dataset.revision) return;
    body.dataset.revision = revision;
    say(body.dataset.changed);
    if (document.getElementById("reader")) {
      document.dispatchEvent(new CustomEvent("changed", { detail: { elsewhere: true } }));
    } else if (!document.getElementById("elsewhere")) {
      const line = document.createElement("p");
      line.id = "elsewhere";
      const link = document.createElement("a");
      link.href = location.href;
      link.textContent = body.dataset.reload;
      line.append(body.dataset.changed + " ", link);
      document.getElementById("main").prepend(line);
    }
  } catch {
    // The program was ended: the page stays readable.
  }
}
setInterval(look, 3000);
