// The cashier's window by keyboard: Enter moves on, function keys go to a field, the slip survives a lost connection.
// Every page works without this file.
(() => {
  "use strict";
  const KEPT = "meterbook.counter";
  const slip = () => document.getElementById("slip");
  const cents = (text) => {
    const plain = text.trim().replace(/^\$/, "").replaceAll(",", "");
    if (/^\d{1,9}$/.test(plain)) return Number(plain);
    const found = /^(\d{0,7})\.(\d{0,2})$/.exec(plain);
    return found && plain !== "." ? Number(found[1] || 0) * 100 + Number(found[2].padEnd(2, "0") || 0) : null;
  };
  const shown = (value) => `${Math.trunc(value / 100)}.${String(value % 100).padStart(2, "0")}`;
  const grouped = (value) => shown(value).replace(/\B(?=(\d{3})+\.)/g, ",");
  const sum = (selector) => [...slip().querySelectorAll(selector)].reduce((all, each) => all + (cents(each.value) || 0), 0);

  function reckon() {
    if (!slip()) return;
    const total = sum("[data-line]"), left = sum("[data-given]") - total;
    document.getElementById("total").textContent = grouped(total);
    document.getElementById("due").textContent = grouped(Math.abs(left));
    document.getElementById("due-words").textContent = left < 0 ? slip().dataset.missing : slip().dataset.change;
  }

  function go(field) {
    if (!field) return;
    field.focus();
    if (field.select) field.select();
    field.scrollIntoView({ block: "nearest" });
  }
  const tidy = (field) => {
    const value = cents(field.value);
    if (value !== null) field.value = shown(value);
  };

  function place() {
    const wrong = slip() && slip().querySelector(".refusal");
    const asked = slip() && document.getElementById(slip().dataset.focus || "entry");
    if (asked && !wrong) go(asked);
    else if (wrong) { const entry = document.getElementById("entry"); entry.setAttribute("aria-describedby", "wrong"); wrong.id = "wrong"; go(entry); }
    reckon();
  }

  // What is kept while there is no connection: account numbers, amounts and the key; no name, no check, no card.
  function keep() {
    const data = [...new FormData(slip()).entries()].filter(([name]) => !["csrfmiddlewaretoken", "reference", "entry"].includes(name));
    localStorage.setItem(KEPT, JSON.stringify({ data, action: slip().dataset.take }));
  }
  const say = (words) => {
    const place = document.getElementById("offline");
    place.hidden = !words;
    place.textContent = words || "";
  };

  async function sent(action, body) {
    const answer = await fetch(action, { method: "POST", body, headers: { "X-Requested-With": "counter" } });
    const text = await answer.text();
    return { answer, page: new DOMParser().parseFromString(text, "text/html") };
  }
  let busy = false, waiting = 0;

  async function send(action, body, taking) {
    if (busy) return;
    busy = true;
    try {
      const { answer, page } = await sent(action, body);
      say("");
      if (taking) localStorage.removeItem(KEPT);
      if (answer.redirected && !page.getElementById("slip")) { window.location.assign(answer.url); return; }
      for (const part of ["slip", "done", "tape"]) {
        const old = document.getElementById(part), fresh = page.getElementById(part);
        if (old && fresh) old.replaceWith(document.adoptNode(fresh));
      }
      place();
    } catch {
      if (taking) {
        keep();
        say(document.getElementById("offline").dataset.words);
        clearTimeout(waiting);
        waiting = setTimeout(again, 5000);
      } else say(document.getElementById("offline").dataset.words);
    } finally {
      busy = false;
    }
  }
  const take = () => send(slip().dataset.take, new FormData(slip()), true);
  function again() {
    if (localStorage.getItem(KEPT) && slip() && sum("[data-line]") > 0) take();
    else resume();
  }

  // A page that was closed without a connection is sent again as it stood; its key makes one receipt of it at most.
  function resume() {
    const kept = JSON.parse(localStorage.getItem(KEPT) || "null");
    if (!kept || !slip()) return;
    const body = new FormData();
    body.append("csrfmiddlewaretoken", slip().querySelector("[name=csrfmiddlewaretoken]").value);
    for (const [name, value] of kept.data) {
      body.append(name, value);
      if (name === "given") body.append("reference", "");
    }
    say(document.getElementById("offline").dataset.kept);
    send(kept.action, body, true);
  }

  const filled = (kind) => [...slip().querySelectorAll(`[data-given="${kind}"]`)];
  function tender(kind) {
    const empty = filled(kind).find((each) => !each.value);
    if (empty) { go(empty); return; }
    const body = new FormData(slip());
    body.append("more", kind);
    body.delete("entry");
    send(slip().action, body, false);
  }

  function next(field) {
    if (field.matches("[data-tenkey]")) tidy(field);
    reckon();
    if (field.matches("[data-line]")) { go(document.getElementById("entry")); return; }
    const enough = sum("[data-line]") > 0 && sum("[data-given]") >= sum("[data-line]");
    const number = field.matches("[data-given]") && field.value && field.closest("tr").querySelector("[data-number]");
    if (number) { go(number); return; }
    const rest = [...slip().querySelectorAll("[data-given]")];
    const after = rest[rest.indexOf(field.closest("tr").querySelector("[data-given]")) + 1];
    go(enough || !after ? document.getElementById("take") : after);
  }

  document.addEventListener("keydown", (event) => {
    if (!slip() || document.querySelector("dialog[open]")) return;
    const keys = { F2: () => go(document.getElementById("entry")), F4: () => go(filled("cash")[0]), F6: () => tender("check"), F7: () => tender("money_order"), F8: () => go(filled("card")[0]), F9: take, F10: () => { const print = document.querySelector("[data-print]"); if (print) print.click(); } };
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); return; }
    const at = event.target;
    if (!slip().contains(at) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "*" && at.matches("[data-given]")) {
      event.preventDefault();
      at.value = "";
      const left = sum("[data-line]") - sum("[data-given]");
      if (left > 0) at.value = shown(left);
      reckon();
    } else if (event.key === "Enter" && at.id === "entry") {
      event.preventDefault();
      if (at.value.trim()) send(slip().action, new FormData(slip()), false);
      else if (slip().querySelector("[data-line]")) go(filled("cash")[0]);
    } else if (event.key === "Enter" && at.matches("[data-tenkey], [data-number]")) {
      event.preventDefault();
      next(at);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && at.matches(".choose button")) {
      event.preventDefault();
      go(event.key === "ArrowDown" ? at.nextElementSibling : at.previousElementSibling);
    }
  });

  // Ctrl-Enter, the buttons, and Enter on a button come here too.
  document.addEventListener("submit", (event) => {
    if (event.target.id === "void" && event.target.closest("dialog")) { event.preventDefault(); voided(event.target); return; }
    if (event.target !== slip()) return;
    event.preventDefault();
    const button = event.submitter, body = new FormData(slip(), button);
    if (!button || button.id === "take") take();
    else send(slip().action, body, false);
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-tenkey]")) reckon();
    if (event.target.matches("[data-piece]")) counted();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches && event.target.matches("[data-tenkey]")) tidy(event.target);
  });
  document.addEventListener("beforeinput", (event) => {
    if (event.target.matches && event.target.matches("[data-tenkey]") && event.data && !/^[0-9.,$]+$/.test(event.data)) event.preventDefault();
  });

  // A void is signed in a dialog: what is typed on the slip stays.
  const dialog = document.getElementById("voiding");
  function ask(page) {
    dialog.replaceChildren(document.adoptNode(page.getElementById("void")));
    if (!dialog.open) dialog.showModal();
    go(dialog.querySelector(".wrong input, .wrong select, select"));
  }
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-void]");
    if (link && dialog) {
      event.preventDefault();
      const answer = await fetch(link.href);
      ask(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } else if (event.target.closest("dialog [data-cancel]")) { event.preventDefault(); dialog.close(); go(document.getElementById("entry")); }
  });
  async function voided(form) {
    const { answer, page } = await sent(form.action, new FormData(form));
    if (!answer.redirected) { ask(page); return; }
    dialog.close();
    const fresh = new DOMParser().parseFromString(await (await fetch(window.location.pathname)).text(), "text/html");
    document.getElementById("tape").replaceWith(document.adoptNode(fresh.getElementById("tape")));
    const said = page.querySelector(".messages");
    if (said) document.getElementById("done").replaceChildren(document.adoptNode(said));
    go(document.getElementById("entry"));
  }

  // Counting: Enter goes to the next denomination, the cash counted is added up.
  function counted() {
    const pieces = [...document.querySelectorAll("[data-piece]")];
    const all = pieces.reduce((made, each) => made + Number(each.dataset.piece) * (/^\d+$/.test(each.value) ? Number(each.value) : 0), 0);
    document.getElementById("counted").textContent = grouped(all);
  }
  const count = document.querySelector("form.count");
  if (count) {
    const fields = [...count.querySelectorAll("input:not([type=hidden])")];
    count.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.ctrlKey || !fields.includes(event.target)) return;
      event.preventDefault();
      go(fields[fields.indexOf(event.target) + 1] || count.querySelector("button"));
    });
    if (!document.querySelector(".refusal, .wrong")) go(fields[0]);
    counted();
  }

  window.addEventListener("online", again);
  place();
  resume();
})();
