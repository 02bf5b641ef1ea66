// The board by keyboard: arrows walk, Space lifts and drops, Escape puts back, M opens the stages, Z undoes.
"use strict";
(() => {
  const it = window.dealthread.board;
  if (!it) return;
  const { board, words } = it;
  let lifted = null;    // {id, target}
  let menu = null;

  const name = (stage) => stage.dataset.name;
  const cardsIn = (stage) => [...stage.querySelectorAll("[data-deal]")];
  const current = () => {
    const inside = document.activeElement && document.activeElement.closest("#board [data-deal]");
    return inside || null;
  };

  // One stop in the tab order for the whole board: the card last visited.
  function rove(card) {
    it.cards().forEach((each) => { it.linkOf(each).tabIndex = -1; });
    if (card) it.linkOf(card).tabIndex = 0;
  }

  function focus(card) {
    rove(card);
    it.linkOf(card).focus();
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function walk(card, key) {
    const stage = it.stageOf(card);
    const here = cardsIn(stage);
    const place = here.indexOf(card);
    if (key === "ArrowUp" || key === "ArrowDown") {
      const next = here[place + (key === "ArrowDown" ? 1 : -1)];
      if (next) focus(next);
      else if (key === "ArrowDown" && it.more) it.more(stage).then(() => { const more = cardsIn(stage)[place + 1]; if (more) focus(more); });
      return;
    }
    const step = key === "ArrowRight" ? 1 : -1;
    const all = it.stages();
    for (let at = all.indexOf(stage) + step; at >= 0 && at < all.length; at += step) {
      const there = cardsIn(all[at]);
      if (there.length) { focus(there[Math.min(place, there.length - 1)]); return; }
    }
  }

  function point(target) {
    it.stages().forEach((stage) => stage.classList.toggle("over", stage === target));
    lifted.target = target;
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function lift(card) {
    lifted = { id: card.dataset.deal, target: it.stageOf(card) };
    card.classList.add("lifted");
    it.hold(true, "key");
    it.say(it.fill(words.lifted_by_key, { name: card.dataset.name, stage: name(lifted.target) }));
  }

  function release() {
    const card = it.cardOf(lifted.id);
    if (card) card.classList.remove("lifted");
    it.stages().forEach((stage) => stage.classList.remove("over"));
    const { target } = lifted;
    lifted = null;
    it.hold(false, "key");
    return { card, target };
  }

  function steer(key) {
    const all = it.stages();
    const next = all[all.indexOf(lifted.target) + (key === "ArrowRight" ? 1 : -1)];
    if (!next) return;
    point(next);
    it.say(it.fill(words.over, { stage: name(next) }));
  }

  function putBack() {
    const { card } = release();
    if (card) it.say(it.fill(words.put_back, { name: card.dataset.name }));
  }

  function drop() {
    const { card, target } = release();
    if (!card) return;
    if (target === it.stageOf(card)) it.say(it.fill(words.put_back, { name: card.dataset.name }));
    else it.move(card, target.dataset.column);
  }

  function openMenu(card) {
    closeMenu();
    const home = it.stageOf(card);
    menu = document.createElement("div");
    menu.className = "dt-menubox dt-stagemenu";
    menu.setAttribute("role", "menu");
    menu.setAttribute("aria-label", it.fill(words.move_to, { name: card.dataset.name }));
    it.stages().forEach((stage) => {
      if (stage === home || stage.classList.contains("gone")) return;
      const item = document.createElement("button");
      item.type = "button";
      item.tabIndex = -1;
      item.setAttribute("role", "menuitem");
      item.textContent = name(stage);
      item.addEventListener("click", () => { closeMenu(card); it.move(card, stage.dataset.column); });
      menu.append(item);
    });
    document.body.append(menu);
    const at = card.getBoundingClientRect();
    const size = menu.getBoundingClientRect();
    menu.style.right = "auto";
    menu.style.left = `${Math.max(8, Math.min(at.left + 12, window.innerWidth - size.width - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(at.top + 32, window.innerHeight - size.height - 8))}px`;
    menu.addEventListener("keydown", (event) => menuKey(event, card));
    it.hold(true, "menu");
    menu.querySelector("button").focus();
  }

  function menuKey(event, card) {
    const items = [...menu.querySelectorAll("button")];
    const place = items.indexOf(document.activeElement);
    if (event.key === "ArrowDown") items[(place + 1) % items.length].focus();
    else if (event.key === "ArrowUp") items[(place + items.length - 1) % items.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") closeMenu(card);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function closeMenu(card) {
    if (!menu) return;
    menu.remove();
    menu = null;
    it.hold(false, "menu");
    if (card && card.isConnected) it.linkOf(card).focus();
  }

  function whileLifted(event) {
    if (event.key === "Escape") putBack();
    else if (event.key === " " || event.key === "Enter") drop();
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") steer(event.key);
    else if (event.key === "Tab") { putBack(); return; }
    else return;
    event.preventDefault();
  }

  function onCard(event, card) {
    if (event.key.startsWith("Arrow")) walk(card, event.key);
    else if (event.key === " ") lift(card);
    else if (event.key === "m" || event.key === "M") openMenu(card);
    else if (event.key === "e" || event.key === "E") it.edit(card);
    else if (event.key === "x" || event.key === "X") it.pick(card);
    else if (event.key === "n" || event.key === "N") it.addTo(it.stageOf(card));
    else return;
    event.preventDefault();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || menu) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, .why, form:not([data-undo]), dialog, details[open]")) return;
    if (lifted) { whileLifted(event); return; }
    if (event.key === "z" || event.key === "Z") { event.preventDefault(); it.undo(); return; }
    const card = current();
    if (card) onCard(event, card);
    else if (event.target === board && event.key.startsWith("Arrow") && it.cards().length) {
      event.preventDefault();
      focus(it.cards()[0]);
    }
  });
  document.addEventListener("click", (event) => { if (menu && !menu.contains(event.target)) closeMenu(); });
  board.addEventListener("focusin", (event) => {
    const card = event.target.closest("[data-deal]");
    if (card) rove(card);
  });
  board.addEventListener("drawn", () => {
    rove(current() || it.cards()[0]);
    if (lifted) release();
  });
  board.addEventListener("pointerdown", () => { if (lifted) putBack(); });
  rove(it.cards()[0]);
})();
