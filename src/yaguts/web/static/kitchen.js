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
    if (!after.hasAttribute(name) && !isOpen(before, name)) before.removeAttribute(name);
  }
  for (const { name, value } of after.attributes) {
    if (before.getAttribute(name) !== value) before.setAttribute(name, value);
  }
  const wanted = [...after.childNodes];
  const present = [...before.childNodes];
  present.slice(wanted.length).forEach((node) => node.remove());
  wanted.forEach((node, i) => (i < present.length ? morph(present[i], node) : before.append(node)));
}

/** What somebody has unfolded stays so. */
const isOpen = (element, name) => name === "open" && element.nodeName === "DETAILS";

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

/** Write times in the reader's time zone, which only the browser knows. */
export function tellTimes(root) {
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

/** Offer the reader's time zone where none was chosen. */
for (const field of document.querySelectorAll("[data-zone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || field.value;
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const home = new URL("../../", import.meta.url).pathname;
if (zone) document.cookie = `yaguts_zone=${zone}; path=${home}; max-age=31536000; samesite=lax`;

document.cookie = `yaguts_scripts=1; path=${home}; samesite=lax`; // Until the browser is closed.

const lost = document.getElementById("lost");
const lostSays = lost.querySelector("span");
const unreachable = lostSays.textContent;

/** Say that the page can't follow what happens, and why. What it knew of dispensers is hidden. */
function sayLost(isLost, why) {
  lostSays.textContent = why || unreachable;
  lost.hidden = !isLost;
  document.body.toggleAttribute("data-lost", isLost);
}

/** Keep a part of the page as the server renders it, while somebody looks at the page. */
function follow(part) {
  const signedOut = document.getElementById("signed-out");
  let source;
  let patience;
  let welcome; // Whether this connection has shown anything.
  const close = () => {
    clearTimeout(patience);
    source?.close();
  };
  const show = (html, render) => {
    const shell = part.cloneNode(false);
    shell.replaceChildren(...parsed(html).body.childNodes);
    tellTimes(shell);
    render(shell);
    welcome = signedOut.hidden = true;
    sayLost(false);
    part.dispatchEvent(new Event("changed"));
  };
  const listen = {
    message: ({ data }) => show(data, (shell) => morph(part, shell)),
    pieces: ({ data }) =>
      show(data, (shell) => {
        for (const piece of [...shell.children]) {
          morph(part.querySelector(`[data-piece="${piece.dataset.piece}"]`), piece);
        }
      }),
    news: ({ data }) => part.dispatchEvent(new CustomEvent("news", { detail: data, bubbles: true })),
    over: () => {
      close();
      part.dispatchEvent(new Event("over", { bubbles: true }));
    },
    refused: ({ data }) => {
      close();
      sayLost(true, data);
      patience = setTimeout(open, 10000);
    },
    "signed-out": () => {
      close();
      if (welcome) return open(); // The session may be a new one, as after a new password.
      sayLost(false);
      document.body.toggleAttribute("data-lost", true);
      signedOut.hidden = false;
    },
    error: () => {
      sayLost(true);
      // The browser retries a refused connection, but not one with a wrong answer.
      if (source.readyState === EventSource.CLOSED) patience = setTimeout(open, 3000);
    },
  };
  function open() {
    close();
    if (document.hidden) return; // A browser has six connections for all its tabs.
    welcome = false;
    source = new EventSource(part.dataset.live);
    source.onopen = () => sayLost(false);
    for (const [name, heard] of Object.entries(listen)) source.addEventListener(name, heard);
  }
  open();
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("online", open);
  addEventListener("offline", () => {
    sayLost(true);
    close(); // Without a network it would only seem open.
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", ({ persisted }) => persisted && open());
}

/** After a sign-out, Back must not show what the browser has kept of a page. */
addEventListener("pageshow", async ({ persisted }) => {
  const person = document.querySelector("meta[name=yaguts-person]")?.content;
  if (!persisted || !person) return;
  document.documentElement.hidden = true;
  const answer = await fetch(`${home}../auth/me`, { cache: "no-store" }).catch(() => null);
  const mine = answer?.ok && String((await answer.json()).id) === person;
  if (mine || !answer) document.documentElement.hidden = false; // Unreachable: it keeps its fields.
  else location.replace(`${home}sign-in?${new URLSearchParams({ next: location.pathname })}`);
});

let asked = 0;

const later = (ms) => new Promise((done) => setTimeout(done, ms));

/** Replace `selector` by that of another page, and keep the scroll position. False: a later request
 * came in between. */
async function exchange(url, selector) {
  const turn = ++asked;
  const answer = await fetch(url).catch(() => null);
  const html = answer?.ok && !answer.redirected ? await answer.text().catch(() => null) : "";
  if (turn !== asked) return false;
  if (!answer || html === null) {
    sayLost(true);
    await later(2000);
    return turn === asked && exchange(url, selector);
  }
  if (html === "") {
    location.assign(url);
    return false;
  }
  sayLost(false);
  const there = parsed(html).querySelector(selector);
  tellTimes(there);
  morph(document.querySelector(selector), there);
  history.replaceState(null, "", url);
  return true;
}

/** The number of people: the field has what was tapped or typed at once, and the button waits until
 * the page is for that number. */
function stepPeople(field) {
  const link = document.querySelector("[data-step]");
  const inPage = () => Number(field.getAttribute("value"));
  let pause;
  const show = async () => {
    const url = new URL(link.href);
    url.searchParams.set("people", field.value);
    if (await exchange(url, "main")) field.value = inPage();
  };
  const want = (number, soon) => {
    clearTimeout(pause);
    asked++; // What was asked for before is not wanted any more.
    field.value = number;
    const button = field.form?.querySelector("button[data-wait]");
    if (button) {
      button.disabled = true;
      button.textContent = button.dataset.wait;
    }
    if (field.value) pause = setTimeout(show, soon);
  };
  field.addEventListener("input", () => want(field.value, 400));
  document.addEventListener("click", (event) => {
    const tapped = event.target.closest("[data-step], [data-people]");
    if (!tapped || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { step, people } = tapped.dataset;
    const number = people ?? Number(field.value || inPage()) + Number(step);
    want(Math.min(Math.max(number, field.min), field.max), 150);
  });
  field.form?.addEventListener("submit", (event) => {
    if (event.submitter?.name !== "show") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (field.value) want(field.value, 0);
  });
  field.value = inPage(); // Firefox keeps what was typed before a reload.
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
  if (form.method !== "post" || event.defaultPrevented) return;
  if (sent.has(form)) event.preventDefault();
  sent.add(form);
}
let sent = new WeakSet();
addEventListener("submit", sendOnce);
addEventListener("pageshow", () => (sent = new WeakSet()));

document.querySelectorAll("[data-live]").forEach(follow);
document.querySelectorAll("[data-awake]").forEach(stayAwake);
document.querySelectorAll("[data-as-you-type]").forEach(searchAsYouType);
document.querySelectorAll("input[form=order]").forEach(stepPeople);
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
tellTimes(document);

if (document.querySelector(".tabs")) {
  const build = document.querySelector("meta[name=yaguts-build]").content;
  navigator.serviceWorker?.register(`${home}worker.js?build=${build}`, { scope: home });
}
