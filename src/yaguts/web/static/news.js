// What has happened in the kitchen, told on whatever page is open.

const SOUND = "yaguts-sound";
const MOST = 3; // More would cover the page.
const LASTS_S = 0.4;
const place = document.getElementById("news");
const TOLD = `yaguts-told-${place.dataset.who}`;

/** Whether somebody wants a sound in this browser. */
export const wantsSound = () => localStorage.getItem(SOUND) === "1";

export const wantSound = (wanted) => localStorage.setItem(SOUND, wanted ? "1" : "");

/** A short tone. A browser that nobody has tapped on keeps it silent, and then it is not made up for. */
export function chime() {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  const end = context.currentTime + LASTS_S;
  tone.frequency.value = 880;
  volume.gain.setValueAtTime(0.2, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, end);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(end);
  setTimeout(() => context.close(), 2000 * LASTS_S);
}

/** Pages that are told at the same moment take turns. Over plain http browsers have no locks. */
const inTurn = (does) => (navigator.locks ? navigator.locks.request(TOLD, does) : does());

/** Tell what was not told in this browser yet. On a first visit that is nothing. */
function tell(html) {
  const all = [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-key]")];
  const told = JSON.parse(localStorage.getItem(TOLD));
  const fresh = all.filter(({ dataset }) => told && !told.includes(dataset.key));
  localStorage.setItem(TOLD, JSON.stringify(all.map(({ dataset }) => dataset.key)));
  if (fresh.length && wantsSound()) chime();
  for (const one of fresh.reverse()) {
    if (one.querySelector("a").pathname === location.pathname) continue; // The page itself says so.
    one.querySelector("button").addEventListener("click", () => one.remove());
    place.prepend(one);
  }
  [...place.children].slice(MOST).forEach((one) => one.remove());
}

let source;
let patience;

/** Follow the news, on a page that follows nothing else, while somebody looks at it. */
function follow() {
  clearTimeout(patience);
  source?.close();
  if (document.hidden) return;
  source = new EventSource(place.dataset.news);
  source.addEventListener("news", ({ data }) => inTurn(() => tell(data)));
  source.addEventListener("signed-out", () => source.close());
  source.addEventListener("refused", later);
  source.onerror = () => source.readyState === EventSource.CLOSED && later();
}

function later() {
  source.close();
  patience = setTimeout(follow, 10_000);
}

function followAlone() {
  follow();
  document.addEventListener("visibilitychange", follow);
  addEventListener("pageshow", ({ persisted }) => persisted && follow());
  addEventListener("pagehide", () => source?.close());
}

document.addEventListener("news", ({ detail }) => inTurn(() => tell(detail)));
document.addEventListener("over", followAlone, { once: true }); // The page follows nothing else any more.
if (!document.querySelector("[data-live]")) followAlone();
