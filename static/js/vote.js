// Yes or No, and then why, without leaving the answer.  Each opened page has a name of its own, made here and kept
// nowhere, so that a double press counts once and neighbours in one network count apart.
(() => {
  "use strict";
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const page = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

  const show = (place, answer) => {
    const next = new DOMParser().parseFromString(answer, "text/html").querySelector("[data-vote]");
    if (!next) throw new Error("The answer is another page.");
    place.replaceWith(document.adoptNode(next));
    (next.querySelector(".error-summary") || next.querySelector("h2")).focus();
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const place = form.closest("[data-vote]");
    if (!place) return;
    event.preventDefault();
    if (place.getAttribute("aria-busy") === "true") return;
    place.setAttribute("aria-busy", "true");
    const said = new URLSearchParams(new FormData(form));
    const pressed = event.submitter;
    if (pressed && pressed.name) said.set(pressed.name, pressed.value);
    said.set("page", page);
    try {
      const response = await fetch(form.action, { method: "POST", body: said });
      if (!response.ok) throw new Error("It was not taken.");
      show(place, await response.text());
    } catch {
      // As without a script: the browser says what is the matter.
      const add = (name, value) => {
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
      };
      if (pressed && pressed.name) add(pressed.name, pressed.value);
      add("page", page);
      place.removeAttribute("aria-busy"); // whoever stops the loading, or comes back, presses again
      form.submit();
    }
  });
})();
