// Several cards at once: ticked by mouse, finger or X, and what to do with them in a bar at the foot.
"use strict";
(() => {
  const it = window.dealthread.board;
  if (!it) return;
  const { board, words } = it;
  const bar = document.getElementById("many");
  const picked = new Set();
  const LONG = 450;  // milliseconds a finger rests on a row before it is selected
  const FAR = 10;    // pixels that a resting finger may stray

  const move = bar.querySelector("[data-stages]");
  const tag = bar.querySelector("[data-tags]");
  const asked = new Set();  // for the stages, for the tags

  // There can be hundreds: they come when somebody begins to select, before the list is opened.
  async function fetched(url, fill) {
    if (asked.has(url)) return;
    asked.add(url);
    try {
      const answer = await fetch(`${url}?${new URLSearchParams({ at: board.dataset.at })}`);
      if (answer.ok) fill(await answer.text());
      else asked.delete(url);
    } catch (trouble) {
      asked.delete(url);  // again at the next card, or when the list is come to
    }
  }
  function choices() {
    if (move) fetched(move.dataset.stages, (options) => move.insertAdjacentHTML("beforeend", options));
    fetched(tag.dataset.tags, (options) => { tag.list.innerHTML = options; });
  }

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
    if (picked.size) choices();
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
      if (reason === null) return false;
      params.lost_reason = reason;
    }
    const answer = await it.act(board.dataset.many, params);
    if (!answer) return false;
    if (!answer.ok) { it.refuseLine(answer.body); return false; }
    clear(false);
    const undo = document.querySelector("#moved form[data-undo] button");
    if (undo) undo.focus({ preventScroll: true });
    return true;
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
  // By keyboard a closed list changes with each key: it is done when Enter says so.
  let byKey = false;
  bar.addEventListener("keydown", (event) => {
    const select = event.target.closest("select[data-act]");
    if (!select) return;
    byKey = event.key !== "Enter";
    if (!byKey && select.value) { event.preventDefault(); choose(select); }
  });
  bar.addEventListener("pointerdown", () => { byKey = false; });
  bar.addEventListener("focusout", (event) => { if (event.target.matches("select[data-act]")) event.target.value = ""; });
  bar.addEventListener("change", (event) => {
    const select = event.target.closest("select[data-act]");
    if (select && select.value && !byKey) choose(select);
  });

  function choose(select) {
    const { value } = select;
    const lost = "lost" in select.selectedOptions[0].dataset;
    select.value = "";
    act(select.dataset.act, value, lost);
  }

  // A tag is typed or chosen from those there are; a new one joins the list.
  async function tagged(what) {
    const name = tag.value.trim();
    if (!name) { tag.focus(); return; }
    if (!await act(what, name, false)) return;
    tag.value = "";
    asked.delete(tag.dataset.tags);
  }

  bar.addEventListener("focusin", () => choices());
  bar.addEventListener("submit", (event) => {
    event.preventDefault();
    if (document.activeElement === tag) tagged("tag");
  });
  bar.addEventListener("click", (event) => {
    if (event.target.closest("[data-clear]")) clear(true);
    else if (event.target.closest("button[data-of]")) tagged(event.target.closest("button[data-of]").dataset.act);
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
  // On a touch screen: holding a row selects it, and while something is selected a tap selects too instead of opening.
  let touch = null;  // {row, x, y, timer, held}
  const still = (event) => touch && Math.hypot(event.clientX - touch.x, event.clientY - touch.y) < FAR;
  function forget() { if (touch) window.clearTimeout(touch.timer); }
  board.addEventListener("pointerdown", (event) => {
    forget();
    touch = null;
    const row = event.target.closest("[data-deal]");
    if (event.pointerType === "mouse" || !row || event.target.closest("label, button, form, .why")) return;
    touch = { row, x: event.clientX, y: event.clientY, held: false };
    if (!it.isTable) return;
    touch.timer = window.setTimeout(() => { if (touch && row.isConnected) { touch.held = true; pick(row); } }, LONG);
  });
  board.addEventListener("pointermove", (event) => { if (touch && !touch.held && !still(event)) { forget(); touch = null; } });
  board.addEventListener("pointerup", forget);
  board.addEventListener("pointercancel", () => { forget(); touch = null; });
  board.addEventListener("contextmenu", (event) => { if (touch && it.isTable) event.preventDefault(); });
  board.addEventListener("click", (event) => {
    if (!touch || event.target.closest("label, button, form, .why")) return;
    const { row, held } = touch;
    touch = null;
    if (!held && !(picked.size && row.isConnected)) return;
    event.preventDefault();
    event.stopPropagation();
    if (!held) pick(row);
  }, true);

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
