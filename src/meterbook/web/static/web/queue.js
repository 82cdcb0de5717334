// The exception queue by keyboard: one letter for each decision, ticks, a value while it is typed.
// Every page works without this file.
(() => {
  "use strict";
  const typing = (el) => el && (el.isContentEditable || (/^(INPUT|SELECT|TEXTAREA)$/.test(el.tagName) && !/^(checkbox|radio)$/.test(el.type)));
  const bulk = document.querySelector(".bulk");

  // What is ticked, in words.
  const boxes = () => [...document.querySelectorAll(".cases tbody input[name=item]")];
  function tell() {
    const count = document.querySelector("[data-count]");
    if (!count) return;
    const n = boxes().filter((box) => box.checked).length;
    count.textContent = n === 0 ? count.dataset.none : n === 1 ? count.dataset.one : count.dataset.many.replace("%n", n);
    const all = document.querySelector("[data-all]");
    if (all) { all.checked = n > 0 && n === boxes().length; all.indeterminate = n > 0 && n < boxes().length; }
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.matches("[data-all], input[name=item]")) tell();
  });

  function step(direction) {
    const key = direction > 0 ? "ArrowDown" : "ArrowUp";
    (document.activeElement || document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key === "Escape") close();
      return;
    }
    const at = event.target;
    if (event.key === "Escape") { close(); return; }
    if (event.key === "Enter" && at.matches && at.matches(".ten-key") && !at.form.elements.reason.value) {
      event.preventDefault();
      at.form.elements.reason.focus();
      return;
    }
    if (typing(at) || document.querySelector("dialog[open]")) return;
    const row = at.closest ? at.closest(".cases tbody tr") : null;
    if (event.key === " " && row && at.type !== "checkbox") {
      const box = row.querySelector("input[name=item]");
      if (box) { event.preventDefault(); box.checked = !box.checked; tell(); }
      return;
    }
    const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (found) {
      if (bulk && found.closest(".bulk") && !boxes().some((box) => box.checked)) return;
      event.preventDefault();
      found.focus();
      found.click();
    } else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
  });

  // The form of a decision: opened, its first field has the focus; closed, the button that opened it.
  let opener = null;
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".acts a[hx-get]");
    if (link) opener = link;
    const shut = event.target.closest("[data-close]");
    if (shut) { event.preventDefault(); close(); }
    const value = event.target.closest("[data-value]");
    if (value) {
      const field = document.querySelector(".ten-key");
      field.value = value.dataset.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    }
  });
  function close() {
    const panel = document.getElementById("panel");
    if (!panel || !panel.classList.contains("open")) return;
    panel.replaceChildren();
    panel.classList.remove("open");
    for (const each of document.querySelectorAll(".acts .chosen")) each.classList.remove("chosen");
    if (opener) opener.focus();
  }
  document.addEventListener("htmx:afterSwap", (event) => {
    if (document.getElementById("table") === event.detail.elt || event.detail.target.id === "table") tell();
    const form = document.querySelector("[data-panel]");
    if (!form || event.detail.target.id !== "panel") return;
    for (const each of document.querySelectorAll(".acts .chosen")) each.classList.remove("chosen");
    if (opener) opener.classList.add("chosen");
    const first = form.querySelector("[autofocus], input:not([type=hidden]), select, textarea");
    if (first) first.focus();
  });

  // Ten keys: nothing but digits, a point and the comma people put between thousands.
  document.addEventListener("beforeinput", (event) => {
    if (event.target.matches && event.target.matches(".ten-key") && event.data && /[^0-9.,]/.test(event.data)) event.preventDefault();
  });

  // After a decision the next case is here: what was done is said, and the keys work at once.
  const message = document.querySelector(".messages");
  const wrong = document.querySelector(".refusal, .field.wrong");
  const form = document.querySelector("[data-panel]");
  if (form && !wrong) { const first = form.querySelector("[autofocus], input:not([type=hidden])"); if (first) first.focus(); }
  else if (message && !wrong) { message.tabIndex = -1; message.focus(); }
  tell();
})();
