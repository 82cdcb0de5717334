// Answers under the search box while somebody types: arrows choose, Enter goes, Escape closes. Without this file, and
// without htmx, Enter asks the Find page.
(() => {
  "use strict";
  const input = document.getElementById("find");
  const box = document.getElementById("as-typed");
  if (!input || !box) return;
  let chosen = -1;
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-expanded": "false", "aria-controls": "as-typed", "aria-autocomplete": "list",
  })) input.setAttribute(name, value);
  const options = () => [...box.querySelectorAll("[role=option]")];

  function choose(next) {
    const all = options();
    all.forEach((each) => each.setAttribute("aria-selected", "false"));
    chosen = all.length ? (next + all.length + 1) % (all.length + 1) : -1;
    if (chosen === all.length) chosen = -1;
    if (chosen < 0) { input.removeAttribute("aria-activedescendant"); return; }
    all[chosen].setAttribute("aria-selected", "true");
    all[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[chosen].id);
  }

  function show(open) {
    box.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) choose(-1);
  }

  input.addEventListener("keydown", (event) => {
    if (box.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options().length) {
      choose(chosen < 0 && step < 0 ? options().length - 1 : chosen + step);
    } else if (event.key === "Enter" && chosen >= 0) {
      options()[chosen].click();
    } else if (event.key === "Escape") {
      show(false);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener("input", () => { if (input.value.trim().length < 2) show(false); });
  input.form.addEventListener("focusout", (event) => { if (!input.form.contains(event.relatedTarget)) show(false); });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== box) return;
    chosen = -1;
    show(box.children.length > 0 && document.activeElement === input && input.value.trim().length > 1);
  });
})();
