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
  holdUntil(solved, form, () => (said.textContent = said.dataset.waiting));
};

// Sent when the work is done, if it was asked for, and the person has not gone elsewhere: the answer would take the
// place of the page that they chose. That a form goes out once is the business of forms.js.
const holdUntil = (solved, form, sayThatItWaits) => {
  const done = new AbortController();
  let asked = null;
  const letGo = () => {
    asked = null;
    form.removeAttribute("aria-busy");
  };
  const hold = (event) => {
    event.preventDefault();
    asked = event;
    form.setAttribute("aria-busy", "true");
    sayThatItWaits();
  };
  form.addEventListener("submit", hold, { signal: done.signal });
  for (const left of ["beforeunload", "pagehide"]) window.addEventListener(left, letGo, { signal: done.signal });
  solved.then(() => {
    done.abort();
    const event = asked;
    letGo();
    if (event) form.requestSubmit(event.submitter);
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
