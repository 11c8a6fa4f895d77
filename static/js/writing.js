// What is being typed at the desk is kept on the server every few seconds and in this browser at once, and who else
// has the page open is shown.  Without this, every save that does not succeed keeps the text all the same.
(() => {
  "use strict";

  const PAUSE = 2500; // after the first key, until the server is asked to keep what is there by then
  const BEAT = 15000; // between two signs of life
  const OLD = 30 * 24 * 3600 * 1000;
  const PREFIX = "unsaved:";

  const start = () => {
    const panel = document.getElementById("writing");
    const form = panel && panel.closest("form");
    if (!form) return;

    const { place, keep, there } = panel.dataset;
    const key = PREFIX + place;
    const said = panel.querySelector(".said");
    const others = panel.querySelector(".others");
    let timer = 0;
    let isTyping = false;

    const ours = (name) => !name.startsWith("_") && !["csrfmiddlewaretoken", "place", "drop", "preview"].includes(name);
    const fields = () => {
      const typed = {};
      for (const [name, value] of new FormData(form)) {
        if (ours(name) && typeof value === "string") (typed[name] = typed[name] || []).push(value);
      }
      return typed;
    };
    const words = (typed) => JSON.stringify({ ...typed, seen: "" });
    const opened = words(fields());

    const openedAt = Number(panel.dataset.openedAt);
    const keepHere = (isSent) => {
      try {
        localStorage.setItem(key, JSON.stringify({ at: Date.now(), openedAt, isSent, fields: fields() }));
      } catch {
        // Full or forbidden: the server keeps it.
      }
    };
    const forgetHere = () => {
      try {
        localStorage.removeItem(key);
      } catch {
        // There is none.
      }
    };

    const show = (answer) => {
      if (answer.said) said.textContent = answer.said;
      others.hidden = answer.others.length === 0;
      const sentence = answer.others.length ? there.replace("NAMES", answer.others.join(", ")) : "";
      if (others.textContent.trim() !== sentence) others.textContent = sentence;
    };
    const tell = async () => {
      window.clearTimeout(timer);
      timer = 0;
      const data = isTyping ? new FormData(form) : new FormData();
      data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      data.set("place", place);
      data.delete("drop");
      const wasTyping = isTyping;
      isTyping = false;
      try {
        const keepalive = document.visibilityState === "hidden" && new URLSearchParams(data).toString().length < 60000;
        const response = await fetch(keep, { method: "POST", body: data, redirect: "manual", keepalive });
        const isTaken = response.ok && response.headers.get("Content-Type").includes("json");
        const isLoggedOut = response.ok || response.type === "opaqueredirect" || response.status === 403;
        if (isTaken) show(await response.json());
        else said.textContent = isLoggedOut ? panel.dataset.loggedOut : panel.dataset.offline;
        if (!isTaken) isTyping = isTyping || wasTyping;
      } catch {
        isTyping = isTyping || wasTyping;
        said.textContent = panel.dataset.offline;
      }
    };

    form.addEventListener("input", () => {
      isTyping = true;
      keepHere(false);
      if (!timer) timer = window.setTimeout(tell, PAUSE); // not put off by the next key: some never pause
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && isTyping) tell();
    });
    window.setInterval(() => document.visibilityState === "visible" && !timer && tell(), BEAT);
    form.addEventListener("submit", (event) => {
      window.clearTimeout(timer);
      timer = 0;
      isTyping = false;
      const button = event.submitter;
      if (button && button.name === "preview") return;
      keepHere(true); // until a page says that it is saved
    });
    panel.querySelectorAll("button[name=drop]").forEach((button) =>
      button.addEventListener("click", () => {
        window.clearTimeout(timer);
        timer = 0;
        isTyping = false; // or leaving the page would keep it once more
        forgetHere();
      }),
    );

    const putBack = (typed) => {
      for (const element of form.elements) {
        const values = typed[element.name];
        if (!element.name || !ours(element.name) || element.name === "seen") continue;
        if (element.type === "checkbox" || element.type === "radio") element.checked = (values || []).includes(element.value);
        else if (values && element.type !== "file" && element.type !== "submit") element.value = values[0];
      }
      isTyping = true;
      form.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const offer = (kept) => {
      const box = document.createElement("div");
      box.className = "box warning";
      const sentence = document.createElement("p");
      sentence.textContent = panel.dataset.found;
      const buttons = document.createElement("p");
      buttons.className = "buttons";
      const add = (text, act) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = text;
        button.addEventListener("click", () => {
          act();
          box.remove();
        });
        buttons.append(button);
      };
      add(panel.dataset.restore, () => putBack(kept.fields));
      add(panel.dataset.forget, forgetHere);
      box.append(sentence, buttons);
      panel.append(box);
    };

    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(key));
      // It was sent, and the server says that this form has been saved since it was opened.
      if (kept && kept.isSent && Number(panel.dataset.savedAt) > kept.openedAt) {
        forgetHere();
        kept = null;
      }
    } catch {
      kept = null;
    }
    if (kept && (Date.now() - kept.at > OLD || words(kept.fields) === opened)) {
      forgetHere();
      kept = null;
    }
    // What the server has kept is offered by the page itself, unless this browser knows more.
    const serverKept = Number(panel.dataset.keptAt || 0) * 1000;
    if (kept && (!panel.querySelector(".box") || kept.at > serverKept + 5000) && !document.querySelector(".errornote, #consequences")) offer(kept);
  };

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
