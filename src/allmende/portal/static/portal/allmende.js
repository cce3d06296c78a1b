"use strict";
// Everything works without this file. It only makes ways shorter.

// After a failed form, the summary of errors gets the focus, so that it is read first.
document.querySelector("[data-focus]")?.focus();

// The QR code of a letter carries its code behind the #, which no server and no log gets to see.
const code = location.hash.match(/^#([0-9A-Z-]{16,})$/)?.[1];
const codeField = document.querySelector("[data-from-fragment]");
if (code && codeField) {
  codeField.value = code;
  history.replaceState(null, "", location.pathname + location.search);
}

// Keys 1, 2, 3 … press the button that names them; not while somebody types.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.target.matches("input:not([type=radio]), textarea, select")) return;
  document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
});

// The key / leads to the search; on a phone, its field is folded away with the menu.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches("input, textarea, select")) return;
  const field = document.querySelector("[data-find]");
  if (!field) return;
  event.preventDefault();
  field.closest("details")?.setAttribute("open", "");
  field.focus();
  field.select();
});

// One tick for all lines of a page.
const tickAll = document.querySelector("[data-tick-all]");
if (tickAll) {
  const ticks = document.querySelectorAll("[data-tick]");
  tickAll.closest("[hidden]").hidden = false;
  tickAll.addEventListener("change", () => ticks.forEach((tick) => { tick.checked = tickAll.checked; }));
}

// After htmx has put in a new part, what it marks is read next.
document.addEventListener("htmx:afterSwap", (event) => {
  document.querySelector(".al-failed")?.remove();
  event.detail.elt.querySelector("[data-focus]")?.focus();
});

// What somebody has unfolded stays so when a newer part of the page comes.
let unfolded = [];
document.addEventListener("htmx:beforeSwap", () => {
  unfolded = [...document.querySelectorAll("details[open][id]")].map((one) => one.id);
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
});

// On paper nothing can be unfolded. (Newer browsers are told so by the style sheet.)
let printed = [];
addEventListener("beforeprint", () => {
  printed = [...document.querySelectorAll("details.al-printed:not([open])")];
  for (const one of printed) one.open = true;
});
addEventListener("afterprint", () => printed.forEach((one) => { one.open = false; }));

// Where no answer comes, the page says so: else a vote would be lost without anybody noticing.
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    // What the page asks for by itself, it asks for again: it only says that it gets no answer.
    const live = event.detail.elt.closest("[data-live]") ?? event.detail.elt.closest("[hx-trigger*=neues]");
    if (live && !event.detail.elt.matches("form")) {
      document.querySelector(".al-offline")?.removeAttribute("hidden");
      return;
    }
    if (event.type !== "htmx:responseError" && event.detail.elt.matches("form[data-keep]")) {
      drafts.unsent(event.detail.elt);
      return;
    }
    document.querySelector(".al-failed")?.remove();
    const note = document.querySelector("#al-failed").content.firstElementChild.cloneNode(true);
    event.detail.target.before(note);
    note.focus();
  });
}

// What somebody types into a form that is marked so stays in this browser until the server has it: a phone that
// loses its connection loses no words. The key of the form goes with them, so that sent twice is sent once.
const drafts = {
  name: (form) => `keep:${location.pathname}:${form.dataset.keep}`,
  fields: (form) => [...form.querySelectorAll("textarea, select, input:not([type=hidden], [type=file], [type=password])")],
  isTick: (field) => field.matches("[type=radio], [type=checkbox]"),
  save(form) {
    const words = {};
    for (const field of drafts.fields(form)) {
      if (!drafts.isTick(field)) words[field.name] = field.value;
      else if (field.checked) words[field.name] = [...(words[field.name] ?? []), field.value];
    }
    const key = form.querySelector("[name=key]")?.value;
    localStorage.setItem(drafts.name(form), JSON.stringify({ key, words }));
  },
  // The page, or the part of it, that comes after a form says which one the server has.
  forget(key) {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("keep:") && JSON.parse(localStorage.getItem(name)).key === key) localStorage.removeItem(name);
    }
  },
  restore(form) {
    const saved = JSON.parse(localStorage.getItem(drafts.name(form)) ?? "null");
    if (!saved) return;
    const fields = drafts.fields(form);
    const ticked = new Set(fields.filter((field) => drafts.isTick(field) && field.checked).map((field) => field.name));
    // To whom belongs to what was written: without words, the page knows better.
    const wrote = fields.some((field) => field.matches("textarea") && saved.words[field.name]?.trim());
    for (const field of fields) {
      const words = saved.words[field.name];
      if (!words) continue;
      if (drafts.isTick(field)) {
        if (!ticked.has(field.name)) field.checked = words.includes(field.value);
      } else if (field.matches("select")) {
        if (wrote && [...field.options].some((option) => option.value === words)) field.value = words;
      } else if (!field.value.trim()) field.value = words;
    }
    if (saved.key && form.elements.key) form.elements.key.value = saved.key;
  },
  // Whoever sends without a connection is told so on the page, and sends once more when there is one.
  unsent(form) {
    form.querySelector(".al-kept")?.remove();
    drafts.save(form);
    const note = document.querySelector("#al-kept").content.firstElementChild.cloneNode(true);
    (form.querySelector(".al-row") ?? form.lastElementChild).before(note);
    note.focus();
  },
};
// The smallest thing that the server answers with.
const probe = document.currentScript.src;
// Before a form leaves the page, whether anything answers: else the browser's own error page would stand there.
async function sendIfReached(event) {
  const form = event.target;
  if (form.dataset.reached !== undefined) {
    delete form.dataset.reached;
    return;
  }
  event.preventDefault();
  if (form.dataset.asking !== undefined) return;
  form.dataset.asking = "";
  try {
    await fetch(probe, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(10000) });
    form.dataset.reached = "";
    form.requestSubmit(event.submitter);
  } catch {
    drafts.unsent(form);
  } finally {
    delete form.dataset.asking;
  }
}
const sent = new URLSearchParams(location.search).get("gesendet");
if (sent) drafts.forget(sent);
function keepDrafts() {
  for (const one of document.querySelectorAll("[data-sent]")) drafts.forget(one.dataset.sent);
  for (const form of document.querySelectorAll("form[data-keep]:not([data-kept])")) {
    form.dataset.kept = "";
    drafts.restore(form);
    form.addEventListener("input", () => drafts.save(form));
    if (!form.hasAttribute("hx-post")) form.addEventListener("submit", sendIfReached);
  }
}
keepDrafts();
// A form that comes later, as when an exercise begins, keeps them as well.
document.addEventListener("htmx:afterSwap", keepDrafts);
