// Keyboard and small manners of the staff app. Every page works without this file.
(() => {
  "use strict";
  const typing = (el) => el && (el.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(el.tagName));
  const rowLinks = () => [...document.querySelectorAll("[data-rows]")].flatMap((rows) => rows.tagName === "TABLE"
    ? [...rows.querySelectorAll("tbody > tr:not(.reason)")].map((row) => row.querySelector("a"))
    : [...rows.querySelectorAll("a")]).filter((link) => link && link.offsetParent);
  let waitingForLetter = 0;
  // The keys of the keyboard list are the keys: one table (web/kit/palette/keys.py) prints them and binds them.
  const bound = new Map([...document.querySelectorAll("#keys [data-press]")].map((row) => [row.dataset.press, row.dataset.does]));

  function moveRow(step) {
    const links = rowLinks();
    if (!links.length) return false;
    const row = document.activeElement.closest ? document.activeElement.closest("tr, li") : null;
    const now = links.findIndex((link) => link === document.activeElement || (row && row.contains(link)));
    const next = links[Math.min(Math.max(now < 0 ? (step > 0 ? 0 : links.length - 1) : now + step, 0), links.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function moveBar(bar, step) {
    const bars = [...bar.closest("svg").querySelectorAll(".bar")];
    const next = bars[bars.indexOf(bar) + step];
    if (!next) return;
    bar.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  }

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && at.form) {
      event.preventDefault();
      at.form.requestSubmit();
      return;
    }
    if (event.key === "Escape" && typing(at)) { at.blur(); return; }
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette("");
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (at.closest && at.closest(".bar") && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      moveBar(at.closest(".bar"), event.key === "ArrowRight" ? 1 : -1);
      return;
    }
    if (typing(at)) {
      const offer = at.id === "palette-input" ? document.querySelector("#offers a") : null;
      if (offer && event.key === "ArrowDown") { event.preventDefault(); offer.focus(); }
      else if (event.key === "ArrowDown" && at.type === "search" && moveRow(1)) event.preventDefault();
      return;
    }
    const palette = at.closest && at.closest("dialog.palette[open]");
    if (palette && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const links = [...palette.querySelectorAll("a")], next = links.indexOf(at) + (event.key === "ArrowDown" ? 1 : -1);
      (links[next] || palette.querySelector("input")).focus();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (waitingForLetter && Date.now() - waitingForLetter < 1500) {
      waitingForLetter = 0;
      const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    const find = document.getElementById("find");
    const click = (selector) => { const link = document.querySelector(selector); if (link) link.click(); };
    const does = bound.get(event.key);
    // A page that gives a letter a meaning of its own (data-key) keeps it.
    const own = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (does === "find" && find) { event.preventDefault(); find.focus(); find.select(); }
    else if (does === "command") { event.preventDefault(); openPalette(":"); }
    else if (does === "go") waitingForLetter = Date.now();
    else if (does === "keys") openKeys();
    else if ((event.key === "ArrowDown" || (does === "down" && !own)) && moveRow(1)) event.preventDefault();
    else if ((event.key === "ArrowUp" || (does === "up" && !own)) && moveRow(-1)) event.preventDefault();
    else if (does === "before") click("a[rel=prev]");
    else if (does === "next") click("a[rel=next]");
    else if (event.key === " " && at.matches && at.matches(".why")) { event.preventDefault(); at.click(); }
  });

  function openPalette(typed) {
    const dialog = document.getElementById("palette"), input = document.getElementById("palette-input");
    if (!dialog) return;
    if (!dialog.open) dialog.showModal();
    input.value = typed;
    input.focus();
    input.dispatchEvent(new Event("open"));
  }
  function openKeys() {
    const keys = document.getElementById("keys");
    if (keys) keys.showModal();
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) openKeys();
    const opener = event.target.closest("[data-palette]");
    if (opener) { event.preventDefault(); openPalette(""); }
  });

  // Why? opens in place and closes again; without htmx it is a page of its own.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const why = event.detail.elt.closest(".why");
    if (why && why.getAttribute("aria-expanded") === "true") {
      event.preventDefault();
      document.getElementById(why.getAttribute("aria-controls")).replaceChildren();
      why.setAttribute("aria-expanded", "false");
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const why = event.detail.requestConfig.elt.closest(".why");
    if (why) why.setAttribute("aria-expanded", "true");
  });

  // Empty filters stay out of the address.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") return;
    for (const [name, value] of [...event.detail.formData.entries()]) if (value === "") event.detail.formData.delete(name);
  });
  document.addEventListener("formdata", (event) => {
    if (event.target.method !== "get") return;
    for (const [name, value] of [...event.formData.entries()]) if (value === "") event.formData.delete(name);
  });

  // On a phone the row of tabs scrolls: the one that is open is in sight.
  for (const open of document.querySelectorAll(".areas [aria-current]")) open.closest("ul").scrollLeft = open.offsetLeft - 16;

  // A form that was refused takes the reader to the first thing to put right.
  const wrong = document.querySelector(".refusal, .field.wrong input, .field.wrong select, .field.wrong textarea");
  if (wrong) wrong.focus();
})();
