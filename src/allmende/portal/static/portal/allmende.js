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

// Where no answer comes, the page says so: else a vote would be lost without anybody noticing.
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    document.querySelector(".al-failed")?.remove();
    const note = document.querySelector("#al-failed").content.firstElementChild.cloneNode(true);
    event.detail.target.before(note);
    note.focus();
  });
}
