// On a slow network somebody types before the scripts have arrived.  Once they have, what stands in the fields is
// told to them as if it were being typed: it is kept, shown and answered like the rest.  The last script of its page.
addEventListener("DOMContentLoaded", () => {
  // After Back or a reload the browser itself puts back what stood there, which may be older than what is kept.
  if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") return;
  // A box says “on” as its value while its default is empty: what counts of it is the tick.
  const isBox = (field) => field.type === "checkbox" || field.type === "radio";
  const isTyped = (field) =>
    isBox(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  for (const field of document.querySelectorAll("main input:not([type=hidden], [type=file]), main textarea")) {
    if (isTyped(field)) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
