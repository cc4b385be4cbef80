// The reading view: sentences by key, codings by click and key, parts as they come into view, brackets in the margin.

import { act, isWritten, say } from "./common.js";
import { mark } from "./keys.js";
import { ask, concepts } from "./palette.js";

const reader = document.getElementById("reader");
const text = document.getElementById("text");
const inspector = document.getElementById("inspector");
const sticky = document.getElementById("sticky");
const source = reader.dataset.source;
const MOST_PARTS = 6;
const address = (fields) => `/read?${new URLSearchParams({ source, ...fields })}`;
const parts = () => [...text.querySelectorAll(".part")];

// Brackets ------------------------------------------------------------------------------------------------------------

/** Draws the brackets of a part: one a coding and block, in the column that the server gave it. */
function draw(part) {
  const chips = new Map();
  for (const chip of part.querySelectorAll(".marks .chip")) chips.set(chip.dataset.k, chip);
  const drawn = [];
  for (const block of part.querySelectorAll(".block")) {
    const gutter = block.querySelector(".gutter");
    // From the gutter, in which they stand: on a narrow page it is below the label.
    const { top } = gutter.getBoundingClientRect();
    const ends = new Map();
    for (const piece of block.querySelectorAll(".words [data-k]")) {
      const box = piece.getBoundingClientRect();
      for (const k of piece.dataset.k.split(" ")) {
        const known = ends.get(k);
        if (known) known[1] = Math.max(known[1], box.bottom - top);
        else ends.set(k, [box.top - top, box.bottom - top]);
      }
    }
    drawn.push([gutter, ends]);
  }
  // Read first, write then: a page that does both in turn is laid out anew each time.
  for (const [gutter, ends] of drawn) {
    gutter.replaceChildren(...[...ends].map(([k, [from, to]]) => {
      const chip = chips.get(k);
      const bracket = document.createElement("i");
      bracket.className = chip ? chip.className.replace("chip", "bracket") : "bracket";
      bracket.dataset.k = k;
      bracket.style.top = `${from}px`;
      bracket.style.height = `${Math.max(to - from, 6)}px`;
      bracket.style.right = `${(chip ? Number(chip.dataset.column) : 0) * 6}px`;
      return bracket;
    }));
  }
}
const drawAll = () => parts().forEach(draw);
let waiting = 0;
new ResizeObserver(() => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(drawAll); }).observe(text);

// Parts ---------------------------------------------------------------------------------------------------------------

async function fetchPart(n) {
  const answer = await fetch(address({ part: n, fragment: "part" }));
  // The source is gone: somebody took it away, or an undo did.
  if (answer.status === 204) location.assign("/sources");
  if (answer.status !== 200) return null;
  const made = document.createElement("template");
  made.innerHTML = await answer.text();
  return made.content.querySelector(".part");
}

let loading = false;
async function load(n, before) {
  if (loading || n < 0 || n >= Number(reader.dataset.n)) return;
  if (parts().some((p) => Number(p.dataset.part) === n)) return;
  loading = true;
  const part = await fetchPart(n);
  if (part) {
    if (before) {
      const height = document.documentElement.scrollHeight;
      text.prepend(part);
      scrollBy(0, document.documentElement.scrollHeight - height);
      if (parts().length > MOST_PARTS) parts().at(-1).remove();
    } else {
      text.append(part);
      if (parts().length > MOST_PARTS) {
        const height = document.documentElement.scrollHeight;
        parts()[0].remove();
        scrollBy(0, document.documentElement.scrollHeight - height);
      }
    }
    draw(part);
    watch();
  }
  loading = false;
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((e) => e.isIntersecting)) {
    const n = Number(entry.target.dataset.part);
    if (entry.target === parts().at(-1)) load(n + 1, false);
    // Before: only when somebody scrolls up to it, or each page would jump as it opens.
    else if (entry.target === parts()[0] && scrolled) load(n - 1, true);
  }
}, { rootMargin: "600px" });
let scrolled = false;
addEventListener("scroll", () => {
  scrolled = true;
  const first = parts()[0];
  if (first && first.getBoundingClientRect().top > -200) load(Number(first.dataset.part) - 1, true);
}, { passive: true });
function watch() {
  seen.disconnect();
  parts().forEach((part) => seen.observe(part));
}

/** What has the focus, by what it is when the page was renewed: a sentence, a chip, a button or field beside the text. */
function focused() {
  const now = document.activeElement;
  const sentence = now?.closest?.(".s");
  if (sentence) return { sentence: sentence.dataset.s };
  const chip = now?.closest?.(".chip[data-key]");
  if (chip) return { chip: chip.dataset.key, sentence: chip.dataset.start };
  const shown = now?.closest?.("#inspector section");
  if (!shown) return null;
  const key = shown.dataset.key;
  return { within: place(now), chip: key, sentence: key?.split("-")[0], at: now.selectionStart };
}

/** Gives the focus back: to what had it, or to what is nearest. */
function refocus(had) {
  if (!had || document.activeElement !== document.body) return;
  const same = had.within && [...inspector.querySelectorAll("button,textarea,input,a,summary")].find((e) => place(e) === had.within);
  if (same) {
    same.focus({ preventScroll: true });
    if (had.at !== undefined && same.setSelectionRange) same.setSelectionRange(had.at, had.at);
    return;
  }
  const chip = had.chip && text.querySelector(`.chip[data-key="${CSS.escape(had.chip)}"]`);
  if (chip) {
    chip.focus({ preventScroll: true });
    return;
  }
  const sentence = [...text.querySelectorAll(".s")].findLast((s) => Number(s.dataset.s) <= Number(had.sentence));
  if (sentence) step(sentence, true);
}

/** Which field or button of which form something is, with what the form is about. */
function place(element) {
  const form = element.closest("form");
  const about = form ? [...form.querySelectorAll("input[type=hidden]")].filter((f) => f.name !== "back").map((f) => f.value) : [];
  const which = element.name || element.tagName;
  const value = element.matches("button") ? element.value : "";
  return JSON.stringify([form?.getAttribute("action"), ...about, which, value, element.dataset.key]);
}

/** Puts a section in the place of one that was there: what was being written, and what was unfolded, stays. */
function exchange(old, fresh) {
  const written = [...old.querySelectorAll("textarea")].filter(isWritten).map((field) => [place(field), field.value]);
  const folds = [...old.querySelectorAll("details")].map((fold) => fold.open);
  const had = old.contains(document.activeElement) ? focused() : null;
  old.replaceWith(fresh);
  for (const [which, words] of written) {
    const field = [...fresh.querySelectorAll("textarea")].find((f) => place(f) === which);
    if (field) field.value = words;
  }
  if (old.dataset.key === fresh.dataset.key) fresh.querySelectorAll("details").forEach((fold, n) => { fold.open = folds[n] || false; });
  // At once: a letter that is typed meanwhile would go nowhere, or be a shortcut.
  refocus(had);
}

const isBeingWritten = (section) => [...section.querySelectorAll("textarea")].some(isWritten);

/** Whether a coding is in none of the parts that are shown, though its place is. */
function isGone(key) {
  const start = Number(key.split("-")[0]);
  const part = parts().find((p) => Number(p.dataset.start) <= start && start < Number(p.dataset.end));
  return part && !part.querySelector(`.chip[data-key="${CSS.escape(key)}"]`);
}

async function renewMemos() {
  const answer = await fetch(address({ fragment: "memos" }));
  const made = document.createElement("template");
  if (answer.status === 200) made.innerHTML = await answer.text();
  const fresh = made.content.querySelector("section");
  if (fresh) exchange(inspector.querySelector(".memos"), fresh);
}

/** Renews what is shown after a change. */
async function renew() {
  const had = focused();
  const scrolledTo = scrollY;
  for (const part of parts()) {
    const fresh = await fetchPart(part.dataset.part);
    if (fresh) {
      part.replaceWith(fresh);
      draw(fresh);
    }
  }
  scrollTo(scrollX, scrolledTo);
  const shown = inspector.querySelector(".mark");
  if (shown && !isGone(shown.dataset.key)) await inspect(shown.dataset.key, true);
  // What somebody is writing on a coding that is gone stays in sight.
  else if (shown && !isBeingWritten(shown)) shown.remove();
  await renewMemos();
  refocus(had);
  watch();
}
let renewing = Promise.resolve();
document.addEventListener("changed", ({ detail }) => {
  const followed = detail?.address === "/do/recode" ? () => follow(detail.back) : () => {};
  renewing = renewing.then(renew).then(followed).catch(() => {});
  fill();
});

// Codings -------------------------------------------------------------------------------------------------------------

function highlight(chip) {
  document.querySelectorAll(".chosen").forEach((e) => e.classList.remove("chosen"));
  text.querySelectorAll(".handle").forEach((handle) => handle.remove());
  if (!chip) return;
  const part = chip.closest(".part");
  const k = chip.dataset.k;
  chip.classList.add("chosen");
  for (const e of part.querySelectorAll(`.gutter [data-k="${k}"]`)) e.classList.add("chosen");
  for (const e of part.querySelectorAll(".words [data-k]")) {
    if (e.dataset.k.split(" ").includes(k)) e.classList.add("chosen");
  }
  handles();
}

async function inspect(key, quiet) {
  const chip = text.querySelector(`.chip[data-key="${CSS.escape(key)}"]`);
  const start = key.split("-")[0];
  const answer = await fetch(address({ at: start, mark: key, fragment: "mark" }));
  const made = document.createElement("template");
  if (answer.ok) made.innerHTML = await answer.text();
  const old = inspector.querySelector("section");
  const fresh = made.content.querySelector("section");
  if (fresh) {
    if (old.matches(".memos,.done")) inspector.prepend(fresh);
    else exchange(old, fresh);
  } else if (old.classList.contains("mark")) {
    old.remove();
  }
  mark(inspector);
  highlight(chip);
  if (quiet) return;
  if (isInline()) inspector.scrollIntoView({ block: "start" });
  if (chip) say(chip.textContent.trim(), true);
}

/** Shows a coding again that was given another place or concept, and gives the button the focus back that somebody may press again. */
async function follow(back) {
  const key = new URL(back, location.href).searchParams.get("mark");
  const pressed = lastPressed;
  await inspect(key, true);
  const form = [...inspector.querySelectorAll("form")].find((f) => f.getAttribute("action") === "/do/recode");
  const same = pressed && inspector.querySelector(`button[name=move][value="${pressed}"]`);
  (same || form?.querySelector("select,button"))?.focus({ preventScroll: true });
}
let lastPressed = null;
inspector.addEventListener("submit", ({ submitter }) => { lastPressed = submitter?.name === "move" ? submitter.value : null; }, true);

// Ends ----------------------------------------------------------------------------------------------------------------

const bytes = (words) => new TextEncoder().encode(words).length;

/** Lets whoever made a coding drag its ends; by key the same is done beside the text. */
function handles() {
  text.querySelectorAll(".handle").forEach((handle) => handle.remove());
  const shown = inspector.querySelector(".mark[data-own]");
  const chip = shown && text.querySelector(`.chip[data-key="${CSS.escape(shown.dataset.key)}"]`);
  if (!chip) return;
  const pieces = [...chip.closest(".part").querySelectorAll(".words [data-k]")].filter((p) => p.dataset.k.split(" ").includes(chip.dataset.k));
  const first = pieces.find((p) => p.dataset.s === shown.dataset.start);
  const last = pieces.find((p) => Number(p.dataset.s) + bytes(p.textContent) === Number(shown.dataset.end));
  const put = (piece, isEnd) => {
    const handle = document.createElement("i");
    handle.className = "handle";
    handle.setAttribute("aria-hidden", "true");
    handle.addEventListener("pointerdown", (event) => drag(event, shown, isEnd, isEnd ? first : last));
    if (isEnd) piece.after(handle);
    else piece.before(handle);
  };
  if (first) put(first, false);
  if (last) put(last, true);
}

/** Where in the text a pointer is. */
function caret({ clientX, clientY }) {
  if (document.caretPositionFromPoint) {
    const at = document.caretPositionFromPoint(clientX, clientY);
    return at && { node: at.offsetNode, offset: at.offset };
  }
  const range = document.caretRangeFromPoint(clientX, clientY);
  return range && { node: range.startContainer, offset: range.startOffset };
}

function drag(event, shown, isEnd, other) {
  event.preventDefault();
  event.stopPropagation();
  let found = null;
  const move = (moved) => {
    const at = caret(moved);
    const place = at && text.contains(at.node) ? end(at.node, at.offset, isEnd) : null;
    if (!place) return;
    found = place;
    const still = other?.firstChild;
    if (still) getSelection().setBaseAndExtent(still, isEnd ? 0 : still.length, at.node, at.offset);
  };
  const stop = (let_go) => {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", stop);
    document.removeEventListener("pointercancel", stop);
    // Before the press ends, or what is selected would be taken for words to code.
    getSelection().removeAllRanges();
    if (!found || let_go.type === "pointercancel") return;
    const still = { at: Number(isEnd ? shown.dataset.start : shown.dataset.end), units: 0 };
    const [from, to] = isEnd ? [still, found] : [found, still];
    act("/do/recode", { coding: shown.dataset.own, start: from.at, start_units: from.units, end: to.at, end_units: to.units });
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", stop);
  document.addEventListener("pointercancel", stop);
}

/** Puts the coding that is chosen away, so that the text has the whole window. */
function putAway() {
  const shown = inspector.querySelector(".mark");
  const chip = shown && text.querySelector(`.chip[data-key="${CSS.escape(shown.dataset.key)}"]`);
  shown?.remove();
  highlight(null);
  (chip || text).focus({ preventScroll: !isInline() });
}

/** Whether the coding is shown above the text, where the window is too low for both. */
const isInline = () => getComputedStyle(inspector).position === "static";
inspector.addEventListener("click", (event) => {
  if (!event.target.closest(".close")) return;
  event.preventDefault();
  putAway();
});

/** The codings at a piece, the smallest first; a further call goes to the next one. */
function cycle(piece) {
  const keys = piece.dataset.k.split(" ");
  const part = piece.closest(".part");
  const now = part.querySelector(".marks .chosen")?.dataset.k;
  const next = keys[(keys.indexOf(now) + 1) % keys.length];
  const chip = part.querySelector(`.marks [data-k="${next}"]`);
  if (chip) inspect(chip.dataset.key);
  else if (keys.length > 1) say(keys.length, true);
}

text.addEventListener("click", (event) => {
  const chip = event.target.closest(".chip");
  if (chip) {
    event.preventDefault();
    inspect(chip.dataset.key);
    return;
  }
  if (!getSelection().isCollapsed) return;
  const piece = event.target.closest(".words [data-k]");
  if (piece) cycle(piece);
  const sentence = event.target.closest(".s");
  if (sentence) step(sentence, true, true);
});

// Passages ------------------------------------------------------------------------------------------------------------

/** One end of a selection as the server counts it: a piece of text, and UTF-16 units into it. */
function end(node, offset, isEnd) {
  let piece = node.nodeType === Node.TEXT_NODE ? node.parentElement.closest("[id^=t][data-s]") : null;
  if (piece && text.contains(piece)) return { at: Number(piece.dataset.s), units: offset };
  // Between elements: the piece that the selection meets next.
  const all = [...text.querySelectorAll(".words [id^=t][data-s]")];
  const probe = document.createRange();
  probe.setStart(node, offset);
  const later = all.findIndex((p) => probe.comparePoint(p, 0) >= 0);
  piece = isEnd ? all[(later < 0 ? all.length : later) - 1] : all[later];
  if (!piece) return null;
  return { at: Number(piece.dataset.s), units: isEnd ? piece.textContent.length : 0 };
}

function passage() {
  const selection = getSelection();
  if (!selection.isCollapsed && text.contains(selection.anchorNode) && text.contains(selection.focusNode)) {
    const range = selection.getRangeAt(0);
    const from = end(range.startContainer, range.startOffset, false);
    const to = end(range.endContainer, range.endOffset, true);
    if (from && to) return { from, to, quote: selection.toString().trim() };
  }
  const sentence = document.activeElement?.closest?.(".s");
  if (!sentence) return null;
  return {
    from: { at: Number(sentence.dataset.s), units: 0 },
    to: { at: Number(sentence.dataset.e), units: 0 },
    quote: sentence.textContent.trim(),
  };
}

async function code(found, option) {
  const fields = {
    source, start: found.from.at, start_units: found.from.units, end: found.to.at, end_units: found.to.units,
    concept: option.concept,
  };
  if (option.isNew) fields.role = option.role;
  getSelection().removeAllRanges();
  const at = [...text.querySelectorAll(".s")].findLast((s) => Number(s.dataset.s) <= fields.start);
  // By mouse no sentence has the focus: what comes next begins where somebody is.
  if (at && isNowhere(document.activeElement)) step(at, true);
  await act("/do/mark", fields);
}

function codePassage() {
  const found = passage();
  if (!found || !found.quote) return;
  if (sticky.value) {
    code(found, { concept: sticky.value });
    return;
  }
  const back = document.activeElement;
  const selection = getSelection();
  const range = selection.isCollapsed ? null : selection.getRangeAt(0).cloneRange();
  const refocus = () => { if (back && back.isConnected) back.focus({ preventScroll: true }); };
  ask(found.quote, (option) => { refocus(); code(found, option); }, () => {
    if (isNowhere(back)) {
      const at = [...text.querySelectorAll(".s")].findLast((s) => Number(s.dataset.s) <= found.from.at);
      if (at) step(at, true);
    } else {
      refocus();
    }
    if (range) {
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
  });
}

text.addEventListener("mouseup", (event) => {
  if (event.target.closest(".chip")) return;
  setTimeout(() => {
    const words = getSelection().toString().trim();
    if (!getSelection().isCollapsed && words && passage()) {
      codePassage();
      return;
    }
    const sentence = event.target.closest(".s");
    if (sentence && getSelection().isCollapsed && isNowhere(document.activeElement)) step(sentence, true);
  }, 0);
});

// Sentences -----------------------------------------------------------------------------------------------------------

// Only the sentence where somebody is can have the focus. A press on any other would take it there, while the caret falls at the end
// of the sentence before: browsers drop a selection that lies outside of what has the focus, so the first letter could not be dragged.
function release(but) {
  text.querySelectorAll(".s[tabindex]").forEach((s) => { if (s !== but) s.removeAttribute("tabindex"); });
}
text.addEventListener("pointerdown", () => release(null));

/** Whether what has the focus is no place in the text. */
function isNowhere(element) {
  return element === document.body || element === text;
}

let anchor = null;
function step(sentence, quiet, keep) {
  sentence.tabIndex = 0;
  if (!keep || document.activeElement !== sentence) sentence.focus({ preventScroll: quiet });
  release(sentence);
  if (quiet) return;
  const pieces = [...sentence.querySelectorAll("[data-k]")];
  const names = new Set();
  const part = sentence.closest(".part");
  for (const k of new Set(pieces.flatMap((p) => p.dataset.k.split(" ")))) {
    const chip = part.querySelector(`.marks [data-k="${k}"]`);
    if (chip) names.add(chip.textContent.trim().replace(/^[◇✓●▢✗]\s*/, ""));
  }
  const label = sentence.closest(".block").querySelector(".label").textContent;
  say([label, ...names].join("; "), true);
}

function select(from, to) {
  const [first, last] = from.compareDocumentPosition(to) & Node.DOCUMENT_POSITION_PRECEDING ? [to, from] : [from, to];
  const range = document.createRange();
  range.setStartBefore(first.firstChild);
  range.setEndAfter(last.lastChild);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

text.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest(".chip")) return;
  if (event.key === "Enter") {
    event.preventDefault();
    codePassage();
    return;
  }
  const way = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!way) return;
  event.preventDefault();
  const all = [...text.querySelectorAll(".s")];
  const now = all.indexOf(document.activeElement.closest(".s"));
  const start = all.findIndex((s) => s.getBoundingClientRect().bottom > 0);
  const next = all[now < 0 ? Math.max(start, 0) : Math.min(Math.max(now + way, 0), all.length - 1)];
  if (!next) return;
  if (event.shiftKey) {
    anchor ??= all[now] ?? next;
    step(next);
    select(anchor, next);
  } else {
    anchor = null;
    getSelection().removeAllRanges();
    step(next);
  }
});

document.addEventListener("shortcut", (event) => {
  const here = document.activeElement.closest?.(".s");
  if (event.detail === "cycle") {
    event.preventDefault();
    const chosen = here && (here.querySelector(".chosen") || here.querySelector("[data-k]"));
    if (chosen) cycle(chosen);
  } else if (event.detail === "correct" && here) {
    event.preventDefault();
    location.assign(`/correct?${new URLSearchParams({ source, at: here.dataset.s })}`);
  }
});

async function fill() {
  const { concepts: all } = await concepts();
  const chosen = sticky.value;
  sticky.replaceChildren(sticky.options[0], ...all.map((c) => new Option(c.label, c.id, false, c.id === chosen)));
  sticky.closest(".sticky").hidden = false;
}

fill();
drawAll();
watch();
// A place that no coding begins at has no anchor of its own: its piece is shown.
const wanted = new URLSearchParams(location.search).get("at");
if (wanted && !document.getElementById(`t${wanted}`)) {
  const before = [...text.querySelectorAll(".words [id^=t][data-s]")].filter((p) => Number(p.dataset.s) <= Number(wanted));
  before.at(-1)?.scrollIntoView({ block: "center" });
}
const first = text.querySelector(".marks .chosen");
if (first) highlight(first);
