// While a colour is being chosen: the picker and the field say the same, and the samples follow.
"use strict";
{
  const field = document.getElementById("id_accent");
  const picker = document.getElementById("accent-picker");
  const samples = document.querySelector("[data-sample]");
  const said = document.getElementById("contrast");
  let sheet = document.getElementById("brand-sample");
  let waiting;

  const show = async (colour) => {
    if (!sheet) {
      sheet = document.createElement("link");
      sheet.rel = "stylesheet";
      document.head.append(sheet);
    }
    sheet.href = samples.dataset.sample.replace("000000", colour.slice(1));
    samples.hidden = false;
    const response = await fetch(`${samples.dataset.contrast}?accent=${encodeURIComponent(colour)}`);
    if (response.ok && read() === colour) said.textContent = await response.text();
  };
  const read = () => {
    const typed = field.value.trim().toLowerCase();
    return typed.startsWith("#") ? typed : `#${typed}`;
  };
  const changed = () => {
    clearTimeout(waiting);
    const colour = read();
    if (!/^#[0-9a-f]{6}$/.test(colour)) return;
    picker.value = colour;
    waiting = setTimeout(show, 150, colour);
  };

  picker.closest("[hidden]").hidden = false;
  field.addEventListener("input", changed);
  picker.addEventListener("input", () => {
    field.value = picker.value;
    changed();
  });
}
