// The preview beside a text follows the typing; without JavaScript the button does the same by hand.
"use strict";

addEventListener("DOMContentLoaded", () => {
  for (const panel of document.querySelectorAll(".translation")) {
    const button = panel.querySelector("button[name=preview]");
    const frame = panel.querySelector("iframe");
    let timer;
    let asked = 0;

    const refresh = async () => {
      const mine = ++asked;
      const form = new FormData(button.form, button);
      const answer = await fetch(button.formAction, { method: "POST", body: form });
      if (answer.ok && mine === asked) frame.srcdoc = await answer.text();
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(refresh, 400);
    };

    panel.addEventListener("input", later);
    button.addEventListener("click", (event) => {
      event.preventDefault();
      refresh();
    });
    if (panel.querySelector("textarea.markdown").value) refresh();
  }
});
