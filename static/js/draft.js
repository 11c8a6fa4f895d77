// The contact forms work without this.  With it, what is being typed is kept before anybody presses Continue,
// an impatient second click is not sent while the first is on its way, and Back leads to a page and not to a question.
(() => {
  "use strict";

  const PAUSE = 1000;
  const RETRY = 10000; // the server could not write just now, or the network was away
  const SENDING = 8000; // then the button works again: the network may have failed, and sending twice is harmless

  document.querySelectorAll("form[data-save]").forEach((form) => {
    let timer = 0;
    let request = null;

    const wait = (pause) => {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, pause);
    };
    const save = () => {
      window.clearTimeout(timer);
      timer = 0;
      if (request) request.abort();
      request = new AbortController();
      // Only what outlives its page needs keepalive, which browsers refuse to texts over 64 KB.
      const keepalive = document.visibilityState === "hidden";
      const body = new FormData(form);
      body.delete("files"); // they have a way of their own
      const options = { method: "POST", body, signal: request.signal, keepalive };
      window
        .fetch(form.dataset.save, options)
        .then((response) => {
          if (response.status === 503 && !timer) wait(RETRY);
        })
        .catch((error) => {
          if (error.name !== "AbortError" && !timer) wait(RETRY);
        });
    };

    form.addEventListener("input", () => wait(PAUSE));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && timer) save();
    });
    // Otherwise what was typed earlier could arrive after what is submitted now.
    form.addEventListener("submit", () => {
      window.clearTimeout(timer);
      timer = 0;
      if (request) request.abort();
    });
  });

  // A page that answered a form, as one that had been open for too long, is stored by the browser with that form, and
  // Back would ask whether to send it again.  Once its own form goes on, the server has what was typed.
  document.addEventListener("submit", (event) => {
    if (event.target.method === "post") history.replaceState(history.state, "", location.href);
  });

  document.querySelectorAll("form[data-once]").forEach((form) => {
    const button = form.querySelector("button:not([name], [type=button])");
    let isSending = false;

    const release = () => {
      isSending = false;
      button.removeAttribute("aria-disabled");
    };

    form.addEventListener("submit", (event) => {
      if (isSending) {
        event.preventDefault();
        return;
      }
      isSending = true;
      button.setAttribute("aria-disabled", "true");
      window.setTimeout(release, SENDING);
    });
    window.addEventListener("pageshow", release);
  });
})();
