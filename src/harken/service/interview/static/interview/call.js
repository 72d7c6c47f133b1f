// Keys of the interviewer's console. They press buttons that are on the page anyway.
const form = document.querySelector("form[data-app-answers]");
const choices = form ? [...form.querySelectorAll("input[type=radio], input[type=checkbox]")] : [];
const boxes = form ? [...form.querySelectorAll("input[type=text], textarea")] : [];
const PAUSE = 700;

let digits = "";
let waiting = null;

function byKey(key) {
  const label = [...document.querySelectorAll("label .app-key, button .app-key")].find(
    (one) => one.textContent.trim() === key,
  );
  if (!label) return null;
  const owner = label.closest("label");
  return owner ? document.getElementById(owner.htmlFor) : label.closest("button");
}

function press(key) {
  const target = byKey(key);
  if (!target) return false;
  if (target.tagName === "BUTTON") {
    target.click();
  } else if (target.type === "checkbox") {
    target.click();
    target.focus();
  } else {
    target.checked = true;
    target.focus();
  }
  return true;
}

// Somebody is listening: harmless questions stand there before the server has answered.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-app-bland]");
  const bland = document.getElementById("bland");
  if (!button || !bland) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(button.form, button));
  const { action } = button.form;
  document.body.replaceChildren(bland.content.cloneNode(true));
  document.querySelector("main").focus();
  fetch(action, { method: "POST", body }).then(
    () => location.replace(location.pathname),
    () => location.replace(location.pathname),
  );
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const pressed = document.querySelector(`[data-app-press="${CSS.escape(event.key)}"]`);
  if (pressed) {
    event.preventDefault();
    pressed.click();
    return;
  }
  if (event.key === "F4" || event.key === "F6") {
    if (press(event.key)) event.preventDefault();
    return;
  }
  const typing = event.target.matches("input[type=text], input[type=date], input[type=time], textarea");
  if (typing || !/^[0-9]$/.test(event.key)) return;
  // Figures act only while an answer has the focus (WCAG 2.1.4).
  if (!event.target.matches("input[type=radio], input[type=checkbox], button")) return;
  event.preventDefault();
  digits += event.key;
  clearTimeout(waiting);
  if (byKey(`${digits}0`) || byKey(`${digits}1`)) {
    waiting = setTimeout(() => {
      press(digits);
      digits = "";
    }, PAUSE);
  } else {
    press(digits);
    digits = "";
  }
});

document.addEventListener("keydown", (event) => {
  // Enter on a ticked box stores the page, as it does on a radio button.
  if (event.key === "Enter" && event.target.matches("input[type=checkbox]")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

const first = boxes[0] ?? choices.find((one) => one.checked) ?? choices[0];
const announced = form ? form.querySelector("button[value=continue]") : null;
const store = form ? form.querySelector("button.govuk-button") : null;
const summary = document.querySelector(".govuk-error-summary");
// Only a question takes the focus by itself: elsewhere Enter must never end a call.
if (!summary) (first ?? announced ?? store)?.focus();
