"use strict";
// Passkeys: forms marked with data-passkey ask the device before they are sent.
// The browser itself turns the server's JSON into what it needs, and its answer back into JSON.

const parse = {
  create: (options) => PublicKeyCredential.parseCreationOptionsFromJSON(options),
  get: (options) => PublicKeyCredential.parseRequestOptionsFromJSON(options),
};

async function optionsFor(form, kind) {
  if (kind === "login") {
    // The challenge is fresh only if it is asked for at the last moment.
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).request_options.publicKey;
  }
  const data = JSON.parse(form.querySelector("#passkey-options").textContent);
  return (data.creation_options || data.request_options).publicKey;
}

async function ask(form, kind) {
  const options = await optionsFor(form, kind);
  const deed = kind === "create" ? "create" : "get";
  if (deed === "create") {
    const alone = form.elements.passwordless?.checked ?? false;
    options.authenticatorSelection = {
      ...options.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      ...(alone && { userVerification: "required" }),
    };
  }
  const credential = await navigator.credentials[deed]({ publicKey: parse[deed](options) });
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.querySelector(".kern-alert")?.remove();
    try {
      await ask(form, form.dataset.passkey);
    } catch (error) {
      const note = document.querySelector("#al-passkey-failed").content.firstElementChild.cloneNode(true);
      form.prepend(note);
      note.focus();
    }
  });
}
