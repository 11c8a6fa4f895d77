// A proof of work, where the site asks for one: done while the customer reads the page, in a thread of its own.
// Who presses Send before it is done waits for it; where it cannot be done, the server's page says what to do.
(() => {
  "use strict";

  const answer = document.querySelector("input[data-challenge]");
  if (!answer) return;
  const form = answer.form;
  const status = form.querySelector("[data-work-status]");
  const challenge = JSON.parse(answer.dataset.challenge);
  let isWorking = true;
  let waits = false;

  const finish = (solution) => {
    if (!isWorking) return;
    isWorking = false;
    answer.value = solution && solution.derivedKey ? window.btoa(JSON.stringify({ challenge, solution })) : "";
    status.textContent = "";
    if (waits) form.querySelector("button:not([name], [type=button])").click();
  };

  // Heard before the listener that lets a form be sent once: what is held back here has not been sent.
  form.addEventListener("submit", (event) => {
    if (!isWorking || (event.submitter && event.submitter.name)) return; // a button with a name does not send
    event.preventDefault();
    event.stopImmediatePropagation();
    waits = true;
    status.textContent = status.dataset.waiting;
  });

  try {
    const worker = new Worker(answer.dataset.worker);
    worker.addEventListener("message", (event) => finish(event.data));
    worker.addEventListener("error", () => finish(null));
    worker.postMessage({ type: "work", challenge, counterStart: 0, counterStep: 1 });
  } catch {
    finish(null);
  }
})();
