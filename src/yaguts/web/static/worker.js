// Keeps one page for when the server is out of reach, and shows alerts. No other page is cached.
const KEPT = `yaguts-${new URL(location).searchParams.get("build")}`;
const PAGE = new URL("offline", location).pathname;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.add(PAGE)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => names.filter((name) => name !== KEPT));
  event.waitUntil(old.then((names) => Promise.all(names.map((name) => caches.delete(name)))));
});

addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate" && event.request.method === "GET") {
    event.respondWith(fetch(event.request).catch(() => caches.match(PAGE)));
  }
});

addEventListener("push", (event) => event.waitUntil(tell(told(event.data))));

/** What the server says, or else that it said something: a browser insists on a notification. */
function told(data) {
  try {
    return data.json();
  } catch {
    return { title: "Yaguts" };
  }
}

/** A newer alert about the same subject takes the place of an older one. */
function tell({ title, text, tag, at, page }) {
  const icon = new URL(`static/${new URL(location).searchParams.get("build")}/icon-192.png`, location).href;
  const renotify = Boolean(tag);
  return registration.showNotification(title, { body: text, tag, renotify, timestamp: at, icon, data: page });
}

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

/** Open the page that an alert is about. A page that is open stays, with what is typed there. */
async function open(page) {
  const { scope } = registration;
  const { href } = new URL(`.${page ?? ""}`, new URL("..", scope));
  const wanted = href.startsWith(scope) ? href : scope;
  const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find(({ url }) => url === wanted);
  return there ? there.focus() : clients.openWindow(wanted);
}

addEventListener("pushsubscriptionchange", (event) => event.waitUntil(move(event)));

/** The push service has another address for this browser. */
async function move({ oldSubscription: old, newSubscription }) {
  if (!old) return;
  const now = newSubscription ?? (await registration.pushManager.subscribe(old.options));
  const { endpoint, keys } = now.toJSON();
  const body = new URLSearchParams({ endpoint, ...keys, before: old.endpoint });
  await fetch(new URL("settings/alerts/browsers", registration.scope), { method: "POST", body, redirect: "manual" });
}
