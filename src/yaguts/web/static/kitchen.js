// What JavaScript adds: pages that update in place. They work without it.

/** Make `before` like `after`. Only differences change, so focus, scroll and motion survive. */
function morph(before, after) {
  if (before.nodeType !== after.nodeType || before.nodeName !== after.nodeName) {
    before.replaceWith(after);
    return;
  }
  if (before.nodeType === Node.TEXT_NODE) {
    if (before.data !== after.data) before.data = after.data;
    return;
  }
  if (before.nodeType !== Node.ELEMENT_NODE) return;
  for (const { name } of [...before.attributes]) {
    if (!after.hasAttribute(name)) before.removeAttribute(name);
  }
  for (const { name, value } of after.attributes) {
    if (before.getAttribute(name) !== value) before.setAttribute(name, value);
  }
  const wanted = [...after.childNodes];
  const present = [...before.childNodes];
  present.slice(wanted.length).forEach((node) => node.remove());
  wanted.forEach((node, i) => (i < present.length ? morph(present[i], node) : before.append(node)));
}

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

/** Write times in the reader's time zone, which only the browser knows. */
function tellTimes(root) {
  const lang = document.documentElement.lang;
  const whole = new Intl.DateTimeFormat(lang, { dateStyle: "short", timeStyle: "short" });
  const thisYear = new Intl.DateTimeFormat(lang, { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit" });
  for (const time of root.querySelectorAll("time[datetime]")) {
    const moment = new Date(time.dateTime);
    const recent = moment.getFullYear() === new Date().getFullYear();
    const exact = (recent ? thisYear : whole).format(moment);
    if ("ago" in time.dataset) time.title = exact;
    else time.textContent = exact;
  }
}

/** Keep a part of the page as the server renders it, while the page is open. */
function follow(part) {
  const lost = document.getElementById("lost");
  let source;
  let patience;
  const open = () => {
    clearTimeout(patience);
    source?.close();
    source = new EventSource(part.dataset.live);
    source.onopen = () => (lost.hidden = true);
    source.onmessage = ({ data }) => {
      const shell = part.cloneNode(false);
      shell.replaceChildren(...parsed(data).body.childNodes);
      tellTimes(shell);
      morph(part, shell);
      part.dispatchEvent(new Event("changed"));
    };
    source.onerror = () => {
      lost.hidden = false;
      // The browser retries a refused connection, but not one with a wrong answer.
      if (source.readyState === EventSource.CLOSED) patience = setTimeout(open, 3000);
    };
  };
  open();
  addEventListener("online", open);
  addEventListener("offline", () => {
    lost.hidden = false;
    source.close(); // Without a network it would only seem open.
  });
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", ({ persisted }) => persisted && open());
}

let asked = 0;

/** Replace `selector` by that of another page, and keep the scroll position. */
async function exchange(url, selector) {
  const turn = ++asked;
  const answer = await fetch(url).catch(() => null);
  const html = answer?.ok && !answer.redirected ? await answer.text() : null;
  if (turn !== asked) return; // A later request replaces this one.
  if (html === null) return location.assign(url);
  const there = parsed(html).querySelector(selector);
  tellTimes(there);
  morph(document.querySelector(selector), there);
  history.replaceState(null, "", url);
}

function searchAsYouType(form) {
  let pause;
  const search = () => {
    clearTimeout(pause);
    const query = new URLSearchParams(new FormData(form));
    exchange(`${location.pathname}?${query}`, form.dataset.asYouType);
  };
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(search, 200);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
}

/** Keep the screen on while a job runs. */
function stayAwake(part) {
  let lock;
  const hold = async () => {
    if (part.isConnected && document.visibilityState === "visible") {
      lock = await navigator.wakeLock?.request("screen").catch(() => null);
    }
  };
  hold();
  document.addEventListener("visibilitychange", hold);
  part.addEventListener("changed", () => part.querySelector("progress") || lock?.release());
}

/** Send a form once, even when its button is tapped twice. */
function sendOnce(event) {
  const form = event.target;
  if (form.method !== "post") return;
  if (sent.has(form)) event.preventDefault();
  sent.add(form);
}
let sent = new WeakSet();
addEventListener("submit", sendOnce);
addEventListener("pageshow", () => (sent = new WeakSet()));

document.querySelectorAll("[data-live]").forEach(follow);
document.querySelectorAll("[data-awake]").forEach(stayAwake);
document.querySelectorAll("[data-as-you-type]").forEach(searchAsYouType);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-in-place]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  exchange(link.href, "main");
});
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
tellTimes(document);

if (document.querySelector(".tabs")) {
  const build = document.querySelector("meta[name=yaguts-build]").content;
  const home = new URL("../../", import.meta.url).pathname;
  navigator.serviceWorker?.register(`${home}worker.js?build=${build}`, { scope: home });
}
