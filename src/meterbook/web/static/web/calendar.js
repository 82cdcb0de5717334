// The billing calendar's dates: Why in place, arrows from date to date, e sets another day. Works without this file.
(() => {
  "use strict";
  const cells = (row) => [...row.querySelectorAll("td > a")];
  const grid = (link) => link.closest("[data-days]");

  function closed(link) {
    const reason = link.closest("tr").nextElementSibling;
    if (reason && reason.classList.contains("reason")) reason.remove();
    for (const each of cells(link.closest("tr"))) each.setAttribute("aria-expanded", "false");
  }

  function open(link) {
    const was = link.getAttribute("aria-expanded") === "true";
    closed(link);
    if (was) return;
    const row = document.createElement("tr");
    row.className = "reason";
    const cell = row.insertCell();
    cell.colSpan = link.closest("tr").cells.length;
    cell.setAttribute("aria-live", "polite");
    link.closest("tr").after(row);
    link.setAttribute("aria-expanded", "true");
    htmx.ajax("GET", link.href, { target: cell, swap: "innerHTML" });
  }

  function moved(link, key) {
    const row = link.closest("tr"), at = cells(row).indexOf(link);
    if (key === "ArrowLeft" || key === "ArrowRight") return cells(row)[at + (key === "ArrowRight" ? 1 : -1)];
    const rows = [...grid(link).querySelectorAll("tbody > tr:not(.reason)")];
    const next = rows[rows.indexOf(row) + (key === "ArrowDown" ? 1 : -1)];
    return next && cells(next)[at];
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-days] td > a");
    if (!link || link.closest(".reason") || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });

  document.addEventListener("keydown", (event) => {
    const link = event.target.closest && event.target.closest("[data-days] td > a");
    if (!link || link.closest(".reason") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      event.stopPropagation();
      const next = moved(link, event.key);
      if (next) { next.focus(); next.scrollIntoView({ block: "nearest", inline: "nearest" }); }
    } else if (event.key === "e") {
      event.stopPropagation();
      window.location.assign(`${link.href}set/`);
    }
  }, true);

  const ready = () => {
    for (const link of document.querySelectorAll("[data-days] td > a:not([aria-expanded])")) link.setAttribute("aria-expanded", "false");
  };
  document.addEventListener("htmx:afterSwap", ready);
  ready();
})();
