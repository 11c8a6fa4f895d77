// Links to a place in a text (#at-LANGUAGE-FIELD, and its line) put the cursor there.  Without JavaScript they lead
// to the field, and their words name the line.
"use strict";

addEventListener("DOMContentLoaded", () => {
  const fieldAt = (hash) => {
    const row = /^#at-[\w-]+$/.test(hash) ? document.querySelector(hash) : null;
    return row && row.querySelector("textarea, input:not([type=hidden]), select");
  };

  // Lines wrap, so that only a copy of the same width tells how far down one begins.
  const heightOf = (field, text) => {
    const copy = field.cloneNode();
    copy.removeAttribute("id");
    copy.removeAttribute("name");
    copy.rows = 1;
    copy.value = text;
    copy.setAttribute("aria-hidden", "true");
    copy.style.cssText = `position: absolute; visibility: hidden; height: 0; min-height: 0; width: ${field.offsetWidth}px`;
    field.after(copy);
    const height = copy.scrollHeight;
    copy.remove();
    return height;
  };

  const go = (field, line) => {
    field.focus({ preventScroll: true });
    field.scrollIntoView({ block: "center" });
    if (!line || field.tagName !== "TEXTAREA") return;
    const lines = field.value.split("\n");
    const before = lines.slice(0, line - 1).join("\n");
    const start = before.length + (line > 1 ? 1 : 0);
    field.setSelectionRange(start, start + (lines[line - 1] || "").length);
    field.scrollTop = Math.max(0, heightOf(field, before) - field.clientHeight / 2);
  };

  const wanted = fieldAt(location.hash);
  const line = Number(new URLSearchParams(location.search).get("line"));
  if (wanted) {
    // The browser goes to the fragment by itself, some time until the page has loaded, and takes the focus away.
    history.replaceState(history.state, "", location.pathname + location.search);
    addEventListener("load", () => go(wanted, line));
  }

  // On the page itself nothing is loaded anew, so that what is being typed stays.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href*='#at-']");
    const field = link && link.pathname === location.pathname && fieldAt(link.hash);
    if (!field) return;
    event.preventDefault();
    go(field, Number(link.dataset.line || new URLSearchParams(link.search).get("line")));
  });
});
