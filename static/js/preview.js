// The preview beside a text follows the typing; without JavaScript the button does the same by hand.
"use strict";

addEventListener("DOMContentLoaded", () => {
  const PAUSE = 300;
  const DESKTOP = 1100; // pixels, as in admin.css; on less room it is shown smaller

  // The page in the frame stays, and so does where it was scrolled to; pictures that are there are not loaded again.
  const renew = (frame, html) => {
    const made = new DOMParser().parseFromString(html, "text/html");
    const page = frame.contentDocument;
    const main = page?.querySelector("body.preview main");
    if (!main) {
      frame.srcdoc = html;
      return;
    }
    const old = new Map([...main.querySelectorAll("picture")].map((picture) => [picture.outerHTML, picture]));
    const fresh = page.adoptNode(made.querySelector("main"));
    for (const picture of fresh.querySelectorAll("picture")) {
      const same = old.get(picture.outerHTML);
      old.delete(picture.outerHTML);
      if (same) picture.replaceWith(same);
    }
    page.documentElement.lang = made.documentElement.lang;
    page.documentElement.className = made.documentElement.className;
    main.replaceChildren(...fresh.childNodes);
  };

  for (const panel of document.querySelectorAll(".previewed")) {
    const button = panel.querySelector("button[name=preview]");
    const frame = panel.querySelector("iframe");
    const said = panel.querySelector(".preview-said");
    const prefix = button.value;
    let timer;
    let asked = new AbortController();
    let isFirst = true;

    // Only this panel's fields: the other languages need not travel with every pause.
    const fields = () => {
      const all = new FormData(button.form, button);
      const mine = new URLSearchParams();
      for (const [name, value] of all) {
        if (name === "csrfmiddlewaretoken" || name === "preview" || name.startsWith(`${prefix}-`) || name === `_colours-${prefix}`) mine.append(name, value);
      }
      return mine;
    };
    const refresh = async () => {
      clearTimeout(timer);
      asked.abort();
      const mine = (asked = new AbortController());
      try {
        const answer = await fetch(button.formAction, { method: "POST", body: fields(), redirect: "manual", signal: mine.signal });
        if (!answer.ok) throw new Error(answer.status);
        const html = await answer.text();
        if (mine !== asked) return;
        if (isFirst) frame.srcdoc = html;
        else renew(frame, html);
        isFirst = false;
        said.textContent = "";
      } catch (error) {
        if (error.name !== "AbortError") said.textContent = said.dataset.failed;
      }
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(refresh, PAUSE);
    };
    // A desktop is wider than the place beside the text.
    const fit = () => {
      const place = frame.parentElement.clientWidth;
      if (place) frame.style.setProperty("--scale", Math.min(1, place / DESKTOP));
    };

    // A link of the text opens beside the desk: in the frame it would take the preview away.
    frame.addEventListener("load", () => {
      frame.contentDocument?.addEventListener("click", (event) => {
        const link = event.target.closest("a[href]");
        if (!link) return;
        event.preventDefault();
        const address = link.getAttribute("href");
        if (address.startsWith("#")) frame.contentDocument.getElementById(decodeURIComponent(address.slice(1)))?.scrollIntoView();
        else window.open(link.href, "_blank", "noopener");
      });
    });

    new ResizeObserver(fit).observe(frame.parentElement);
    panel.addEventListener("input", (event) => {
      if (event.target.name?.startsWith("_")) event.stopPropagation(); // nothing of the text has been changed
      if (event.target.name?.startsWith("_colours-")) refresh();
      else if (event.target.name?.startsWith(`${prefix}-`)) later();
    });
    button.addEventListener("click", (event) => {
      event.preventDefault();
      refresh();
    });
    // What was put back after a loss sets every field and speaks for the form.
    button.form.addEventListener("input", (event) => event.target === button.form && later());
    if (panel.querySelector("textarea.markdown").value) refresh();
  }
});
