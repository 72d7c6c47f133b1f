// Loads the preview again when the questionnaire was saved; the page works without it.
const stamp = document.currentScript.dataset.stamp;
setInterval(async () => {
  try {
    const now = await (await fetch("/stamp")).text();
    if (now !== stamp) location.reload();
  } catch {
    // The command has ended; there is nothing to load.
  }
}, 800);
