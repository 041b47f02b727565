// Dialogs: one written open in the page becomes modal; a button `data-dialog="<id>"` opens another.

const makeModal = () => {
  for (const dialog of document.querySelectorAll("dialog[data-modal][open]:not(:modal)")) {
    dialog.close();
    dialog.showModal();
  }
};

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (!dialog) return;
  event.preventDefault();
  dialog.showModal();
});
document.addEventListener("htmx:afterSwap", makeModal);
makeModal();
