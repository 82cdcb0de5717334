// The rate workbench: line numbers, problems that lead to their line, sliders. Every page works without this file.
(() => {
  "use strict";
  const editor = document.getElementById("editor");
  const gutter = document.querySelector(".gutter");

  function number() {
    if (!editor || !gutter) return;
    const lines = editor.value.split("\n").length;
    if (gutter.childElementCount === 0 && gutter.dataset.lines === String(lines)) return;
    gutter.dataset.lines = lines;
    gutter.textContent = Array.from({ length: lines }, (_, at) => at + 1).join("\n");
    gutter.scrollTop = editor.scrollTop;
  }
  if (editor) {
    number();
    editor.addEventListener("input", number);
    editor.addEventListener("scroll", () => { gutter.scrollTop = editor.scrollTop; });
    editor.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        const before = editor.value.slice(0, editor.selectionStart);
        const indent = before.slice(before.lastIndexOf("\n") + 1).match(/^ */)[0];
        if (!indent || editor.readOnly) return;
        event.preventDefault();
        editor.setRangeText(`\n${indent}`, editor.selectionStart, editor.selectionEnd, "end");
        editor.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
  }

  // A problem leads to its line.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link || !editor) return;
    event.preventDefault();
    const lines = editor.value.split("\n");
    const at = Math.min(Number(link.dataset.line), lines.length) - 1;
    const start = lines.slice(0, at).reduce((sum, line) => sum + line.length + 1, 0);
    editor.focus();
    editor.setSelectionRange(start, start + lines[at].length);
    editor.scrollTop = Math.max(0, (at - 4) * parseFloat(getComputedStyle(editor).lineHeight));
  });

  // What was saved is what the next save stands on.
  document.addEventListener("htmx:afterSwap", () => {
    const saved = document.querySelector("#problems [data-revision]");
    if (!saved) return;
    for (const field of document.querySelectorAll("input[name=revision]")) field.value = saved.dataset.revision;
    const shown = document.getElementById("saved-revision");
    if (shown) shown.textContent = saved.dataset.revision;
  });

  // A slider and its number are one value.
  const numberOf = (range) => document.getElementById(range.dataset.for);
  // A number as the server reads it: a comma stands only between thousands.
  const typed = (text) => {
    const found = /^(-?)\$?(\d{1,12}(?:\.\d{1,12})?|\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,12})?|\.\d{1,12})$/.exec(text.trim());
    return found ? Number(found[1] + found[2].replace(/,/g, "")) : null;
  };
  const mark = (field) => field.closest(".slide").classList.toggle("moved", field.value !== field.defaultValue);
  document.addEventListener("input", (event) => {
    const at = event.target;
    if (at.matches && at.matches(".slide input[type=range]")) {
      const field = numberOf(at);
      const places = (at.step.split(".")[1] || "").length;
      field.value = Number(at.value).toFixed(places);
      mark(field);
    } else if (at.matches && at.matches(".slide input")) {
      const range = at.closest(".slide").querySelector("[type=range]");
      const value = typed(at.value);
      if (value !== null) {
        if (value > Number(range.max)) range.max = value;
        if (value < Number(range.min)) range.min = value;
        range.value = value;
      }
      mark(at);
    }
  }, true);
  document.addEventListener("reset", (event) => {
    setTimeout(() => { for (const field of event.target.querySelectorAll(".slide input:not([type=range])")) mark(field); });
  });
  // Putting numbers into the draft loads the page anew.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-plain]");
    if (!button) return;
    event.preventDefault();
    const form = button.form;
    form.action = button.formAction;
    form.submit();
  });
})();
