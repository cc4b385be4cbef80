// What a pattern finds, while it is written.

const found = document.getElementById("preview");
const form = document.getElementById("try");
const field = form.querySelector("input[name=pattern]");
let waiting = 0;
let asked = 0;

async function show(pattern) {
  if (!pattern.trim()) return;
  const mine = ++asked;
  // A pattern that is not finished is no failure of the page.
  const answer = await fetch(`/codebook/preview?${new URLSearchParams({ pattern, unfinished: "1" })}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // An answer that comes late does not replace that to a later question.
  if (mine !== asked) return;
  const part = page.getElementById("found") || page.getElementById("failure");
  if (part) found.replaceChildren(document.importNode(part, true));
}

form.addEventListener("submit", (event) => { event.preventDefault(); show(field.value); });
document.addEventListener("input", (event) => {
  let pattern = field.value;
  if (event.target.matches("textarea.patterns")) {
    const { value, selectionStart: at } = event.target;
    pattern = value.slice(value.lastIndexOf("\n", at - 1) + 1).split("\n")[0];
    field.value = pattern;
    // Beside the field that it is about.
    event.target.closest("label").after(found);
  } else if (event.target !== field) {
    return;
  } else if (!form.parentElement.contains(found)) {
    form.parentElement.append(found);
  }
  clearTimeout(waiting);
  waiting = setTimeout(() => show(pattern), 350);
});
