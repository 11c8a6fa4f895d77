// Answers below the message while it is being written.  They are asked for by POST, so that what is being typed stands
// in no address and no log; they never cover the form, and once hidden they stay so.
(() => {
  "use strict";

  const PAUSE = 500;
  const FROM_LETTERS = 3;

  const holder = document.querySelector("[data-answers]");
  const box = holder && document.getElementById(holder.dataset.answersTo);
  if (!box) return;
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  box.closest(".field").after(holder, status);

  let timer = 0;
  let asking = null;
  let isDismissed = false;

  const show = (fragment) => {
    const page = new DOMParser().parseFromString(fragment, "text/html");
    const found = page.querySelector("section");
    // Whoever is inside the list would lose their place.
    if (holder.contains(document.activeElement)) return;
    const heading = found ? found.querySelector("h2").textContent.trim() : "";
    if (status.textContent !== heading) status.textContent = heading;
    holder.replaceChildren(...(found ? [document.importNode(found, true)] : []));
    holder.hidden = !found;
    const dismiss = holder.querySelector("[data-dismiss]");
    if (dismiss) dismiss.hidden = false;
  };

  const ask = async () => {
    if (asking) asking.abort();
    asking = new AbortController();
    const sent = new FormData();
    for (const name of ["csrfmiddlewaretoken", "draft"]) sent.set(name, box.form.elements[name].value);
    sent.set("message", box.value);
    try {
      const response = await fetch(holder.dataset.answers, { method: "POST", body: sent, signal: asking.signal });
      if (response.ok && !isDismissed) show(await response.text());
    } catch {
      // Aborted, or offline: the form works without answers.
    }
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    if (isDismissed || (box.value.match(/\p{L}/gu) || []).length < FROM_LETTERS) return;
    timer = setTimeout(ask, PAUSE);
  });
  holder.addEventListener("click", (event) => {
    if (!event.target.closest("[data-dismiss]")) return;
    isDismissed = true;
    clearTimeout(timer);
    status.textContent = "";
    box.focus();
    holder.hidden = true;
    holder.replaceChildren();
  });
})();
