// What a crew's phone keeps: the route, the drafts and everything not yet answered. It survives reload and restart.
// Nothing is taken out of the queue but by the office's answer or by the crew's own hand.
const NAME = "meterbook-crew";
let opening = null;

function open() {
  opening ||= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      const base = asked.result;
      base.createObjectStore("facts");
      base.createObjectStore("drafts");
      base.createObjectStore("queue", { keyPath: "key" }).createIndex("user", "user");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => { opening = null; reject(asked.error); };
  });
  return opening;
}

async function within(store, mode, work) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const deal = base.transaction(store, mode);
    const asked = work(deal.objectStore(store));
    deal.oncomplete = () => resolve(asked ? asked.result : undefined);
    deal.onerror = deal.onabort = () => reject(deal.error);
  });
}

export const fact = (key) => within("facts", "readonly", (store) => store.get(key));
export const keepFact = (key, value) => within("facts", "readwrite", (store) => store.put(value, key));
export const dropFact = (key) => within("facts", "readwrite", (store) => store.delete(key));

const place = (user, order) => `${user}/${order}`;
export const draft = (user, order) => within("drafts", "readonly", (store) => store.get(place(user, order)));
export const keepDraft = (user, order, value) => within("drafts", "readwrite", (store) => store.put(value, place(user, order)));
export const dropDraft = (user, order) => within("drafts", "readwrite", (store) => store.delete(place(user, order)));
export const draftsOf = async (user) => {
  const keys = await within("drafts", "readonly", (store) => store.getAllKeys());
  return keys.filter((key) => key.startsWith(`${user}/`)).map((key) => Number(key.slice(user.length + 1)));
};

// An order's outcome with its pictures is one entry: all of it is kept, or nothing.
export const enqueue = (items) => within("queue", "readwrite", (store) => { items.forEach((each) => store.put(each)); });
export const update = (item) => within("queue", "readwrite", (store) => store.put(item));
export const remove = (key) => within("queue", "readwrite", (store) => store.delete(key));
export const everything = () => within("queue", "readonly", (store) => store.getAll());
export async function queueOf(user) {
  const found = await everything();
  return found.filter((each) => each.user === user).sort((a, b) => a.at - b.at);
}
// What the office has not got: waiting to go, asked back, or refused. It is the crew's until they do something about it.
export const owed = (items) => items.filter((each) => ["waiting", "asked", "refused"].includes(each.state));

export async function askToStay() {
  try { if (navigator.storage && navigator.storage.persist) await navigator.storage.persist(); } catch { /* best effort */ }
}
