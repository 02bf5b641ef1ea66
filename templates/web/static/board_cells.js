// A few fields changed where they are shown: on a card, in a row of a table.
"use strict";
(() => {
  const it = window.dealthread.board;
  if (!it) return;
  const { board, words } = it;
  let open = null;  // {card, place, form}

  const address = (card) => board.dataset.cells.replace("/0", `/${card.dataset.deal}`);

  async function edit(card, keys) {
    leave();
    const query = new URLSearchParams({ at: board.dataset.at, part: "1" });
    if (keys) query.set("keys", keys);
    const place = keys ? card.querySelector(`[data-edit="${keys}"]`).closest("td, th") : card;
    it.hold(true, "cell");
    try {
      const answer = await fetch(`${address(card)}?${query}`);
      if (!answer.ok || !card.isConnected) { it.hold(false, "cell"); return; }
      show(card, place, await answer.text());
      it.say(it.fill(words.editing, { name: card.dataset.name }));
    } catch (trouble) {
      it.hold(false, "cell");
      it.refuseLine({ title: words.offline, text: words.nothing_changed });
    }
  }

  function show(card, place, html) {
    if (open) open.form.remove();
    const box = document.createElement("template");
    box.innerHTML = html.trim();
    const form = box.content.querySelector("form");
    place.append(form);
    place.classList.add("editing");
    open = { card, place, form };
    form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
    form.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") { event.preventDefault(); leave(true); }
    });
    form.querySelector("[data-cancel]").addEventListener("click", (event) => { event.preventDefault(); leave(true); });
    const first = form.querySelector(".is-invalid") || form.querySelector("input:not([type=hidden]), select, textarea");
    if (first) { first.focus(); if (first.select) first.select(); }
  }

  function leave(said) {
    if (!open) return;
    const { card, place, form } = open;
    form.remove();
    place.classList.remove("editing");
    open = null;
    it.hold(false, "cell");
    if (!said) return;
    it.say(words.edit_left);
    const link = it.linkOf(card);
    if (link) link.focus({ preventScroll: true });
  }

  async function save() {
    const { card, place, form } = open;
    const data = new FormData(form);
    data.set("part", "1");
    it.hold(false, "cell");
    const answer = await it.act(address(card), data);
    if (answer && answer.ok) {
      open = null;
      if (form.isConnected) { form.remove(); place.classList.remove("editing"); }
      const again = it.cardOf(card.dataset.deal);
      if (again && !it.isTable) it.linkOf(again).focus({ preventScroll: true });
      return;
    }
    it.hold(true, "cell");
    if (answer && answer.body.html) show(card, place, answer.body.html);
    else if (answer) it.refuseLine(answer.body);
  }

  board.addEventListener("click", (event) => {
    const pencil = event.target.closest("[data-edit]");
    if (!pencil) return;
    event.preventDefault();
    edit(pencil.closest("[data-deal]"), pencil.dataset.edit);
  });
  it.edit = (card) => { if (card.querySelector("[data-edit]")) edit(card); };
})();
