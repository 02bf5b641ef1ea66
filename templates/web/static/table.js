// A table by keyboard: arrows walk the cells, E, Enter or a double click edit one, O opens the row, X selects it.
// After an act it is drawn again in place, and whoever walked it stands where they stood. Shift sorts by several columns.
"use strict";
(() => {
  const it = window.dealthread && window.dealthread.board;
  if (!it || !it.isTable) return;
  const { board, words } = it;
  const table = board.querySelector("table");
  let place = { id: null, key: null };  // the cell last visited

  const rows = () => it.cards();
  const cellsOf = (row) => [...row.querySelectorAll("[data-key]")];
  const cellAt = (id, key) => {
    const row = it.cardOf(id);
    return row && (cellsOf(row).find((cell) => cell.dataset.key === key) || cellsOf(row)[0]);
  };
  const current = () => document.activeElement && document.activeElement.closest("#board tbody [data-key]");
  const shown = (cell) => cell.offsetParent !== null;

  // One stop in the tab order for all cells; pencils are reached by E.
  function rove(cell) {
    table.querySelectorAll("tbody [data-key]").forEach((each) => { each.tabIndex = -1; });
    table.querySelectorAll("tbody [data-key] > .dt-pencil").forEach((each) => { each.tabIndex = -1; });
    if (!cell) return;
    cell.tabIndex = 0;
    place = { id: cell.closest("[data-deal]").dataset.deal, key: cell.dataset.key };
  }

  function focus(cell) {
    rove(cell);
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function walk(cell, key) {
    const row = cell.closest("[data-deal]");
    if (key === "ArrowUp" || key === "ArrowDown") {
      const all = rows();
      const next = all[all.indexOf(row) + (key === "ArrowDown" ? 1 : -1)];
      if (next) focus(cellAt(next.dataset.deal, cell.dataset.key));
      return;
    }
    const all = cellsOf(row).filter(shown);
    const next = key === "Home" ? all[0] : key === "End" ? all[all.length - 1]
      : all[all.indexOf(cell) + (key === "ArrowRight" ? 1 : -1)];
    if (next) focus(next);
  }

  function edit(cell) {
    rove(cell);
    const pencil = cell.querySelector(":scope > [data-edit]");
    if (pencil) { pencil.click(); return true; }
    return false;
  }

  function open(cell) {
    const link = cell.closest("[data-deal]").querySelector("th a");
    if (link) window.location.assign(link.href);
  }

  function onCell(event, cell) {
    const { key } = event;
    if (key.startsWith("Arrow") || key === "Home" || key === "End") walk(cell, key);
    else if (key === "e" || key === "E" || key === "F2") edit(cell);
    else if (key === "Enter") { if (event.target !== cell || !edit(cell)) return; }
    else if (key === "o" || key === "O") open(cell);
    else if (key === "x" || key === "X") it.pick(cell.closest("[data-deal]"));
    else return;
    event.preventDefault();
  }

  // The server draws; what stands at the same places here is put in.
  async function again(done) {
    const here = new URL(window.location.href);
    here.hash = "";
    if (done) here.searchParams.set("done", done); else here.searchParams.delete("done");
    table.classList.add("tb-away");
    try {
      const answer = await fetch(here, { headers: { Accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const body = fresh.querySelector("#board tbody");
      if (!answer.ok || !body || !body.children.length) { window.location.assign(here); return; }
      ["#board thead", "#board tbody", "#pages", "#totals"].forEach((part) => {
        document.querySelector(part).replaceWith(document.adoptNode(fresh.querySelector(part)));
      });
      const line = document.getElementById("moved");
      line.innerHTML = fresh.getElementById("moved").innerHTML;
      line.hidden = !line.innerHTML.trim();
      rove(cellAt(place.id, place.key) || table.querySelector("tbody [data-key]"));
      if (document.activeElement === document.body && place.id) focus(cellAt(place.id, place.key) || table.querySelector("tbody [data-key]"));
      board.dispatchEvent(new CustomEvent("drawn"));
    } catch (trouble) {
      it.refuseLine({ title: words.offline, text: words.nothing_changed });
    } finally {
      table.classList.remove("tb-away");
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.target.closest("input, textarea, select, form, dialog, details[open]")) return;
    const cell = current();
    if (cell) onCell(event, cell);
  });
  table.addEventListener("dblclick", (event) => {
    const cell = event.target.closest("tbody [data-key]");
    if (!cell || event.target.closest("a, button, form")) return;
    if (edit(cell)) window.getSelection().removeAllRanges();
  });
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("tbody [data-key]");
    if (cell && cell.tabIndex !== 0) rove(cell);
  });
  // On a phone one button a row shows what of it can be changed, also what is empty.
  table.addEventListener("click", (event) => {
    const button = event.target.closest("[data-open]");
    if (!button) return;
    const opened = button.closest("tr").classList.toggle("tb-opened");
    button.setAttribute("aria-expanded", String(opened));
  });
  table.addEventListener("click", (event) => {
    const heading = event.target.closest("thead a[data-more]");
    if (!heading || !event.shiftKey) return;
    event.preventDefault();
    window.location.assign(heading.dataset.more);
  });
  it.again = again;
  it.linkOf = (row) => cellAt(row.dataset.deal, place.key);  // whoever left a form goes on from its cell
  rove(table.querySelector("tbody [data-key]"));
})();
