// Asks the browser for a passkey and posts its answer. Where a browser cannot, the button never
// shows and the sentence beside it stays.
const form = document.querySelector("form[data-passkey]");
const able =
  window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON && navigator.credentials;

async function ask() {
  const { publicKey } = JSON.parse(form.dataset.options);
  const made =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey),
        })
      : await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey),
        });
  form.elements.credential.value = JSON.stringify(made.toJSON());
  form.submit();
}

if (form && able) {
  const button = form.querySelector("[data-passkey-button]");
  const trouble = form.querySelector("[data-passkey-trouble]");
  form.querySelector("[data-passkey-unable]").hidden = true;
  button.hidden = false;
  button.addEventListener("click", () => {
    trouble.hidden = true;
    ask().catch(() => {
      trouble.hidden = false;
    });
  });
}
