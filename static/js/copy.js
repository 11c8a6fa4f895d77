// Copies the text that a button names.  Without it, the text stands there to be selected and copied by hand.
let undo = () => {};
for (const button of document.querySelectorAll("[data-copies]")) {
  const source = document.getElementById(button.dataset.copies);
  const status = button.closest(".field").querySelector("[role=status]");
  const isField = "value" in source;
  const label = [...button.childNodes];
  const select = () => (isField ? source.select() : getSelection().selectAllChildren(source));
  button.hidden = false;
  if (isField) source.addEventListener("focus", select);
  button.addEventListener("click", async () => {
    select();
    try {
      await navigator.clipboard.writeText(isField ? source.value : source.textContent);
    } catch {
      document.execCommand("copy"); // where the site has no HTTPS, there is no clipboard for scripts
    }
    undo(); // only the last one says so, since only its text is in the clipboard
    button.textContent = status.textContent = button.dataset.copied;
    undo = () => {
      button.replaceChildren(...label);
      status.textContent = "";
    };
  });
}
