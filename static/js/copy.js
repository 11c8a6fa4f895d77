// Copies the text of the field that a button names.  Without it, the text stands in the field to be copied by hand.
for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const status = button.closest(".field").querySelector("[role=status]");
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // where the site has no HTTPS, there is no clipboard for scripts
    }
    button.textContent = status.textContent = button.dataset.copied;
  });
}
