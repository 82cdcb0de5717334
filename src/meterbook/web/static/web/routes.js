// The order of a route's stops, by drag and by keyboard. Every button of the page works without this file.
(() => {
  "use strict";
  const form = document.querySelector("#route-form[data-order]");
  if (!form) return;
  const body = form.querySelector("tbody");
  const first = Number(form.elements.start.value) + 1;
  const told = form.querySelector("[data-told]");
  const unsaved = form.querySelector("[data-unsaved]");
  const rows = () => [...body.rows];
  const chosen = () => rows().filter((row) => row.querySelector("[name=chosen]").checked);
  let leaving = false;

  function renumber(row) {
    rows().forEach((each, at) => {
      const now = String(first + at);
      const cell = each.querySelector("[data-at]");
      for (const named of each.querySelectorAll("[aria-label]")) {
        named.setAttribute("aria-label", named.getAttribute("aria-label").replace(cell.textContent, now));
      }
      cell.textContent = now;
    });
    unsaved.hidden = false;
    if (row) {
      told.textContent = form.dataset.says.replace("{what}", row.dataset.what)
        .replace("{at}", row.querySelector("[data-at]").textContent);
    }
  }

  // The row's own, or with it every chosen one, in the order they have.
  const moving = (row) => (row.querySelector("[name=chosen]").checked ? chosen() : [row]);

  function shift(row, step) {
    const group = moving(row);
    const all = rows();
    const edge = step < 0 ? all.indexOf(group[0]) - 1 : all.indexOf(group[group.length - 1]) + 1;
    const beside = all[edge];
    if (!beside) return;
    if (step < 0) beside.before(...group);
    else beside.after(...group);
    renumber(row);
    row.scrollIntoView({ block: "nearest" });
  }

  body.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=up], button[name=down]");
    if (!button) return;
    const row = button.closest("tr");
    const all = rows();
    const step = button.name === "up" ? -1 : 1;
    const group = moving(row);
    const edge = step < 0 ? all.indexOf(group[0]) === 0 : all.indexOf(group[group.length - 1]) === all.length - 1;
    if (edge) return; // over the edge of the page: the server moves it
    event.preventDefault();
    shift(row, step);
    button.focus();
  });
  body.addEventListener("keydown", (event) => {
    if (!event.altKey || !(event.key === "ArrowUp" || event.key === "ArrowDown")) return;
    const row = event.target.closest("tr");
    event.preventDefault();
    const at = event.target;
    shift(row, event.key === "ArrowUp" ? -1 : 1);
    at.focus();
  });

  form.querySelector("[name=to_place]").addEventListener("click", (event) => {
    const group = chosen();
    const wanted = Number(form.elements.position.value);
    const last = first + rows().length - 1;
    if (!group.length || !Number.isInteger(wanted) || wanted < first || wanted > last - group.length + 1) return;
    event.preventDefault();
    const rest = rows().filter((row) => !group.includes(row));
    const at = wanted - first;
    if (rest[at]) rest[at].before(...group);
    else rest[rest.length - 1].after(...group);
    renumber(group[0]);
    group[0].querySelector("[name=chosen]").focus();
  });
  // Enter in the position field moves, not saves.
  form.elements.position.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    form.querySelector("[name=to_place]").click();
  });

  let dragged = null;
  for (const cell of body.querySelectorAll("[data-at]")) cell.draggable = true;
  body.addEventListener("dragstart", (event) => {
    const row = event.target.closest("tr");
    dragged = moving(row);
    for (const each of dragged) each.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.dataset.stop);
  });
  body.addEventListener("dragover", (event) => {
    const row = event.target.closest("tr");
    if (!dragged || !row) return;
    event.preventDefault();
    if (dragged.includes(row)) return;
    const box = row.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) row.before(...dragged);
    else row.after(...dragged);
  });
  body.addEventListener("drop", (event) => event.preventDefault());
  body.addEventListener("dragend", () => {
    if (!dragged) return;
    for (const each of dragged) each.classList.remove("dragged");
    renumber(dragged[0]);
    dragged = null;
  });

  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!unsaved.hidden && !leaving) event.preventDefault();
  });
})();
