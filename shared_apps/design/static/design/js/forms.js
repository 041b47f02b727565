// Every page: the focus goes to the errors, a form is not sent twice, menus close.

document.querySelector("[data-error-summary]")?.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-error-summary] a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.focus();
  // The label or the legend must be seen too, not only what is under the cursor.
  (field.closest(".field") ?? field).scrollIntoView({ block: "start" });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
});

// A page brought back by the back button, or an answer swapped in by htmx, may be sent again.
const free = () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
};
window.addEventListener("pageshow", (event) => event.persisted && free());
document.addEventListener("htmx:afterRequest", free);

// A menu closes when one looks elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A question that hangs on an earlier answer shows once that answer is given; the server asks again by itself.
const answersTo = (form, name) =>
  [...form.elements].filter((each) => each.name === name && each.type !== "hidden").flatMap((each) => {
    if (each.type === "checkbox" && each.value === "on") return [each.checked ? "yes" : "no"];
    if (each.type === "checkbox" || each.type === "radio") return each.checked ? [each.value] : [];
    return [each.value];
  });
const reveal = (form) => {
  for (const field of form.querySelectorAll("[data-shown-if]")) {
    const asked = form.querySelector(`.field:has([name="${CSS.escape(field.dataset.shownIf)}"])`);
    const values = field.dataset.shownIs.split("|");
    const applies = answersTo(form, field.dataset.shownIf).some((answer) => values.includes(answer));
    field.hidden = asked?.hidden || !applies;
  }
};
const revealAll = () => document.querySelectorAll("form:has([data-shown-if])").forEach(reveal);
document.addEventListener("change", (event) => {
  if (event.target.form?.querySelector("[data-shown-if]")) reveal(event.target.form);
});
document.addEventListener("htmx:afterSwap", revealAll);
revealAll();
