// Dialogs in which one finds what a text points at: articles, flows, policy facts, pictures.  Without JavaScript their
// keys are typed by hand.
"use strict";

const choosing = (() => {
  const PAUSE = 150;
  const ADDRESS = /^(?:https?:\/\/\S+|www\.\S+\.\S+|mailto:\S+@\S+|tel:[+\d\s()-]+|[^\s@/]+@[^\s@/]+\.[^\s@/]+)$/i;
  const whole = (typed) => {
    if (/^www\./i.test(typed)) return `https://${typed}`;
    return /^[^:]+@/.test(typed) ? `mailto:${typed}` : typed;
  };

  // What the server says of the request; throws the sentence to show where it says nothing.
  const ask = async (url, options = {}) => {
    const { failed, loggedOut } = document.getElementById("dialogs").dataset;
    let answer;
    try {
      answer = await fetch(url, { redirect: "manual", ...options });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Error(failed);
    }
    const isOurs = (answer.headers.get("Content-Type") || "").includes("json");
    if (isOurs) return answer.json();
    throw new Error(answer.type === "opaqueredirect" || answer.status === 403 ? loggedOut : failed);
  };

  // Closing a dialog gives the text its focus back, and Chromium then puts the caret at its beginning.
  let leave = () => {};
  const open = (box, area) => {
    const { selectionStart, selectionEnd } = area;
    leave = () => {
      box.close();
      area.setSelectionRange(selectionStart, selectionEnd);
    };
    box.showModal();
  };
  const close = () => leave();

  // A box with what is found below it: arrows go through it, Enter takes it, a click too.
  const finder = (root, take) => {
    const input = root.querySelector("input");
    const list = root.querySelector("[role=listbox]");
    const said = root.querySelector(".tool-said");
    let language = "";
    let found = [];
    let at = -1;
    let timer = 0;
    let looking = null;
    let asked = new AbortController();

    const point = (to) => {
      at = to;
      for (const [number, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(number === at));
      if (at < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    };
    const option = (one, number) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${number}`;
      item.role = "option";
      if (one.picture) {
        const picture = document.createElement("img");
        Object.assign(picture, { src: one.picture, alt: "", width: 48, height: 48 });
        item.append(picture);
      }
      const words = document.createElement("span");
      const title = document.createElement("span");
      const note = document.createElement("span");
      [title.className, note.className] = ["title", "note"];
      [title.textContent, note.textContent] = [one.title, one.note];
      words.append(title, " ", note);
      item.append(words);
      // Not with the click: the box would lose the focus before it.
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => take(one));
      return item;
    };
    const show = (choices, sentence) => {
      found = choices;
      list.replaceChildren(...found.map(option));
      list.hidden = found.length === 0;
      input.setAttribute("aria-expanded", String(found.length > 0));
      said.textContent = sentence;
      point(found.length && input.value.trim() ? 0 : -1);
    };
    const look = async () => {
      asked.abort();
      asked = new AbortController();
      const typed = input.value.trim();
      if (root.dataset.address && ADDRESS.test(typed)) {
        show([{ insert: whole(typed), title: typed, note: root.dataset.address }], "");
        return;
      }
      try {
        const answer = await ask(`${root.dataset.url}?${new URLSearchParams({ q: typed, language })}`, { signal: asked.signal });
        show(answer.found, answer.said);
      } catch (error) {
        if (error.name !== "AbortError") show([], error.message);
      }
    };
    const start = () => {
      window.clearTimeout(timer);
      timer = 0;
      looking = look();
    };
    input.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(start, PAUSE);
    });
    input.addEventListener("keydown", async (event) => {
      const count = found.length;
      const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? count - 1 : at - 1 }[event.key];
      if (to !== undefined && count) point((to + count) % count);
      else if (event.key !== "Enter") return;
      event.preventDefault();
      if (event.key !== "Enter" || event.isComposing) return;
      if (timer) start(); // typed faster than it was looked for
      await looking;
      if (found[at] && root.closest("dialog").open) take(found[at]);
    });
    return {
      open: (code) => {
        language = code;
        input.value = "";
        show([], "");
        start();
      },
    };
  };

  const dialog = (kind, put) => {
    const box = document.getElementById(`choose-${kind}`);
    if (!box) return;
    let area;
    const found = finder(box.querySelector(".finder"), (one) => {
      close();
      put(area, one);
    });
    document.addEventListener("tool", (event) => {
      if (event.detail !== kind) return;
      area = event.target;
      open(box, area);
      found.open(area.closest("[lang]").lang);
      box.querySelector("input").focus();
    });
  };

  addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("dialog.tool")) {
      box.querySelector("[data-close]").addEventListener("click", close);
      box.addEventListener("cancel", (event) => {
        event.preventDefault();
        close();
      });
    }
    dialog("links", (area, one) => markdown.link(area, one.title, one.insert));
    dialog("facts", (area, one) => markdown.insert(area, one.insert));
  });
  return { ask, close, finder, open };
})();
