// Elements made of data: text is always text, so nothing the office typed can become a page of its own.
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value") made.value = value;
    else if (name === "checked") made.checked = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(9).filter((each) => each !== null && each !== undefined && each !== false && each !== ""));
  return made;
}

let count = 0;
export const fresh = (stem) => `${stem}-${++count}`;

export const words = JSON.parse(document.getElementById("crew-words").textContent);
export const places = JSON.parse(document.getElementById("crew-places").textContent);

export const fill = (sentence, values) => Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`%(${name})s`, value), sentence);
// One of two sentences by number, as both languages here need it.
export const many = (name, number) => fill(words[number === 1 ? `${name}_one` : `${name}_many`], { n: number });

export function field(label, control, hint = "", warned = null) {
  control.id ||= fresh("f");
  const told = hint ? h("p", { class: "hint", id: `${control.id}-hint` }, hint) : null;
  if (told) control.setAttribute("aria-describedby", [told.id, control.getAttribute("aria-describedby")].filter(Boolean).join(" "));
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, told, warned);
}

export const tick = (label, attributes) => {
  const control = h("input", { type: "checkbox", id: fresh("t"), ...attributes });
  return h("label", { class: "tick", for: control.id }, control, h("span", {}, label));
};

export const part = (title, ...children) => h("section", { class: "part" }, h("h2", {}, title), ...children);
export const state = (shape, text) => h("span", { class: `state ${shape}` }, text);
