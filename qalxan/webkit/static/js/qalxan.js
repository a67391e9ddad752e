// Everything works without this file; it only spares steps.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form) form.requestSubmit();
});
const summary = document.querySelector("[data-summary]");
if (summary) summary.focus();
