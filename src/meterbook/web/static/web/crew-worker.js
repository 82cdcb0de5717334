// Keeps the page of the field ready without a signal. The page itself keeps the work (IndexedDB); nothing of it is here.
const VERSION = "%VERSION%", SHELL = "%SHELL%", FILES = %FILES%;
const CACHE = `meterbook-crew-${VERSION}`, PATIENCE = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES.map((each) => new Request(each, { cache: "reload" })));
    const shell = await fetch(SHELL, { cache: "reload", redirect: "manual" });
    if (shell.ok) await cache.put(SHELL, shell);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (!name.startsWith("meterbook-crew-") || name === CACHE) continue;
      // A shell that could not be fetched again while installing is better old than gone.
      const old = await (await caches.open(name)).match(SHELL), mine = await caches.open(CACHE);
      if (old && !(await mine.match(SHELL))) await mine.put(SHELL, old);
      await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

async function shell(request) {
  const cache = await caches.open(CACHE), kept = await cache.match(SHELL);
  const asked = fetch(request).then(async (answer) => {
    if (answer.ok && answer.type === "basic" && !answer.redirected) await cache.put(SHELL, answer.clone());
    return answer.status >= 500 && kept ? kept : answer;
  });
  if (!kept) return asked;
  const waited = new Promise((resolve) => { setTimeout(() => resolve(kept), PATIENCE); });
  return Promise.race([asked.catch(() => kept), waited]);
}

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && address.pathname === SHELL) event.respondWith(shell(event.request));
  else if (FILES.includes(address.pathname)) event.respondWith(caches.open(CACHE).then((cache) => cache.match(address.pathname)).then((kept) => kept || fetch(event.request)));
});
