// Copies the link of a step.  Without it, the link stands in a field to be copied by hand.
const field = document.querySelector("[data-share]");

if (field) {
  const button = field.parentElement.querySelector("button");
  const status = field.parentElement.querySelector("[role=status]");
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
