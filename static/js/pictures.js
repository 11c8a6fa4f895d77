// A picture pasted or dropped into a text, or chosen: asks what it shows, stores it, and puts it where the caret is.
// Without JavaScript it is added on the page of the pictures, and its name is typed by hand.
"use strict";

addEventListener("DOMContentLoaded", () => {
  const dialog = document.getElementById("add-picture");
  if (!dialog) return;
  const form = dialog.querySelector("form");
  const file = dialog.querySelector("#picture-file");
  const alt = dialog.querySelector("#picture-alt");
  const decoration = dialog.querySelector("#picture-decoration");
  const name = dialog.querySelector("#picture-name");
  const error = dialog.querySelector(".error");
  const said = form.querySelector(":scope > .tool-said");
  const stored = dialog.querySelector(".stored");
  const shown = dialog.querySelector(".chosen");
  const small = Object.assign(document.createElement("img"), { alt: "", hidden: true });
  shown.querySelector("canvas").after(small);
  const button = form.querySelector("[type=submit]");
  let area; // the text that gets it
  let picture = null; // a file, or the name of one that is stored
  let waiting = []; // more files of the same paste or drop
  let opened = 0; // an answer that comes after the dialog was closed is for nobody

  const complain = (sentence, at) => {
    error.textContent = sentence;
    for (const field of [file, alt]) field?.toggleAttribute("aria-invalid", sentence !== "" && field === at);
    if (sentence && at) at.focus();
  };
  const wrong = (chosen) => {
    if (!/^image\/(png|jpeg|webp|gif)$/.test(chosen.type)) return dialog.dataset.noPicture;
    return chosen.size > Number(dialog.dataset.most) ? dialog.dataset.tooLarge : "";
  };
  // On a canvas, since the policy lets no page show an address of the browser's own.
  const draw = async (chosen) => {
    const canvas = shown.querySelector("canvas");
    const mine = opened;
    canvas.hidden = true;
    try {
      const bitmap = await createImageBitmap(chosen);
      if (mine !== opened || picture !== chosen) return;
      const scale = Math.min(160 / bitmap.width, 120 / bitmap.height, 1);
      canvas.width = Math.max(1, bitmap.width * scale);
      canvas.height = Math.max(1, bitmap.height * scale);
      canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      canvas.hidden = false;
    } catch {
      // The server says what is wrong with it.
    }
  };
  const use = (chosen) => {
    const sentence = chosen ? wrong(chosen) : "";
    picture = sentence ? null : chosen;
    shown.hidden = !picture;
    small.hidden = true;
    if (picture) {
      shown.querySelector(".file-name").textContent = picture.name;
      draw(picture);
    }
    complain(sentence, sentence ? file : null);
  };
  const found = choosing.finder(stored.querySelector(".finder"), (one) => {
    picture = one.insert;
    if (file) file.value = "";
    small.src = one.picture;
    small.hidden = shown.hidden = false;
    shown.querySelector("canvas").hidden = true;
    shown.querySelector(".file-name").textContent = one.title;
    stored.open = false;
    complain("", null);
    alt.focus();
  });

  const open = (target, chosen) => {
    area = target;
    opened += 1;
    form.reset();
    said.textContent = "";
    button.disabled = false;
    stored.open = !file;
    alt.disabled = false;
    for (const row of dialog.querySelectorAll(".upload, .stored")) row.hidden = Boolean(chosen) && !wrong(chosen);
    choosing.open(dialog, area);
    use(chosen);
    if (picture) alt.focus();
    else if (!error.textContent) (file || stored.querySelector("input")).focus();
  };
  const next = () => {
    if (waiting.length) open(area, waiting.shift());
  };
  const put = (stem, sentence) => {
    choosing.close();
    markdown.picture(area, decoration.checked ? "-" : alt.value.trim(), stem);
    document.querySelector("#writing .said").textContent = sentence;
    next();
  };

  const store = async () => {
    const mine = opened;
    const data = new FormData();
    data.set("csrfmiddlewaretoken", area.form.elements.csrfmiddlewaretoken.value);
    data.set("file", picture, picture.name || "picture");
    data.set("alt", decoration.checked ? "" : alt.value);
    data.set("name", name.value || (decoration.checked ? picture.name : ""));
    said.textContent = dialog.dataset.busy;
    button.disabled = true;
    try {
      const answer = await choosing.ask(dialog.dataset.url, { method: "POST", body: data });
      if (mine !== opened || !dialog.open) return;
      if (answer.error) throw new Error(answer.error);
      put(answer.name, answer.said);
    } catch (trouble) {
      if (mine === opened) complain(trouble.message, null);
    } finally {
      if (mine === opened) {
        button.disabled = false;
        if (dialog.open) said.textContent = "";
      }
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!picture) complain(dialog.dataset.none, file || stored.querySelector("input"));
    else if (!alt.value.trim() && !decoration.checked) complain(dialog.dataset.noWords, alt);
    else if (typeof picture === "string") put(picture, "");
    else store();
  });
  // Enter is for sending; the words are one sentence.
  alt.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  alt.addEventListener("input", () => alt.hasAttribute("aria-invalid") && complain("", null));
  decoration.addEventListener("change", () => {
    alt.disabled = decoration.checked;
    if (decoration.checked) complain("", null);
  });
  file?.addEventListener("change", () => use(file.files[0] ?? null));
  const stop = () => {
    waiting = [];
  };
  dialog.addEventListener("cancel", stop);
  dialog.querySelector("[data-close]").addEventListener("click", stop);
  stored.addEventListener("toggle", () => stored.open && found.open(area.closest("[lang]").lang));

  const take = (target, files) => {
    waiting = files.slice(1);
    open(target, files[0]);
  };
  const isText = (target) => target instanceof HTMLTextAreaElement && target.matches("textarea.markdown");
  document.addEventListener("tool", (event) => {
    if (event.detail === "picture") open(event.target, null);
  });
  if (!file) return; // who may not add one chooses among those that are there
  document.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData ?? { files: [], types: [] };
    // What comes from a document or a table brings a picture of itself along; its words are meant.
    if (!isText(event.target) || !files.length || types.includes("text/plain")) return;
    event.preventDefault();
    take(event.target, [...files]);
  });
  for (const target of document.querySelectorAll("textarea.markdown")) {
    const mark = (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      target.classList.add("drop-here");
    };
    target.addEventListener("dragenter", mark);
    target.addEventListener("dragover", mark);
    target.addEventListener("dragleave", () => target.classList.remove("drop-here"));
    target.addEventListener("drop", (event) => {
      target.classList.remove("drop-here");
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      take(target, [...event.dataTransfer.files]);
    });
  }
});
