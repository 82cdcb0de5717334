// The field's page: it opens without a signal, keeps the day's route and everything done, and sends it when it can.
import * as store from "./crew-store.js";
import { NoLine, SignedOut, ask, sendAll } from "./crew-send.js";
import { fill, h, many, part, places, state, words } from "./crew-dom.js";
import { orderForm } from "./crew-order.js";

const view = document.getElementById("crew"), line = document.getElementById("crew-line"), notice = document.getElementById("crew-notice");
let route = null, stopped = "", busy = false, checked = 0;

if ("serviceWorker" in navigator) navigator.serviceWorker.register(places.worker, { scope: places.shell }).catch(() => { say(words.no_worker); });

const say = (text, ...more) => { notice.hidden = !text; notice.replaceChildren(text || "", ...more); };
const clockTime = (moment) => new Date(moment).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

async function fetchRoute() {
  try {
    const answer = await ask(places.route, { headers: { Accept: "application/json" } }, 15000);
    if (!answer.ok) { stopped = "office"; return; }
    const told = await answer.json(), before = await store.fact("me");
    if (before && before !== told.user) await store.dropFact(`route:${before}`);
    route = { ...told, fetched: Date.now() };
    await store.keepFact("me", told.user);
    await store.keepFact(`route:${told.user}`, route);
    stopped = "";
  } catch (error) {
    if (error instanceof SignedOut) stopped = "signin";
    else if (error instanceof NoLine) stopped = "line";
    else throw error;
  }
}

async function send() {
  if (!route || busy) return;
  busy = true;
  await status();
  try {
    const waiting = (await store.queueOf(route.user)).filter((each) => each.state === "waiting").length;
    const why = await sendAll(route.user, places);
    stopped = why;
    if (why === "other") await fetchRoute();
    if (!why && (waiting || Date.now() - checked > 60000)) { checked = Date.now(); await fetchRoute(); }
  } finally { busy = false; }
  await show();
}

async function status() {
  const mine = route ? await store.queueOf(route.user) : [], waiting = mine.filter((each) => each.state === "waiting").length;
  const refused = mine.filter((each) => ["refused", "asked"].includes(each.state)).length, conflicts = mine.filter((each) => each.state === "conflict" && !settled(each)).length;
  const away = !navigator.onLine || stopped === "line";
  line.replaceChildren(
    state(away ? "waiting" : stopped ? "stop" : "good", away ? words.offline : stopped === "signin" ? words.signed_out : stopped === "office" ? words.office_silent : words.online),
    waiting || refused ? "" : state("good", words.all_sent), waiting ? state("waiting", many("waiting", waiting)) : "",
    refused ? state("stop", many("refused", refused)) : "", conflicts ? state("stop", many("conflict", conflicts)) : "");
  const button = document.getElementById("crew-send");
  button.disabled = busy || !route;
  button.textContent = busy ? words.sending : words.send_now;
  if (stopped === "signin") say(words.sign_in_lead, h("a", { href: `${places.signin}?next=${encodeURIComponent(places.shell)}`, class: "button" }, words.sign_in));
  else {
    const strangers = (await store.everything()).filter((each) => ["waiting", "asked", "refused"].includes(each.state) && (!route || each.user !== route.user));
    say(strangers.length ? fill(words.strangers, { names: [...new Set(strangers.map((each) => each.user))].join(", "), n: strangers.length }) : "");
  }
}

const settled = (item) => route && route.settled[item.key];

function stateOf(order, items, drafts) {
  const last = items.filter((each) => each.order === order).at(-1);
  if (drafts.includes(order)) return state("waiting", words.begun);
  if (!last) return state("", words.to_do);
  if (settled(last)) return state("good", settled(last));
  return { waiting: () => state("waiting", words.is_waiting), taken: () => state("good", words.is_taken), conflict: () => state("stop", words.is_conflict), asked: () => state("stop", words.is_asked), refused: () => state("stop", words.is_refused) }[last.state]();
}

async function list() {
  const items = await store.queueOf(route.user), drafts = await store.draftsOf(route.user);
  const known = new Set(route.orders.map((each) => each.id));
  const gone = items.filter((each) => !known.has(each.order));
  const row = (id, title, address, order) => h("li", {}, h("a", { class: "card", href: `#/order/${id}` },
    h("span", { class: "card-head" }, h("strong", {}, title), stateOf(id, items, drafts)),
    h("span", { class: "card-place" }, address), order && order.when ? h("span", { class: "hint" }, order.when) : "",
    order && order.emergency ? state("stop", words.emergency) : ""));
  view.replaceChildren(h("h1", { tabindex: "-1" }, words.my_route),
    h("p", { class: "hint" }, fill(words.route_of, { day: route.day, time: clockTime(route.fetched) })),
    route.orders.length ? h("ol", { class: "cards" }, route.orders.map((each) => row(each.id, each.title, each.address, each))) : h("p", { class: "empty" }, words.no_orders),
    gone.length ? part(words.done_here, h("ul", { class: "cards" }, [...new Map(gone.map((each) => [each.order, each])).values()].map((each) => row(each.order, each.title, each.address, null)))) : "");
}

function facts(order) {
  const rows = [[words.reason, order.reason], [words.where, order.location], [words.mind, order.notes], [words.who, order.contact], [words.meter, order.meter ? [order.meter.serial, order.meter.size].filter(Boolean).join(" · ") : ""], [words.linked, order.linked]];
  return h("dl", { class: "facts" }, rows.filter(([, said]) => said && said.length).map(([name, said]) => h("div", {}, h("dt", {}, name), h("dd", {}, Array.isArray(said) ? said.map((each) => h("p", {}, each)) : said))));
}

function answered(item, order) {
  const told = settled(item) ? h("p", { class: "good-word" }, settled(item)) : null;
  const lead = { waiting: words.lead_waiting, taken: words.lead_taken, conflict: words.lead_conflict, asked: words.lead_asked, refused: words.lead_refused }[item.state];
  const answer = item.answer || { words: "", changes: [], doubts: [] };
  return part(words.your_work, told, h("p", { class: item.state === "taken" ? "good-word" : item.state === "waiting" ? "hint" : "warning" }, lead), answer.words ? h("p", {}, answer.words) : null,
    answer.changes.length ? h("div", {}, h("h3", {}, words.office_changed), h("ul", { class: "changes" }, answer.changes.map((each) => h("li", {}, each)))) : null,
    item.state === "asked" ? h("div", {}, h("ul", { class: "changes" }, answer.doubts.map((each) => h("li", {}, each.words))), h("button", { type: "button", class: "main wide", onclick: () => standBy(item) }, words.it_is_so)) : null,
    h("h3", {}, words.you_reported), h("ul", {}, reported(item.body).map((each) => h("li", {}, each))),
    ["waiting", "asked", "refused"].includes(item.state) ? h("button", { type: "button", class: "wide", onclick: () => change(item) }, item.state === "waiting" ? words.change_it : words.correct_it) : null,
    order ? null : h("p", { class: "hint" }, words.order_gone));
}

const reported = (body) => [body.code ? `${words.unable}: ${(route.no_access || {})[body.code] || ""}` : words.done, body.note, ...(body.reads || []).map((each) => fill(words.said_read, { value: each.value })),
  body.serial ? fill(words.said_serial, { serial: body.serial }) : "", body.put_up ? fill(words.said_new, { serial: body.put_up.serial }) : ""].filter(Boolean);

// Taking work back into the hand; what was sent under the old key meanwhile the office knows, and says so.
async function change(item) {
  await store.keepDraft(route.user, item.order, item.draft);
  await store.remove(item.key);
  await show();
}

// The crew looked again and stands by it: sent once more, naming what it stands by.
async function standBy(item) {
  item.body.confirmed = [...new Set([...(item.body.confirmed || []), ...item.answer.doubts.map((each) => each.code)])];
  item.state = "waiting";
  item.answer = null;
  await store.update(item);
  await send();
}

async function one(id) {
  const order = route.orders.find((each) => each.id === id), items = await store.queueOf(route.user), drafts = await store.draftsOf(route.user);
  const last = items.filter((each) => each.order === id).at(-1);
  if (!order && !last) { window.location.hash = "#/"; return; }
  const title = order ? order.title : last.title, address = order ? order.address : last.address;
  const open = order && (!last || drafts.includes(id));
  const content = open ? await orderForm(route, order, async () => { window.location.hash = "#/"; await show(); send(); }) : last ? answered(last, order) : null;
  view.replaceChildren(h("p", {}, h("a", { href: "#/", class: "back" }, words.back)), h("h1", { tabindex: "-1" }, title), h("p", { class: "address" }, address),
    order ? h("p", {}, h("a", { class: "button wide", href: `geo:${order.spot || "0,0"}?q=${encodeURIComponent(order.spot || order.query)}` }, words.navigate)) : "",
    order ? facts(order) : "", content);
}

let shown = null;
async function show() {
  await status();
  if (!route) { view.replaceChildren(h("h1", { tabindex: "-1" }, words.my_route), h("p", { class: "empty" }, stopped === "signin" ? words.sign_in_lead : words.never_fetched)); return; }
  const place = window.location.hash || "#/", found = /^#\/order\/(\d+)$/.exec(place);
  // A form in the hand is not drawn anew under the fingers: only going somewhere, or its own end, draws it.
  if (found && shown === place && view.querySelector("form.order")) { const drafts = await store.draftsOf(route.user), mine = (await store.queueOf(route.user)).some((each) => each.order === Number(found[1])); if (drafts.includes(Number(found[1])) || !mine) return; }
  if (found) await one(Number(found[1])); else await list();
  if (shown !== null && shown !== place) { window.scrollTo(0, 0); const head = view.querySelector("h1"); if (head) head.focus(); }
  shown = place;
}

async function signOut(event) {
  event.preventDefault();
  const form = event.target, dialog = document.getElementById("crew-leaving");
  const waiting = route ? store.owed(await store.queueOf(route.user)).length : 0, drafts = route ? (await store.draftsOf(route.user)).length : 0;
  if (waiting || drafts) {
    document.getElementById("crew-left").textContent = [waiting ? many("unsent", waiting) : "", drafts ? many("drafts", drafts) : ""].filter(Boolean).join(" ");
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((resolve) => { dialog.addEventListener("close", resolve, { once: true }); });
    if (dialog.returnValue === "send") { await send(); return; }
    if (dialog.returnValue !== "leave") return;
  }
  if (!navigator.onLine) { say(words.leave_offline); return; }
  if (route) { await store.dropFact(`route:${route.user}`); await store.dropFact("me"); }
  const token = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="));
  if (token) form.elements.csrfmiddlewaretoken.value = token.slice(10);
  form.submit();
}

// What was taken is shown for a week and then leaves the phone; nothing else ever leaves it by itself.
async function tidy() {
  for (const each of await store.everything()) if (each.state === "taken" && Date.now() - each.at > 7 * 864e5) await store.remove(each.key);
}

async function start() {
  const me = await store.fact("me");
  if (me) route = await store.fact(`route:${me}`) || null;
  if (route) await show();
  await fetchRoute();
  await show();
  await store.askToStay();
  await tidy();
  document.documentElement.dataset.ready = "yes";
  send();
}

window.addEventListener("hashchange", show);
window.addEventListener("online", () => { stopped = ""; send(); });
window.addEventListener("offline", show);
document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
setInterval(async () => { if (route && (await store.queueOf(route.user)).some((each) => each.state === "waiting")) send(); }, 30000);
document.getElementById("crew-send").addEventListener("click", async () => { checked = 0; await send(); if (!route) { await fetchRoute(); await show(); } });
document.getElementById("crew-leave").addEventListener("submit", signOut);
start();
