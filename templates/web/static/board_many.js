// Several cards at once: ticked by mouse, finger or X, and what to do with them in a bar at the foot.
"use strict";
(() => {
  const it = window.dealthread.board;
  if (!it) return;
  const { board, words } = it;
  const bar = document.getElementById("many");
  const picked = new Set();

  const boxOf = (card) => card.querySelector("[data-pick]");

  function show() {
    it.cards().forEach((card) => {
      const on = picked.has(card.dataset.deal);
      card.classList.toggle("picked", on);
      const box = boxOf(card);
      if (box) box.checked = on;
    });
    board.classList.toggle("picking", picked.size > 0);
    bar.hidden = !picked.size;
    document.body.classList.toggle("dt-picking", picked.size > 0);
    document.getElementById("many-count").textContent = it.fill(words.chosen, { n: picked.size });
    const all = board.querySelector("[data-pick-all]");
    if (all) all.checked = picked.size > 0 && it.cards().every((card) => picked.has(card.dataset.deal));
  }

  function pick(card, on = !picked.has(card.dataset.deal)) {
    if (on) picked.add(card.dataset.deal);
    else picked.delete(card.dataset.deal);
    show();
    const text = on ? words.selected : words.unselected;
    it.say(it.fill(text, { name: card.dataset.name, n: picked.size }));
  }

  function clear(said) {
    picked.clear();
    show();
    if (said) it.say(words.none_selected);
  }

  async function act(what, value, lost) {
    const cards = it.cards().filter((card) => picked.has(card.dataset.deal));
    const ids = [...new Set(cards.map((card) => `${card.dataset.deal}:${card.dataset.seen}`))];
    const params = { act: what, value, ids: ids.join(",") };
    if (lost) {
      const reason = await it.askReason(it.fill(words.chosen, { n: ids.length }));
      if (reason === null) return;
      params.lost_reason = reason;
    }
    const answer = await it.act(board.dataset.many, params);
    if (!answer) return;
    if (!answer.ok) { it.refuseLine(answer.body); return; }
    clear(false);
    const undo = document.querySelector("#moved form[data-undo] button");
    if (undo) undo.focus({ preventScroll: true });
  }

  board.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick]")) pick(event.target.closest("[data-deal]"), event.target.checked);
    if (event.target.matches("[data-pick-all]")) {
      it.cards().forEach((card) => { if (event.target.checked) picked.add(card.dataset.deal); });
      if (!event.target.checked) picked.clear();
      show();
      it.say(it.fill(words.all_chosen, { n: picked.size }));
    }
  });
  bar.addEventListener("change", (event) => {
    const select = event.target.closest("select[data-act]");
    if (!select || !select.value) return;
    const { value } = select;
    const lost = "lost" in select.selectedOptions[0].dataset;
    select.value = "";
    act(select.dataset.act, value, lost);
  });
  bar.addEventListener("submit", (event) => event.preventDefault());
  bar.addEventListener("click", (event) => {
    if (event.target.closest("[data-clear]")) clear(true);
    else if (event.target.closest("button[data-act]")) act(event.target.closest("button[data-act]").dataset.act, "", false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !picked.size || it.isHeld() || event.target.closest("dialog, details[open]")) return;
    clear(true);
  });
  board.addEventListener("drawn", () => {
    const there = new Set(it.cards().map((card) => card.dataset.deal));
    [...picked].forEach((id) => { if (!there.has(id)) picked.delete(id); });
    show();
  });
  const mode = document.querySelector("[data-select-mode]");
  if (mode) {
    mode.addEventListener("click", () => {
      const on = !board.classList.contains("selecting");
      board.classList.toggle("selecting", on);
      mode.setAttribute("aria-pressed", String(on));
      if (!on) clear(true);
    });
  }
  it.pick = pick;
  show();
})();
