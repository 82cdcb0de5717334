// The account page by keyboard: its own letters, the balance copied, a contact logged where one stands.
// Every page works without this file.
(() => {
  "use strict";
  const typing = (el) => el && (el.isContentEditable || (/^(INPUT|SELECT|TEXTAREA)$/.test(el.tagName) && !/^(checkbox|radio)$/.test(el.type)));

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && document.querySelector("#log form")) { shut(); return; }
    if (typing(event.target) || document.querySelector("dialog[open]") || event.repeat) return;
    const found = document.querySelector(`main [data-key="${CSS.escape(event.key)}"]`);
    if (!found) return;
    event.preventDefault();
    found.click();
  });

  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) copied(copy);
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest("#log [data-close]")) { event.preventDefault(); shut(); }
  });

  async function copied(button) {
    const said = button.parentElement.querySelector("[data-copied]");
    try { await navigator.clipboard.writeText(button.dataset.copy); } catch {
      const box = document.createElement("textarea");
      box.value = button.dataset.copy;
      button.after(box);
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    said.hidden = false;
    setTimeout(() => { said.hidden = true; }, 2000);
  }

  function shut() {
    const place = document.getElementById("log"), opener = document.querySelector('[data-key="l"]');
    if (!place || !place.firstElementChild) return;
    place.replaceChildren();
    if (opener) opener.focus();
  }

  // The form that came is typed into at once; what is typed is kept on the way.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "log") return;
    const words = event.target.querySelector("textarea");
    if (!words) return;
    words.focus();
    words.setSelectionRange(words.value.length, words.value.length);
  });

  let waiting = 0, filled = "";
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-contact]");
    if (!form || event.target.name !== "words") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(form), 700);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-contact]");
    if (!form || event.target.name !== "reason") return;
    const chosen = event.target.selectedOptions[0], words = form.elements.words, day = form.elements.follow_up_on;
    if (words.value.trim() === "" || words.value === filled) words.value = filled = chosen.dataset.text || "";
    if (!day.dataset.own) day.value = chosen.dataset.day || "";
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.name === "follow_up_on") event.target.dataset.own = "1";
  });

  async function keep(form) {
    const body = new URLSearchParams({ words: form.elements.words.value, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const answer = await fetch(form.dataset.contact, { method: "POST", body, headers: { "X-Requested-With": "fetch" } }).catch(() => null);
    const said = form.querySelector("[data-kept]");
    if (said) said.hidden = !(answer && answer.ok);
  }
})();
