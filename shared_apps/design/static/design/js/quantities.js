// Minus and plus beside a number, and the totals of a table of quantities while one types.

const wanted = (input) => Math.max(0, Math.trunc(Number(input.value)) || 0);

const step = (button) => {
  const input = button.parentElement.querySelector("input");
  const least = input.min === "" ? 0 : Number(input.min);
  const most = input.max === "" ? Infinity : Number(input.max);
  input.value = Math.min(most, Math.max(least, wanted(input) + Number(button.dataset.step)));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

const total = (table) => {
  const format = new Intl.NumberFormat(table.dataset.locale, {
    style: "currency",
    currency: table.dataset.currency,
    currencyDisplay: "narrowSymbol",
  });
  const unit = 10 ** format.resolvedOptions().maximumFractionDigits;
  const say = (output, cents) => {
    const words = format.format(cents / unit);
    if (output.textContent !== words) output.textContent = words;
  };
  let sum = 0;
  for (const row of table.querySelectorAll("[data-unit]")) {
    const input = row.querySelector("input");
    if (!input) continue;
    const cents = Number(row.dataset.unit) * wanted(input);
    sum += cents;
    const line = row.querySelector("[data-line-total]");
    if (line) say(line, cents);
  }
  say(table.querySelector("[data-grand-total]"), sum);
};

const refresh = () => {
  for (const button of document.querySelectorAll("[data-step][hidden]")) button.hidden = false;
  document.querySelectorAll("[data-quantities]").forEach(total);
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (button) step(button);
});
document.addEventListener("input", (event) => {
  const table = event.target.closest("[data-quantities]");
  if (table) total(table);
});
document.addEventListener("htmx:afterSwap", refresh);
// Browsers put typed numbers back after the module has run.
window.addEventListener("pageshow", refresh);
refresh();
