// Which result was opened: told to our own server, without anything about who opened it.  Best effort.
(() => {
  "use strict";
  for (const list of document.querySelectorAll("[data-opened]")) {
    const tell = (event) => {
      const link = event.target.closest("a[data-result]");
      if (!link || event.button > 1) return;
      const said = new URLSearchParams({ search: list.dataset.search, result: link.dataset.result });
      navigator.sendBeacon(list.dataset.opened, said);
    };
    list.addEventListener("click", tell);
    list.addEventListener("auxclick", tell); // the middle button opens a tab
  }
})();
