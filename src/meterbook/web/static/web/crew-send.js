// Sending what waits: one piece after the other, each with its own key, so that sending twice does nothing twice.
import * as store from "./crew-store.js";

export class SignedOut extends Error {}
export class NoLine extends Error {}

const cookie = (name) => (document.cookie.split("; ").find((each) => each.startsWith(`${name}=`)) || "").slice(name.length + 1);

export async function ask(address, options = {}, patience = 20000) {
  let answer;
  const stop = new AbortController(), clock = setTimeout(() => stop.abort(), patience);
  try {
    answer = await fetch(address, { redirect: "manual", credentials: "same-origin", signal: stop.signal, ...options });
  } catch {
    throw new NoLine();
  } finally {
    clearTimeout(clock);
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignedOut();
  return answer;
}

export const post = (address, body, patience) => ask(address, {
  method: "POST", body: body instanceof FormData ? body : JSON.stringify(body),
  headers: { "X-CSRFToken": cookie("csrftoken"), Accept: "application/json", ...(body instanceof FormData ? {} : { "Content-Type": "application/json" }) },
}, patience);

// One order goes as one piece: the outcome with its pictures and the signature. All of it arrives, or none.
function sendOne(item, places) {
  const form = new FormData();
  form.append("outcome", JSON.stringify(item.body));
  item.pictures.forEach((each, at) => form.append("photo", new Blob([each.bytes], { type: each.type }), `photo-${at + 1}.jpg`));
  if (item.signature) form.append("signature", new Blob([item.signature.bytes], { type: item.signature.type }), "signature.png");
  return post(places.outcomes, form, 90000);
}

const isJson = (answer) => (answer.headers.get("Content-Type") || "").includes("json");

async function settle(item, answer) {
  const told = isJson(answer) ? await answer.json() : null;
  // Busy, broken, or a page that is no answer: it stays waiting. Only the office's own words end an item.
  if (answer.status >= 500 || answer.status === 429 || told === null) return false;
  item.state = answer.status === 200 ? "taken" : answer.status === 409 ? "conflict" : told.doubts && told.doubts.length ? "asked" : "refused";
  item.answer = { words: told.words || "", changes: told.changes || [], doubts: told.doubts || [], at: Date.now() };
  if (item.state === "taken") Object.assign(item, { pictures: [], signature: null, draft: null });
  await store.update(item);
  return true;
}

let running = null;

// Sends all of one user's waiting work; says what stopped it: "", "line", "signin", "office", "other".
export function sendAll(user, places) {
  running ||= (navigator.locks ? navigator.locks.request("crew-send", () => run(user, places)) : run(user, places)).finally(() => { running = null; });
  return running;
}

async function run(user, places) {
  for (const item of (await store.queueOf(user)).filter((each) => each.state === "waiting")) {
    try {
      let answer = await sendOne(item, places);
      if (answer.status === 403 && !isJson(answer)) {
        await ask(places.route);  // a fresh token, once
        answer = await sendOne(item, places);
      }
      if (answer.status === 403 && isJson(answer)) return "other";  // somebody else is signed in: it waits for its owner
      if (!(await settle(item, answer))) return "office";
    } catch (error) {
      if (error instanceof SignedOut) return "signin";
      if (error instanceof NoLine) return "line";
      throw error;
    }
  }
  return "";
}
