// Forms that ask for a little work: it is done by a worker while the person types; a form sent too early waits for it.

const begun = new WeakMap();

// Neither where the browser has no worker or no cryptography (a page without TLS): the form's slow way is taken.
const able = window.Worker && window.crypto?.subtle;

const begin = (box) => {
  if (begun.has(box)) return;
  const form = box.closest("form");
  const proof = box.querySelector("[name=robot_proof]");
  const said = box.querySelector("[role=status]");
  const challenge = JSON.parse(box.dataset.challenge);
  const solved = solve(box.dataset.worker, challenge).then(
    (solution) => {
      proof.value = btoa(JSON.stringify({ challenge, solution }));
      said.textContent = said.dataset.done;
    },
    () => {},
  );
  begun.set(box, solved);
  let waits = true;
  solved.then(() => (waits = false));
  form.addEventListener("submit", (event) => {
    if (!waits) return;
    event.preventDefault();
    if (form.hasAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    said.textContent = said.dataset.waiting;
    solved.then(() => {
      form.removeAttribute("aria-busy");
      form.requestSubmit(event.submitter);
    });
  });
};

const solve = (address, challenge) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(address);
    const end = (settle) => (event) => {
      worker.terminate();
      settle(event.data);
    };
    worker.onmessage = end(resolve);
    worker.onerror = end(reject);
    worker.postMessage(challenge.parameters);
  });

const beginAll = () => {
  for (const box of document.querySelectorAll("[data-robot]")) begin(box);
};

if (able) {
  beginAll();
  document.addEventListener("htmx:load", beginAll);
}
