// Forms that are sent without leaving the page: what was typed stays until the server has answered.
import { tellTimes } from "./kitchen.js";

const PATIENCE_MS = 20_000; // for one answer
const PAUSES_MS = [300, 700, 1500, 3000, 5000, 8000, 10_000, 15_000, 15_000]; // a minute in all
const AT_THE_DOOR = [502, 503, 504]; // A proxy says so while the server restarts.
const bar = document.getElementById("unsent");
const waiting = new Map(); // form → how to wake it
const taken = new WeakSet(); // forms whose text the server has: it is not brought back
const answers = []; // those that wait until every form on its way has one: { form, refused, wake }
let goes = null; // the address to which the page is about to go
const place = ({ pathname, search } = location) => `unsent ${pathname}${search}`;
const action = (form) => form.getAttribute("action");
const which = (form) => `${action(form)} ${form.dataset.of ?? ""}`; // Several may have one action.
const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

/** Say something in the bar, with what can be done about it. */
function say(text, ...deeds) {
  bar.replaceChildren(Object.assign(document.createElement("span"), { textContent: text }), ...deeds);
  bar.hidden = false;
}

function button(text, deed) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "plain small", textContent: text });
  made.addEventListener("click", deed);
  return made;
}

const wakeAll = () => [...waiting.values()].forEach((wake) => wake(true));
const giveUp = () => [...waiting.values()].forEach((wake) => wake(false));
addEventListener("online", wakeAll);

/** Wait, until a tap, or until there is a network. Without `ms` only those count. */
const pause = (form, ms) =>
  new Promise((wake) => {
    waiting.set(form, wake);
    if (ms) setTimeout(wake, ms, true);
  });

/** Send the form until somebody answers. After a minute, only on a tap. */
async function send(form, by) {
  waiting.set(form, () => {});
  taken.delete(form);
  tell();
  if (goes) window.stop(); // As without scripts: whoever taps on a page that is about to go stays.
  goes = null;
  const sent = filled(form, by);
  for (let turn = 0, on = true; on; turn++) {
    if (await answered(form, sent)) {
      if (sent.next) return; // The page is about to go: nothing is sent again from it.
      break;
    }
    form.inert = true; // What is sent again is what was sent.
    const ms = PAUSES_MS[turn];
    say(ms ? bar.dataset.lost : bar.dataset.late, button(bar.dataset.now, wakeAll), button(bar.dataset.not, giveUp));
    on = await pause(form, ms);
    if (!on) bar.hidden = true;
  }
  form.inert = false;
  waiting.delete(form);
  tell();
  settle();
}

/** Wait until every form on its way has its answer. False, unless this one's is to be shown: the last
 * refusal, or else the last answer. A refusal is stale when others were taken after it. */
function turnOf(form, refused) {
  if (!refused) taken.add(form);
  return new Promise((wake) => {
    answers.push({ form, refused, wake });
    settle();
  });
}

function settle() {
  const isOut = (form) => !taken.has(form) && answers.every((one) => one.form !== form);
  if ([...waiting.keys()].some(isOut)) return;
  const shown = [...answers].reverse().find(({ refused }) => refused) ?? answers.at(-1);
  const isStale = shown !== answers.at(-1);
  for (const one of answers.splice(0)) one.wake(one === shown && { isStale });
}

/** Whether a form is on its way: for whoever looks at the page from outside. */
const tell = () => document.documentElement.toggleAttribute("data-sending", waiting.size > 0);

function filled(form, by) {
  const fields = new FormData(form);
  if (by?.name) fields.append(by.name, by.value);
  const files = form.enctype === "multipart/form-data";
  return { address: by?.getAttribute("formaction") || action(form), body: files ? fields : new URLSearchParams(fields) };
}

/** Whether the server has answered. */
async function answered(form, sent) {
  try {
    if (sent.next) return await goOn(form, sent);
    const { address, body } = sent;
    const signal = AbortSignal.timeout?.(PATIENCE_MS);
    const answer = await fetch(address, { method: "POST", body, signal, headers: { "Yaguts-Form": "1" } });
    const next = answer.headers.get("Yaguts-Go");
    if (answer.status === 401 && next) return askToSignIn(next, form);
    if (next) return await goOn(form, Object.assign(sent, { next }));
    const page = parsed(await answer.text());
    if (!page.querySelector("main")) return !AT_THE_DOOR.includes(answer.status) && complain(answer.statusText);
    const trouble = page.querySelector("[data-error]");
    if (trouble) return complain(trouble.querySelector(".lead").textContent);
    const turn = await turnOf(form, !answer.ok);
    if (turn.isStale) return await answered(form, sent); // What was refused may be asked again.
    return !turn || show(page, form);
  } catch {
    return false;
  }
}

/** Go to the next page, once it is there. */
async function goOn(form, sent) {
  const there = await fetch(sent.next, { method: "HEAD", signal: AbortSignal.timeout?.(PATIENCE_MS) });
  if (AT_THE_DOOR.includes(there.status)) return false;
  if (await turnOf(form, false)) {
    bar.hidden = true;
    goes = new URL(sent.next, location);
    location.assign(goes);
  } else sent.next = null;
  return true;
}

/** The page is there again, by the Back button: what is sent from it now is meant anew. */
function startAnew() {
  goes = null;
  for (const form of waiting.keys()) {
    taken.delete(form);
    const key = form.elements.namedItem("once");
    if (key) key.value = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    form.inert = false;
  }
  waiting.clear();
  tell();
  bar.hidden = true;
}

function askToSignIn(door, form) {
  const stays = "whole" in form.dataset; // Its address does not open this page again.
  if (!stays) keep({ told: true });
  const link = Object.assign(document.createElement("a"), { className: "button small", textContent: bar.dataset.door });
  link.href = stays ? door : `${door}?${new URLSearchParams({ next: location.pathname + location.search })}`;
  if (stays) {
    link.target = "_blank";
    link.addEventListener("click", () => (bar.hidden = true)); // It lies over the button that sends.
  }
  say(stays ? bar.dataset.endedHere : bar.dataset.ended, link);
  return true;
}

function complain(text) {
  say(text);
  return true;
}

/** Show the answer in place of the page. What follows the server, and what was typed, stays. */
function show(page, form) {
  const fresh = page.querySelector("main");
  const mine = document.querySelector("main");
  const isWhole = "whole" in form.dataset; // The answer has what was typed, at other places.
  const typed = inForms(isWhole && form);
  const sent = which(form);
  for (const part of fresh.querySelectorAll("[data-live], [data-as-you-type]")) {
    const same = [...mine.querySelectorAll("[data-live], [data-as-you-type]")].find(
      (one) => one.dataset.live === part.dataset.live && action(one) === action(part),
    );
    if (!same) continue;
    same.replaceChildren(...part.childNodes);
    part.replaceWith(same);
  }
  mine.replaceChildren(...fresh.childNodes);
  document.title = page.title;
  bar.hidden = true;
  put(typed);
  for (const one of posts()) if (!taken.has(form) && !isWhole && which(one) === sent) one.dataset.typed = "";
  tellTimes(mine);
  const wrong = mine.querySelector("[aria-invalid=true]");
  (wrong ?? mine).focus();
  (wrong ?? mine.querySelector("[role=alert]") ?? mine).scrollIntoView({ block: "center" });
  return true;
}

// What was typed

const isText = ({ name, type }) => name && !["hidden", "submit", "button", "file", "password"].includes(type);
const posts = () => [...document.forms].filter((form) => form.method === "post");

function isChanged(field) {
  if (field.options) return [...field.options].some((one) => one.selected !== one.defaultSelected);
  return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
}

/** What was typed into the page's forms and is not sent: [which form, its place, field's name, its place,
 * value]. */
function inForms(without) {
  const found = [];
  for (const form of posts()) {
    if (form === without || taken.has(form)) continue;
    const at = posts().filter((one) => which(one) === which(form)).indexOf(form);
    const fields = [...form.elements].filter(isText);
    for (const field of fields) {
      if (!isChanged(field) && !("typed" in form.dataset)) continue;
      const nth = fields.filter(({ name }) => name === field.name).indexOf(field);
      const tick = ["checkbox", "radio"].includes(field.type);
      found.push([which(form), at, field.name, nth, tick ? field.checked : field.value]);
    }
  }
  return found;
}

/** Put what was typed into the forms where it was. */
function put(typed) {
  for (const [to, at, name, nth, value] of typed) {
    const form = posts().filter((one) => which(one) === to)[at];
    if (!form) continue;
    const fields = () => [...form.elements].filter((one) => isText(one) && one.name === name);
    while (!fields()[nth] && form.querySelector("[data-more]")) if (!addRows(form)) break;
    const field = fields()[nth];
    if (!field) continue;
    if (typeof value === "boolean") field.checked = value;
    else field.value = value;
    form.dataset.typed = "";
    field.closest("details")?.setAttribute("open", "");
  }
}

/** Keep what was typed for when this page is opened again in this tab. */
function keep({ at = place(), told = false } = {}) {
  const typed = inForms();
  if (typed.length) sessionStorage.setItem(at, JSON.stringify({ who: bar.dataset.who, typed, told }));
}

function bringBack() {
  const kept = JSON.parse(sessionStorage.getItem(place()) ?? "null");
  sessionStorage.removeItem(place());
  if (kept?.who !== bar.dataset.who) return;
  put(kept.typed);
  if (kept.told) say(bar.dataset.again);
}

/** Add rows like the last one. Returns whether there is one. */
function addRows(form, rows = 3) {
  const last = [...form.querySelectorAll(".pair")].at(-1);
  for (let n = 0; last && n < rows; n++) {
    const row = last.cloneNode(true);
    const number = form.querySelectorAll(".pair").length + 1;
    row.classList.remove("wrong");
    row.querySelectorAll(".problem").forEach((each) => each.remove());
    for (const field of row.querySelectorAll("input")) {
      field.removeAttribute("value");
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
      field.value = "";
      field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+/, number));
    }
    [...form.querySelectorAll(".pair")].at(-1).after(row);
  }
  return Boolean(last);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const by = event.submitter;
  if (form.method !== "post" || "plain" in form.dataset) return;
  if (by?.name === "language" && "whole" in form.dataset) return;
  event.preventDefault();
  event.stopPropagation(); // Nobody else counts how often it is sent.
  if (by?.matches("[data-more]")) {
    const before = form.querySelectorAll(".pair").length;
    addRows(form);
    form.querySelectorAll(".pair")[before]?.querySelector("input").focus();
    return;
  }
  if (form.matches(".languages")) {
    keep();
    const { back } = form.elements;
    if (new URL(back.value, location).pathname === location.pathname) back.value = location.pathname + location.search;
  }
  if (action(form).endsWith("/sign-out")) sessionStorage.clear();
  if (!waiting.has(form)) send(form, by);
});
// A page that answers a form is not opened again by its address: there the server keeps what was typed.
const mayBeOpened = !document.querySelector("form[data-whole]");
for (const language of mayBeOpened ? document.querySelectorAll(".languages button") : []) {
  for (const name of ["form", "formaction", "formmethod", "formenctype"]) language.removeAttribute(name); // The script keeps what was typed.
}
addEventListener("pageshow", ({ persisted }) => persisted && startAnew());
addEventListener("pagehide", () => goes?.pathname === location.pathname && keep({ at: place(goes) }));
bringBack();
