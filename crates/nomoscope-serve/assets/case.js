// The interview without leaving its page: Back goes one step back, and nobody leaves what was answered without being asked.
//
// What was answered is kept in this page alone: the history of the browser, which may be written to a disk, has numbers.

import { say } from "./common.js";

const main = document.getElementById("main");
const steps = [{ page: [...main.cloneNode(true).childNodes] }];
let at = 0;
let isHandedOut = false;
history.replaceState({ step: 0 }, "");

async function ask({ address, fields }) {
  const answer = await fetch(address, { method: "POST", headers: { Accept: "text/html" }, body: fields });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function show(nodes, title) {
  main.replaceChildren(...nodes.map((node) => document.importNode(node, true)));
  if (title) document.title = title;
  scrollTo(0, 0);
  const first = main.querySelector("[aria-invalid=true]") || main.querySelector("#h-question,#h-contradiction,#failure") || main;
  first.focus();
}

async function go(step) {
  if (step.page) {
    show(step.page, step.title);
    return true;
  }
  try {
    const page = await ask(step);
    show([...page.getElementById("main").childNodes], page.title);
    return true;
  } catch {
    say(document.body.dataset.silent);
    return false;
  }
}
steps[0].title = document.title;

let isAsking = false;
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!main.contains(form)) return;
  const fields = new FormData(form);
  const { submitter } = event;
  if (submitter?.name) fields.set(submitter.name, submitter.value);
  // A file is for the browser to save; its page stays.
  if (String(fields.get("what")).startsWith("file:")) {
    isHandedOut = true;
    setTimeout(() => { isHandedOut = false; }, 0);
    return;
  }
  event.preventDefault();
  if (isAsking) return;
  isAsking = true;
  // What an answer decides may take some seconds: it is seen and heard that the press was taken.
  main.setAttribute("aria-busy", "true");
  const busy = setTimeout(() => say(document.body.dataset.working), 400);
  const isFile = form.enctype === "multipart/form-data";
  const step = { address: form.getAttribute("action"), fields: isFile ? fields : new URLSearchParams([...fields]) };
  if (await go(step)) {
    steps.length = at + 1;
    steps.push(step);
    at += 1;
    history.pushState({ step: at }, "");
  }
  clearTimeout(busy);
  main.removeAttribute("aria-busy");
  isAsking = false;
});

addEventListener("popstate", async (event) => {
  const wanted = event.state?.step ?? 0;
  if (wanted >= steps.length || !steps[wanted]) return;
  at = wanted;
  await go(steps[wanted]);
});

addEventListener("beforeunload", (event) => {
  const answers = main.querySelector("input[name=answers]");
  if (isHandedOut || !answers || answers.value === "[]") return;
  event.preventDefault();
});
