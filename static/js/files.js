// Files on the details page.  Without this, the buttons beside them send the whole form; with it, files are sent as
// soon as they are picked, dropped or pasted, one after the other, and what happens is said in words.
(() => {
  "use strict";

  const PAUSE = 1500; // between two words about the same upload: whoever hears them is not flooded

  document.querySelectorAll("[data-upload]").forEach((fieldset) => {
    const form = fieldset.form || fieldset.closest("form");
    const input = fieldset.querySelector("input[type=file]");
    const list = fieldset.querySelector("[data-attached]");
    const status = fieldset.querySelector("[data-status]");
    const words = fieldset.dataset;
    const waiting = [];
    let isBusy = false;
    let mistakes = []; // of this time, found here: the server knows nothing of them
    let pressed = null; // the button that waits until everything has arrived

    const say = (sentence, name, percent) => {
      status.classList.remove("visually-hidden");
      status.textContent = sentence.replace("{percent}", percent).replace("{name}", () => name);
    };
    // A mistake is to be seen above the files; here it is to be heard.
    const tell = (mistake) => {
      status.classList.add("visually-hidden");
      status.textContent = mistake;
    };
    const showMistakes = () => {
      if (!mistakes.length) return;
      const box = document.createElement("div");
      box.className = "error-message";
      mistakes.forEach((mistake) => {
        const paragraph = document.createElement("p");
        paragraph.textContent = mistake;
        box.append(paragraph);
      });
      list.prepend(box);
    };
    const fail = (sentence, name) => {
      const said = sentence.replace("{name}", () => name);
      mistakes.push(said);
      list.querySelectorAll(".error-message:not([id])").forEach((old) => old.remove());
      showMistakes();
      tell(said);
    };

    // The server's list takes the place of ours; false where it did not answer with one.
    const take = (answer) => {
      const files = answer.response && answer.response.querySelector("[data-files]");
      if (!files) return false;
      list.replaceChildren(files);
      form.elements.draft.value = files.dataset.token; // that of a new draft, where the page was too old
      showMistakes();
      return true;
    };

    const post = (fields, onProgress) =>
      new Promise((resolve) => {
        const request = new XMLHttpRequest();
        const body = new FormData();
        ["csrfmiddlewaretoken", "draft", "started", "topic"].forEach((name) => {
          if (form.elements[name]) body.append(name, form.elements[name].value);
        });
        fields.forEach((field) => body.append(...field));
        request.open("POST", words.upload);
        request.responseType = "document";
        if (onProgress) request.upload.addEventListener("progress", onProgress);
        request.addEventListener("loadend", () => resolve(request));
        request.send(body);
      });

    const send = async ({ file, name, isFirst }) => {
      if (file.size > Number(words.bytes)) {
        fail(words.tooLarge, name);
        return;
      }
      let saidAt = 0;
      const language = document.documentElement.lang;
      const answer = await post([...(isFirst ? [] : [["more", "1"]]), ["files", file, name]], (progress) => {
        const now = Date.now();
        if (progress.loaded >= progress.total) say(words.checking, name);
        else if (now - saidAt > PAUSE) {
          saidAt = now;
          const percent = (progress.loaded / progress.total).toLocaleString(language, { style: "percent" });
          say(words.uploading, name, percent);
        }
      });
      if (!take(answer)) {
        fail(words.lost, name);
        return;
      }
      const said = [...list.querySelectorAll("#id_files_error p")].pop();
      if (said) tell(said.textContent.trim());
      else say(words.done, name);
    };

    const work = async () => {
      if (isBusy) return;
      isBusy = true;
      while (waiting.length) await send(waiting.shift());
      isBusy = false;
      const button = pressed;
      pressed = null;
      // Where something was not taken, the customer decides whether to go on.
      if (button && !list.querySelector(".error-message")) form.requestSubmit(button);
    };

    const add = (files) => {
      if (!isBusy) mistakes = [];
      files.forEach(({ file, name }, position) => {
        waiting.push({ file, name, isFirst: !isBusy && position === 0 });
      });
      work();
    };
    const named = (files) => [...files].map((file) => ({ file, name: file.name }));

    const nextScreenshot = (ending) => {
      const taken = new Set([...list.querySelectorAll("[data-name]")].map((button) => button.dataset.name));
      waiting.forEach(({ name }) => taken.add(name));
      for (let number = 1; ; number += 1) {
        const name = `${words.screenshot}${number > 1 ? ` ${number}` : ""}.${ending}`;
        if (!taken.has(name)) return name;
      }
    };

    const picked = () => {
      const files = named(input.files);
      input.value = ""; // or Continue would send them once more
      add(files);
    };
    input.addEventListener("change", picked);

    list.addEventListener("click", async (event) => {
      const button = event.target.closest("button[name=remove]");
      if (!button) return;
      event.preventDefault();
      mistakes = [];
      if (!take(await post([["remove", button.value]]))) {
        form.requestSubmit(button);
        return;
      }
      say(words.removed, button.dataset.name);
      input.focus();
    });

    document.addEventListener("paste", (event) => {
      const data = event.clipboardData;
      // Tables and texts come with a picture of themselves; into a field goes their text.
      const isForField = event.target.closest("textarea, input") && data.types.includes("text/plain");
      if (!data.files.length || isForField) return;
      event.preventDefault();
      const isPicture = /^image\.(\w+)$/;
      [...data.files].forEach((file) => {
        const found = isPicture.exec(file.name);
        add([{ file, name: found ? nextScreenshot(found[1]) : file.name }]);
      });
    });

    // Dropped beside the place for it, a file would otherwise be opened instead of this page.
    const hasFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
    document.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      fieldset.classList.add("is-over");
    });
    document.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) fieldset.classList.remove("is-over");
    });
    document.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      fieldset.classList.remove("is-over");
      add(named(event.dataTransfer.files));
    });

    form.addEventListener("submit", (event) => {
      if (!isBusy) return;
      event.preventDefault();
      pressed = event.submitter;
    });

    fieldset.querySelectorAll("[data-with-script]").forEach((element) => (element.hidden = false));
    fieldset.querySelectorAll("[data-without-script]").forEach((element) => (element.hidden = true));
    if (input.files.length) picked(); // before this script was there
  });
})();
