// The page of alerts: whether this browser gets them, and whether an open page plays a sound.
import { chime, wantsSound, wantSound } from "./news.js";

const form = document.querySelector("[data-push]");
const able = navigator.serviceWorker && "PushManager" in window && "Notification" in window;

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));

/** Ask the browser's push service for an address. It may have one for another server's key. */
async function subscribe() {
  const { pushManager } = await navigator.serviceWorker.ready;
  await (await pushManager.getSubscription())?.unsubscribe();
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) });
  return subscription.toJSON();
}

async function allow(button) {
  const refused = form.querySelector("[role=alert]");
  refused.hidden = button.disabled = true;
  try {
    const { endpoint, keys } = await subscribe();
    for (const [name, value] of Object.entries({ endpoint, ...keys })) form.elements[name].value = value;
    form.requestSubmit();
  } catch {
    refused.hidden = button.disabled = false;
  }
}

if (form) {
  form.hidden = !able;
  document.querySelector("[data-no-push]").hidden = able;
  const button = form.querySelector("button");
  button.addEventListener("click", () => allow(button));
}

const sound = document.querySelector("[data-sound]");
const tick = sound.querySelector("input");
sound.hidden = !("AudioContext" in window);
tick.checked = wantsSound();
tick.addEventListener("change", () => {
  wantSound(tick.checked);
  if (tick.checked) chime();
});
