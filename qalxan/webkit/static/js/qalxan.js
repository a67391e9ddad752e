// Everything works without this file; it only spares steps.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form) form.requestSubmit();
});
const summary = document.querySelector("[data-summary]");
if (summary) summary.focus();

// A form with data-autosave is saved two seconds after the last key, and every four while keys go on; what cannot be sent is tried again until it can.
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const state = form.querySelector("[data-state]");
  let timer = 0, since = 0, dirty = false, busy = false, leaving = false;
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(save, ms); };
  const save = async () => {
    if (busy || leaving || !dirty) return;
    busy = true; dirty = false;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      if (!answer.ok || !(answer.headers.get("Content-Type") || "").includes("json")) throw new Error(String(answer.status));
      const told = await answer.json();
      if (told.state === "saved") form.elements.version.value = told.version;
      if (told.state === "parked") { leaving = true; window.location = told.url; return; }
      state.textContent = told.message; state.classList.toggle("bad-words", told.state !== "saved");
    } catch {
      dirty = true; state.textContent = form.dataset.lost; state.classList.add("bad-words");
    } finally {
      busy = false;
      if (dirty) later(3000);
    }
  };
  form.addEventListener("input", () => {
    if (!dirty) since = Date.now();
    dirty = true;
    later(Math.max(0, Math.min(2000, since + 4000 - Date.now())));
  });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  window.addEventListener("beforeunload", (event) => { if (dirty && !leaving) event.preventDefault(); });
}

// A page of a person's record asks every two seconds whether it may stay open: it ends with the right, the session or the connection.
const { still, lost } = document.body.dataset;
if (still) {
  let seen = Date.now();
  const look = async () => {
    try {
      const answer = await fetch(still, { cache: "no-store", signal: AbortSignal.timeout(5000) });
      if (answer.status === 404) { document.body.replaceChildren(); window.location.replace(window.location.href); return; }
      if (answer.ok) seen = Date.now();
    } catch { /* asked again until a minute has passed */ }
    if (Date.now() - seen > 60000) { document.body.textContent = lost; return; }
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
}
