// Ten-key manners of the sheet: digits only, Enter to the next meter, * to its reasons. The sheet works without this.
(() => {
  "use strict";
  const fields = () => [...document.querySelectorAll("[data-key]:not([readonly])")];
  const save = () => document.querySelector("[data-save]");

  function move(from, step) {
    const all = fields(), next = all[all.indexOf(from) + step];
    const target = next || (step > 0 ? save() : null);
    if (!target) return;
    target.focus();
    if (target.select) target.select();
    target.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (at.matches("[data-key]")) {
      if (event.key === "Enter" || event.key === "ArrowDown") { event.preventDefault(); move(at, 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); move(at, -1); }
      else if (event.key === "*") {
        event.preventDefault();
        const why = at.closest("li").querySelector("[data-why]");
        if (why) why.focus();
      }
    } else if (at.matches("[data-why]") && event.key === "Enter") {
      event.preventDefault();
      move(at.closest("li").querySelector("[data-key]"), 1);
    }
  });

  document.addEventListener("beforeinput", (event) => {
    const at = event.target;
    if (!at.matches || !at.matches("[data-key]") || !event.data) return;
    const allowed = at.dataset.key === "decimal" ? /^[0-9.]+$/ : /^[0-9]+$/;
    if (!allowed.test(event.data)) event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("input.photo")) {
      const label = document.querySelector(`label[for="${event.target.id}"]`);
      label.classList.toggle("chosen", event.target.files.length > 0);
    }
  });

  // Without a connection a value is not lost: it stays in its field, and the row says that it is not kept yet.
  document.addEventListener("htmx:sendError", (event) => {
    const at = event.detail.elt, form = at.closest("form.sheet");
    if (form) document.getElementById(`verdict-${at.id.slice(5)}`).textContent = form.dataset.lost;
  });

  const first = fields().find((each) => !each.value);
  if (first && !document.querySelector(".refusal, .message")) first.focus({ preventScroll: true });
})();
