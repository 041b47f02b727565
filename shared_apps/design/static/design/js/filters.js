// Filters are open on a wide screen, and htmx says how many results there are when they change.

const wide = matchMedia("(min-width: 60rem)");

const open = () => {
  if (!wide.matches) return;
  for (const filters of document.querySelectorAll("details[data-filters]")) filters.open = true;
};

const announce = () => {
  const value = document.querySelector("[data-result-count]")?.textContent.trim();
  if (value) document.dispatchEvent(new CustomEvent("toast", { detail: { value, unseen: true } }));
};

wide.addEventListener("change", open);
document.addEventListener("htmx:afterSettle", announce);
open();
