// Says something in passing, on screen and aloud: an event `toast` with words, from a script or from htmx's HX-Trigger.

const SHOWN = 10000;

document.addEventListener("toast", (event) => {
  const place = document.getElementById("toasts");
  // htmx puts a bare value under `value`.
  const { value, unseen = false } = event.detail ?? {};
  if (!place || !value) return;
  const words = document.createElement("p");
  words.className = unseen ? "visually-hidden" : "toast";
  words.textContent = value;
  place.replaceChildren(words);
  setTimeout(() => words.remove(), SHOWN);
});
