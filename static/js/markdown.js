// Writing Markdown with a toolbar and shortcuts.  Everything it does is typed, so to say: it can be undone like typing,
// and the preview and the keeping of unsaved text hear of it.  Without JavaScript the marks are typed by hand.
"use strict";

const markdown = (() => {
  const ITEM = /^(\s*)(?:[-*+]|\d+\.)\s+/;
  const OF_KIND = { points: /^\s*[-*+]\s+/, steps: /^\s*\d+\.\s+/ };

  // execCommand is deprecated and has no successor: after setRangeText or .value there is nothing left to undo.
  const replace = (area, start, end, text, from = start + text.length, to = from) => {
    area.focus();
    area.setSelectionRange(start, end);
    const isNothing = text === "" && start === end;
    if (!isNothing && !(text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text))) {
      area.setRangeText(text, start, end, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    area.setSelectionRange(from, to);
  };

  const chosen = (area) => area.value.slice(area.selectionStart, area.selectionEnd);

  // Two asterisks are bold, one is italic, three are both.
  const has = (count, size) => (size === 2 ? count >= 2 : count % 2 === 1);
  const emphasise = (area, mark) => {
    const { value, selectionStart: start, selectionEnd: end } = area;
    const size = mark.length;
    const [, space, words, rest] = /^(\s*)([^]*?)(\s*)$/.exec(value.slice(start, end));
    const [from, to] = [start + space.length, end - rest.length];
    const lead = /\**$/.exec(value.slice(0, from))[0].length;
    const trail = /^\**/.exec(value.slice(to))[0].length;
    const line = value.slice(value.lastIndexOf("\n", from - 1) + 1, from);
    if (has(lead, size) && has(trail, size)) replace(area, from - size, to + size, words, from - size, to - size);
    else if (!words && has(trail, size) && line.includes(mark)) area.setSelectionRange(to + size, to + size);
    else if (words.length > 2 * size && words.startsWith(mark) && words.endsWith(mark) && has(/^\**/.exec(words)[0].length, size)) {
      replace(area, from, to, words.slice(size, -size), from, to - 2 * size);
    } else replace(area, start === end ? start : from, start === end ? start : to, mark + words + mark, from + size, to + size);
  };

  // Markdown takes a list, a heading or a box for one only where empty lines stand around it.
  const onLines = (area, change, joins = () => false) => {
    const { value, selectionStart, selectionEnd } = area;
    const isCaret = selectionStart === selectionEnd;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const last = isCaret || value[selectionEnd - 1] !== "\n" ? selectionEnd : selectionEnd - 1;
    const next = value.indexOf("\n", last);
    const end = next < 0 ? value.length : next;
    const before = value.slice(0, start).split("\n").at(-2) ?? "";
    const after = value.slice(end + 1).split("\n")[0];
    const text = change(value.slice(start, end).split("\n"), before).join("\n");
    const above = before.trim() && !joins(before) ? "\n" : "";
    const below = after.trim() && !joins(after) ? "\n" : "";
    const from = start + above.length;
    replace(area, start, end, above + text + below, isCaret ? from + text.length : from, from + text.length);
  };
  const onWords = (lines, change) => (lines.some((line) => line.trim()) ? lines.map((line) => (line.trim() ? change(line) : line)) : [change("")]);

  const heading = (area, level) => {
    const mark = `${"#".repeat(level)} `;
    onLines(area, (lines) => {
      const isOn = lines.every((line) => !line.trim() || line.startsWith(mark)) && lines.some((line) => line.trim());
      return onWords(lines, (line) => (isOn ? "" : mark) + line.replace(/^#{1,6}\s*/, ""));
    });
  };
  const list = (area, kind) => {
    const change = (lines, before) => {
      const isOn = lines.some((line) => line.trim()) && lines.every((line) => !line.trim() || OF_KIND[kind].test(line));
      let number = Number(/^\s*(\d+)\.\s/.exec(before)?.[1] ?? 0);
      return onWords(lines, (line) => {
        const words = line.replace(ITEM, "$1");
        return isOn ? words : words.replace(/^\s*/, (indent) => indent + (kind === "steps" ? `${++number}. ` : "- "));
      });
    };
    onLines(area, change, (line) => OF_KIND[kind].test(line));
  };
  const callout = (area, kind) => {
    onLines(area, (lines) =>
      lines[0].startsWith("!!! ") ? lines.slice(1).map((line) => line.replace(/^ {4}/, "")) : [`!!! ${kind}`, ...lines.map((line) => `    ${line}`)],
    );
  };
  const row = (cells) => `| ${cells.map((cell) => cell.trim().replaceAll("|", "\\|")).join(" | ")} |`;
  const table = (area, column) => {
    const cells = chosen(area).includes("\t");
    onLines(area, (lines) => {
      const rows = cells ? lines.filter((line) => line.trim()).map((line) => line.split("\t")) : [[`${column} 1`, `${column} 2`], ["", ""]];
      const made = [row(rows[0]), `|${"---|".repeat(rows[0].length)}`, ...rows.slice(1).map(row)];
      const kept = cells || !lines.some((line) => line.trim()) ? [] : [...lines, ""];
      return [...kept, ...made];
    });
  };

  const link = (area, words, target) => {
    const { selectionStart: start, selectionEnd: end } = area;
    const said = chosen(area).trim() || words.replace(/[\\[\]*_`]/g, "\\$&");
    const address = target.replace(/[\s()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, "0")}`);
    replace(area, start, end, `[${said}](${address})`);
  };
  const insert = (area, text) => replace(area, area.selectionStart, area.selectionEnd, text);
  // A picture stands by itself, but within a list it belongs to its item.
  const picture = (area, words, name) => {
    const { value, selectionStart: start } = area;
    const line = value.slice(value.lastIndexOf("\n", start - 1) + 1, start);
    const isAtEnd = value.slice(area.selectionEnd).split("\n")[0].trim() === "";
    const before = !line.trim() ? "" : ITEM.test(line) || !isAtEnd ? " " : "\n\n";
    const after = line.trim() || isAtEnd ? "" : "\n\n";
    insert(area, `${before}![${words.replace(/\s+/g, " ").replace(/[\\[\]]/g, "\\$&")}](image:${name})${after}`);
  };

  // Enter goes on with the list or box that the line belongs to; an empty item ends it.
  const goOn = (area) => {
    const { value, selectionStart: caret, selectionEnd } = area;
    if (caret !== selectionEnd) return false;
    const start = value.lastIndexOf("\n", caret - 1) + 1;
    const line = value.slice(start, caret);
    const item = /^(\s*)(?:([-*+])|(\d+)\.)(\s+)(.*)$/.exec(line);
    const indent = item ? item[1] : line.startsWith("!!! ") ? "    " : /^ {4,}/.exec(line)?.[0];
    if (!item && !indent) return false;
    const isEmpty = !(item ? item[5] : line).trim() && !value.slice(caret).split("\n")[0].trim();
    if (isEmpty) replace(area, start, caret, "");
    else insert(area, `\n${indent}${item ? (item[2] ?? `${Number(item[3]) + 1}.`) + item[4] : ""}`);
    return true;
  };

  const acts = {
    bold: (area) => emphasise(area, "**"),
    italic: (area) => emphasise(area, "*"),
    heading: (area, button) => heading(area, Number(button.dataset.level)),
    points: (area) => list(area, "points"),
    steps: (area) => list(area, "steps"),
    callout: (area, button) => callout(area, button.dataset.kind),
    table: (area, button) => table(area, button.closest("[role=toolbar]").dataset.column),
  };
  const press = (area, button) => {
    const act = acts[button.dataset.do];
    if (act) act(area, button);
    else area.dispatchEvent(new CustomEvent("tool", { bubbles: true, detail: button.dataset.do }));
  };

  // One stop for Tab; the arrows go from button to button.
  const rove = (bar) => {
    const buttons = [...bar.querySelectorAll("button")];
    const stand = (at) => {
      for (const button of buttons) button.tabIndex = button === at ? 0 : -1;
    };
    stand(buttons[0]);
    bar.addEventListener("focusin", (event) => stand(event.target));
    bar.addEventListener("keydown", (event) => {
      const here = buttons.indexOf(document.activeElement);
      const count = buttons.length;
      const to = { ArrowRight: (here + 1) % count, ArrowLeft: (here - 1 + count) % count, Home: 0, End: count - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      buttons[to].focus();
    });
  };

  const equip = (area, template) => {
    const bar = template.content.firstElementChild.cloneNode(true);
    bar.setAttribute("aria-controls", area.id);
    const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);
    for (const button of bar.querySelectorAll("[data-key]")) {
      button.setAttribute("aria-keyshortcuts", `${isMac ? "Meta" : "Control"}+${button.dataset.key.toUpperCase()}`);
      if (isMac) button.title = button.title.replace("Ctrl+", "⌘");
    }
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) press(area, button);
    });
    area.addEventListener("keydown", (event) => {
      if (event.isComposing || event.altKey || event.shiftKey) return;
      const isHeld = event.ctrlKey !== event.metaKey;
      const button = isHeld && bar.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
      if (button) press(area, button);
      if (button || (event.key === "Enter" && !event.ctrlKey && !event.metaKey && goOn(area))) event.preventDefault();
    });
    area.addEventListener("paste", (event) => {
      const address = event.clipboardData.getData("text/plain").trim();
      const words = chosen(area).trim();
      if (!words || words.includes("\n") || /^https?:/.test(words) || !/^https?:\/\/\S+$/.test(address)) return;
      event.preventDefault();
      link(area, words, address);
    });
    area.before(bar);
    rove(bar);
  };

  addEventListener("DOMContentLoaded", () => {
    const template = document.getElementById("toolbar");
    if (template) for (const area of document.querySelectorAll("textarea.markdown")) equip(area, template);
  });
  return { insert, link, picture };
})();
