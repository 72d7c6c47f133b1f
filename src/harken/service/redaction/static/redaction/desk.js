// Keys of the free-text desk. Nothing here sends or keeps a text; without it the page works by typing.
const form = document.querySelector("form[data-app-desk]");
const box = document.getElementById("words");
const PLACEHOLDER = new RegExp(`\\[(?:${box?.dataset.appKinds})\\]`, "g");

document.querySelectorAll("[data-app-script]").forEach((one) => {
  one.hidden = false;
});

// What each placeholder stands for, in order, found again from the text as it was written.
function taken() {
  const raw = box.dataset.appRaw;
  const pieces = box.value.split(PLACEHOLDER);
  const found = [];
  let at = raw.startsWith(pieces[0]) ? pieces[0].length : -1;
  for (let n = 1; n < pieces.length; n += 1) {
    if (at < 0) return null;
    const last = n === pieces.length - 1;
    const place = last ? raw.length - pieces[n].length : raw.indexOf(pieces[n], at);
    if (place < at || !raw.startsWith(pieces[n], place)) return null;
    found.push(raw.slice(at, place));
    at = place + pieces[n].length;
  }
  return found;
}

function places() {
  return [...box.value.matchAll(PLACEHOLDER)].map((one) => [one.index, one.index + one[0].length]);
}

function take(placeholder) {
  let { selectionStart: start, selectionEnd: end } = box;
  if (start === end) return;
  // A placeholder that is touched is swallowed whole.
  places().forEach(([from, to]) => {
    if (from < end && to > start) {
      start = Math.min(start, from);
      end = Math.max(end, to);
    }
  });
  const chosen = box.value.slice(start, end);
  const lead = chosen.length - chosen.trimStart().length;
  const trail = chosen.length - chosen.trimEnd().length;
  box.setRangeText(placeholder, start + lead, end - trail, "end");
}

function restore() {
  const words = taken();
  const here = box.selectionStart;
  const number = places().findIndex(([from, to]) => from <= here && here <= to);
  if (words === null || number < 0) return;
  const [from, to] = places()[number];
  box.setRangeText(words[number], from, to, "select");
}

const keys = new Map(
  box ? [...box.dataset.appKeys.matchAll(/(\w)(\[\w+\])/g)].map((one) => [one[1], one[2]]) : [],
);
box?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (keys.has(event.key) && box.selectionStart !== box.selectionEnd) {
    event.preventDefault();
    take(keys.get(event.key));
  } else if (event.key === "u") {
    event.preventDefault();
    restore();
  }
});

form?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    form.querySelector("button.govuk-button").click();
  }
  const code = event.target.matches("input[type=checkbox][data-app-code]");
  if (code && !event.ctrlKey && !event.altKey && !event.metaKey) {
    const chosen = form.querySelector(`[data-app-code="${CSS.escape(event.key)}"]`);
    if (chosen) {
      event.preventDefault();
      chosen.click();
      chosen.focus();
    }
  }
});
