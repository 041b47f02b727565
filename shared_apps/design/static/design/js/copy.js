// A button beside a text that is copied as it is; without this script there is no such button, and the text stays.

for (const place of document.querySelectorAll("[data-copy]")) {
  const button = place.querySelector("button");
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(place.querySelector("code").textContent);
    document.dispatchEvent(new CustomEvent("toast", { detail: { value: place.dataset.copy } }));
  });
}
