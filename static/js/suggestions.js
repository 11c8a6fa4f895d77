// Suggestions under every search box that names where to ask for them: <input name="q" data-suggestions="…">.
// They are plain links after the box, so that Tab goes on as it stands; a status line says how many there are.
(() => {
  "use strict";
  const PAUSE = 250;
  const FROM_LETTERS = 3;

  function enhance(box) {
    const holder = box.closest(".search") || box.form;
    const panel = document.createElement("div");
    panel.className = "suggestions";
    panel.hidden = true;
    const status = document.createElement("p");
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    holder.append(panel, status);
    box.autocomplete = "off"; // the browser's own list would lie over ours

    let timer = 0;
    let asking = null;

    function close() {
      clearTimeout(timer);
      if (asking) asking.abort();
      panel.hidden = true;
      panel.replaceChildren();
      status.textContent = "";
    }

    async function ask() {
      asking = new AbortController();
      const address = new URL(box.dataset.suggestions, location.href);
      address.searchParams.set("q", box.value);
      try {
        const response = await fetch(address, { signal: asking.signal });
        if (response.ok) show(await response.text());
      } catch {
        // Aborted, or offline: the box works without suggestions.
      }
    }

    function show(fragment) {
      const page = new DOMParser().parseFromString(fragment, "text/html");
      const list = page.querySelector("ul");
      if (!list || !holder.contains(document.activeElement)) return;
      status.textContent = page.querySelector("p").textContent.trim();
      panel.replaceChildren(document.importNode(list, true));
      panel.hidden = list.children.length === 0;
    }

    const typed = () => {
      close();
      if (box.value.trim().length >= FROM_LETTERS) timer = setTimeout(ask, PAUSE);
    };
    box.addEventListener("input", typed);
    holder.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || panel.hidden) return;
      event.preventDefault(); // the first Escape closes the list; the box keeps its text
      box.focus();
      close();
    });
    holder.addEventListener("focusout", (event) => {
      if (!holder.contains(event.relatedTarget)) close();
    });
    // Safari takes the focus away at a press on a link, and the link would be gone before the click.
    panel.addEventListener("mousedown", (event) => event.preventDefault());
    holder.addEventListener("submit", close);
    if (document.activeElement === box && box.value !== box.defaultValue) typed(); // before this script was there
  }

  document.querySelectorAll('input[name="q"][data-suggestions]').forEach(enhance);
})();
