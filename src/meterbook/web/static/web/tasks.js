// The queue of tasks by keyboard: c takes, d is done, h hands over; on the row one stands on, or on the open task.
(() => {
  "use strict";
  // After a deed the page comes again: one stands on the row that moved up into the place of the one just done.
  const rows = () => [...document.querySelectorAll("[data-tasks] tbody tr")];
  const kept = sessionStorage.getItem("task-row");
  sessionStorage.removeItem("task-row");
  if (kept !== null && rows().length) {
    const link = rows()[Math.min(Number(kept), rows().length - 1)].querySelector("a");
    if (link) link.focus();
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target;
    if ((at && (at.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName))) || document.querySelector("dialog[open]")) return;
    const button = document.querySelector(`[data-task-key="${CSS.escape(event.key)}"]`);
    if (button) { event.preventDefault(); button.click(); return; }
    const row = at.closest ? at.closest("[data-tasks] tbody tr") : null;
    const link = row && row.querySelector("a[href*='/tasks/']");
    const form = document.getElementById("on-task");
    if (!link || !form) return;
    const page = new URL(link.href).pathname;
    if (event.key === "h") { event.preventDefault(); location.assign(`${page}hand-over/`); return; }
    const deed = { c: "claim/", d: "done/" }[event.key];
    if (!deed) return;
    event.preventDefault();
    sessionStorage.setItem("task-row", String(rows().indexOf(row)));
    form.action = page + deed;
    form.submit();
  });
})();
