// What all pages share: acts without leaving the page, a live region, and the changes of others.

import { actionOf, mark } from "./keys.js";

const body = document.body;
/** How long what was told is seen; it stays for those who hear. */
const SEEN = 6000;
const TOLD = "nomoscope-told";

let seen = 0;
/** Tells people, those who see and those who hear, what happened; `heard`: those alone who do not see it anyway. */
export function say(words, heard = false) {
  const live = document.getElementById("live");
  if (!live) return;
  clearTimeout(seen);
  live.textContent = "";
  live.classList.toggle("hidden", heard);
  // Emptied and filled in two steps, so that the same words are told twice.
  setTimeout(() => { live.textContent = words; }, 30);
  if (!heard) seen = setTimeout(() => live.classList.add("hidden"), SEEN);
}

/** Whether somebody wrote into a field what is nowhere else. */
export const isWritten = (field) => {
  if (field.matches("select")) return field.selectedIndex !== Math.max([...field.options].findIndex((o) => o.defaultSelected), 0);
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return field.matches("input,textarea") && field.type !== "hidden" && field.value !== field.defaultValue;
};

/** Sends a form as scripts do. What was not done is told, and is false; otherwise it is the answer. */
async function send(address, fields) {
  const isUpload = fields instanceof FormData && [...fields.values()].some((value) => value instanceof File);
  const sent = isUpload ? fields : new URLSearchParams([...(fields instanceof FormData ? fields : Object.entries(fields))]);
  try {
    const answer = await fetch(address, { method: "POST", headers: { Accept: "application/json" }, body: sent });
    const told = await answer.json();
    if (!answer.ok) say((told.wrong || []).join(" "));
    return answer.ok ? told : { ...told, wrong: told.wrong || [] };
  } catch {
    say(body.dataset.silent);
    return { wrong: [body.dataset.silent], languages: [document.documentElement.lang] };
  }
}

/** Sends an act; returns whether it was done. */
export async function act(address, fields, form) {
  const told = await send(address, fields);
  if (told.wrong) {
    if (form) show(form, told);
    return false;
  }
  body.dataset.revision = told.revision;
  // What was sent is no longer only here.
  form?.reset();
  say(told.said);
  document.dispatchEvent(new CustomEvent("changed", { detail: { address, back: told.back } }));
  return true;
}

/** Shows in a form why it was not done; what was written stays. */
function show(form, { wrong, languages = [] }) {
  form.querySelector(":scope > .wrong")?.remove();
  const box = document.createElement("div");
  box.className = "wrong";
  const list = document.createElement("ul");
  list.append(...wrong.map((line, n) => {
    const item = document.createElement("li");
    item.textContent = line;
    if (languages[n]) item.lang = languages[n];
    return item;
  }));
  box.append(list);
  form.prepend(box);
  box.scrollIntoView({ block: "nearest" });
}

/** What tells an element of a page from the others, also when the page was made anew. */
function name(element) {
  if (!element || element === body || element.id === "main") return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.dataset.key) return `[data-key="${CSS.escape(element.dataset.key)}"]`;
  const form = element.closest("form[action]");
  if (!form || !element.name) return null;
  const hidden = [...form.querySelectorAll("input[type=hidden]")].filter((f) => f.name !== "back" && f.value.length < 200);
  const has = hidden.map((f) => `:has(input[name="${CSS.escape(f.name)}"][value="${CSS.escape(f.value)}"])`);
  return `form[action="${CSS.escape(form.getAttribute("action"))}"]${has.join("")} [name="${CSS.escape(element.name)}"]`;
}

/** Goes where an act leads, where it is told what was done. */
function leave(told, focused) {
  sessionStorage.setItem(TOLD, JSON.stringify({ said: told.said, focus: focused }));
  const to = new URL(told.back, location.href);
  if (to.pathname + to.search === location.pathname + location.search) {
    // The same address with another anchor would not be loaded.
    if (to.hash !== location.hash) history.replaceState(null, "", to);
    location.reload();
  } else {
    location.assign(to);
  }
}

const arrived = sessionStorage.getItem(TOLD);
if (arrived) {
  sessionStorage.removeItem(TOLD);
  const { said, focus } = JSON.parse(arrived);
  say(said);
  (focus && document.querySelector(focus) || document.getElementById("main"))?.focus();
}

/** Sends a form whose page is made anew afterwards. */
async function sendAndLeave(form, fields, focused) {
  const told = await send(form.getAttribute("action"), fields);
  if (told.wrong) {
    show(form, told);
    return;
  }
  // Something has to be agreed to first: that is a page of its own.
  if (told.ask) {
    form.submit();
    return;
  }
  form.reset();
  // A page on which somebody is writing is not made anew under their hands.
  const others = [...document.querySelectorAll("main form[method=post] :is(input,textarea,select)")];
  if (form.closest(".who") && others.some(isWritten)) {
    body.dataset.revision = told.revision;
    say(told.said);
    offer();
    return;
  }
  leave(told, focused);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form.act")) return;
  event.preventDefault();
  // A button that is pressed twice is one act.
  if (form.dataset.sent) return;
  form.dataset.sent = "1";
  const fields = new FormData(form);
  const { submitter } = event;
  if (submitter && submitter.name) fields.set(submitter.name, submitter.value);
  if (document.getElementById("reader") && !form.matches(".leave")) {
    await act(form.getAttribute("action"), fields, form);
  } else {
    await sendAndLeave(form, fields, name(submitter));
  }
  delete form.dataset.sent;
});

/** Presses the button or follows the link that has this name. */
export function press(name) {
  const found = [...document.querySelectorAll(`[data-key="${name}"]`)].find((e) => e.offsetParent !== null || e.closest(".top"));
  if (found) found.click();
}

document.addEventListener("keydown", (event) => {
  const action = actionOf(event);
  if (!action) return;
  // Where words are written the keys belong to them: Alt with Backspace takes a word away, and Option with Z is a letter.
  const writes = event.target.matches?.("textarea,input:not([type=checkbox],[type=radio])");
  if (writes && (isWritten(event.target) || !/^([a-z0-9]|F\d+)$/i.test(event.key))) return;
  event.preventDefault();
  // A page may do it in its own way; otherwise the button or link of this name is pressed.
  const own = new CustomEvent("shortcut", { detail: action, cancelable: true });
  if (document.dispatchEvent(own)) press(action);
});
mark();

/** Offers to show what was changed meanwhile. */
function offer() {
  if (document.getElementById("elsewhere")) return;
  const line = document.createElement("p");
  line.id = "elsewhere";
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = body.dataset.reload;
  line.append(body.dataset.changed + " ", link);
  document.getElementById("main").prepend(line);
}

async function look() {
  if (document.hidden || !body.dataset.revision) return;
  try {
    const { revision } = await (await fetch("/revision")).json();
    if (!revision || revision === body.dataset.revision) return;
    body.dataset.revision = revision;
    say(body.dataset.changed);
    if (document.getElementById("reader")) {
      document.dispatchEvent(new CustomEvent("changed", { detail: { elsewhere: true } }));
    } else {
      offer();
    }
  } catch {
    // The program was ended: the page stays readable.
  }
}
setInterval(look, 3000);
