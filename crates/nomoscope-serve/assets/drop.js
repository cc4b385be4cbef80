// Files that are dropped onto the page are what its form sends.

import { say } from "./common.js";

const form = document.getElementById("upload");
const files = form.querySelector("input[type=file]");

addEventListener("dragover", (event) => {
  if (![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});
addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  document.body.classList.remove("dropping");
  files.files = event.dataTransfer.files;
  say(`${files.files.length} …`);
  form.requestSubmit(form.querySelector("button.primary"));
});
