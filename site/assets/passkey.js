// Passkeys: the browser's device is asked what the library asks, and its
// answer brought back. Where the browser knows none, the form stays hidden.
const form = document.querySelector("form[data-passkey]");
const adds = form && form.dataset.passkey === "add";
const post = async (path, data) => {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data) });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
};

if (form && window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON) {
  form.closest("[hidden]").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = form.querySelector("[role=alert]");
    problem.hidden = true;
    try {
      const { options, key } = await post(form.dataset.ask, {});
      const credential = adds
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      const given = Object.fromEntries(new FormData(form));
      const { to } = await post(form.action, { ...given, key, credential: credential.toJSON() });
      location.assign(to);
      if (to.startsWith(location.pathname + "#")) location.reload();
    } catch {
      problem.hidden = false;
    }
  });
}
