// Moving a card by hand: with a mouse at once, on a touch screen after holding it for a moment; held and let go, it is selected.
"use strict";
(() => {
  const it = window.dealthread.board;
  if (!it) return;
  const { board } = it;
  const FAR = 6;        // pixels before a press becomes a drag
  const LONG = 350;     // milliseconds a finger rests before it lifts
  const EDGE = 48;      // pixels from an edge within which the board scrolls
  let press = null;     // {card, pointer, x, y, timer}
  let drag = null;      // {card, ghost, dx, dy, over, drop}

  function start(event) {
    const { card } = press;
    const box = card.getBoundingClientRect();
    const ghost = document.createElement("div");
    ghost.className = "dt-ghost";
    ghost.setAttribute("aria-hidden", "true");
    ghost.style.height = `${box.height}px`;
    const drop = document.createElement("div");
    drop.className = "dt-drop";
    drop.setAttribute("aria-hidden", "true");
    card.before(ghost);
    card.classList.add("dragged");
    card.style.width = `${box.width}px`;
    drag = { card, ghost, drop, moved: event.pointerType === "mouse", from: [event.clientX, event.clientY], dx: press.x - box.left, dy: press.y - box.top, over: null };
    document.documentElement.classList.add("dt-dragging");
    it.hold(true);
    it.say(it.fill(it.words.lifted, { name: card.dataset.name }));
    follow(event.clientX, event.clientY);
    window.requestAnimationFrame(scroll);
  }

  function follow(x, y) {
    drag.x = x;
    drag.y = y;
    drag.card.style.left = `${x - drag.dx}px`;
    drag.card.style.top = `${y - drag.dy}px`;
    const under = document.elementFromPoint(x, y);
    const stage = under && under.closest("#board [data-column]");
    if (stage === drag.over) return;
    if (drag.over) drag.over.classList.remove("over");
    drag.drop.remove();
    drag.over = stage;
    if (!stage || stage === it.stageOf(drag.ghost)) return;
    stage.classList.add("over");
    const list = stage.querySelector(".dt-deals");
    if (list) list.append(drag.drop);
  }

  function scroll() {
    if (!drag) return;
    const box = board.getBoundingClientRect();
    if (drag.x > box.right - EDGE) board.scrollLeft += 10;
    else if (drag.x < box.left + EDGE) board.scrollLeft -= 10;
    if (drag.y > window.innerHeight - EDGE) window.scrollBy(0, 8);
    else if (drag.y < EDGE) window.scrollBy(0, -8);
    window.requestAnimationFrame(scroll);
  }

  function finish() {
    const done = drag;
    drag = null;
    document.documentElement.classList.remove("dt-dragging");
    if (done.over) done.over.classList.remove("over");
    done.drop.remove();
    it.hold(false);
    return done;
  }

  // The card settles where `place` stands; 220 ms, or at once where motion is unwelcome.
  function settle({ card, ghost }, place) {
    const from = card.getBoundingClientRect();
    card.classList.remove("dragged");
    card.style.removeProperty("left");
    card.style.removeProperty("top");
    card.style.removeProperty("width");
    place(card, ghost);
    ghost.remove();
    if (!card.isConnected || window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const to = card.getBoundingClientRect();
    card.style.transform = `translate(${from.left - to.left}px, ${from.top - to.top}px)`;
    window.requestAnimationFrame(() => {
      card.classList.add("settling");
      card.style.removeProperty("transform");
      card.addEventListener("transitionend", () => card.classList.remove("settling"), { once: true });
    });
  }

  const putBack = (done) => settle(done, (card, ghost) => ghost.replaceWith(card));

  async function letGo() {
    const done = finish();
    const home = it.stageOf(done.ghost);
    const target = done.over;
    if (!target || target === home) { putBack(done); return; }
    const list = target.querySelector(".dt-deals");
    const next = done.ghost.nextElementSibling;
    const from = home.querySelector(".dt-deals");
    settle(done, (card) => { if (list) list.append(card); else card.hidden = true; });
    done.card.dataset.home = home.dataset.column;
    const moved = await it.move(done.card, target.dataset.column);
    delete done.card.dataset.home;
    done.card.hidden = false;
    if (moved || !done.card.isConnected || it.stageOf(done.card) === home) return;
    // Refused, and its columns were not drawn anew: back where it lay.
    from.insertBefore(done.card, next && next.parentElement === from ? next : null);
  }

  function forget() {
    if (press) window.clearTimeout(press.timer);
    press = null;
  }

  board.addEventListener("pointerdown", (event) => {
    const card = event.target.closest("[data-deal]");
    if (!card || event.button !== 0 || event.target.closest(".why, form, label, button") || it.isHeld()) return;
    press = { card, pointer: event.pointerId, x: event.clientX, y: event.clientY };
    if (event.pointerType !== "mouse") press.timer = window.setTimeout(() => { if (press) start(event); }, LONG);
  });
  window.addEventListener("pointermove", (event) => {
    if (drag && press && event.pointerId === press.pointer) {
      if (Math.hypot(event.clientX - drag.from[0], event.clientY - drag.from[1]) > FAR) drag.moved = true;
      follow(event.clientX, event.clientY);
      return;
    }
    if (!press || event.pointerId !== press.pointer) return;
    const far = Math.hypot(event.clientX - press.x, event.clientY - press.y) > FAR;
    if (!far) return;
    if (event.pointerType === "mouse") start(event);
    else forget();  // a finger that moves at once wants to scroll
  });
  window.addEventListener("pointerup", (event) => {
    if (!press || event.pointerId !== press.pointer) return;
    forget();
    if (!drag) return;
    // The click that follows would open the deal.
    const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
    window.addEventListener("click", swallow, true);
    window.setTimeout(() => window.removeEventListener("click", swallow, true), 0);
    if (drag.moved) { letGo(); return; }
    // A finger that held the card and let go where it was wants to select it.
    const { card } = drag;
    putBack(finish());
    it.pick(card);
  });
  window.addEventListener("pointercancel", () => { forget(); if (drag) putBack(finish()); });
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drag) return;
    event.preventDefault();
    forget();
    const done = finish();
    putBack(done);
    it.say(it.fill(it.words.put_back, { name: done.card.dataset.name }));
  });
  // While a finger carries a card, the page must not scroll under it, and holding must not open the browser's menu.
  document.addEventListener("touchmove", (event) => { if (drag) event.preventDefault(); }, { passive: false });
  board.addEventListener("contextmenu", (event) => { if (press && press.timer) event.preventDefault(); });
  board.addEventListener("dragstart", (event) => event.preventDefault());
})();
