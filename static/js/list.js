// Lists of the desk on a narrow screen: each row becomes a card, whose values say what they are.
// That of the articles says so by itself.
"use strict";

for (const table of document.querySelectorAll("body:not(.model-article) #result_list")) {
  const heads = [...table.tHead.rows[0].cells].map((head) => head.querySelector(".text")?.textContent.trim() ?? "");
  for (const row of table.tBodies[0].rows) {
    [...row.cells].forEach((cell, place) => {
      if (cell.tagName === "TD" && !cell.classList.contains("action-checkbox")) cell.dataset.label = heads[place];
    });
  }
  table.classList.add("labelled");
}
