// A week of meals, for all the weeks that follow: the same thing on the same day.
const copyWeek = (button) => {
  const week = button.closest("[data-week]");
  const weeks = [...week.closest("[data-quantities]").querySelectorAll("[data-week]")];
  const asked = new Map();
  for (const row of week.querySelectorAll("[data-key]")) asked.set(row.dataset.key, row.querySelector("input")?.value);
  for (const later of weeks.slice(weeks.indexOf(week) + 1)) {
    for (const row of later.querySelectorAll("[data-key]")) {
      const input = row.querySelector("input:enabled");
      if (input && asked.get(row.dataset.key) !== undefined) input.value = asked.get(row.dataset.key);
    }
  }
  week.dispatchEvent(new Event("input", { bubbles: true })); // quantities.js adds up again
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy-week]");
  if (!button) return;
  event.preventDefault();
  copyWeek(button);
});
