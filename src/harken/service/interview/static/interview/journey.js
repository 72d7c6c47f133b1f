// The respondent's page with script on, in text only too: leave in an instant, keep no history, post by fetch
// and put the page that comes back in place.
// Without this file everything still works by ordinary forms and links.
import { initAll } from "../pages/vendor/govuk-frontend.min.js";

const PRESSES = 3;
const WITHIN = 5000;

// --- Leaving -----------------------------------------------------------------------

function cover(text) {
  const sheet = document.createElement("div");
  sheet.className = "app-overlay";
  sheet.setAttribute("role", "alert");
  sheet.textContent = text;
  document.title = text;
  document.body.replaceChildren(sheet);
}

function leave() {
  const button = document.querySelector("a[data-app-exit][data-target]");
  const end = button ? button.href : "/exit";
  const target = button ? button.dataset.target : end;
  cover(button ? button.dataset.loading : "");
  // The server ends the visit meanwhile; if it cannot be told so, go through it.
  location.replace(navigator.sendBeacon(end) ? target : end);
}

let presses = [];
let typedWithShift = false;

document.addEventListener("keydown", (event) => {
  if (event.shiftKey && event.key !== "Shift") typedWithShift = true;
});

document.addEventListener("keyup", (event) => {
  if (event.key !== "Shift") return;
  const now = Date.now();
  presses = typedWithShift ? [] : [...presses.filter((time) => now - time < WITHIN), now];
  typedWithShift = false;
  if (presses.length >= PRESSES) leave();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-app-exit]");
  if (link) {
    event.preventDefault();
    leave();
  }
});

// What needs script is said only where it runs.
function show() {
  for (const part of document.querySelectorAll("[data-app-scripted]")) part.hidden = false;
}

show();

// A page that comes back from the browser's memory shows nothing until it is fresh.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    cover("");
    location.reload();
  }
});

// --- Steps that leave no trace in the tab's history ----------------------------------

function put(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  if (!fresh.querySelector("main")) {
    // Not a page of this house: something in between answered. Look at it anew.
    location.replace(location.pathname);
    return;
  }
  document.title = fresh.title;
  document.documentElement.lang = fresh.documentElement.lang;
  document.documentElement.dir = fresh.documentElement.dir;
  for (const part of ["main", ".app-bar__side"]) {
    const old = document.querySelector(part);
    const next = fresh.querySelector(part);
    if (old && next) old.replaceWith(next);
  }
  // In text only there is no style for the components, and they stay asleep.
  if (document.body.classList.contains("govuk-frontend-supported"))
    initAll({ scope: document.querySelector("main") });
  show();
  watch();
  const summary = document.querySelector(".govuk-error-summary, [role='alert']");
  const heading = document.querySelector("main h1");
  scrollTo(0, 0);
  if (summary) {
    summary.focus();
  } else if (heading) {
    heading.tabIndex = -1;
    heading.focus();
  }
}

async function step(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(form.action, {
    method: "POST",
    body,
    headers: { "X-Step": "1" },
    redirect: "manual",
  });
  const next = answer.headers.get("X-Next");
  if (next) {
    location.replace(next);
  } else if (answer.type === "opaqueredirect") {
    location.replace(location.pathname);
  } else {
    put(await answer.text());
  }
}

let busy = false;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-app-step]")) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  step(form, event.submitter)
    .catch(() => {
      // No connection by fetch: let the browser try and say so in its own words.
      form.submit();
    })
    .finally(() => {
      busy = false;
    });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-app-link]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    location.replace(link.href);
  }
});

// --- A code that came in the address after the # -------------------------------------

function takeCode() {
  const code = decodeURIComponent(location.hash.slice(1));
  if (!/^[0-9A-Za-z-]{12,20}$/.test(code)) return;
  history.replaceState(null, "", location.pathname);
  const form = document.querySelector("form[data-app-code]");
  if (!form) return;
  let box = form.elements.code;
  if (!box) {
    box = document.createElement("input");
    box.type = "hidden";
    box.name = "code";
    form.append(box);
  }
  box.value = code;
  const choice = form.querySelector("input[type=radio][value=code]");
  if (choice) choice.checked = true;
}

takeCode();
// A letter's code scanned while this page is open: the address changes, the page does not.
addEventListener("hashchange", takeCode);

// --- A page left open: asked once, then ended gently ---------------------------------

const TELL = 60000;
let asking = null;
let ending = null;
let told = Date.now();
// Another tab of this survey: whoever is busy there is not away.
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("busy") : null;

function watch() {
  const row = document.querySelector("[data-app-idle]");
  const dialog = document.querySelector("dialog.app-idle");
  clearTimeout(asking);
  clearTimeout(ending);
  if (!row || !dialog) return;
  const warn = Number(row.dataset.appWarn) * 1000;
  const whole = Number(row.dataset.appIdle) * 1000;
  asking = setTimeout(() => dialog.showModal(), whole - warn);
  ending = setTimeout(() => {
    cover("");
    step(dialog.querySelector("form")).catch(leave);
  }, whole);
}

function tell() {
  // The server has a clock of its own, and ends the visit by it.
  told = Date.now();
  tabs?.postMessage("");
  if (document.querySelector("[data-app-idle]"))
    fetch(location.pathname, { method: "HEAD" }).catch(() => {});
}

function stay() {
  document.querySelector("dialog.app-idle[open]")?.close();
  tell();
  watch();
}

for (const kind of ["keydown", "pointerdown", "submit"]) {
  document.addEventListener(kind, () => {
    if (document.querySelector("dialog.app-idle[open]")) return;
    watch();
    if (Date.now() - told > TELL) tell();
  }, { passive: true });
}
if (tabs) {
  tabs.onmessage = () => {
    document.querySelector("dialog.app-idle[open]")?.close();
    watch();
  };
}
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-app-stay]")) stay();
});
document.addEventListener("cancel", (event) => {
  if (event.target.matches("dialog.app-idle")) stay();
}, true);
watch();
