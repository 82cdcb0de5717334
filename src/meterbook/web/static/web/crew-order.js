// One order in the hand: verify, read, photograph, tick, sign, end. Every touch is kept at once, so nothing typed is lost.
import * as store from "./crew-store.js";
import { NoLine, SignedOut, post } from "./crew-send.js";
import { canScan, pad, scan, shrink } from "./crew-pictures.js";
import { field, fill, fresh, h, part, places, tick, words } from "./crew-dom.js";
import { judgeRead, judgeSwap, sameSerial } from "./crew-judge.js";

const EMPTY = () => ({ serial: "", how: "typed", anyway: false, reads: {}, answers: {}, found: {}, parts: [], off: [], on: "", lock: "", photos: [],
  signature: null, signed_by: "", unsigned: "", fresh: { serial: "", registers: [] }, swap_seen: false, valve: null, result: "done", code: "", danger: "", response: "", note: "", begun: Date.now() });

export async function orderForm(route, order, done) {
  const draft = { ...EMPTY(), ...(await store.draft(route.user, order.id) || {}) };
  const keep = () => store.keepDraft(route.user, order.id, draft);
  const has = (what) => order.asks.includes(what);
  const faults = h("div", { class: "faults", role: "alert", tabindex: "-1", hidden: true });
  const meter = order.meter;
  const work = h("div", {},
    meter && has("verify") ? verify(draft, meter, keep) : null,
    has("valve") ? valve(draft, order, keep) : null,
    meter && has("reads") ? reads(draft, meter, keep, has("swap") ? words.old_reads : words.reads) : null,
    has("swap") || has("set") ? fitted(draft, order, has("swap") ? meter : null, keep) : null,
    order.checklist.length ? checklist(draft, order, keep) : null,
    has("response") ? response(draft, route, keep) : null,
    has("seal") ? seals(draft, order, keep) : null,
    Object.keys(route.parts).length ? partsUsed(draft, route, keep) : null,
    Object.keys(route.findings).length ? findings(draft, route, keep) : null,
    has("signature") ? signature(draft, keep) : null);
  const ends = ending(draft, route, keep, (result) => { work.hidden = result !== "done"; });
  work.hidden = draft.result !== "done";
  return h("form", { class: "order", novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    const wrong = missing(draft, order);
    if (wrong.length) {
      faults.replaceChildren(h("h2", {}, words.missing), h("ul", {}, wrong.map((each) => h("li", {}, each))));
      faults.hidden = false;
      faults.focus();
      return;
    }
    const button = event.submitter || event.target.querySelector("button.main");
    button.disabled = true;
    await queue(draft, order, route);
    await done();
  } }, faults, photos(draft, order, keep), work, ends,
  h("button", { class: "main wide" }, words.keep_and_send));
}

function verify(draft, meter, keep) {
  const warned = h("div", { role: "status" });
  const told = () => {
    const typed = draft.serial.trim();
    if (!typed) return warned.replaceChildren();
    if (sameSerial(typed, meter.serial)) return warned.replaceChildren(h("p", { class: "good-word" }, words.meter_right));
    warned.replaceChildren(h("p", { class: "warning" }, fill(words.meter_wrong, { serial: meter.serial })),
      tick(words.meter_anyway, { checked: draft.anyway, onchange: (event) => { draft.anyway = event.target.checked; keep(); } }));
  };
  const box = h("input", { value: draft.serial, autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
    oninput: (event) => { draft.serial = event.target.value; draft.how = "typed"; draft.anyway = false; keep(); told(); } });
  told();
  return part(words.verify, field(words.serial_on_meter, box, fill(words.serial_hint, { ending: meter.serial.slice(-3) }), warned),
    canScan ? shot(words.scan, async (file) => {
      const found = await scan(file).catch(() => "");
      if (!found) { warned.replaceChildren(h("p", { class: "warning" }, words.scan_nothing)); return; }
      box.value = draft.serial = found; draft.how = "scanned"; keep(); told();
    }) : null);
}

function reads(draft, meter, keep, title) {
  return part(title, meter.registers.map((register) => {
    const kept = draft.reads[register.id] ||= { value: "", again: "" };
    const warned = h("div", { role: "status" });
    const told = () => {
      const found = judgeRead(register, kept.value, words);
      if (found.wrong) return warned.replaceChildren(h("p", { class: "warning" }, found.wrong));
      if (!found.warning) return warned.replaceChildren();
      if (warned.querySelector("input")) { warned.querySelector(".warning").textContent = found.warning; return; }
      const again = h("input", { inputmode: "decimal", autocomplete: "off", value: kept.again, oninput: (event) => { kept.again = event.target.value; keep(); } });
      warned.replaceChildren(h("p", { class: "warning" }, found.warning), field(words.read_again, again));
    };
    const box = h("input", { inputmode: "decimal", autocomplete: "off", class: "dial", value: kept.value,
      oninput: (event) => { kept.value = event.target.value; kept.again = ""; keep(); told(); } });
    told();
    const last = register.last === null ? words.never_read : fill(words.last_read, { value: register.last, day: register.last_on });
    const range = register.high === null ? "" : fill(words.expected, { low: register.low, high: register.high, unit: register.unit });
    return field(`${register.name} · ${fill(words.plate, { dials: register.dials, multiplier: Number(register.multiplier), unit: register.unit })}`, box, `${last} ${range}`.trim(), warned);
  }));
}

function fitted(draft, order, old, keep) {
  const warned = h("div", { role: "status" }), planned = order.planned;
  const registers = old ? old.registers : planned ? planned.registers : [{ name: words.register, channel: "delivered" }];
  const told = () => {
    const said = judgeSwap(old, draft.fresh, planned, words);
    warned.replaceChildren(...said.map((each) => h("p", { class: "warning" }, each)),
      ...(said.length ? [tick(words.swap_seen, { checked: draft.swap_seen, onchange: (event) => { draft.swap_seen = event.target.checked; keep(); } })] : []));
  };
  const box = (from, name, mode) => h("input", { inputmode: mode, autocomplete: "off", value: from[name] || "", oninput: (event) => { from[name] = event.target.value.trim(); draft.swap_seen = false; keep(); told(); } });
  const made = part(old ? words.new_meter : words.set_meter, field(words.new_serial, box(draft.fresh, "serial", "text"), planned ? fill(words.planned, { serial: planned.serial }) : ""),
    registers.map((register, at) => {
      const plate = draft.fresh.registers[at] ||= { channel: register.channel };
      return h("fieldset", {}, h("legend", {}, register.name), h("div", { class: "three" },
        field(words.dials, box(plate, "dials", "numeric")), field(words.multiplier, box(plate, "multiplier", "decimal")), field(words.start_read, box(plate, "value", "decimal"))));
    }), warned);
  told();
  return made;
}

function photos(draft, order, keep) {
  const row = h("ul", { class: "shots" });
  const show = () => row.replaceChildren(...draft.photos.map((photo, at) => h("li", {}, h("img", { src: photo.preview, alt: fill(words.photo_n, { n: at + 1 }) }),
    h("button", { type: "button", onclick: () => { draft.photos.splice(at, 1); keep(); show(); } }, fill(words.drop_photo, { n: at + 1 })))));
  show();
  return part(order.asks.includes("photo") ? words.photo_needed : words.photo, row, shot(words.take_photo, async (file) => {
    try { draft.photos.push({ key: crypto.randomUUID(), ...(await shrink(file)) }); await keep(); show(); }
    catch { row.append(h("li", { class: "warning", role: "alert" }, words.photo_wrong)); }
  }));
}

function shot(label, taken) {
  const control = h("input", { type: "file", accept: "image/*", capture: "environment", id: fresh("shot"), onchange: async (event) => {
    for (const file of event.target.files) await taken(file);
    event.target.value = "";
  } });
  return h("p", { class: "shot" }, control, h("label", { for: control.id, class: "button wide" }, label));
}

function checklist(draft, order, keep) {
  return part(words.checklist, order.checklist.map((each) => {
    const put = (value) => { draft.answers[each.code] = value; keep(); };
    const label = each.needed ? each.words : fill(words.optional, { what: each.words });
    if (each.answer !== "yes_no") return field(label, h("input", { value: draft.answers[each.code] || "", autocomplete: "off", inputmode: each.answer === "number" ? "decimal" : "text", oninput: (event) => put(event.target.value) }));
    const name = fresh("item");
    return h("fieldset", { class: "bare item" }, h("legend", {}, label), h("div", { class: "pair" }, [["yes", words.yes], ["no", words.no]].map(([value, said]) => {
      const id = fresh("i");
      return h("label", { class: "tick", for: id }, h("input", { type: "radio", name, id, value, checked: draft.answers[each.code] === value, onchange: () => put(value) }), h("span", {}, said));
    })));
  }));
}

const choose = (options, value, changed) => {
  const made = h("select", { onchange: (event) => changed(event.target.value) }, h("option", { value: "" }, words.choose), Object.entries(options).map(([code, said]) => h("option", { value: code }, said)));
  made.value = value;
  return made;
};

function response(draft, route, keep) {
  return part(words.response, field(words.response_code, choose(route.responses, draft.response, (value) => { draft.response = value; keep(); }), words.response_hint));
}

function findings(draft, route, keep) {
  return part(words.findings, Object.entries(route.findings).map(([code, said]) => tick(said, { checked: !!draft.found[code], onchange: (event) => { draft.found[code] = event.target.checked; keep(); } })));
}

function partsUsed(draft, route, keep) {
  const rows = h("div", {});
  const show = () => rows.replaceChildren(...draft.parts.map((used, at) => h("div", { class: "two" },
    field(words.part_used, choose(route.parts, used.code, (value) => { used.code = value; keep(); })),
    field(words.quantity, h("input", { value: used.quantity, inputmode: "numeric", oninput: (event) => { used.quantity = event.target.value; keep(); } })),
    h("button", { type: "button", onclick: () => { draft.parts.splice(at, 1); keep(); show(); } }, words.drop_part))));
  show();
  return part(words.parts, rows, h("button", { type: "button", class: "wide", onclick: () => { draft.parts.push({ code: "", quantity: "1" }); keep(); show(); rows.lastChild.querySelector("select").focus(); } }, words.add_part));
}

function seals(draft, order, keep) {
  const gone = (numbers, sentence) => numbers.map((number) => tick(fill(sentence, { number }), { checked: draft.off.includes(number),
    onchange: (event) => { draft.off = event.target.checked ? [...draft.off, number] : draft.off.filter((each) => each !== number); keep(); } }));
  const box = (name) => h("input", { value: draft[name], autocomplete: "off", oninput: (event) => { draft[name] = event.target.value; keep(); } });
  const meter = order.meter || { seals: [], locks: [] };
  return part(words.seals, gone(meter.seals, words.seal_off), gone(meter.locks, words.lock_off), field(words.seal_on, box("on")),
    order.asks.includes("lock") ? field(words.lock_on, box("lock")) : null);
}

function signature(draft, keep) {
  const canvas = h("canvas", { width: 640, height: 240, class: "pad", role: "img", "aria-label": words.sign_here });
  const kept = h("p", { role: "status", class: "hint" }, draft.signature ? words.signed : words.sign_here);
  const drawn = pad(canvas, (value) => { draft.signature = value; kept.textContent = value ? words.signed : words.sign_here; keep(); });
  return part(words.signature, canvas, kept, h("button", { type: "button", class: "wide", onclick: drawn.clear }, words.sign_again),
    field(words.signed_by, h("input", { value: draft.signed_by, autocomplete: "off", oninput: (event) => { draft.signed_by = event.target.value; keep(); } })),
    field(words.unsigned, h("input", { value: draft.unsigned, autocomplete: "off", oninput: (event) => { draft.unsigned = event.target.value; keep(); } }), words.unsigned_hint));
}

// Before a valve is shut: is it paid, disputed, protected? The office is asked at the valve, and the answer is kept.
function valve(draft, order, keep) {
  const told = h("div", { role: "status" });
  const show = () => told.replaceChildren(draft.valve ? h("p", { class: draft.valve.go ? "good-word" : "warning" }, draft.valve.words) : "");
  show();
  return part(words.valve, h("p", {}, words.valve_lead), h("button", { type: "button", class: "wide", onclick: async (event) => {
    event.target.disabled = true;
    try {
      const answer = await post(places.valve, { order: order.id }, 8000);
      const said = await answer.json();
      draft.valve = { asked: answer.status === 200, go: answer.status === 200 && said.go, words: said.words, at: Date.now() };
    } catch (error) {
      const why = error instanceof SignedOut ? words.valve_signed_out : words.valve_no_line;
      if (!(error instanceof NoLine || error instanceof SignedOut || error instanceof SyntaxError)) throw error;
      draft.valve = { asked: false, go: order.valve.unasked === "may", words: `${why} ${order.valve.words}`, at: Date.now() };
    }
    event.target.disabled = false;
    keep(); show();
  } }, words.valve_ask), told);
}

function ending(draft, route, keep, changed) {
  const why = h("div", {}, field(words.why, choose(route.no_access, draft.code, (value) => { draft.code = value; keep(); })));
  why.hidden = draft.result === "done";
  const name = fresh("end");
  const choice = (value, said) => { const id = fresh("e"); return h("label", { class: "tick", for: id }, h("input", { type: "radio", name, id, value, checked: draft.result === value,
    onchange: () => { draft.result = value; keep(); why.hidden = value === "done"; changed(value); } }), h("span", {}, said)); };
  return part(words.how_it_ended, h("fieldset", { class: "bare" }, h("legend", { class: "unseen" }, words.how_it_ended), choice("done", words.done), choice("unable", words.unable)), why,
    Object.keys(route.danger).length ? field(words.danger, choose(route.danger, draft.danger, (value) => { draft.danger = value; keep(); }), words.danger_hint) : null,
    field(words.note, h("textarea", { rows: "3", value: draft.note, oninput: (event) => { draft.note = event.target.value; keep(); } })));
}

function missing(draft, order) {
  if (draft.result !== "done") return draft.code ? [] : [words.need_code];
  const wrong = [], has = (what) => order.asks.includes(what), meter = order.meter;
  if (meter && has("verify") && !(draft.serial.trim() && sameSerial(draft.serial, meter.serial)) && !(draft.serial.trim() && draft.anyway)) wrong.push(draft.serial.trim() ? words.need_anyway : words.need_serial);
  if (meter && has("reads")) for (const register of meter.registers) {
    const kept = draft.reads[register.id] || { value: "" }, found = judgeRead(register, kept.value, words);
    if (found.wrong) wrong.push(found.wrong);
    else if (found.value === null) { if (order.reads === "needed") wrong.push(fill(words.need_read, { register: register.name })); }
    else if (found.warning && (!kept.again.trim() || Number(kept.again) !== Number(kept.value))) wrong.push(fill(words.need_again, { register: register.name }));
  }
  if (has("swap") || has("set")) {
    if (!draft.fresh.serial || draft.fresh.registers.some((each) => !each.dials || !each.multiplier || !each.value)) wrong.push(words.need_plate);
    else if (judgeSwap(has("swap") ? meter : null, draft.fresh, order.planned, words).length && !draft.swap_seen) wrong.push(words.need_swap_seen);
  }
  for (const each of order.checklist) if (each.needed && !(draft.answers[each.code] || "").trim()) wrong.push(fill(words.need_answer, { what: each.words }));
  if (has("response") && !draft.response) wrong.push(words.need_response);
  if (draft.parts.some((each) => each.code && !/^[1-9][0-9]{0,3}$/.test(each.quantity.trim()))) wrong.push(words.need_quantity);
  if (has("photo") && !draft.photos.length) wrong.push(words.need_photo);
  if (has("signature") && !draft.signature && !draft.unsigned.trim()) wrong.push(words.need_signature);
  if (has("valve") && order.valve.needed && !(draft.valve && draft.valve.go)) wrong.push(draft.valve ? words.valve_stop : words.need_valve);
  return wrong;
}

// The working day is the route's own day and the days since it was fetched: a phone's wrong clock moves no work.
function dayOf(route) {
  const midnight = (moment) => { const day = new Date(moment); day.setHours(0, 0, 0, 0); return day.getTime(); };
  const since = Math.max(0, Math.round((midnight(Date.now()) - midnight(route.fetched)) / 864e5));
  const [year, month, day] = route.on.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day + since)).toISOString().slice(0, 10);
}

// What somebody looked at twice on the spot, by the office's own names for doubts.
function confirmed(draft, order) {
  const said = draft.anyway ? ["serial"] : [];
  if (order.meter) for (const register of order.meter.registers) if ((draft.reads[register.id] || {}).again) said.push(`out:${register.channel}`);
  if (draft.swap_seen) said.push("swap");
  if (draft.unsigned.trim()) said.push("missing:signature");
  return said;
}

function bodyOf(key, draft, order, route, at) {
  const has = (what) => order.asks.includes(what), body = { key, order: order.id, version: order.version, user: route.user, on: dayOf(route), at: new Date(at).toISOString(),
    code: draft.result === "done" ? "" : draft.code, danger: draft.danger, note: draft.note.trim() };
  if (draft.result !== "done") return body;
  const old = order.meter && has("reads") ? order.meter.registers.filter((each) => (draft.reads[each.id] || {}).value) : [];
  const fitted = has("swap") || has("set");
  return { ...body, serial: order.meter && sameSerial(draft.serial, order.meter.serial) ? order.meter.serial : draft.serial.trim(), serial_how: draft.how,
    reads: [...old.map((each) => ({ serial: order.meter.serial, channel: each.channel, value: draft.reads[each.id].value.trim() })),
      ...(fitted ? draft.fresh.registers.map((each) => ({ serial: draft.fresh.serial.trim(), channel: each.channel, value: each.value })) : [])],
    put_up: fitted ? { serial: draft.fresh.serial.trim(), faces: draft.fresh.registers.map((each) => ({ channel: each.channel, dials: each.dials, multiplier: each.multiplier })) } : null,
    answers: draft.answers, findings: Object.keys(draft.found).filter((each) => draft.found[each]), response: has("response") ? draft.response : "",
    parts: draft.parts.filter((each) => each.code), seals_off: draft.off.filter((each) => order.meter && order.meter.seals.includes(each)), locks_off: draft.off.filter((each) => order.meter && order.meter.locks.includes(each)), seals_on: [draft.on.trim()].filter(Boolean), locks_on: has("lock") ? [draft.lock.trim()].filter(Boolean) : [],
    signer: draft.signed_by.trim(), unsigned: draft.unsigned.trim(), confirmed: confirmed(draft, order), valve: draft.valve };
}

async function queue(draft, order, route) {
  const at = Date.now(), key = crypto.randomUUID();
  const pictures = draft.photos.map((each) => ({ bytes: each.bytes, type: each.type }));
  const signature = draft.signature && draft.result === "done" ? { bytes: draft.signature.bytes, type: draft.signature.type } : null;
  await store.enqueue([{ key, user: route.user, order: order.id, at, state: "waiting", answer: null, body: bodyOf(key, draft, order, route, at), pictures, signature, draft,
    title: order.title, address: order.address }]);
  await store.dropDraft(route.user, order.id);
}
