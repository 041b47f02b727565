// Filters are open on a wide screen, and htmx says how many results there are when they change.

const wide = matchMedia("(min-width: 60rem)");

const open = () => {
  if (!wide.matches) return;
  for (const filters of document.querySelectorAll("details[data-filters]")) filters.open = true;
};

const announce = () => {
  const count = document.querySelector("[data-result-count]");
  const toasts = document.getElementById("toasts");
  if (!count || !toasts) return;
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.textContent = count.textContent.trim();
  toasts.replaceChildren(said);
};

wide.addEventListener("change", open);
document.addEventListener("htmx:afterSettle", announce);
open();
