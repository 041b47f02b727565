// Passkeys: what needs one shows where the browser knows them, and sends with its form what the device answered.

const decode = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const named = (list) => list?.map((one) => ({ ...one, id: decode(one.id) }));
const ask = (kind, said) => {
  const publicKey = { ...said.publicKey, challenge: decode(said.publicKey.challenge) };
  if (kind === "get") {
    publicKey.allowCredentials = named(publicKey.allowCredentials);
    return navigator.credentials.get({ publicKey });
  }
  publicKey.user = { ...publicKey.user, id: decode(publicKey.user.id) };
  publicKey.excludeCredentials = named(publicKey.excludeCredentials);
  return navigator.credentials.create({ publicKey });
};

const written = (credential) => {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = encode(credential.response[part]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
};

const options = async (form) => {
  const known = document.getElementById("passkey-options");
  if (known) return JSON.parse(known.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()).request_options;
};

const begin = async (form) => {
  const button = form.querySelector("[data-passkey-button]");
  const refusal = form.querySelector("[data-passkey-refusal]");
  refusal.hidden = true;
  button.disabled = true;
  try {
    form.elements.credential.value = written(await ask(form.dataset.passkey, await options(form)));
    const stay = document.querySelector("form:not([data-passkey]) [name=remember]");
    if (stay?.checked && form.elements.remember) form.elements.remember.value = "on";
    form.submit();
  } catch {
    // Given up, out of time, or a device that the account does not know: the browser has told which.
    refusal.hidden = button.disabled = false;
  }
};

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("[data-passkey]")) {
    form.hidden = false;
    form.querySelector("[data-passkey-button]").addEventListener("click", () => begin(form));
    // « Enter » in the field of the name does as the button.
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      begin(form);
    });
  }
  for (const apology of document.querySelectorAll("[data-without-passkeys]")) apology.hidden = true;
}
