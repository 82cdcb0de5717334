// What is typed on a page of moves is kept as it is typed. The page works without this file.
(() => {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  let waiting = 0, saving = false;
  function keep() {
    if (saving) return;
    const body = new URLSearchParams(new FormData(form));
    body.set("draft", form.dataset.draft);
    fetch(form.dataset.keep, {
      method: "POST", body, keepalive: true, headers: { "X-CSRFToken": body.get("csrfmiddlewaretoken") },
    }).catch(() => {});
  }
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, 800); });
  form.addEventListener("submit", () => { saving = true; clearTimeout(waiting); });
})();
